"""Panels without a weather service: the clearness of the last days, on today's sun.

Each step is partly yesterday's clearness, partly the median of two weeks: persistence
with its outliers cut.  How much say yesterday has, the roof's own past decides: under
one sky a fine day follows a fine day, under another nothing follows.  For later days
yesterday tells less and less.  The clearness of a step holds tilt and shade as well.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from ..series import Floats
from .days import SolarDay

DAYS_REMEMBERED: Final = 14
SHARES: Final = (0.25, 0.5, 0.75, 1.0)
USUAL_SHARE: Final = 0.5
"""What yesterday counts for where little is known."""

SHARE_KEPT_PER_DAY: Final = 0.3
"""What is left of yesterday's say a day further ahead: measured on nine roofs."""

DAYS_JUDGED: Final = 28
CONVICTION: Final = 0.3
"""How much evidence it takes to leave the usual share: losses per day."""

IRRADIANCE_MIN: Final = 20.0
"""W/m2 below which a ratio says nothing."""


def forecast_from_past(
    past: Sequence[SolarDay],
    *,
    clear_past: Sequence[Sequence[float]],
    clear_today: Sequence[float],
    days_ahead: int = 0,
    share_of_yesterday: float = USUAL_SHARE,
) -> tuple[float, ...] | None:
    """Return a day's energy by step; None if nothing was ever counted.

    Arguments: measured days, oldest first, with the clear-sky irradiance of each, and
    that of the day to come: the first of them, or so many ``days_ahead`` of it.
    """
    steps = len(clear_today)
    measured = np.array(past, np.float64).reshape(-1, steps)
    clear = np.array(clear_past, np.float64).reshape(-1, steps)
    latest, usual = _latest_and_usual(_clearness(measured, clear))
    if np.isnan(usual).all():
        return None
    share = share_of_yesterday * SHARE_KEPT_PER_DAY**days_ahead
    today = np.array(clear_today)
    clearness = share * latest + (1 - share) * usual
    energy_wh = np.where(today > IRRADIANCE_MIN, np.nan_to_num(clearness) * today, 0.0)
    return tuple(energy_wh.tolist())


def shares_of_yesterday(measured: Floats, clear_sky: Floats) -> Floats:
    """Return how much say yesterday has, for each day and for the one after them.

    Arguments: energy and clear-sky irradiance of past days (days, steps).  What is said
    for a day rests on the days before it alone.
    """
    clearness = _clearness(measured, clear_sky)
    losses = np.zeros((len(measured), len(SHARES)))
    chosen = [USUAL_SHARE]
    for day in range(1, len(measured) + 1):
        chosen.append(_best_share(losses[max(day - DAYS_JUDGED, 0) : day]))
        if day < len(measured):
            latest, usual = _latest_and_usual(clearness[:day])
            for index, share in enumerate(SHARES):
                said = (share * latest + (1 - share) * usual) * clear_sky[day]
                losses[day, index] = np.nansum(np.abs(said - measured[day]))
    return np.array(chosen)


def _best_share(losses: Floats) -> float:
    """Return the share of least loss (days, shares), with belief in what is usual."""
    total = losses.sum(axis=0)
    known = int((losses.max(axis=1, initial=0.0) > 0).sum())
    if not known or total.min() <= 0:
        return USUAL_SHARE
    judged = [
        loss / float(total.min()) + CONVICTION * (share - USUAL_SHARE) ** 2 / known
        for loss, share in zip(total.tolist(), SHARES, strict=True)
    ]
    return SHARES[judged.index(min(judged))]


def _clearness(energy_wh: Floats, irradiance: Floats) -> Floats:
    """Return Wh per W/m2; nan by night and where nobody counted."""
    unknown = np.full_like(energy_wh, np.nan)
    light = irradiance > IRRADIANCE_MIN
    return np.asarray(np.divide(energy_wh, irradiance, out=unknown, where=light))


def _latest_and_usual(clearness: Floats) -> tuple[Floats, Floats]:
    """Return the latest known clearness of each step, and the median; nan: unknown."""
    recent = clearness[-DAYS_REMEMBERED:]
    latest = np.full(clearness.shape[1], np.nan)
    for day in recent:
        latest = np.where(np.isnan(day), latest, day)
    usual = np.full(clearness.shape[1], np.nan)
    known = ~np.isnan(latest)
    if known.any():
        usual[known] = np.nanmedian(recent[:, known], axis=0)
    return latest, usual
