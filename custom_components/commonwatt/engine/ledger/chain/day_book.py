"""The book from which days are posted: settlements come in, closed UTC days go out.

What is posted after its day was closed belongs to the next one, so that nothing is
posted twice and nothing is lost.  Knows no committee, no signature and no chain.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from ...model.party import CommunityId, PartyId
from ...model.period import DeliveryPeriod
from ...wire.canonical import encode
from ...wire.ethereum import Address
from ..balances import Balances, balances
from ..batch import day_of, day_records
from ..certificates import (
    CertificateId,
    CertificateRegister,
    CertificateState,
    GranularCertificate,
)
from ..settlement import Settlement
from .day import nets_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedDay:
    """All that was posted on one UTC day, ready for :func:`.day.chain_day`."""

    day: int
    records: tuple[bytes, ...]
    nets_nano: Mapping[Address, int]
    """Cumulative, of every account of the chain."""

    metered_wh: int
    """What the meters of all members exported."""

    certificates: Mapping[Address, tuple[GranularCertificate, ...]]
    """Those that left the community with their energy, by holder."""

    places: Mapping[CertificateId, int]
    """Of every certificate, used up or not: which of the records it is."""


@dataclass(slots=True)
class _OpenDay:
    settlements: list[Settlement] = field(default_factory=list)
    exported_wh: dict[tuple[PartyId, DeliveryPeriod], int] = field(default_factory=dict)
    registers: dict[DeliveryPeriod, CertificateRegister] = field(default_factory=dict)


class DayBook:
    """Adds up what a community settles, and closes its days one after the other."""

    def __init__(
        self, community: CommunityId, addresses: Mapping[PartyId, Address]
    ) -> None:
        """Begin with empty accounts; ``addresses`` are the members' on the chain."""
        self._community: Final = community
        self._addresses: Final = dict(addresses)
        self._parties: Final = {at: party for party, at in addresses.items()}
        self._closing: Balances = {}
        self._open: Final[dict[int, _OpenDay]] = {}
        self._closed_until = 0
        """The first day that is still open."""

    @property
    def days(self) -> tuple[int, ...]:
        """The days on which something was posted and that are open, oldest first."""
        return tuple(sorted(self._open))

    @property
    def over(self) -> int | None:
        """The latest day that is over: something was posted on a later one."""
        days = self.days
        return days[-2] if len(days) > 1 else None

    def nets_nano(self) -> dict[Address, int]:
        """Return the money of every account as of now, open days and all."""
        posted = (s for day in self.days for s in self._open[day].settlements)
        now = balances((t for s in posted for t in s.community), self._closing)
        return nets_of(now, self._addresses)

    def take(self, settlement: Settlement, register: CertificateRegister) -> None:
        """Take what was posted: a settled period, or the difference of a correction.

        Settlements come in the order of the journal; ``register`` has the certificates
        of the period as they are now.
        """
        period = settlement.period
        day = max(day_of(period), self._closed_until)
        opened = self._open.setdefault(day, _OpenDay())
        opened.settlements.append(settlement)
        for summary in settlement.parties:
            opened.exported_wh[summary.party, period] = summary.export_wh or 0
        if day == day_of(period):
            # Leaves that were posted with their day are not posted again.
            opened.registers[period] = register

    def close(self, day: int) -> ClosedDay:
        """Close a day and all before it; nothing more is posted on them."""
        assert day >= self._closed_until, "days are closed in their order"
        opened = _merged([self._open.pop(d) for d in self.days if d <= day])
        self._closed_until = day + 1
        transactions = (t for s in opened.settlements for t in s.community)
        self._closing = balances(transactions, self._closing)
        issued = tuple(_issued(opened.registers))
        records = day_records(
            self._community,
            day,
            settlements=opened.settlements,
            closing=self._closing,
            certificates=issued,
        )
        return ClosedDay(
            day=day,
            records=records,
            nets_nano=nets_of(self._closing, self._addresses),
            metered_wh=sum(opened.exported_wh.values()),
            certificates=self._leaving(opened.registers),
            places=_places(issued, records),
        )

    def _leaving(
        self, registers: Mapping[DeliveryPeriod, CertificateRegister]
    ) -> dict[Address, tuple[GranularCertificate, ...]]:
        """Return the certificates nobody in the community has used up."""
        held = {
            address: tuple(
                certificate
                for _, register in sorted(registers.items())
                for certificate in register.held_by(party).values()
            )
            for address, party in self._parties.items()
        }
        return {address: found for address, found in held.items() if found}


def _merged(days: list[_OpenDay]) -> _OpenDay:
    merged = _OpenDay()
    for day in days:
        merged.settlements += day.settlements
        merged.exported_wh |= day.exported_wh
        merged.registers |= day.registers
    return merged


def _issued(
    registers: Mapping[DeliveryPeriod, CertificateRegister],
) -> Iterator[GranularCertificate]:
    """Yield the certificates at the end of their splits."""
    for _, register in sorted(registers.items()):
        for holding in register.holdings.values():
            if holding.state is not CertificateState.SPLIT:
                yield holding.certificate


def _places(
    issued: tuple[GranularCertificate, ...], records: tuple[bytes, ...]
) -> dict[CertificateId, int]:
    """Return where in the records of a day each certificate stands."""
    first = len(records) - len(issued)
    in_order = sorted(issued, key=lambda certificate: encode(certificate.value))
    return {certificate.id: first + index for index, certificate in enumerate(in_order)}
