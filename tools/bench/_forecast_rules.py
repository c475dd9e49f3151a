"""The load forecasts of other tools, as their documentation describes them.

Each looks at the days before a day and returns its steps.  All are written anew.
"""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from custom_components.commonwatt.engine.forecast.load import Days, Floats

type Rule = Callable[[Days, int], Floats]
"""History and the kind of the day to come -> energy of its steps; nan if unknown."""


def yesterday(history: Days, _kind: int) -> Floats:
    """Repeat the latest known value of each step."""
    found = np.full(history.steps, np.nan)
    for day in history.energy_wh:
        found = np.where(np.isnan(day), found, day)
    return found


def evcc(history: Days, _kind: int) -> Floats:
    """Average each step over 30 days, all days alike."""
    return _mean(history.last(30), np.ones(min(history.count, 30)))


def predbat(history: Days, kind: int) -> Floats:
    """Weigh 28 days by weekday (1, 0.7, 0.5) and by age (0.9 - 0.03 a day)."""
    past = history.last(28)
    age = np.arange(past.count, 0, -1)
    free, free_today = past.kinds >= 5, kind >= 5  # noqa: PLR2004  # Saturday
    like = np.where(past.kinds == kind, 1.0, np.where(free == free_today, 0.7, 0.5))
    return _mean(past, like * np.maximum(0.9 - 0.03 * age, 0.05))


RULES: Final[Mapping[str, Rule]] = {
    "yesterday": yesterday,
    "evcc": evcc,
    "predbat": predbat,
    "emhass_naive": yesterday,
}


def _mean(history: Days, weights: Floats) -> Floats:
    known = ~np.isnan(history.energy_wh)
    total = (weights[:, None] * known).sum(axis=0)
    summed = (weights[:, None] * np.where(known, history.energy_wh, 0.0)).sum(axis=0)
    return np.where(total > 0, summed / np.maximum(total, 1e-9), np.nan)
