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
    """A book that cannot be cleared or holds an order nobody committed to."""

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


OF_THE_NETWORK: Final = frozenset({Fault.OMISSION, Fault.WITNESSED_OMISSION})
"""Wrongs that lost letters explain as well as a liar does; nobody is blamed for one."""


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


def bad_book(envelope: Envelope) -> Misdeed:
    """Return what a proposal convicts its author of that is no book."""
    return Misdeed(
        party=envelope.author, fault=Fault.BAD_BOOK, evidence=(envelope.data,)
    )
