"""The book from which days are posted: settled periods come in, closed UTC days go out.

A day begins where the batch before it ended, whoever computed that one: a home that
joined later, or lost its books, goes on from what all can prove.  Knows no committee,
no signature and no chain.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from ...model.party import CommunityId
from ...model.period import DeliveryPeriod
from ...wire.canonical import decode, encode
from ...wire.ethereum import Address
from ...wire.fields import array_of
from ..batch import day_of
from ..certificates import CertificateId, GranularCertificate
from .day import FUND, NETWORK
from .settled_period import Issued, SettledPeriod, read_nets

_UNSENT_MAX: Final = 1 << 20
"""Bound on the bytes and values of the record of all accounts."""

PERIODS_KEPT: Final = 192
"""So long a period that was closed can still be corrected: two days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Where a day begins: at the end of the one that was posted before."""

    day: int
    """The UTC day it ended with, counted from the epoch."""

    nets_nano: Mapping[Address, int]
    """What the journal says of every account, covered or not."""


NOTHING_POSTED: Final = Opening(day=-1, nets_nano={})


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedDay:
    """All that was posted until the end of one UTC day, for :func:`.day.chain_day`."""

    day: int
    records: tuple[bytes, ...]
    """The accounts, every settled period, every certificate."""

    nets_nano: Mapping[Address, int]
    """Cumulative, of every account that ever had something posted."""

    metered_wh: int
    """What the meters of all members exported."""

    certificates: Mapping[Address, tuple[GranularCertificate, ...]]
    """Those that left the community with their energy, by holder."""

    places: Mapping[CertificateId, int]
    """Of every certificate, used up or not: which of the records it is."""


def closed_day(
    community: CommunityId,
    opening: Opening,
    periods: Iterable[SettledPeriod],
    *,
    day: int,
) -> ClosedDay:
    """Close ``day`` and all since ``opening``; what lies outside is left out.

    The same from every member's books: nothing depends on the order in which the
    periods, or late readings of them, came in.
    """
    assert day > opening.day, "days are closed in their order"
    covered = sorted(
        (one for one in periods if opening.day < day_of(one.period) <= day),
        key=lambda one: one.period,
    )
    nets = summed(opening.nets_nano, covered)
    issued = sorted(
        (one for settled in covered for one in settled.issued),
        key=lambda one: encode(one.certificate.value),
    )
    before = _records(community, day, nets, covered)
    return ClosedDay(
        day=day,
        records=(*before, *(_certified(community, day, one) for one in issued)),
        nets_nano=nets,
        metered_wh=sum(one.exported_wh for one in covered),
        certificates=_leaving(issued),
        places={one.certificate.id: len(before) + at for at, one in enumerate(issued)},
    )


def summed(
    before_nano: Mapping[Address, int], periods: Iterable[SettledPeriod]
) -> dict[Address, int]:
    """Return the money of every account after some more periods, ascending."""
    nets = {FUND: 0, NETWORK: 0} | dict(before_nano)
    for settled in periods:
        for account, nano in settled.nets_nano.items():
            nets[account] = nets.get(account, 0) + nano
    return dict(sorted(nets.items()))


def opening_after(record: bytes, *, day: int) -> Opening:
    """Return where the next day begins, from the first record of a batch.

    ValueError if it is not the record of the accounts on that day.
    """
    value = decode(record, size_max=_UNSENT_MAX, items_max=_UNSENT_MAX)
    _, of_day, title, nets = array_of(value, 4)
    if (of_day, title) != (day, "accounts"):
        raise ValueError("the record of something else")
    return Opening(day=day, nets_nano=read_nets(nets))


class DayBook:
    """The book of whoever posts alone: closes one day after the other."""

    def __init__(self, community: CommunityId) -> None:
        """Begin with empty accounts."""
        self._community: Final = community
        self._periods: Final[dict[DeliveryPeriod, SettledPeriod]] = {}
        self._opening = NOTHING_POSTED

    @property
    def days(self) -> tuple[int, ...]:
        """The days on which something was posted and that are open, oldest first."""
        days = {day_of(period) for period in self._periods}
        return tuple(sorted(day for day in days if day > self._opening.day))

    @property
    def over(self) -> int | None:
        """The latest day that is over: something was posted on a later one."""
        days = self.days
        return days[-2] if len(days) > 1 else None

    def nets_nano(self) -> dict[Address, int]:
        """Return the money of every account as of now, open days and all."""
        is_open = (
            one
            for period, one in self._periods.items()
            if day_of(period) > self._opening.day
        )
        return summed(self._opening.nets_nano, is_open)

    def take(self, settled: SettledPeriod) -> None:
        """Take a period as it is settled now, in the place of what it was before.

        What changes in a day that was closed belongs to the next one.
        """
        before = self._periods.get(settled.period)
        self._periods[settled.period] = settled
        if day_of(settled.period) <= self._opening.day:
            nets = summed(self._opening.nets_nano, [settled])
            if before is not None:
                for account, nano in before.nets_nano.items():
                    nets[account] -= nano
            self._opening = Opening(day=self._opening.day, nets_nano=nets)

    def close(self, day: int) -> ClosedDay:
        """Close a day and all before it; nothing more is posted on them."""
        closed = closed_day(
            self._community, self._opening, self._periods.values(), day=day
        )
        self._opening = Opening(day=day, nets_nano=closed.nets_nano)
        for period in sorted(self._periods)[:-PERIODS_KEPT]:
            if day_of(period) <= day:
                del self._periods[period]
        return closed


def _records(
    community: CommunityId,
    day: int,
    nets: Mapping[Address, int],
    periods: Iterable[SettledPeriod],
) -> tuple[bytes, ...]:
    """Return the records before those of the certificates; the accounts come first."""
    accounts = encode(
        (community, day, "accounts", tuple((bytes(at), n) for at, n in nets.items())),
        size_max=_UNSENT_MAX,
        items_max=_UNSENT_MAX,
    )
    settled = (
        encode((community, day, "settlement", one.period.number, one.digest))
        for one in periods
    )
    return (accounts, *settled)


def _certified(community: CommunityId, day: int, issued: Issued) -> bytes:
    return encode((community, day, "certificate", issued.certificate.value))


def _leaving(
    issued: Iterable[Issued],
) -> dict[Address, tuple[GranularCertificate, ...]]:
    """Return the certificates nobody in the community has used up."""
    held: dict[Address, list[GranularCertificate]] = {}
    for one in issued:
        if one.holder is not None:
            held.setdefault(one.holder, []).append(one.certificate)
    return {
        holder: tuple(sorted(found, key=lambda one: (one.period, one.serial, one.id)))
        for holder, found in sorted(held.items())
    }
