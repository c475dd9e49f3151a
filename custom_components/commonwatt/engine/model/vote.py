"""The two stages in which members vote on a question."""

from enum import IntEnum


class VoteStage(IntEnum):
    """The two stages of voting in one attempt."""

    PREVOTE = 0
    """I would have this decided."""

    PRECOMMIT = 1
    """A quorum would, and I stand by it."""
