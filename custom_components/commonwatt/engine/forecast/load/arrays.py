"""Arithmetic on arrays in which nan means that nobody knows."""

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]
type Ints = NDArray[np.int64]
type Bools = NDArray[np.bool_]


def weighted_mean(values: Floats, weights: Floats) -> Floats:
    """Return the means of ``values`` (days, past, steps) over the past.

    ``weights`` (days, past) need not add up to one; unknown values count for nothing,
    and a mean of nothing is nan.
    """
    known = ~np.isnan(values)
    weights_known = weights[:, :, None] * known
    total = weights_known.sum(axis=1)
    summed = (weights_known * np.where(known, values, 0.0)).sum(axis=1)
    unknown = np.full_like(summed, np.nan)
    return np.asarray(np.divide(summed, total, out=unknown, where=total > 0))


def weighted_quantiles(values: Floats, weights: Floats, levels: Floats) -> Floats:
    """Return quantiles of ``values`` (days, past, steps): (days, steps, levels).

    A value stands at the middle of its weight and quantiles between two values are
    interpolated (Hazen, 1914, for equal weights).  Of nothing the quantile is nan.
    """
    # The past comes last in memory: sorting is most of a night's work.
    values = np.ascontiguousarray(values.transpose(0, 2, 1))
    order = np.argsort(values, axis=-1)
    ranked = np.take_along_axis(values, order, axis=-1)
    spread = np.broadcast_to(weights[:, None, :], values.shape)
    mass = np.where(np.isnan(ranked), 0.0, np.take_along_axis(spread, order, axis=-1))
    reached = np.cumsum(mass, axis=-1)
    total = reached[..., -1:]
    place = (reached - 0.5 * mass) / np.where(total > 0, total, 1.0)
    last = np.maximum((~np.isnan(ranked)).sum(axis=-1) - 1, 0)
    quantiles = [_quantile(ranked, place, last, float(level)) for level in levels]
    return np.stack(quantiles, axis=-1)


def mean_of_known(values: Floats, otherwise: Floats | float) -> Floats:
    """Return means over the last axis, and ``otherwise`` where nothing is known."""
    known = ~np.isnan(values)
    count = known.sum(axis=-1)
    summed = np.where(known, values, 0.0).sum(axis=-1)
    mean = summed / np.maximum(count, 1)
    return np.where(count > 0, mean, otherwise)


def _quantile(ranked: Floats, place: Floats, last: Ints, level: float) -> Floats:
    """Interpolate between the value before and the value after ``level``."""
    above = np.minimum((place < level).sum(axis=-1), last)
    below = np.minimum(np.maximum(above - 1, 0), above)
    place_above, place_below = _at(place, above), _at(place, below)
    value_above, value_below = _at(ranked, above), _at(ranked, below)
    gap = place_above - place_below
    share = np.divide(level - place_below, gap, out=np.ones_like(gap), where=gap > 0)
    return value_below + np.clip(share, 0.0, 1.0) * (value_above - value_below)


def _at(values: Floats, index: Ints) -> Floats:
    return np.take_along_axis(values, index[..., None], axis=-1)[..., 0]
