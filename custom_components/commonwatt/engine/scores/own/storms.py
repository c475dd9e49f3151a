"""Whether a promised reserve was kept through an alert.

An alert begins when the owner (or an automation that hears a warning) asks for more of
a reserve than before, and ends when it asks for less.  It was kept if the store reached
the reserve and never fell below it again until the end.
"""

from dataclasses import dataclass, replace
from typing import Final

from ...model.period import HOUR_MS, Instant

STORM_MS_MIN: Final = HOUR_MS
"""Shorter, it was a slip of the finger."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StormWatch:
    """What was seen of the reserve so far."""

    reserve_wh: int | None = None
    """As last asked for; None before anybody looked."""

    usual_wh: int = 0
    """Asked for before the alert."""

    kept_since: Instant | None = None
    """None: no alert, or the reserve is not there (any more)."""

    broken: bool = False

    def look(
        self, now: Instant, *, reserve_wh: int, stored_wh: int | None
    ) -> tuple[StormWatch, bool]:
        """Return what is known after one more look, and whether a storm was kept.

        An unknown store neither keeps nor breaks a promise.
        """
        if self.reserve_wh is None:
            return StormWatch(reserve_wh=reserve_wh, usual_wh=reserve_wh), False
        if reserve_wh < self.reserve_wh:
            kept = self._is_kept(now)
            return StormWatch(reserve_wh=reserve_wh, usual_wh=reserve_wh), kept
        seen = replace(self, reserve_wh=reserve_wh)
        if reserve_wh > self.reserve_wh:
            seen = replace(seen, kept_since=None, broken=False)
        if seen.broken or stored_wh is None or reserve_wh <= seen.usual_wh:
            return seen, False
        there = stored_wh >= reserve_wh
        if there and seen.kept_since is None:
            return replace(seen, kept_since=now), False
        if not there and seen.kept_since is not None:
            return replace(seen, broken=True), False
        return seen, False

    def _is_kept(self, now: Instant) -> bool:
        since = self.kept_since
        return since is not None and not self.broken and now - since >= STORM_MS_MIN
