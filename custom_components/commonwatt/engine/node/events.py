"""What a node reports to whoever shows, scores or logs it."""

from dataclasses import dataclass

from ..ledger.settlement import Settlement
from ..model.clearing import ClearingResult, Trade
from ..model.community import Motion
from ..model.contract import ContractId, Terms
from ..model.party import Charter, PartyId
from ..model.period import DeliveryPeriod, Instant
from ..model.social import HelpRequest
from ..peer import Fault, Phase
from .deals import DealState


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseChanged:
    """The round of a delivery period moved on."""

    period: DeliveryPeriod
    phase: Phase


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeMatched:
    """One of our own trades, as soon as the result is final."""

    period: DeliveryPeriod
    trade: Trade


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodFinal:
    """A quorum agreed: on a result, or that there is none (None: void)."""

    period: DeliveryPeriod
    result: ClearingResult | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodSettled:
    """The energy of a delivery period has been accounted for."""

    period: DeliveryPeriod
    settlement: Settlement


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodCorrected:
    """A reading came late; ``difference`` has the postings that make up for it."""

    period: DeliveryPeriod
    difference: Settlement


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberOnline:
    """A member was heard from after a silence, or for the first time."""

    party: PartyId


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberOffline:
    """A member has not been heard from for too long."""

    party: PartyId


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerFault:
    """A peer did something wrong for the first time since the node woke.

    The status counts the rest.  ``party`` is None if nobody knows who.
    """

    party: PartyId | None
    fault: Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementChanged:
    """A contract or gift of this home stands otherwise than before."""

    terms: Terms
    state: DealState


@dataclass(frozen=True, slots=True, kw_only=True)
class NeighboursLearned:
    """A training of the community is over: there is more to forecast with."""

    week: int
    homes: int
    """Homes in the sums."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpAsked:
    """A member asks everybody for energy."""

    party: PartyId
    request: HelpRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Thanked:
    """A member thanks this home for a gift."""

    party: PartyId
    gift: ContractId


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionsRevoked:
    """A member believes no more in session keys it certified before an instant."""

    party: PartyId
    before: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class CharterChanged:
    """The members have decided on the next charter."""

    number: int
    charter: Charter


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionOpened:
    """There is a motion to vote on."""

    motion: bytes
    change: Motion


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionClosed:
    """A motion was adopted, or lapsed."""

    motion: bytes
    adopted: bool


type Event = (
    HelpAsked
    | Thanked
    | PhaseChanged
    | TradeMatched
    | PeriodFinal
    | PeriodSettled
    | PeriodCorrected
    | MemberOnline
    | MemberOffline
    | PeerFault
    | AgreementChanged
    | CharterChanged
    | SessionsRevoked
    | MotionOpened
    | MotionClosed
    | NeighboursLearned
)
