"""Which day and minute it is in the neighbourhood, counted from the demo's start.

The neighbourhood lives at the end of March near 48.5 degrees north, on the meridian of
Greenwich, and its wall clocks show UTC + 1 h (as in Normandy).  Its first day is a
Monday.  Real dates play no part: the same seed and time of day give the same energy.
"""

from dataclasses import dataclass
from typing import Final, Self

from ...model.period import DAY_MS, HOUR_MS, MINUTE_MS, Instant

MINUTES_PER_DAY: Final = 24 * 60
WALL_CLOCK_AHEAD_MS: Final = HOUR_MS
DAY_OF_YEAR: Final = 85
"""26 March."""

WORKDAYS: Final = (0, 1, 2, 3, 4)
WEEKEND: Final = (5, 6)
EVERY_DAY: Final = WORKDAYS + WEEKEND
DAYS_PER_WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days since the midnight (UTC) before the demo's start."""

    midnight: Instant

    @classmethod
    def of(cls, started_at: Instant) -> Self:
        """Return the calendar of a demo that started at ``started_at``."""
        return cls(Instant(started_at // DAY_MS * DAY_MS))

    def utc(self, at: Instant) -> tuple[int, int]:
        """Return the day and the minute of the day in UTC."""
        day, since_midnight = divmod(at - self.midnight, DAY_MS)
        return day, since_midnight // MINUTE_MS

    def local(self, at: Instant) -> tuple[int, int]:
        """Return the day and the minute of the day on the wall clock."""
        day, since = divmod(at - self.midnight + WALL_CLOCK_AHEAD_MS, DAY_MS)
        return day, since // MINUTE_MS

    def instant(self, *, local_day: int, local_minute: int) -> Instant:
        """Return when the wall clock shows that day and minute."""
        since = local_day * DAY_MS + local_minute * MINUTE_MS
        return Instant(self.midnight + since - WALL_CLOCK_AHEAD_MS)


def weekday(local_day: int) -> int:
    """Return the day of the week; Monday is 0."""
    return local_day % 7
