"""How good a forecast was: the figures the accuracy sensors and the benchmark show."""

from dataclasses import dataclass

import numpy as np

from .arrays import Floats
from .features import LEVELS


@dataclass(frozen=True, slots=True, kw_only=True)
class Accuracy:
    """Errors in shares of the mean load; smaller is better."""

    nmae: float
    """Sum of absolute errors over sum of load, of the point forecast."""

    nrmse: float
    """Root of the mean squared error over mean load, of the mean forecast."""

    pinball: float
    """Mean pinball loss of the deciles over mean load."""

    coverage: float | None
    """Share of steps that lay between P10 and P90; None without bands."""


def pinball(truth: Floats, quantiles: Floats) -> Floats:
    """Return the mean pinball loss of the deciles at each step; nan stays nan."""
    error = truth[..., None] - quantiles
    return np.asarray(np.maximum(LEVELS * error, (LEVELS - 1) * error).mean(axis=-1))


def accuracy(
    truth: Floats, *, point: Floats, mean: Floats, quantiles: Floats | None
) -> Accuracy | None:
    """Compare forecasts with what came; None if too little is known to say.

    Steps that nobody measured, or that have no forecast, count for nothing.
    Without quantiles the point stands for all of them: that is what acting on it means.
    """
    known = ~np.isnan(truth) & ~np.isnan(point) & ~np.isnan(mean)
    truth, point, mean = truth[known], point[known], mean[known]
    level = float(truth.mean()) if truth.size else 0.0
    if level <= 0:
        return None
    bands = quantiles[known] if quantiles is not None else np.tile(point[:, None], 9)
    coverage = (truth >= bands[:, 0]) & (truth <= bands[:, -1])
    return Accuracy(
        nmae=float(np.abs(truth - point).mean()) / level,
        nrmse=float(np.sqrt(((truth - mean) ** 2).mean())) / level,
        pinball=float(pinball(truth, bands).mean()) / level,
        coverage=None if quantiles is None else float(coverage.mean()),
    )
