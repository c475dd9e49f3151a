"""Sharing a tick among those who are equally entitled to it.

Owns the tie-break keys and the rule: pro rata to energy and weight, nobody more than it
wants, largest remainder, remainders of equal size in the order of a hash.  Knows
weights and names; knows no prices.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Self

from ..model.order import TIE_WEIGHT_PERMILLE
from ..model.party import PartyId
from ..model.period import DeliveryPeriod
from ..model.units import apportion
from ..model.zone import ZoneId

DOMAIN: Final = b"commonwatt/tie-break/1\x00"
"""Keeps these hashes apart from all others, as wire format clause 1.5 has it."""

PARTY_MARK: Final = b"\x00"
EDGE_MARK: Final = b"\x01"


@dataclass(frozen=True, slots=True)
class TieBreak:
    """The ranking of equal claims in one delivery period.

    The salt holds the seed of the period, which nobody knows before all orders are
    committed: an identity cannot be chosen so that it wins.
    """

    salt: bytes

    @classmethod
    def of(cls, period: DeliveryPeriod, seed: bytes) -> Self:
        """Return the ranking for ``period``; ``seed`` may have any length."""
        number = period.number.to_bytes(8, "big", signed=True)
        return cls(sha256(DOMAIN + number + seed).digest())

    def party_key(self, party: PartyId) -> bytes:
        """Return the key of a party's own step."""
        return sha256(self.salt + PARTY_MARK + party.encode()).digest()

    def edge_key(self, zone: ZoneId) -> bytes:
        """Return the key of everything behind the edge of ``zone``."""
        return sha256(self.salt + EDGE_MARK + zone.encode()).digest()


@dataclass(frozen=True, slots=True)
class Claim:
    """A wish for some energy of a tick, by a party of the zone or through an edge."""

    energy_wh: int
    party: PartyId | None = None
    zone: ZoneId | None = None
    weight_permille: int = TIE_WEIGHT_PERMILLE

    def key(self, tie_break: TieBreak) -> bytes:
        """Return what ranks this claim among equal ones."""
        if self.party is not None:
            return tie_break.party_key(self.party)
        assert self.zone is not None, "a claim is a party's or an edge's"
        return tie_break.edge_key(self.zone)


def ration(total_wh: int, claims: Sequence[Claim], tie_break: TieBreak) -> list[int]:
    """Split ``total_wh`` among ``claims``: pro rata to energy wanted times weight.

    The heaviest come first to all they want; the others share what is left of it.
    """
    wanted_wh = [claim.energy_wh for claim in claims]
    if total_wh == sum(wanted_wh):
        return wanted_wh
    if total_wh == 0 or len(claims) == 1:
        return [total_wh] * len(claims)
    satisfied = _satisfied(total_wh, claims)
    left_wh = total_wh - sum(wanted_wh[place] for place in satisfied)
    others = [place for place in range(len(claims)) if place not in satisfied]
    shares_wh = apportion(
        left_wh,
        [wanted_wh[place] * claims[place].weight_permille for place in others],
        [claims[place].key(tie_break) for place in others],
    )
    found = dict(zip(others, shares_wh, strict=True))
    return [found.get(place, wanted_wh[place]) for place in range(len(claims))]


def _satisfied(total_wh: int, claims: Sequence[Claim]) -> set[int]:
    """Return the claims that get all they want, since their part would be more.

    At equal weights there is none, as long as ``total_wh`` is less than is wanted.
    """
    satisfied: set[int] = set()
    left_wh = total_wh
    mass = sum(claim.energy_wh * claim.weight_permille for claim in claims)
    for weight in sorted({claim.weight_permille for claim in claims}, reverse=True):
        if left_wh * weight < mass:
            break
        for place, claim in enumerate(claims):
            if claim.weight_permille == weight:
                satisfied.add(place)
                left_wh -= claim.energy_wh
                mass -= claim.energy_wh * weight
    return satisfied
