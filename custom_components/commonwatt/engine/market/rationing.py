"""Sharing a tick among those who are equally entitled to it.

Owns the tie-break keys and the rule: pro rata, largest remainder, remainders of equal
size in the order of a hash.  Knows weights and names; knows no prices.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Self

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

    def key(self, tie_break: TieBreak) -> bytes:
        """Return what ranks this claim among equal ones."""
        if self.party is not None:
            return tie_break.party_key(self.party)
        assert self.zone is not None, "a claim is a party's or an edge's"
        return tie_break.edge_key(self.zone)


def ration(total_wh: int, claims: Sequence[Claim], tie_break: TieBreak) -> list[int]:
    """Split ``total_wh`` among ``claims`` in proportion to what each of them wants."""
    weights = [claim.energy_wh for claim in claims]
    if total_wh == sum(weights):
        return weights
    if total_wh == 0 or len(claims) == 1:
        return [total_wh] * len(claims)
    return apportion(total_wh, weights, [claim.key(tie_break) for claim in claims])
