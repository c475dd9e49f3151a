"""When a device may and must be written to: intervals, signs of life, retries."""

from dataclasses import dataclass, replace
from typing import Final

from ..model.period import DAY_MS, MINUTE_MS, SECOND_MS, Instant, after
from .control import ControlFacts, WatchdogKind

RETRY_MS: Final = 5 * SECOND_MS
"""Pause after the first failure; each further one doubles it."""

RETRY_MS_MAX: Final = MINUTE_MS
SIGNS_OF_LIFE: Final = 3
"""Signs of life within the time the device's watchdog waits."""

AT_ONCE: Final = Instant(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class WritePacing:
    """What was written when, and what that allows."""

    facts: ControlFacts
    changed_at: Instant | None = None
    """When the value was last changed."""

    alive_at: Instant | None = None
    """When the device last had a sign of life."""

    not_before: Instant = AT_ONCE
    failures: int = 0
    day: int = 0
    writes: int = 0

    @property
    def change_due(self) -> Instant:
        """When the value may next be changed."""
        if self.changed_at is None:
            return AT_ONCE
        return after(self.changed_at, self.facts.write_interval_ms)

    @property
    def life_due(self) -> Instant:
        """When the device next wants a sign of life."""
        if self.alive_at is None:
            return AT_ONCE
        return after(self.alive_at, self.facts.watchdog_ms // SIGNS_OF_LIFE)

    def due(self, *, change: bool) -> Instant:
        """Return when to turn to the device, with or without a new value for it."""
        due = min(self.life_due, self.change_due) if change else self.life_due
        return max(self.not_before, due)

    def lapsed(self, now: Instant) -> bool:
        """Tell whether the device's watchdog must have ended the setpoint."""
        return self.alive_at is None or now - self.alive_at >= self.facts.watchdog_ms

    def writes_on(self, now: Instant) -> int:
        """Return how often the value was changed on the day of ``now``."""
        return self.writes if now // DAY_MS == self.day else 0

    def answered(self, now: Instant) -> WritePacing:
        """Return the pacing after the device answered a read."""
        any_read = self.facts.watchdog is WatchdogKind.ANY_READ
        return replace(
            self,
            alive_at=now if any_read else self.alive_at,
            not_before=AT_ONCE,
            failures=0,
        )

    def written(self, now: Instant, *, change: bool) -> WritePacing:
        """Return the pacing after a write."""
        if not change:
            return replace(self, alive_at=now)
        writes = self.writes_on(now) + 1
        return replace(
            self, alive_at=now, changed_at=now, day=now // DAY_MS, writes=writes
        )

    def failed(self, now: Instant) -> WritePacing:
        """Return the pacing after a failure: the next attempt comes later."""
        pause_ms = min(RETRY_MS << min(self.failures, 8), RETRY_MS_MAX)
        return self.waiting(now, pause_ms, failures=self.failures + 1)

    def hurried(self) -> WritePacing:
        """Return the pacing whose next change comes out of turn."""
        return replace(self, changed_at=None)

    def at_once(self) -> WritePacing:
        """Return the pacing that waits for nothing."""
        return replace(self, not_before=AT_ONCE)

    def waiting(self, now: Instant, pause_ms: int, failures: int = 0) -> WritePacing:
        """Return the pacing that leaves the device alone for a while."""
        return replace(self, not_before=after(now, pause_ms), failures=failures)
