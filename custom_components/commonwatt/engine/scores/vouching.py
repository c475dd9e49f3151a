"""Vouching: two members who answer for a newcomer, and pay for its failures.

One metering point is one key is one member; that somebody vouches makes new identities
cost what they are worth: the reputation of those who lend theirs.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ..model.party import PartyId

VOUCHERS_NEEDED: Final = 2
VOUCHES_MAX: Final = 2
"""How many newcomers a member can answer for at a time."""

LIABLE_DAYS: Final = 90
"""How long a voucher shares in what the newcomer gets wrong."""

VOUCHER_SHARE_PPM: Final = 200_000
"""The share of a newcomer's bad news that each voucher takes on."""

VOUCHED_GOOD_MICRO: Final = 1_130_000
"""Evidence a newcomer with two vouchers starts with: a reputation of 0.45."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Vouch:
    """One member answers for another from a day on."""

    by: PartyId
    newcomer: PartyId
    day: int

    def __post_init__(self) -> None:
        """Refuse to answer for oneself."""
        if self.by == self.newcomer:
            msg = "nobody vouches for itself"
            raise ValueError(msg)

    def liable_on(self, day: int) -> bool:
        """Tell whether the voucher answers for what happens on ``day``."""
        return self.day <= day < self.day + LIABLE_DAYS


def vouchers_of(newcomer: PartyId, vouches: Iterable[Vouch]) -> tuple[Vouch, ...]:
    """Return who answers for a newcomer; nobody, if too few do.

    Only the first two of each voucher at a time count: a vouch given away freely is
    worth nothing.
    """
    ordered = sorted(vouches, key=lambda vouch: (vouch.day, vouch.by, vouch.newcomer))
    found = [
        vouch
        for place, vouch in enumerate(ordered)
        if vouch.newcomer == newcomer and _burden(vouch, ordered[:place]) < VOUCHES_MAX
    ]
    distinct = {vouch.by: vouch for vouch in reversed(found)}
    if len(distinct) < VOUCHERS_NEEDED:
        return ()
    return tuple(sorted(distinct.values()))


def _burden(vouch: Vouch, earlier: Iterable[Vouch]) -> int:
    return len(
        {
            one.newcomer
            for one in earlier
            if one.by == vouch.by
            and one.newcomer != vouch.newcomer
            and one.liable_on(vouch.day)
        }
    )
