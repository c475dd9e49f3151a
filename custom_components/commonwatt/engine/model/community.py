"""How a community changes: invitations, motions, ballots and what is enacted.

Values only; who may do what is for ``engine.peer`` to judge.
"""

from dataclasses import dataclass
from typing import Final

from .party import (
    Admission,
    BillingBasis,
    Charter,
    FaultModel,
    Mechanism,
    Member,
    PartyId,
    PrivacyMode,
)
from .period import DeliveryPeriod, Instant
from .settlement_rules import SettlementRules
from .standing import Belief, Excuse, Standing
from .tariff import Tariff
from .vote import VoteStage
from .zone import FeeTree, ZoneId

NONCE_BYTES: Final = 16
DIGEST_BYTES: Final = 32
CHARTER_ATTEMPT_MAX: Final = 1 << 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Admit:
    """Let a home in that was invited."""

    member: Member
    invitation: bytes
    """The sealed invitation of a member; it is good for one home."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remove:
    """Part with a member against its will."""

    party: PartyId


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """Let the author go: nobody is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amend:
    """Play by other rules: all of the charter but its members."""

    fee_tree: FeeTree
    fault_model: FaultModel
    billing_basis: BillingBasis
    privacy: PrivacyMode
    admission: Admission
    committee_size: int
    reference_tariff: Tariff | None
    mechanism: Mechanism
    settlement: SettlementRules
    credit_wh: int | None = None
    """The ordinary line; None: reputations change nothing."""

    @classmethod
    def of(cls, charter: Charter) -> Amend:
        """Return the rules of a charter, to change some of them."""
        return cls(
            fee_tree=charter.fee_tree,
            fault_model=charter.fault_model,
            billing_basis=charter.billing_basis,
            privacy=charter.privacy,
            admission=charter.admission,
            committee_size=charter.committee_size,
            reference_tariff=charter.reference_tariff,
            mechanism=charter.mechanism,
            settlement=charter.settlement,
            credit_wh=None if charter.standing is None else charter.standing.credit_wh,
        )

    def founded_by(self, members: tuple[Member, ...]) -> Charter:
        """Return the first charter of members who play by these rules."""
        standing = None
        if self.credit_wh is not None:
            standing = Standing(credit_wh=self.credit_wh)
        return Charter(
            members=members,
            fee_tree=self.fee_tree,
            fault_model=self.fault_model,
            billing_basis=self.billing_basis,
            privacy=self.privacy,
            admission=self.admission,
            committee_size=self.committee_size,
            reference_tariff=self.reference_tariff,
            mechanism=self.mechanism,
            settlement=self.settlement,
            standing=standing,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class VouchFor:
    """I answer for a newcomer, from a day of UTC on."""

    newcomer: PartyId
    day: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pardon:
    """Let what happened in a time count against nobody, or not against a member."""

    excuse: Excuse


@dataclass(frozen=True, slots=True, kw_only=True)
class Assess:
    """Believe this of the members from now on: it follows from a week's evidence.

    Homes make this motion and vote on it by themselves; nobody is asked.
    """

    before: bytes
    """Digest of the standing it follows from."""

    day: int
    """Day of UTC at whose start the beliefs hold; the week before it was assessed."""

    beliefs: tuple[Belief, ...]
    """Ascending by party."""


type StandingChange = VouchFor | Pardon | Assess
"""What changes how members stand with each other, and nothing else."""

type Change = Admit | Remove | Leave | Amend | StandingChange


@dataclass(frozen=True, slots=True, kw_only=True)
class Motion:
    """I propose this change; ballots count that are signed before the deadline."""

    change: Change
    deadline: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot:
    """I am for or against a motion, named by the digest of its envelope."""

    motion: bytes
    in_favour: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Enactment:
    """Let the charter ``number`` follow from this motion, in force from ``since``."""

    number: int
    attempt: int
    since: DeliveryPeriod
    motion: bytes
    valid_attempt: int | None = None

    def __post_init__(self) -> None:
        """Refuse an earlier attempt that is none."""
        if self.valid_attempt is not None and self.valid_attempt >= self.attempt:
            raise ValueError(f"attempt {self.valid_attempt} is no earlier one")


@dataclass(frozen=True, slots=True, kw_only=True)
class CharterVote:
    """I vote for an enactment, named by its digest."""

    number: int
    attempt: int
    stage: VoteStage
    digest: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """Whoever shows this may ask to join: one home, until then, in that zone."""

    zone: ZoneId
    expires_at: Instant
    nonce: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class CharterRecord:
    """One change of the charter, and what proves it to anyone."""

    since: DeliveryPeriod
    motion: bytes
    """The sealed motion."""

    proof: tuple[bytes, ...]
    """Sealed: the Presences by which the voters are known, and their precommits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waking:
    """I have just started: what did you hear from me before that?"""

    before: int
    """The first number of this life: all that is lower is of an earlier one."""

    def __post_init__(self) -> None:
        """Refuse what is no number."""
        if self.before < 0:
            raise ValueError("numbers begin at 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recollection:
    """The highest number I have heard of an earlier life of yours; None: not one."""

    sequence: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRevocation:
    """A session key of mine was stolen: none certified before then is mine since then.

    Signed by the household key, which no thief of a session key has.
    """

    before: Instant
    signature: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncRequest:
    """I know the charter up to ``number`` and lack the periods from ``period`` on."""

    number: int
    period: DeliveryPeriod


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncPage:
    """The changes of the charter after ``number``, as many as fit."""

    number: int
    founding: Charter | None
    """The first charter, for whoever knows none: its digest names the community."""

    records: tuple[CharterRecord, ...]
