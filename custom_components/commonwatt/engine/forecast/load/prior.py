"""What the neighbours know together: sums over homes, and the fit they hold up.

A home contributes a vector of mean products of its features and its load, in units of
its own mean; a sum of at least five such vectors is all anybody ever sees of it
(``federation``).  Seven such sums, each with the coefficients of the last, are as good
as one fit over all rows of all homes.
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from .arrays import Floats
from .days import Days
from .features import PAST_DAYS, view
from .regression import (
    MODELS,
    Sample,
    baseline_coefficients,
    products,
    row_weights,
    sample,
    solve,
)

DAYS_COUNTED_MAX: Final = 90
"""A home with years of history counts no more than one with a season."""

DAYS_LEARNED_MAX: Final = 180
DAYS_LEAST: Final = 14
"""A home with less does not contribute."""

SUMS: Final = 7
"""Sums in one training of the community."""

FEATURES: Final = 34
_TRIANGLE: Final = np.triu_indices(FEATURES)
_PER_MODEL: Final = len(_TRIANGLE[0]) + FEATURES
VECTOR_LENGTH: Final = 1 + len(MODELS) * _PER_MODEL
"""Numbers a home contributes: its weight, then the products of every model."""

MEAN_PRODUCT_MAX: Final = 4096.0
"""No honest home comes near it; what is larger is cut before it is sent."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prior:
    """Sums per row of a typical home, for the mean and each fitted quantile."""

    grams: Floats
    """(models, features, features)."""

    crosses: Floats
    """(models, features)."""

    coefficients: Floats
    """What these sums alone amount to: (models, features)."""

    @classmethod
    def from_sum(cls, total: Floats) -> Self | None:
        """Read the sum of contributions; None if it cannot be one.

        The sum comes from strangers' numbers.  A matrix that is not positive definite,
        numbers that are none, or no weight at all make no prior.
        """
        if total.shape != (VECTOR_LENGTH,) or not np.isfinite(total).all():
            return None
        if total[0] <= 0:
            return None
        per_model = (total[1:] / total[0]).reshape(len(MODELS), _PER_MODEL)
        grams = np.zeros((len(MODELS), FEATURES, FEATURES))
        for gram, packed in zip(grams, per_model, strict=True):
            gram[_TRIANGLE] = packed[: len(_TRIANGLE[0])]
        grams += np.triu(grams, 1).transpose(0, 2, 1)
        crosses = per_model[:, len(_TRIANGLE[0]) :].copy()
        try:
            for gram in grams:
                # Quantised sums may be singular, but never truly indefinite.
                np.linalg.cholesky(gram + 1e-3 * np.diag(np.diag(gram) + 1e-3))
            solved = [solve(g, c) for g, c in zip(grams, crosses, strict=True)]
        except np.linalg.LinAlgError:
            return None
        return cls(grams=grams, crosses=crosses, coefficients=np.stack(solved))


def first_coefficients() -> Floats:
    """Return the coefficients of the first of the sums: the baselines."""
    return np.stack([baseline_coefficients(model, FEATURES) for model in MODELS])


@dataclass(frozen=True, slots=True, eq=False)
class Experience:
    """What a home has to tell: rows that stay at home, and how much they count."""

    rows: Sample
    weight: float

    @classmethod
    def of(cls, history: Days) -> Self | None:
        """Look at a home's days; None if it is too young to teach."""
        if history.days_known < DAYS_LEAST:
            return None
        history = history.last(DAYS_LEARNED_MAX)
        days = np.arange(min(PAST_DAYS, history.count // 2), history.count)
        rows = sample(history, view(history, days), days)
        if not len(rows.target):
            return None
        return cls(rows, min(history.days_known, DAYS_COUNTED_MAX) / DAYS_COUNTED_MAX)

    def contribution(self, coefficients: Floats) -> Floats:
        """Return what the home adds to a sum: ``VECTOR_LENGTH`` numbers.

        ``coefficients`` are those of the sum before (or ``first_coefficients``).
        """
        vector = np.empty(VECTOR_LENGTH)
        vector[0] = self.weight
        packed = vector[1:].reshape(len(MODELS), _PER_MODEL)
        for place, model, known in zip(packed, MODELS, coefficients, strict=True):
            weights = row_weights(self.rows, model, known) / len(self.rows.target)
            gram, cross = products(self.rows, weights)
            place[: len(_TRIANGLE[0])] = gram[_TRIANGLE]
            place[len(_TRIANGLE[0]) :] = cross
        np.clip(packed, -MEAN_PRODUCT_MAX, MEAN_PRODUCT_MAX, out=packed)
        packed *= self.weight
        return vector
