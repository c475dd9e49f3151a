"""How far panels may stray from their forecast, by how bright it promises to be.

On a clear day little can go wrong, and only downwards; under broken cloud everything
can.  So the ratios of what came to what was said are kept apart by brightness, and
those of few days lean on what is usual.
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from ..load.arrays import Ints
from ..series import PERIODS_PER_DAY, Floats

BRIGHTNESSES: Final = (0.35, 0.7)
"""Forecast over ceiling below which it is dull, then mixed; above, bright."""

USUAL: Final = ((0.30, 0.85, 1.90), (0.40, 0.95, 1.50), (0.65, 1.01, 1.15))
"""P10, median and P90 of the ratio for dull, mixed and bright: a roof's first week."""

LEVELS: Final = (0.1, 0.5, 0.9)
STEPS_BELIEVED: Final = 480.0
"""Delivery periods of daylight that what is usual counts for: twelve days.  The hours
of a day err together, so there is less in many of them than their number says."""

DAYLIGHT: Final = 0.05
"""Share of the highest ceiling below which a ratio says nothing."""

WIDER_AHEAD: Final = 0.18
WIDER_AFTER_PERIODS: Final = 8.0
"""How much wider bands are, and how soon, beyond what today has shown already."""

WIDER_PER_DAY: Final = 0.1
"""By how much a band grows with each day further ahead."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SolarBands:
    """Ratios of what comes to what is said."""

    ratios: Floats
    """(brightnesses, levels)."""

    @classmethod
    def learn(cls, measured: Floats, said: Floats, ceiling: Floats) -> Self:
        """Learn from days (days, steps); ``ceiling`` (steps,) is the most they give."""
        seen = is_day(ceiling) & ~np.isnan(measured) & ~np.isnan(said) & (said > 0)
        classes = _brightness(said, ceiling)
        learned = []
        for index, usual in enumerate(USUAL):
            here = seen & (classes == index)
            ratios = measured[here] / said[here]
            trust = len(ratios) / (len(ratios) + STEPS_BELIEVED)
            known = np.quantile(ratios, LEVELS) if len(ratios) else np.array(usual)
            learned.append(trust * known + (1 - trust) * np.array(usual))
        return cls(ratios=np.array(learned))

    def around(self, said: Floats, ceiling: Floats, periods_ahead: Floats) -> Floats:
        """Return P10, P50 and P90 (steps, 3) around a forecast (steps,)."""
        ratios = self.ratios[_brightness(said, ceiling)]
        middle = ratios[:, 1:2]
        spread = _spread(periods_ahead)[:, None]
        widened = np.maximum(middle + (ratios - middle) * spread, 0.0)
        return np.asarray(widened * said[:, None])


def ceiling_of(measured: Floats) -> Floats:
    """Return the most a roof gives in each step of the day, from days (days, steps)."""
    best = np.nan_to_num(measured).max(axis=0, initial=0.0)
    beside = np.maximum(np.roll(best, 1), np.roll(best, -1))
    return np.asarray(np.maximum(best, beside))


def is_day(ceiling: Floats) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Tell in which steps there is light enough to judge anything."""
    most = float(ceiling.max()) if ceiling.size else 0.0
    return np.asarray((ceiling > DAYLIGHT * most) & (ceiling > 0))


def over_ceiling(
    values: Floats, ceiling: Floats, *, at: slice | Ints = slice(None)
) -> Floats:
    """Return values (.., steps) as shares of the ceiling; unknown without light.

    ``at`` says which steps of the day the values are of.
    """
    bright = np.broadcast_to(is_day(ceiling)[at], values.shape)
    out = np.full_like(values, np.nan)
    return np.asarray(np.divide(values, ceiling[at], out=out, where=bright))


def _spread(periods_ahead: Floats) -> Floats:
    soon = WIDER_AHEAD * (1 - np.exp(-periods_ahead / WIDER_AFTER_PERIODS))
    return np.asarray(1 + soon + WIDER_PER_DAY * periods_ahead / PERIODS_PER_DAY)


def _brightness(said: Floats, ceiling: Floats) -> Ints:
    share = np.divide(said, ceiling, out=np.zeros_like(said), where=ceiling > 0)
    return np.asarray(np.searchsorted(BRIGHTNESSES, np.nan_to_num(share), "right"))
