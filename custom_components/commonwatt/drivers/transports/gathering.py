"""When what is to be announced is announced: together, and not by all at once.

Two neighbours that hear the same letter need not both announce it to each other: each
waits by lot, and whoever hears the other announce it first stays silent.  After
*The Trickle Algorithm* (RFC 6206, section 4), without its growing intervals: a letter
is announced once.  Clause: ``docs/reference/transports.md``, 4.3.
"""

from collections.abc import Callable
from typing import Final

GATHER_SECONDS: Final = 0.3
"""How long what is to be announced waits at least: one frame for many names."""

STAGGER_SECONDS: Final = 0.6
"""So much longer it waits at most, by lot: others may announce it meanwhile."""

FRESH_SECONDS: Final = 0.15
"""What came in so lately waits for the next time: most peers hear it directly."""


class Gathering:
    """Says when what comes in now will be announced."""

    def __init__(self, chance: Callable[[], float]) -> None:
        """``chance`` returns anything from 0 to 1."""
        self._chance: Final = chance
        self._ends_at = float("-inf")

    def ripe_at(self, now: float) -> float:
        """Return when that is: the same for all that gathers meanwhile, in seconds."""
        if now > self._ends_at - FRESH_SECONDS:
            self._ends_at = now + GATHER_SECONDS + STAGGER_SECONDS * self._chance()
        return self._ends_at
