"""What members say to each other.  Who says it stands on the envelope, not in here."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from ..model.batch import BatchMessage
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
from ..model.comparison import ComparisonMessage
from ..model.contract import PLEDGES_MAX, ContractId, Pledge, Terms
from ..model.extract import ExtractMessage
from ..model.federation import TrainingMessage
from ..model.order import Order
from ..model.origin import ExportOrigin
from ..model.party import PartyId
from ..model.period import DeliveryPeriod
from ..model.preference import WISHES_MAX, Preference
from ..model.reading import MeterReading
from ..model.social import SocialMessage
from ..model.vote import VoteStage
from .certificate import SessionCertificate
from .domain import DIGEST_BYTES

SALT_BYTES: Final = 16
ATTEMPT_MAX: Final = (1 << 16) - 1
REVISION_MAX: Final = 15
"""How often a reading can be corrected."""

ORIGINS_MAX: Final = 8
"""Parts an export is made of; the smallest of more count as unknown."""

REVEALS_MAX: Final = 800
"""Orders in one book; a larger community trades in districts."""


class MessageKind(IntEnum):
    """The number a kind of message has on the wire."""

    PRESENCE = 1
    ORDER_COMMITMENT = 2
    ORDER_REVEAL = 3
    BOOK_PROPOSAL = 4
    RESULT_VOTE = 5
    READING_REPORT = 6
    CONSENT = 7
    WITHDRAWAL = 8

    MOTION = 9
    BALLOT = 10
    ENACTMENT = 11
    CHARTER_VOTE = 12
    INVITATION = 13
    JOIN_REQUEST = 14
    SYNC_REQUEST = 15
    SYNC_PAGE = 16
    WAKING = 17
    RECOLLECTION = 18
    RECEIPT = 19
    RESULT_EXTRACT = 20
    SETTLEMENT_EXTRACT = 21
    ATTESTATION = 22
    SESSION_REVOCATION = 23
    COMPARISON = 24
    READING_MARKS = 25
    ANNOUNCEMENT = 32
    ROSTER = 33
    SEALED_SHARES = 34
    MASKED_VECTOR = 35
    AGREEMENT = 36
    UNMASKING = 37
    PUBLISHED_SUM = 38
    ENROLMENT = 39

    HELP_REQUEST = 48
    THANKS = 49
    SCORE_CARD = 50
    LIVE_POWER = 51
    POOL_GIFT = 52

    BATCH_DRAFT = 56
    BATCH_APPROVAL = 57
    ERRAND = 58


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """I am here, and this is the key I sign with.  Said on arrival and now and then."""

    certificate: SessionCertificate


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCommitment:
    """I have an order for the period; its digest is sealed, its content my secret."""

    period: DeliveryPeriod
    digest: bytes

    def __post_init__(self) -> None:
        """Refuse what is no digest."""
        _require_bytes(self.digest, DIGEST_BYTES)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderReveal:
    """This is all I committed to, and the salt that hid it."""

    order: Order
    salt: bytes
    pledges: tuple[Pledge, ...] = ()
    """Contracts and gifts that count in the period, ascending by name."""

    preference: Preference | None = None

    def __post_init__(self) -> None:
        """Refuse a salt that hides too little, and more wishes than there may be."""
        _require_bytes(self.salt, SALT_BYTES)
        if len(self.pledges) > PLEDGES_MAX:
            raise ValueError(f"{len(self.pledges)} pledges are out of bounds")
        wish = self.preference
        if wish is not None and max(len(wish.neighbours), len(wish.sources)) > (
            WISHES_MAX
        ):
            raise ValueError("so many wishes are out of bounds")


@dataclass(frozen=True, slots=True, kw_only=True)
class BookProposal:
    """These are all orders that count in the period, each as its author sealed it.

    The reveals are envelopes of their own.  That they are genuine, for this period and
    ascending by author is for the reader to check.
    """

    period: DeliveryPeriod
    attempt: int
    reveals: tuple[bytes, ...] | None
    """None: there is no book, let the period be void."""

    valid_attempt: int | None = None
    """The earlier attempt in which a quorum has prevoted for the same."""

    def __post_init__(self) -> None:
        """Refuse too many attempts or orders."""
        _require_attempt(self.attempt)
        if self.valid_attempt is not None and not (
            0 <= self.valid_attempt < self.attempt
        ):
            raise ValueError(f"attempt {self.valid_attempt} is no earlier one")
        if self.reveals is not None and len(self.reveals) > REVEALS_MAX:
            raise ValueError(f"a book of {len(self.reveals)} orders is out of bounds")


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultVote:
    """I vote for the result with this digest; thirty-two zeros: there is none."""

    period: DeliveryPeriod
    attempt: int
    stage: VoteStage
    digest: bytes

    def __post_init__(self) -> None:
        """Refuse too many attempts and what is no digest."""
        _require_attempt(self.attempt)
        _require_bytes(self.digest, DIGEST_BYTES)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingReport:
    """My meter counted this, and what went out of my home was made of that."""

    reading: MeterReading
    revision: int = 0
    """A corrected reading takes the place of all with a lower number."""

    origins: tuple[ExportOrigin, ...] = ()
    """At most the whole export; what nobody tells is of unknown origin."""

    salt: bytes
    """The same in every report of a period: what is derived from it nobody can guess
    who was not told, and everybody who was derives the same."""

    def __post_init__(self) -> None:
        """Refuse corrections without end, and origins of more than was exported."""
        _require_bytes(self.salt, SALT_BYTES)
        if not 0 <= self.revision <= REVISION_MAX:
            raise ValueError(f"revision {self.revision} is out of bounds")
        told_wh = sum(origin.energy_wh for origin in self.origins)
        if len(self.origins) > ORIGINS_MAX or told_wh > self.reading.export_wh:
            raise ValueError(f"origins of {told_wh} Wh are out of bounds")


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """I agree to this contract, or promise this gift.

    A contract binds when both its parties have said so, a gift when its giver has.
    """

    terms: Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """I no longer stand by a contract or gift; what has been committed to stays."""

    contract: ContractId


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Of these members I had the order in time.  Said when a book leaves one out."""

    period: DeliveryPeriod
    parties: tuple[PartyId, ...]
    """Ascending."""

    def __post_init__(self) -> None:
        """Refuse more orders than a book may have, and any other order of them."""
        if len(self.parties) > REVEALS_MAX:
            raise ValueError(f"a receipt for {len(self.parties)} is out of bounds")
        if list(self.parties) != sorted(set(self.parties)):
            raise ValueError("a receipt names members once, ascending")


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinRequest:
    """I was invited and would like to join; this is the key I sign with.

    The one message a stranger may send.
    """

    certificate: SessionCertificate
    invitation: bytes
    """The sealed invitation."""


type Message = (
    Presence
    | OrderCommitment
    | OrderReveal
    | BookProposal
    | ResultVote
    | ReadingReport
    | Consent
    | Withdrawal
    | Motion
    | Ballot
    | Enactment
    | CharterVote
    | Invitation
    | JoinRequest
    | Receipt
    | SyncRequest
    | SyncPage
    | Waking
    | Recollection
    | SessionRevocation
    | BatchMessage
    | ComparisonMessage
    | ExtractMessage
    | TrainingMessage
    | SocialMessage
)


def _require_bytes(value: bytes, count: int) -> None:
    if len(value) != count:
        raise ValueError(f"{len(value)} bytes where {count} belong")


def _require_attempt(attempt: int) -> None:
    if not 0 <= attempt <= ATTEMPT_MAX:
        raise ValueError(f"attempt {attempt} is out of bounds")
