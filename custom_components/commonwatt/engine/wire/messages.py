"""What members say to each other.  Who says it stands on the envelope, not in here."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from ..model.order import Order
from ..model.period import DeliveryPeriod
from ..model.reading import MeterReading
from .certificate import SessionCertificate
from .domain import DIGEST_BYTES

SALT_BYTES: Final = 16
ATTEMPT_MAX: Final = (1 << 16) - 1
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
    """This is the order I committed to, and the salt that hid it."""

    order: Order
    salt: bytes

    def __post_init__(self) -> None:
        """Refuse a salt that hides too little."""
        _require_bytes(self.salt, SALT_BYTES)


@dataclass(frozen=True, slots=True, kw_only=True)
class BookProposal:
    """These are all orders that count in the period, each as its author sealed it.

    The reveals are envelopes of their own.  That they are genuine, for this period and
    ascending by author is for the reader to check.
    """

    period: DeliveryPeriod
    attempt: int
    reveals: tuple[bytes, ...]

    def __post_init__(self) -> None:
        """Refuse too many attempts or orders."""
        _require_attempt(self.attempt)
        if len(self.reveals) > REVEALS_MAX:
            raise ValueError(f"a book of {len(self.reveals)} orders is out of bounds")


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultVote:
    """I computed this result of the period (None: there is none, it is VOID)."""

    period: DeliveryPeriod
    attempt: int
    digest: bytes | None

    def __post_init__(self) -> None:
        """Refuse too many attempts and what is no digest."""
        _require_attempt(self.attempt)
        if self.digest is not None:
            _require_bytes(self.digest, DIGEST_BYTES)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingReport:
    """My meter counted this."""

    reading: MeterReading


type Message = (
    Presence | OrderCommitment | OrderReveal | BookProposal | ResultVote | ReadingReport
)


def _require_bytes(value: bytes, count: int) -> None:
    if len(value) != count:
        raise ValueError(f"{len(value)} bytes where {count} belong")


def _require_attempt(attempt: int) -> None:
    if not 0 <= attempt <= ATTEMPT_MAX:
        raise ValueError(f"attempt {attempt} is out of bounds")
