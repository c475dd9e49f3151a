"""Do no harm: how much of a regression a home lets into its forecast.

The judge is the home's own past, predicted by fits that had not seen it.  A regression
that would have made these days worse than the baseline gets no share at all, whoever
it comes from.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from .arrays import Floats
from .scores import pinball

SHARES: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
SHARE_OF_WEIGHTED: Final = 1.0
"""What past experience makes of the weighted quantiles beside the climatology."""

SHARE_ALONE: Final = 0.5
SHARE_WITH_NEIGHBOURS: Final = 0.75
"""What past experience makes of a lone fit and of one held up by neighbours."""

HARM_MAX: Final = 1.1
"""Neighbours' sums that alone would have cost more than this are refused whole: a small
share of a bad forecast can look good, for it widens the bands."""

CONVICTION: Final = 0.3
"""How much evidence it takes to leave these shares: losses per tested day."""


def share_of_quantiles(
    truth: Floats, regression: Floats, baseline: Floats, *, alone: bool
) -> float:
    """Choose the share of a regression by the pinball loss of its deciles.

    Shapes: truth (days, steps) with nan, the others (days, steps, levels).
    """
    days, known = len(truth), ~np.isnan(truth)
    truth, regression, baseline = truth[known], regression[known], baseline[known]
    losses = [
        float(pinball(truth, share * regression + (1 - share) * baseline).sum())
        for share in SHARES
    ]
    return _choose(losses, days=days, alone=alone)


def share_of_weighted(truth: Floats, weighted: Floats, usual: Floats) -> float:
    """Choose how the two plain models make up the baseline, by the same loss."""
    days, known = len(truth), ~np.isnan(truth)
    truth, weighted, usual = truth[known], weighted[known], usual[known]
    losses = [
        float(pinball(truth, share * weighted + (1 - share) * usual).sum())
        for share in SHARES
    ]
    return _least(losses, SHARES, days=days, usual=SHARE_OF_WEIGHTED)


def share_of_mean(
    truth: Floats, regression: Floats, baseline: Floats, *, alone: bool
) -> float:
    """Choose the share of a regression by squared error; all (days, steps)."""
    error, error_baseline = truth - regression, truth - baseline
    losses = [
        float(np.nansum((share * error + (1 - share) * error_baseline) ** 2))
        for share in SHARES
    ]
    return _choose(losses, days=len(truth), alone=alone)


def _choose(losses: list[float], *, days: int, alone: bool) -> float:
    """Return the best share among those that would have done no harm."""
    if not alone and losses[-1] > HARM_MAX * losses[0]:
        return 0.0
    harmless = [
        (loss, share)
        for loss, share in zip(losses, SHARES, strict=True)
        if loss <= losses[0]
    ]
    return _least(
        [loss for loss, _ in harmless],
        [share for _, share in harmless],
        days=days,
        usual=SHARE_ALONE if alone else SHARE_WITH_NEIGHBOURS,
    )


def _least(
    losses: Sequence[float], shares: Sequence[float], *, days: int, usual: float
) -> float:
    """Return the share of least loss, with some belief in what is usual."""
    if losses[0] <= 0:
        return 0.0
    judged = [
        loss / losses[0] + CONVICTION * (share - usual) ** 2 / days
        for loss, share in zip(losses, shares, strict=True)
    ]
    return shares[judged.index(min(judged))]
