"""How long to wait before trying again: twice as long each time, and never in step.

"Full jitter": everybody draws anywhere between nothing and the longest wait, so that
the members of a street do not all return in the same second after a power cut.
"""

from collections.abc import Callable
from typing import Final

SECONDS_FIRST: Final = 1.0
SECONDS_MAX: Final = 120.0
_DOUBLINGS_MAX: Final = 10


class Backoff:
    """Waits for one peer."""

    def __init__(
        self,
        *,
        chance: Callable[[], float],
        first_s: float = SECONDS_FIRST,
        max_s: float = SECONDS_MAX,
    ) -> None:
        """``chance`` returns anything from 0 to 1, as ``random.random`` does."""
        self._chance: Final = chance
        self._first_s: Final = first_s
        self._max_s: Final = max_s
        self._failures = 0

    def succeeded(self) -> None:
        """Forget earlier failures."""
        self._failures = 0

    def failed(self) -> float:
        """Return how many seconds to wait now; at least a tenth of the first wait."""
        longest = min(self._max_s, self._first_s * float(2**self._failures))
        self._failures = min(self._failures + 1, _DOUBLINGS_MAX)
        return max(self._first_s / 10, longest * self._chance())
