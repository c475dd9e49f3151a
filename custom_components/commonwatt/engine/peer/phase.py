"""The phases of a round, and the only ways from one to the next."""

from collections.abc import Mapping
from enum import Enum, StrEnum, auto
from typing import Final


class Phase(StrEnum):
    """Where the round of one delivery period stands, as one member sees it."""

    COMMITTING = "committing"
    """Orders may still be committed to."""

    REVEALING = "revealing"
    """The gate is closed; committed orders are being revealed."""

    PROPOSING = "proposing"
    """Waiting for a book, from one proposer after the other."""

    VOTING = "voting"
    """Voted; provisional until a quorum has voted the same."""

    OPEN = "open"
    """Delivery began without a quorum: decided later."""

    FINAL = "final"
    """A quorum voted for one result."""

    VOID = "void"
    """A quorum voted that there is no result."""

    @property
    def decided(self) -> bool:
        """Tell whether nothing can change any more."""
        return self in {Phase.FINAL, Phase.VOID}

    @property
    def seeks_book(self) -> bool:
        """Tell whether books are proposed and voted on."""
        return self in {Phase.PROPOSING, Phase.VOTING, Phase.OPEN}


class Trigger(Enum):
    """What moves a round on.  Time closes gates; only votes decide."""

    GATE_CLOSED = auto()
    REVEALS_CLOSED = auto()
    VOTED = auto()
    DELIVERY_BEGAN = auto()
    RESULT_AGREED = auto()
    VOID_AGREED = auto()


TRANSITIONS: Final[Mapping[tuple[Phase, Trigger], Phase]] = {
    (Phase.COMMITTING, Trigger.GATE_CLOSED): Phase.REVEALING,
    (Phase.REVEALING, Trigger.REVEALS_CLOSED): Phase.PROPOSING,
    (Phase.PROPOSING, Trigger.VOTED): Phase.VOTING,
    (Phase.PROPOSING, Trigger.DELIVERY_BEGAN): Phase.OPEN,
    (Phase.PROPOSING, Trigger.RESULT_AGREED): Phase.FINAL,
    (Phase.PROPOSING, Trigger.VOID_AGREED): Phase.VOID,
    (Phase.VOTING, Trigger.DELIVERY_BEGAN): Phase.OPEN,
    (Phase.VOTING, Trigger.RESULT_AGREED): Phase.FINAL,
    (Phase.VOTING, Trigger.VOID_AGREED): Phase.VOID,
    (Phase.OPEN, Trigger.RESULT_AGREED): Phase.FINAL,
    (Phase.OPEN, Trigger.VOID_AGREED): Phase.VOID,
}
