"""Experience, levels and streaks: what stays from season to season, and never hurts.

A missed day halves a streak; it never takes a level away.
"""

from dataclasses import dataclass, replace
from math import isqrt
from typing import Final

from ..model.units import PPM, div_floor
from .fixed import times_ppm

STREAK_PPM_A_WEEK: Final = 20_000
STREAK_PPM_MAX: Final = 200_000
WEEK_DAYS: Final = 7
FREEZES_A_SEASON: Final = 2
LEVEL_XP: Final = 100
MILLI_PER_POINT: Final = 1000
LEVELS_MAX: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where a home stands."""

    experience_milli: int = 0
    """Thousandths of a point."""

    streak_days: int = 0
    freezes: int = FREEZES_A_SEASON
    """Misses that still cost nothing this season."""

    season: int | None = None

    @property
    def level(self) -> int:
        """The highest n with ``100 * n ** 1.5`` points or fewer, 0 at first."""
        level = 0
        while level < LEVELS_MAX and self._reached(level + 1):
            level += 1
        return level

    @property
    def bonus_ppm(self) -> int:
        """What the streak adds to a day: 2 % a week, 20 % at most."""
        weeks = div_floor(self.streak_days, WEEK_DAYS)
        return min(STREAK_PPM_MAX, weeks * STREAK_PPM_A_WEEK)

    def _reached(self, level: int) -> bool:
        return self.experience_milli >= experience_of(level) * MILLI_PER_POINT

    def day(self, *, season: int, points_ppm: int | None) -> Progress:
        """Return the progress after one day; None: the home took no part.

        A new season brings new freezes.
        """
        new = season != self.season
        freezes = FREEZES_A_SEASON if new else self.freezes
        if points_ppm is None:
            return replace(
                self,
                season=season,
                freezes=max(0, freezes - 1),
                streak_days=self.streak_days if freezes else self.streak_days // 2,
            )
        points_milli = div_floor(points_ppm * MILLI_PER_POINT * 100, PPM)
        gained_milli = times_ppm(points_milli, PPM + self.bonus_ppm)
        return replace(
            self,
            season=season,
            freezes=freezes,
            experience_milli=self.experience_milli + gained_milli,
            streak_days=self.streak_days + 1,
        )


def experience_of(level: int) -> int:
    """Return the points a level needs: ``100 * level ** 1.5``, rounded down."""
    return isqrt(LEVEL_XP * LEVEL_XP * level**3)
