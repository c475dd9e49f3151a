"""Which room a message is for."""

from dataclasses import dataclass

from ..model.batch import BatchApproval, BatchDraft
from ..model.community import (
    Ballot,
    CharterVote,
    Enactment,
    Invitation,
    Motion,
    Recollection,
    SessionRevocation,
    SyncPage,
    SyncRequest,
    Waking,
)
from ..model.comparison import Comparison, ReadingMarks
from ..model.errand import SignedErrand
from ..model.extract import Attestation, ResultExtract, SettlementExtract
from ..model.period import Instant
from ..model.social import HelpRequest, LivePower, PoolGift, ScoreCard, Thanks
from ..wire.envelope import Envelope
from ..wire.messages import (
    BookProposal,
    Consent,
    JoinRequest,
    OrderCommitment,
    OrderReveal,
    Presence,
    ReadingReport,
    Receipt,
    ResultVote,
    Withdrawal,
)
from .agreements import Agreements
from .awakening import Awakening
from .batches import Batches
from .catch_up import CatchUp
from .door import Door
from .learning import Learning
from .rounds import Rounds, period_of
from .settling import Settling
from .showing import Showing
from .social import Social


@dataclass(frozen=True, slots=True, kw_only=True)
class Reception:
    """Hands every envelope to the room that understands it."""

    rounds: Rounds
    settling: Settling
    agreements: Agreements
    catch_up: CatchUp
    learning: Learning
    social: Social
    showing: Showing
    batches: Batches
    door: Door
    awakening: Awakening

    def take(  # noqa: C901, PLR0912  # one for each room
        self, envelope: Envelope, now: Instant, *, quorum_online: bool
    ) -> None:
        """Take an envelope that was let in."""
        message = envelope.message
        match message:
            case Presence():
                pass
            case SessionRevocation():
                self.door.revoke(envelope, message, now)
            case Consent() | Withdrawal():
                self.agreements.take(envelope, message, now)
            case (
                OrderCommitment()
                | OrderReveal()
                | BookProposal()
                | ResultVote()
                | Receipt()
                | ResultExtract()
            ):
                period = period_of(message)
                if self.rounds.take(envelope, message, now):
                    self.settling.expect(period)
                self.rounds.drive_one(period, now, quorum_online=quorum_online)
            case ReadingReport():
                self.settling.take_reading(envelope, message, now)
            case Comparison() | ReadingMarks():
                self.catch_up.compare(envelope, message, now)
            case Attestation() | SettlementExtract():
                self.settling.take_part(envelope, message, now)
            case Waking():
                heard = self.door.heard_from(envelope.author, message.before)
                ours = self.door.presences_of(self.awakening.me)[-1:]
                known = (*ours, *self.door.former_presences(envelope))
                self.awakening.answer(envelope.author, heard, now, known=known)
            case Recollection():
                self.awakening.take(envelope.author, message, now)
            case (
                JoinRequest()
                | Motion()
                | Ballot()
                | Enactment()
                | CharterVote()
                | Invitation()
                | SyncRequest()
                | SyncPage()
            ):
                self.catch_up.take(envelope, message, now)
            case HelpRequest() | PoolGift() | Thanks() | ScoreCard():
                self.social.take(envelope.author, message, envelope.sent_at)
            case LivePower():
                self.showing.take(envelope.author, message, envelope.sent_at)
            case BatchDraft() | BatchApproval() | SignedErrand():
                self.batches.take(envelope, message, now)
            case _:
                self.learning.take(envelope.author, message, now)
