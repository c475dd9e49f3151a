"""What a mean forecast has missed all week: a season that comes, a guest who stays.

Every mean over past days lags behind a level that moves.  The last week's forecasts,
each made before its day, say by how much.
"""

from typing import Final

import numpy as np

from .arrays import Floats

DRIFT_DAYS: Final = 7
DAYS_BELIEVED: Final = 5.0
"""Days without any drift that count beside the week that was."""

FACTOR_MAX: Final = 1.5
"""Beyond that it is no season: somebody moved in, or out."""


def drift(truth: Floats, mean: Floats) -> Floats:
    """Return by what to multiply the mean forecast of each day.

    Shapes (days, steps), both in units of the home's mean; nan is unknown.  A factor is
    made of the days before its day alone; the first of all days has nothing to tell.
    """
    known = ~np.isnan(truth) & ~np.isnan(mean)
    came = np.where(known, truth, 0.0).mean(axis=1)
    said = np.where(known, mean, 0.0).mean(axis=1)
    factor = (_week_before(came) + DAYS_BELIEVED) / (_week_before(said) + DAYS_BELIEVED)
    return np.clip(factor, 1 / FACTOR_MAX, FACTOR_MAX)


def _week_before(values: Floats) -> Floats:
    """Return for each day the sum over the week before it."""
    reached = np.concatenate([np.zeros(DRIFT_DAYS + 1), np.cumsum(values)])
    return np.asarray(reached[DRIFT_DAYS:-1] - reached[: -DRIFT_DAYS - 1])
