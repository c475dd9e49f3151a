"""Where the truth came to lie in the band of a forecast, and back from there.

The unit is half a band: 0 is the median, +1 is P90, -1 is P10.  So the errors of a
winter evening can be laid on a summer noon.
"""

from typing import Final

import numpy as np

from .series import Floats

SURPRISE_MAX: Final = 3.0
"""Rarer than that is no scenario to plan for."""

SMALLEST_SHARE: Final = 1e-3
"""A half band narrower than this share of the mean counts as so wide."""


def surprises(truth: Floats, *, low: Floats, middle: Floats, high: Floats) -> Floats:
    """Return the errors of a forecast in half bands; nan where nothing is known."""
    error = truth - middle
    known = middle[~np.isnan(middle)]
    least = max(float(known.mean()) * SMALLEST_SHARE, 1e-6) if known.size else 1e-6
    half = np.maximum(np.where(error > 0, high - middle, middle - low), least)
    return np.asarray(np.clip(error / half, -SURPRISE_MAX, SURPRISE_MAX))


def surprised(by: Floats, *, low: Floats, middle: Floats, high: Floats) -> Floats:
    """Return what comes if a forecast errs like that; never less than nothing."""
    half = np.where(by > 0, high - middle, middle - low)
    return np.asarray(np.maximum(middle + by * half, 0.0))
