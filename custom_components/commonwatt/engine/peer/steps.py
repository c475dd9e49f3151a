"""What a round asks its node to do next."""

from dataclasses import dataclass

from ..model.party import PartyId
from .agreement import Choice
from .book import Book
from .phase import Phase


@dataclass(frozen=True, slots=True, kw_only=True)
class Enter:
    """Take note: the round is in a new phase."""

    phase: Phase


@dataclass(frozen=True, slots=True, kw_only=True)
class RevealOrder:
    """Send the order this node committed to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignReceipt:
    """A book leaves out an order: sign which orders this node had in time."""

    parties: tuple[PartyId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeBook:
    """It is this node's turn: sign and send a book of these sealed reveals."""

    attempt: int
    reveals: tuple[bytes, ...] | None
    """None: no book, let the period be void."""

    valid_attempt: int | None = None
    proof: tuple[bytes, ...] = ()
    """The prevotes of that attempt, to be sent before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearBook:
    """Clear a book and tell the round the digest of the result."""

    book: Book


@dataclass(frozen=True, slots=True, kw_only=True)
class CastVote:
    """Sign and send a vote."""

    choice: Choice
    proof: tuple[bytes, ...] = ()
    """The prevotes a precommit rests on, to be in the journal before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """Send an envelope of this node once more: somebody may have missed it."""

    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Show a member that still asks what was decided: book and votes, as sealed."""

    to: PartyId
    proof: tuple[bytes, ...]


type Step = (
    Enter
    | RevealOrder
    | SignReceipt
    | ProposeBook
    | ClearBook
    | CastVote
    | Repeat
    | Answer
)
