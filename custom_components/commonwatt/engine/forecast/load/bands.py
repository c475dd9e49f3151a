"""Honest bands: deciles stretched until P10 to P90 holds 80 % of what came.

Source: conformalised quantile regression (Romano, Patterson, Candes, 2019), here with
a factor on the width of the band, so that quiet hours keep narrow bands.
"""

from typing import Final

import numpy as np

from .arrays import Floats
from .features import MEDIAN

COVERAGE: Final = 0.8
WIDENING_USUAL: Final = 1.01
DAYS_BELIEVED: Final = 6.0
"""Days of the usual widening that count beside the tested days."""

WIDENING_MIN: Final = 0.7
WIDENING_MAX: Final = 2.0
HALF_WIDTH_MIN: Final = 0.02
"""No band is narrower than this share of the mean load on either side."""


def widening(truth: Floats, quantiles: Floats) -> float:
    """Return the factor by which bands must grow to cover 80 % of ``truth``."""
    known = ~np.isnan(truth)
    if not known.any():
        return WIDENING_USUAL
    median = quantiles[..., MEDIAN]
    below = np.maximum(median - quantiles[..., 0], HALF_WIDTH_MIN)
    above = np.maximum(quantiles[..., -1] - median, HALF_WIDTH_MIN)
    reach = np.maximum((median - truth) / below, (truth - median) / above)
    needed = float(np.quantile(reach[known], COVERAGE))
    days = len(truth)
    believed = (days * needed + DAYS_BELIEVED * WIDENING_USUAL) / (days + DAYS_BELIEVED)
    return min(max(believed, WIDENING_MIN), WIDENING_MAX)


def widen(quantiles: Floats, factor: float) -> Floats:
    """Stretch deciles around their median; energy used is never negative."""
    median = quantiles[..., MEDIAN : MEDIAN + 1]
    return np.maximum(median + factor * (quantiles - median), 0.0)
