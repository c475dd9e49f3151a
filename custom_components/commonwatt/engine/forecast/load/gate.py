"""Do no harm: how much of a regression a home lets into its forecast.

The judge is the home's own past, predicted by fits that had not seen it.  A regression
that would have made these days worse than the baseline gets no share at all, whoever
it comes from.
"""

from typing import Final

import numpy as np

from .arrays import Floats
from .scores import pinball

SHARES: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
SHARE_ALONE: Final = 0.5
SHARE_WITH_NEIGHBOURS: Final = 0.75
"""What past experience makes of a lone fit and of one held up by neighbours."""

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
    usual = SHARE_ALONE if alone else SHARE_WITH_NEIGHBOURS
    harmless = [
        (loss / losses[0] + CONVICTION * (share - usual) ** 2 / days, share)
        for share, loss in zip(SHARES, losses, strict=True)
        if loss <= losses[0]
    ]
    return min(harmless)[1] if losses[0] > 0 else 0.0
