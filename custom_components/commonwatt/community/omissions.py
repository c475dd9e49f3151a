"""Members whose books lack orders again and again, as far as this home has seen.

One missing order is a letter that got lost.  Several within a day are worth a look.
"""

from collections import deque
from collections.abc import Mapping
from typing import Final

from ..engine.model.party import PartyId
from ..engine.model.period import DAY_MS, Instant, after
from ..engine.peer import Fault

OMISSIONS_MIN: Final = 3
"""Books of one member in a day without an order that most others had."""


class Omissions:
    """When books of whom lacked an order lately."""

    def __init__(self) -> None:
        """Begin with nothing seen: what was counted before is long ago."""
        self._counted: dict[PartyId, int] | None = None
        self._seen: Final[dict[PartyId, deque[Instant]]] = {}

    def look(
        self, faults: Mapping[tuple[PartyId | None, Fault], int], now: Instant
    ) -> tuple[PartyId, ...]:
        """Take the counts as they are now; return whose books to look at, ascending."""
        counts = {
            party: count
            for (party, fault), count in faults.items()
            if party is not None and fault is Fault.WITNESSED_OMISSION
        }
        known = counts if self._counted is None else self._counted
        self._counted = counts
        for party, count in counts.items():
            seen = self._seen.setdefault(party, deque(maxlen=OMISSIONS_MIN))
            seen.extend([now] * min(count - known.get(party, 0), OMISSIONS_MIN))
        since = after(now, -DAY_MS)
        return tuple(
            party
            for party, seen in sorted(self._seen.items())
            if len(seen) == OMISSIONS_MIN and seen[0] > since
        )
