"""One prior out of several cohorts' sums, so that who poisons one sum wins nothing.

Masks hide who sent what, so a liar cannot be found in a sum.  But cohorts are drawn by
hash: a liar is in one of them, and the median of three does not care about one.
"""

from collections.abc import Sequence

import numpy as np

from .prior import Prior


def agree_on(priors: Sequence[Prior | None]) -> Prior | None:
    """Return the median of what cohorts have learned; None without any.

    Coefficients are medians over the cohorts, one by one.  The sums that hold them up
    are those of the cohort nearest to these medians.  One or two cohorts have no
    median that a liar could not move: then the sums of the first that came about stand,
    and every home's own gate is what is left.
    """
    known = [prior for prior in priors if prior is not None]
    if not known:
        return None
    if len(known) <= 2:  # noqa: PLR2004  # of two numbers none is in the middle
        return known[0]
    every = np.stack([prior.coefficients for prior in known])
    median = np.median(every, axis=0)
    scale = np.median(np.abs(every - median), axis=0) + 1e-6
    distance = (np.abs(every - median) / scale).clip(max=10.0).sum(axis=(1, 2))
    nearest = known[int(np.argmin(distance))]
    return Prior(
        grams=nearest.grams,
        crosses=np.einsum("mij,mj->mi", nearest.grams, median),
        coefficients=median,
    )
