"""Linear regression of the mean and of quantiles, from sums that can be shared.

A fit needs its rows only through two sums, a matrix ``X'WX`` and a vector ``X'Wy``.  So
a home can take the neighbours' sums into its own fit without seeing a row of theirs:
they count like so many hours of a typical home (empirical Bayes).  Quantiles come from
iteratively reweighted least squares: with weight ``tau / |r|`` above and
``(1 - tau) / |r|`` below the line, a weighted sum of squares is the pinball loss.

Source: Koenker, "Quantile Regression", 2005; Schlossmacher, JASA 68, 1973 (weights).
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from .arrays import Bools, Floats, Ints
from .days import Days
from .features import MEAN_COLUMN, QUANTILE_COLUMNS, Views

QUANTILES: Final = tuple(QUANTILE_COLUMNS)
"""Levels that are fitted; the other deciles are interpolated."""

MODELS: Final = (None, *QUANTILES)
"""What is fitted, in this order: the mean, then the quantiles."""

RESIDUAL_MIN: Final = 0.03
"""Residuals below 3 % of the mean load weigh no more than this."""

STEPS_ALONE: Final = 12
STEPS_WARM: Final = 6
"""Reweightings of a fit that starts from scratch, and from a good guess."""

ROWS_MAX: Final = 3_000
"""More rows than this are thinned out evenly; a night's work stays below a second."""

BLOCK_ROWS: Final = 200

RIDGE: Final = 1e-4


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Rows to learn from."""

    columns: Floats
    target: Floats
    """In units of the home's mean."""

    day: Ints
    """Index of each row's day in the history."""

    def only(self, rows: Bools) -> Self:
        """Return some of the rows."""
        return type(self)(self.columns[rows], self.target[rows], self.day[rows])


def sample(history: Days, views: Views, days: Ints) -> Sample:
    """Return the rows of ``days`` whose energy and scale are known."""
    target = history.energy_wh[days] / views.scale_wh[:, None]
    known = ~np.isnan(target)
    day = np.broadcast_to(days[:, None], target.shape)
    thin = -(-int(known.sum()) // ROWS_MAX)
    if thin > 1:
        # A day begins one step later than the last: every step of the day stays.
        place = np.arange(history.steps)[None, :] + np.arange(len(days))[:, None]
        known &= place % thin == 0
    return Sample(views.columns[known], target[known], day[known])


@dataclass(frozen=True, slots=True, eq=False)
class Anchor:
    """Rows somebody else has seen, as sums; they hold a fit where own rows are few."""

    gram: Floats
    cross: Floats
    start: Floats
    """Coefficients to begin with."""


def baseline_coefficients(model: float | None, count: int) -> Floats:
    """Return the coefficients that repeat the baseline of this model."""
    coefficients = np.zeros(count)
    coefficients[MEAN_COLUMN if model is None else QUANTILE_COLUMNS[model]] = 1.0
    return coefficients


def own_anchor(rows: Sample, model: float | None, strength: float) -> Anchor:
    """Hold every coefficient near the baseline, by its column's own power."""
    power = (rows.columns**2).mean(axis=0) + 1e-3
    start = baseline_coefficients(model, len(power))
    return Anchor(np.diag(strength * power), strength * power * start, start)


def fit(rows: Sample, model: float | None, anchor: Anchor, *, warm: bool) -> Floats:
    """Return the coefficients of the mean (None) or of a quantile."""
    if model is None:
        return _solve(rows, np.ones(len(rows.target)), anchor)
    coefficients = anchor.start
    for _ in range(STEPS_WARM if warm else STEPS_ALONE):
        weights = row_weights(rows, model, coefficients)
        coefficients = _solve(rows, weights, anchor)
    return coefficients


def row_weights(rows: Sample, model: float | None, coefficients: Floats) -> Floats:
    """Return the weights of one reweighting step; ones for the mean."""
    if model is None:
        return np.ones(len(rows.target))
    residual = rows.target - _predict(rows.columns, coefficients)
    side = np.where(residual > 0, model, 1 - model)
    return np.asarray(side / np.maximum(np.abs(residual), RESIDUAL_MIN))


def solve(gram: Floats, cross: Floats) -> Floats:
    """Solve the normal equations, with a trace of ridge against collinear columns."""
    ridge = RIDGE * np.diag(np.diag(gram) + 1e-6)
    return np.asarray(np.linalg.solve(gram + ridge, cross), dtype=np.float64)


def products(rows: Sample, weights: Floats) -> tuple[Floats, Floats]:
    """Return ``X'WX`` and ``X'Wy``.

    In blocks so small that no BLAS hands them to threads: on a busy computer threads
    that wait for each other took fifteen times as long as one.
    """
    left = rows.columns * weights[:, None]
    right = np.column_stack([rows.columns, rows.target])
    blocks = len(left) // BLOCK_ROWS
    whole = blocks * BLOCK_ROWS
    summed = left[whole:].T @ right[whole:]
    if blocks:
        left_blocks = left[:whole].reshape(blocks, BLOCK_ROWS, -1)
        right_blocks = right[:whole].reshape(blocks, BLOCK_ROWS, -1)
        summed += (left_blocks.transpose(0, 2, 1) @ right_blocks).sum(axis=0)
    return summed[:, :-1], summed[:, -1]


def _solve(rows: Sample, weights: Floats, anchor: Anchor) -> Floats:
    gram, cross = products(rows, weights)
    return solve(gram + anchor.gram, cross + anchor.cross)


def _predict(columns: Floats, coefficients: Floats) -> Floats:
    """Return the products with one vector, in small blocks as well."""
    blocks = range(0, len(columns), BLOCK_ROWS)
    parts = [columns[first : first + BLOCK_ROWS] @ coefficients for first in blocks]
    return np.concatenate(parts) if parts else np.zeros(0)
