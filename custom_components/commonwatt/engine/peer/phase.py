"""The phases of a round and the only ways from one to the next."""

from enum import StrEnum


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
