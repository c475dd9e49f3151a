"""What today has shown so far, carried into the coming hours as far as it lasts.

A home that uses more than expected this hour will use more in the next, and less and
less of that surplus after.  How much of it lasts, and how long, is measured at home.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from .series import Floats

WINDOW: Final = 4
"""Latest delivery periods that are looked at."""

LEADS: Final = 32
"""Periods ahead over which a carry is measured; beyond it fades by its own law."""

DECAYS: Final = (4.0, 8.0, 12.0, 20.0, 32.0)
"""Lives to choose from, in periods."""

USUAL_SHARE: Final = 0.35
USUAL_DECAY: Final = 8.0
BELIEF: Final = 0.1
"""Weight of the usual share beside what was measured, in parts of that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carry:
    """How an error lives on: ``share`` of it at once, fading with ``decay_periods``."""

    share: float = USUAL_SHARE
    decay_periods: float = USUAL_DECAY

    def over(self, error_wh: float, count: int) -> Floats:
        """Return what the latest error adds to each of the coming periods."""
        fading = np.exp(-np.arange(count) / self.decay_periods)
        return np.asarray(self.share * error_wh * fading)


def known_error(errors: Floats) -> float | None:
    """Return the mean error of the last window; None if too little of it is known."""
    window = errors[-WINDOW:]
    known = ~np.isnan(window)
    return float(window[known].mean()) if 2 * known.sum() >= WINDOW else None


def latest_error(errors: Floats) -> float:
    """Return the mean error of the last window; 0 where too little of it is known."""
    return known_error(errors) or 0.0


def measure_carry(errors: Floats) -> Carry:
    """Learn from errors of consecutive periods (truth minus forecast; nan unknown)."""
    origins = np.arange(WINDOW, len(errors) - LEADS, WINDOW)
    if not len(origins):
        return Carry()
    before = errors[origins[:, None] - WINDOW + np.arange(WINDOW)].mean(axis=1)
    after = errors[origins[:, None] + np.arange(LEADS)]
    known = ~np.isnan(before[:, None]) & ~np.isnan(after)
    before, after = np.where(known, before[:, None], 0.0), np.where(known, after, 0.0)
    return min(
        (_fit(before, after, decay) for decay in DECAYS), key=lambda fitted: fitted[0]
    )[1]


def _fit(before: Floats, after: Floats, decay: float) -> tuple[float, Carry]:
    """Return the squared error that is left over, and the share that leaves it."""
    carried = before * np.exp(-np.arange(LEADS) / decay)
    power = float((carried**2).sum())
    if power <= 0:
        return 0.0, Carry()
    usual = BELIEF * power
    share = (float((carried * after).sum()) + usual * USUAL_SHARE) / (power + usual)
    share = min(max(share, 0.0), 1.0)
    left = float(((after - share * carried) ** 2).sum())
    return left, Carry(share=share, decay_periods=decay)
