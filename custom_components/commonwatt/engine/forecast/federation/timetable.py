"""When members sum: the same hours of every week, whoever is there.

Nobody calls a training; the clock does, so that nobody has to be believed.  A training
is a row of sittings, one for each attempt at each of its sums: what has come about in
an earlier sitting leaves the later ones empty.
"""

from dataclasses import dataclass
from typing import Final

from ...model.federation import ATTEMPT_MAX, STEP_MAX, SumName
from ...model.period import DAY_MS, HOUR_MS, MINUTE_MS, Instant
from .phase import ORDER, Phase, SumTiming

WEEK_MS: Final = 7 * DAY_MS
PHASES: Final = ORDER.index(Phase.SUMMED)
"""Phases that take time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """The hours of a training.  Every member of a community uses the same."""

    week_ms: int = WEEK_MS
    begins_ms: int = 2 * DAY_MS + 6 * HOUR_MS
    """After the start of the week, which is a Thursday: Saturdays, 06:00 UTC."""

    gather_ms: int = 10 * MINUTE_MS
    list_ms: int = 5 * MINUTE_MS
    steps: int
    attempts: int = 4

    def __post_init__(self) -> None:
        """Refuse a training that does not fit into its week."""
        if not (0 < self.steps <= STEP_MAX and 0 < self.attempts <= ATTEMPT_MAX):
            raise ValueError("steps and attempts are bounded")
        if self.begins_ms + self.steps * self.attempts * self.sitting_ms > self.week_ms:
            raise ValueError("a training ends in the week it begins in")

    @property
    def sitting_ms(self) -> int:
        """How long one attempt may take."""
        return PHASES * (self.gather_ms + self.list_ms)

    def week(self, now: Instant) -> int:
        """Return the number of the week ``now`` lies in."""
        return now // self.week_ms

    def begins(self, week: int) -> Instant:
        """Return when the training of a week begins."""
        return Instant(week * self.week_ms + self.begins_ms)

    def starts(self, name: SumName) -> Instant:
        """Return when a sum begins."""
        sitting = name.step * self.attempts + name.attempt
        return Instant(self.begins(name.week) + sitting * self.sitting_ms)

    def timing(self, name: SumName) -> SumTiming:
        """Return when the phases of a sum end."""
        return SumTiming(
            starts=self.starts(name), gather_ms=self.gather_ms, list_ms=self.list_ms
        )

    def sitting(self, now: Instant) -> tuple[int, int, int] | None:
        """Return week, step and attempt under way; None between two trainings."""
        week = self.week(now)
        number = (now - self.begins(week)) // self.sitting_ms
        if not 0 <= number < self.steps * self.attempts:
            return None
        return week, *divmod(number, self.attempts)

    def next_sitting(self, now: Instant) -> Instant:
        """Return when the next attempt at anything begins, after ``now``."""
        week = self.week(now)
        begins = self.begins(week)
        if now < begins:
            return begins
        number = (now - begins) // self.sitting_ms + 1
        if number >= self.steps * self.attempts:
            return self.begins(week + 1)
        return Instant(begins + number * self.sitting_ms)
