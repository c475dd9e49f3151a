"""What a peer can do wrong, as values to count and show."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ..model.party import PartyId
from ..wire.envelope import Envelope


class Fault(StrEnum):
    """Every wrong there is; counted for each peer, never logged message by message."""

    REJECTED = "rejected"
    """An envelope that does not open."""

    OUT_OF_BOUNDS = "out_of_bounds"
    """About a delivery period too far away, or an order too large for its share."""

    TOO_LATE = "too_late"
    """A commitment or a reveal after its hour: the order is void."""

    UNCOMMITTED = "uncommitted"
    """A reveal without a commitment, or of another order than the one committed to."""

    OUT_OF_TURN = "out_of_turn"
    """A book from a member that had not to propose."""

    BAD_BOOK = "bad_book"
    """A book that cannot be cleared, whoever reads it."""

    UNKNOWN_ORDER = "unknown_order"
    """A book with an order that does not open, or of nobody we know.

    Forged, perhaps; or by a key, or under a charter, that we have not heard of.
    """

    OMISSION = "omission"
    """A book without an order that was revealed in time."""

    WITNESSED_OMISSION = "witnessed_omission"
    """The same, by receipts of more voters than may lie; kept, but no proof of intent.

    The order was there; whether it ever reached the proposer nobody can know.
    """

    WRONG_RESULT = "wrong_result"
    """A vote for something else than what follows from the book."""

    UNLAWFUL = "unlawful"
    """A motion, a ballot or an enactment that the charter does not allow for."""

    SPENT_INVITATION = "spent_invitation"
    """A request to join by an invitation that was used or has expired."""

    CONTRADICTION = "contradiction"
    """Two signed messages that cannot both be honest; kept as evidence."""


OF_THE_NETWORK: Final = frozenset(
    {
        Fault.OMISSION,
        Fault.WITNESSED_OMISSION,
        Fault.UNKNOWN_ORDER,
        Fault.WRONG_RESULT,
        Fault.OUT_OF_TURN,
        Fault.UNLAWFUL,
    }
)
"""Wrongs that lost letters explain as well as a liar does; nobody is blamed for one.

One of the two may not have heard of an order, a book or a charter.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Misdeed:
    """One wrong of one peer."""

    party: PartyId
    fault: Fault
    evidence: tuple[bytes, ...] = ()
    """Sealed envelopes that prove it to anyone."""


def contradiction(envelope: Envelope, earlier: bytes) -> Misdeed:
    """Return the wrong of signing ``envelope`` after ``earlier``."""
    return Misdeed(
        party=envelope.author,
        fault=Fault.CONTRADICTION,
        evidence=(earlier, envelope.data),
    )


def bad_book(envelope: Envelope, *, is_readable: bool) -> Misdeed:
    """Return what is wrong with a proposal that is no book, for all or only for us."""
    fault = Fault.BAD_BOOK if is_readable else Fault.UNKNOWN_ORDER
    return Misdeed(party=envelope.author, fault=fault, evidence=(envelope.data,))
