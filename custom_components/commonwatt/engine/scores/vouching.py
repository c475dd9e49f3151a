"""Vouching: two members who answer for a newcomer, and pay for its failures.

One metering point is one key is one member; that somebody vouches makes new identities
cost what they are worth: the reputation of those who lend theirs.
"""

from collections.abc import Iterable
from typing import Final

from ..model.party import PartyId
from ..model.standing import VOUCHERS_NEEDED, VOUCHES_MAX, Vouch

__all__ = ["VOUCHER_SHARE_PPM", "Vouch", "vouchers_of"]

VOUCHER_SHARE_PPM: Final = 200_000
"""The share of a newcomer's bad news that each voucher takes on."""


def vouchers_of(
    newcomer: PartyId, vouches: Iterable[Vouch], *, needed: int = VOUCHERS_NEEDED
) -> tuple[Vouch, ...]:
    """Return who answers for a newcomer; nobody, if fewer do than are ``needed``.

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
    if len(distinct) < needed:
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
