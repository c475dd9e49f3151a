"""Who takes part: parties, and the charter that makes some of them a community."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NewType

from .party_id import PARTY_ID_BYTES, PartyId
from .settlement_rules import SettlementRules
from .standing import Standing
from .tariff import Tariff
from .zone import FeeTree, ZoneId

__all__ = [
    "COMMITTEE_SIZE",
    "MEMBERS_MAX",
    "PARTY_ID_BYTES",
    "Admission",
    "BillingBasis",
    "Charter",
    "CommunityId",
    "FaultModel",
    "Mechanism",
    "Member",
    "PartyId",
    "PrivacyMode",
    "quorum_of",
]

CommunityId = NewType("CommunityId", str)
"""Sixty-four lower-case hexadecimal digits: a digest of the first charter."""

MEMBERS_MAX: Final = 10_000
COMMITTEE_SIZE: Final = 15
"""Default number of voters where there are too many members to vote all together."""


class FaultModel(StrEnum):
    """What the members of a community promise to tolerate."""

    CRASH = "crash"
    """Members may fall silent; a result is final with more than 1/2 of the votes."""

    BYZANTINE = "byzantine"
    """Fewer than 1/3 may lie; a result is final with more than 2/3 of the votes."""


class BillingBasis(StrEnum):
    """What a shared kWh changes on the bills of the members (design, section 1)."""

    SHARING = "sharing"
    """A scheme the network operator recognises: some components of the price remain."""

    PRIVATE = "private"
    """One meter or a private wire: every component is avoided."""

    INSIGHT = "insight"
    """No bill changes: community credits, gifts, learning."""


class PrivacyMode(StrEnum):
    """Who sees the readings of a home, apart from the home itself."""

    OPEN = "open"
    """Every member settles, and so sees every reading."""

    COMMITTEE = "committee"
    """A committee settles.  Everybody else sees its own part, and the proof of it."""


class Mechanism(StrEnum):
    """How energy finds whom it is for."""

    AUCTION = "auction"
    """By prices, before delivery; what is left goes by the sharing key."""

    SHARING = "sharing"
    """By the sharing key alone, after delivery: nobody bids."""


class Admission(StrEnum):
    """Who lets a home in."""

    VOTE = "vote"
    """The members, as with every other change."""

    INVITER = "inviter"
    """Whoever invites it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A party with a place in the fee tree.

    Its name lives elsewhere and can be erased.
    """

    party: PartyId
    zone: ZoneId
    household_key: bytes
    """Compressed secp256k1 public key (33 bytes); ``party`` is derived from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Charter:
    """The rules of a community: who belongs, where, and how results become final."""

    members: tuple[Member, ...]
    """In charter order, which is also the order in which members propose."""

    fee_tree: FeeTree
    fault_model: FaultModel = FaultModel.BYZANTINE
    billing_basis: BillingBasis = BillingBasis.INSIGHT
    privacy: PrivacyMode = PrivacyMode.OPEN
    admission: Admission = Admission.VOTE
    committee_size: int = COMMITTEE_SIZE
    """How many members vote for a period where not all do."""

    reference_tariff: Tariff | None = None
    """What savings are compared with; None: nothing is agreed."""

    mechanism: Mechanism = Mechanism.AUCTION
    settlement: SettlementRules = field(default_factory=SettlementRules)
    standing: Standing | None = None
    """What members believe of each other; None: it changes nothing here."""

    def __post_init__(self) -> None:
        """Refuse a charter that names a party twice or a zone that does not exist."""
        parties = [member.party for member in self.members]
        if not 1 <= len(parties) <= MEMBERS_MAX:
            msg = f"a community has 1 to {MEMBERS_MAX} members, not {len(parties)}"
            raise ValueError(msg)
        if len(set(parties)) != len(parties):
            msg = "a charter names each party once"
            raise ValueError(msg)
        for member in self.members:
            self.fee_tree.zone(member.zone)
        if not 1 <= self.committee_size <= MEMBERS_MAX:
            msg = f"a committee of {self.committee_size} is out of bounds"
            raise ValueError(msg)

    def member(self, party: PartyId) -> Member | None:
        """Return the member ``party``, or None if it does not belong."""
        return next((m for m in self.members if m.party == party), None)

    @property
    def quorum(self) -> int:
        """Number of equal votes that decide where all members vote."""
        return quorum_of(len(self.members), self.fault_model)


def quorum_of(voters: int, fault_model: FaultModel) -> int:
    """Return how many equal votes decide among so many voters."""
    if fault_model is FaultModel.CRASH:
        return voters // 2 + 1
    return 2 * voters // 3 + 1
