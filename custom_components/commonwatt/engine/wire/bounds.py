"""Kinds of messages, and how large a body of each may be."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ..model.batch import LEAVES_MAX, SIBLINGS_MAX, BatchApproval, BatchDraft
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
from ..model.comparison import (
    MARK_BYTES,
    PERIODS_COMPARED_MAX,
    READINGS_COMPARED_MAX,
    Comparison,
    ReadingMarks,
)
from ..model.errand import SignedErrand
from ..model.extract import (
    RECORD_BYTES_MAX,
    Attestation,
    ResultExtract,
    SettlementExtract,
)
from ..model.federation import (
    Agreement,
    Announcement,
    Enrolment,
    MaskedVector,
    PublishedSum,
    Roster,
    SealedShares,
    Unmasking,
)
from ..model.social import (
    SHARES_MAX,
    HelpRequest,
    LivePower,
    PoolGift,
    ScoreCard,
    Thanks,
)
from .messages import (
    REVEALS_MAX,
    BookProposal,
    Consent,
    JoinRequest,
    Message,
    MessageKind,
    OrderCommitment,
    OrderReveal,
    Presence,
    ReadingReport,
    Receipt,
    ResultVote,
    Withdrawal,
)

ENVELOPE_SIZE_MAX: Final = 128 * 1024
"""So much that a forged signature over it is found out within a millisecond."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyBounds:
    """How large a body may be, looked at before it is parsed."""

    size_max: int
    items_max: int


_EXTRACT: Final = BodyBounds(size_max=RECORD_BYTES_MAX + 2 * 1024, items_max=48)

BOUNDS: Final[Mapping[MessageKind, BodyBounds]] = {
    MessageKind.PRESENCE: BodyBounds(size_max=256, items_max=8),
    MessageKind.ORDER_COMMITMENT: BodyBounds(size_max=64, items_max=4),
    MessageKind.ORDER_REVEAL: BodyBounds(size_max=1280, items_max=256),
    MessageKind.BOOK_PROPOSAL: BodyBounds(
        size_max=ENVELOPE_SIZE_MAX - 512, items_max=REVEALS_MAX + 5
    ),
    MessageKind.RESULT_VOTE: BodyBounds(size_max=64, items_max=5),
    MessageKind.READING_REPORT: BodyBounds(size_max=640, items_max=64),
    MessageKind.CONSENT: BodyBounds(size_max=128, items_max=16),
    MessageKind.WITHDRAWAL: BodyBounds(size_max=64, items_max=2),
    MessageKind.MOTION: BodyBounds(size_max=64 * 1024, items_max=8 * 1024),
    MessageKind.BALLOT: BodyBounds(size_max=64, items_max=4),
    MessageKind.ENACTMENT: BodyBounds(size_max=96, items_max=8),
    MessageKind.CHARTER_VOTE: BodyBounds(size_max=96, items_max=8),
    MessageKind.INVITATION: BodyBounds(size_max=128, items_max=4),
    MessageKind.JOIN_REQUEST: BodyBounds(size_max=1024, items_max=8),
    MessageKind.SYNC_REQUEST: BodyBounds(size_max=32, items_max=4),
    MessageKind.SYNC_PAGE: BodyBounds(
        size_max=ENVELOPE_SIZE_MAX - 512, items_max=16 * 1024
    ),
    MessageKind.WAKING: BodyBounds(size_max=16, items_max=2),
    MessageKind.RECOLLECTION: BodyBounds(size_max=16, items_max=2),
    MessageKind.SESSION_REVOCATION: BodyBounds(size_max=96, items_max=3),
    MessageKind.RECEIPT: BodyBounds(size_max=18 * 1024, items_max=REVEALS_MAX + 3),
    MessageKind.RESULT_EXTRACT: _EXTRACT,
    MessageKind.SETTLEMENT_EXTRACT: _EXTRACT,
    MessageKind.ATTESTATION: BodyBounds(size_max=64, items_max=4),
    MessageKind.COMPARISON: BodyBounds(
        size_max=MARK_BYTES * PERIODS_COMPARED_MAX + 16, items_max=4
    ),
    MessageKind.READING_MARKS: BodyBounds(
        size_max=MARK_BYTES * READINGS_COMPARED_MAX + 16, items_max=3
    ),
    MessageKind.ANNOUNCEMENT: BodyBounds(size_max=96, items_max=8),
    MessageKind.ROSTER: BodyBounds(size_max=6 * 1024, items_max=300),
    MessageKind.SEALED_SHARES: BodyBounds(size_max=31 * 1024, items_max=1_100),
    MessageKind.MASKED_VECTOR: BodyBounds(size_max=33 * 1024, items_max=9),
    MessageKind.AGREEMENT: BodyBounds(size_max=96, items_max=8),
    MessageKind.UNMASKING: BodyBounds(size_max=30 * 1024, items_max=1_600),
    MessageKind.PUBLISHED_SUM: BodyBounds(size_max=33 * 1024, items_max=9),
    MessageKind.ENROLMENT: BodyBounds(size_max=32, items_max=6),
    MessageKind.HELP_REQUEST: BodyBounds(size_max=48, items_max=5),
    MessageKind.THANKS: BodyBounds(size_max=96, items_max=3),
    MessageKind.SCORE_CARD: BodyBounds(size_max=48, items_max=6),
    MessageKind.LIVE_POWER: BodyBounds(size_max=16, items_max=2),
    MessageKind.POOL_GIFT: BodyBounds(size_max=1_280, items_max=5 * SHARES_MAX + 5),
    MessageKind.BATCH_DRAFT: BodyBounds(
        size_max=106 * 1024, items_max=5 * LEAVES_MAX + SIBLINGS_MAX + 12
    ),
    MessageKind.BATCH_APPROVAL: BodyBounds(size_max=112, items_max=3),
    MessageKind.ERRAND: BodyBounds(size_max=512, items_max=10),
}

KINDS: Final[Mapping[type[Message], MessageKind]] = {
    Presence: MessageKind.PRESENCE,
    OrderCommitment: MessageKind.ORDER_COMMITMENT,
    OrderReveal: MessageKind.ORDER_REVEAL,
    BookProposal: MessageKind.BOOK_PROPOSAL,
    ResultVote: MessageKind.RESULT_VOTE,
    ReadingReport: MessageKind.READING_REPORT,
    Consent: MessageKind.CONSENT,
    Withdrawal: MessageKind.WITHDRAWAL,
    Motion: MessageKind.MOTION,
    Ballot: MessageKind.BALLOT,
    Enactment: MessageKind.ENACTMENT,
    CharterVote: MessageKind.CHARTER_VOTE,
    Invitation: MessageKind.INVITATION,
    JoinRequest: MessageKind.JOIN_REQUEST,
    Receipt: MessageKind.RECEIPT,
    ResultExtract: MessageKind.RESULT_EXTRACT,
    SettlementExtract: MessageKind.SETTLEMENT_EXTRACT,
    Attestation: MessageKind.ATTESTATION,
    SyncRequest: MessageKind.SYNC_REQUEST,
    SyncPage: MessageKind.SYNC_PAGE,
    Waking: MessageKind.WAKING,
    Recollection: MessageKind.RECOLLECTION,
    SessionRevocation: MessageKind.SESSION_REVOCATION,
    Comparison: MessageKind.COMPARISON,
    ReadingMarks: MessageKind.READING_MARKS,
    Announcement: MessageKind.ANNOUNCEMENT,
    Roster: MessageKind.ROSTER,
    SealedShares: MessageKind.SEALED_SHARES,
    MaskedVector: MessageKind.MASKED_VECTOR,
    Agreement: MessageKind.AGREEMENT,
    Unmasking: MessageKind.UNMASKING,
    PublishedSum: MessageKind.PUBLISHED_SUM,
    Enrolment: MessageKind.ENROLMENT,
    HelpRequest: MessageKind.HELP_REQUEST,
    Thanks: MessageKind.THANKS,
    ScoreCard: MessageKind.SCORE_CARD,
    LivePower: MessageKind.LIVE_POWER,
    PoolGift: MessageKind.POOL_GIFT,
    BatchDraft: MessageKind.BATCH_DRAFT,
    BatchApproval: MessageKind.BATCH_APPROVAL,
    SignedErrand: MessageKind.ERRAND,
}
