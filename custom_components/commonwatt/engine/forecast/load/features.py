"""What a day looks like from the evening before: the columns of the regressions.

Everything is in units of the home's own mean of four weeks, so that homes of any size
share coefficients and no size ever leaves a home.  Only the days before a day are
looked at, never the day itself.
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from .arrays import Floats, Ints, mean_of_known, weighted_mean, weighted_quantiles
from .days import SATURDAY, SUNDAY, Days

PAST_DAYS: Final = 28
"""How far back features look."""

LEVELS: Final = np.arange(1, 10) / 10
"""The deciles every probabilistic forecast has."""

MEDIAN: Final = 4
"""Place of the median among ``LEVELS``."""

WEIGHT_SAME_TYPE: Final = 0.7
WEIGHT_OTHER_TYPE: Final = 0.4
AGE_DAYS_MEDIAN: Final = 14.0
AGE_DAYS_CLIMATOLOGY: Final = 28.0
CARRY_HOURS: Final = 3.0
"""How fast last night's departure from the usual wears off."""

HARMONICS: Final = 3
DAY_PARTS: Final = ((6, 10), (10, 16), (16, 22))

_POOLS: Final = {
    24: ((0,), (-1, 0, 1)),
    48: ((-1, 0, 1), (-2, -1, 0, 1, 2)),
    96: ((-2, -1, 0, 1, 2), (-4, -2, 0, 2, 4)),
}
"""Steps around a step that speak for it: to the median, to the climatology."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Views:
    """Several days, each as seen from the evening before, in units of ``scale_wh``."""

    columns: Floats
    """(days, steps, features)."""

    scale_wh: Floats
    """Mean energy of a step in the four weeks before each day; nan if unknown."""

    weighted: Floats
    """Quantiles that weigh recent and similar days most, (days, steps, levels)."""

    usual: Floats
    """Quantiles of the climatology, (days, steps, levels)."""

    mean: Floats
    """Weighted mean, (days, steps)."""

    def part(self, first: int, end: int) -> Self:
        """Return some of the days."""
        days = slice(first, end)
        return type(self)(
            columns=self.columns[days],
            scale_wh=self.scale_wh[days],
            weighted=self.weighted[days],
            usual=self.usual[days],
            mean=self.mean[days],
        )


def view(history: Days, days: Ints) -> Views:
    """Look at ``days`` (indices into ``history``), each from the evening before."""
    past = _before(history.energy_wh, days)
    scale_wh = mean_of_known(past.reshape(len(days), -1), np.nan)
    scale_wh = np.where(scale_wh > 0, scale_wh, np.nan)
    past /= scale_wh[:, None, None]
    likeness, age = _likeness(history.kinds, days), np.arange(PAST_DAYS, 0.0, -1.0)
    recent = likeness * np.exp(-age / AGE_DAYS_MEDIAN)
    near, wide = _POOLS[history.steps]
    weighted = _known(_pooled_quantiles(past, recent, near), 1.0)
    usual = _known(
        _pooled_quantiles(past, likeness * np.exp(-age / AGE_DAYS_CLIMATOLOGY), wide),
        1.0,
    )
    median = weighted[..., MEDIAN]
    mean = _known(weighted_mean(past, recent), median)
    columns = [
        *_levels_of_the_past(past, median, likeness),
        median,
        mean,
        *(usual[..., level] for level in (0, 2, 6, 8)),
        *_times_of_the_day(history.kinds[days], median),
    ]
    return Views(
        columns=np.stack(columns, axis=-1),
        scale_wh=scale_wh,
        weighted=weighted,
        usual=usual,
        mean=mean,
    )


MEAN_COLUMN: Final = 15
QUANTILE_COLUMNS: Final = {0.1: 16, 0.3: 17, 0.5: 14, 0.7: 18, 0.9: 19}
"""The columns that are forecasts already; a regression starts from them."""


def _before(energy_wh: Floats, days: Ints) -> Floats:
    """Return the days before each day, oldest first: (days, past, steps)."""
    steps = energy_wh.shape[1]
    padded = np.vstack([np.full((PAST_DAYS, steps), np.nan), energy_wh])
    windows = sliding_window_view(padded, PAST_DAYS, axis=0)
    return np.array(windows[days].transpose(0, 2, 1))


def _likeness(kinds: Ints, days: Ints) -> Floats:
    """Weight each past day by how much it is like the day to come."""
    padded = np.concatenate([np.full(PAST_DAYS, -1), kinds])
    past = sliding_window_view(padded, PAST_DAYS)[days]
    today = kinds[days][:, None]
    like = np.where(_type(past) == _type(today), WEIGHT_SAME_TYPE, WEIGHT_OTHER_TYPE)
    return np.where(past == today, 1.0, like)


def _type(kinds: Ints) -> Ints:
    """Return 0 for working days, 1 for Saturdays, 2 for Sundays and holidays."""
    return np.asarray((kinds >= SATURDAY) * 1 + (kinds >= SUNDAY), dtype=np.int64)


def _pooled_quantiles(past: Floats, weights: Floats, pool: tuple[int, ...]) -> Floats:
    pooled = np.concatenate([np.roll(past, -step, axis=2) for step in pool], axis=1)
    return weighted_quantiles(pooled, np.tile(weights, (1, len(pool))), LEVELS)


def _known(values: Floats, otherwise: Floats | float) -> Floats:
    return np.where(np.isnan(values), otherwise, values)


def _levels_of_the_past(
    past: Floats, median: Floats, likeness: Floats
) -> tuple[Floats, ...]:
    """Single days, means of days, and how the level of the home has moved."""
    ones = np.ones_like(median)
    yesterday = _known(past[:, -1], median)
    level = yesterday.mean(axis=1)[:, None] * ones
    week = mean_of_known(past[:, -7:].reshape(len(past), -1), 1.0)[:, None] * ones
    hours = _hours(median.shape[1])
    evening = median.shape[1] // 8
    departure = (yesterday - median)[:, -evening:].mean(axis=1)[:, None]
    parts = [(hours >= start) & (hours < end) for start, end in DAY_PARTS]
    uniform = np.ones(past.shape[:2])
    return (
        ones,
        yesterday,
        _known(past[:, -2], median),
        _known(past[:, -7], median),
        _known(weighted_mean(past[:, -7:], uniform[:, -7:]), median),
        _known(
            weighted_mean(past, (likeness >= WEIGHT_SAME_TYPE).astype(np.float64)),
            median,
        ),
        _known(weighted_mean(past, uniform), median),
        level,
        week,
        departure * np.exp(-hours / CARRY_HOURS),
        *(part * (level - 1.0) for part in parts),
        median * (level - 1.0),
    )


def _times_of_the_day(kinds: Ints, median: Floats) -> list[Floats]:
    """Harmonics of the day, once for all days and once more for free ones."""
    ones = np.ones_like(median)
    free = (kinds >= SATURDAY)[:, None] * ones
    columns = [free, free * median]
    angle = 2 * np.pi * _hours(median.shape[1]) / 24
    for order in range(1, HARMONICS + 1):
        for wave in (np.sin(order * angle), np.cos(order * angle)):
            columns += [wave * ones, wave * free]
    return columns


def _hours(steps: int) -> Floats:
    """Return the hour of the day in the middle of each step."""
    return (np.arange(steps) + 0.5) * 24 / steps
