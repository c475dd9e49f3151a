"""A queue of what is going to happen, in simulated time.

Things due at the same instant happen in the order in which they were planned.
"""

from collections.abc import Callable
import heapq
from typing import Final

from ..model.period import Instant

type Happening = Callable[[], None]


class EventQueue:
    """The simulated clock and everything still ahead of it."""

    def __init__(self, started_at: Instant) -> None:
        """Begin at ``started_at`` with nothing ahead."""
        self.now = started_at
        self._ahead: Final[list[tuple[Instant, int, Happening]]] = []
        self._planned = 0

    def plan(self, at: Instant, happening: Happening) -> None:
        """Let something happen at ``at``; what is overdue happens next."""
        self._planned += 1
        due = max(at, self.now)
        heapq.heappush(self._ahead, (due, self._planned, happening))

    def advance(self, to: Instant) -> None:
        """Let everything happen that is due up to and at ``to``; stop there."""
        assert to >= self.now, "time does not run backwards"
        while self._ahead and self._ahead[0][0] <= to:
            self.now, _, happening = heapq.heappop(self._ahead)
            happening()
        self.now = to
