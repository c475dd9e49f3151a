"""Who votes for a delivery period: everybody, or a committee drawn for some days.

Everybody draws the same committee, from nothing but the charter and the calendar.
"""

from dataclasses import dataclass
from typing import Final

from ..model.party import (
    Charter,
    CommunityId,
    FaultModel,
    PartyId,
    PrivacyMode,
    quorum_of,
)
from ..model.period import DAY_MS, PERIOD_MS, DeliveryPeriod
from ..wire.canonical import encode
from ..wire.domain import Domain, tagged_digest
from ..wire.fields import community_bytes, party_bytes

VOTERS_MAX: Final = 50
"""So many members vote all together; of more, a committee votes for them."""

PERIODS_A_DAY: Final = DAY_MS // PERIOD_MS
PRIVATE_DAYS: Final = 28
"""So long a committee sits that sees readings: the fewer see them, the better."""

PRIVATE_SEATS: Final = 4
"""The smallest committee that stands a liar; half of the members may be more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Electorate:
    """The voters of one question, in the order in which they propose."""

    voters: tuple[PartyId, ...]
    fault_model: FaultModel

    @property
    def quorum(self) -> int:
        """Number of equal votes that decide."""
        return quorum_of(len(self.voters), self.fault_model)

    @property
    def liars_max(self) -> int:
        """Most voters whose word may be worth nothing without harm."""
        if self.fault_model is FaultModel.CRASH:
            return 0
        return (len(self.voters) - 1) // 3

    def proposer(self, *, number: int, attempt: int) -> PartyId:
        """Return whose turn it is to propose in an attempt at question ``number``."""
        return self.voters[(number + attempt) % len(self.voters)]


def electorate_of(
    charter: Charter, community: CommunityId, period: DeliveryPeriod
) -> Electorate:
    """Return who votes for ``period``."""
    everybody = tuple(member.party for member in charter.members)
    voters = everybody
    is_private = charter.privacy is PrivacyMode.COMMITTEE
    if is_private or len(everybody) > VOTERS_MAX:
        days = PRIVATE_DAYS if is_private else 1
        day = period.number // (PERIODS_A_DAY * days) * days
        lots = sorted(everybody, key=lambda party: _lot(community, day, party))
        drawn = set(lots[: _seats(charter)])
        voters = tuple(party for party in everybody if party in drawn)
    return Electorate(voters=voters, fault_model=charter.fault_model)


def _seats(charter: Charter) -> int:
    """Return how many sit: in a private community never most of a large enough one."""
    if charter.privacy is PrivacyMode.OPEN:
        return charter.committee_size
    few = max(PRIVATE_SEATS, len(charter.members) // 2)
    return min(charter.committee_size, few)


def _lot(community: CommunityId, day: int, party: PartyId) -> bytes:
    """Return the lot a member draws for an epoch; the lowest ones vote."""
    value = (community_bytes(community), day, party_bytes(party))
    return tagged_digest(Domain.COMMITTEE, encode(value))
