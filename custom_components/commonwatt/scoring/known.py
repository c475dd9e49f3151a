"""What scores need to know of the community, read from the node at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ..engine.market import Terms
from ..engine.model.origin import EnergySource
from ..engine.model.party import Charter, PartyId
from ..engine.model.period import Instant
from ..engine.model.standing import Excuse, Vouch
from ..engine.node import Node
from ..engine.node.terms import terms_of
from ..engine.scores.reputation import Reputation

HELPED_DAYS: Final = 28
"""So long after somebody was vouched for it shows whether that was a help."""

HELPED_TRUST_PPM: Final = 450_000
"""A newcomer of whom that much is believed keeps its word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """What all members believe of this home since the last week they assessed."""

    trust_ppm: int
    terms: Terms
    """On which it deals with the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A part of the charter, and who has panels."""

    panels_w: Mapping[PartyId, int]
    vouches: tuple[Vouch, ...] = ()
    excuses: tuple[Excuse, ...] = ()
    agreed: Agreed | None = None
    """None where reputations change nothing, or nothing yet."""


def known_of(node: Node, now: Instant) -> Known:
    """Read what a node knows."""
    charter = node.charter(now)
    standing = charter.standing
    panels_w: dict[PartyId, int] = {}
    for plant in node.rules.plants:
        if plant.source is EnergySource.SOLAR:
            panels_w[plant.owner] = panels_w.get(plant.owner, 0) + plant.capacity_w
    return Known(
        panels_w=panels_w,
        vouches=() if standing is None else standing.vouches,
        excuses=() if standing is None else standing.excuses,
        agreed=_agreed(charter, node.party),
    )


def _agreed(charter: Charter, party: PartyId) -> Agreed | None:
    terms = terms_of(charter).get(party)
    if terms is None or charter.standing is None:
        return None
    trust_ppm = charter.standing.belief(party).trust_ppm
    return Agreed(trust_ppm=trust_ppm, terms=terms)


def newcomers_helped(
    known: Known,
    voucher: PartyId,
    reputations: Mapping[PartyId, Reputation],
    today: int,
) -> int:
    """Return for how many members a home vouched who have kept their word since."""
    helped = {
        vouch.newcomer
        for vouch in known.vouches
        if vouch.by == voucher and vouch.day <= today - HELPED_DAYS
    }
    found = (reputations.get(newcomer) for newcomer in sorted(helped))
    return sum(one is not None and one.trust_ppm >= HELPED_TRUST_PPM for one in found)
