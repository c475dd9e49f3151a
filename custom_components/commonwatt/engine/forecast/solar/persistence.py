"""Panels without a weather service: the clearness of the last days, on today's sun.

Half of each step is yesterday's clearness, half the median of two weeks: persistence
with its outliers cut.  For later days yesterday tells less and less.  The clearness of
a step holds tilt and shade as well.
"""

from collections.abc import Sequence
from statistics import median
from typing import Final

from .days import SolarDay

DAYS_REMEMBERED: Final = 14
SHARE_OF_YESTERDAY: Final = 0.5
SHARE_KEPT_PER_DAY: Final = 0.3
"""What is left of yesterday's say a day further ahead: measured on nine roofs."""

IRRADIANCE_MIN: Final = 20.0
"""W/m2 below which a ratio says nothing."""


def forecast_from_past(
    past: Sequence[SolarDay],
    *,
    clear_past: Sequence[Sequence[float]],
    clear_today: Sequence[float],
    days_ahead: int = 0,
) -> tuple[float, ...] | None:
    """Return a day's energy by step; None if nothing was ever counted.

    Arguments: measured days, oldest first, with the clear-sky irradiance of each, and
    that of the day to come: the first of them, or so many ``days_ahead`` of it.
    """
    share = SHARE_OF_YESTERDAY * SHARE_KEPT_PER_DAY**days_ahead
    measured = past[-DAYS_REMEMBERED:]
    clear = clear_past[-DAYS_REMEMBERED:]
    by_step = [
        _clearness([day[step] for day in measured], [day[step] for day in clear])
        for step in range(len(clear_today))
    ]
    if not any(by_step):
        return None
    return tuple(
        _typical(known, share) * sun if sun > IRRADIANCE_MIN else 0.0
        for known, sun in zip(by_step, clear_today, strict=True)
    )


def _clearness(energy_wh: SolarDay, irradiance: Sequence[float]) -> list[float]:
    """Return Wh per W/m2 of the days that know this step by daylight."""
    return [
        energy / sun
        for energy, sun in zip(energy_wh, irradiance, strict=True)
        if energy is not None and sun > IRRADIANCE_MIN
    ]


def _typical(known: Sequence[float], share_of_yesterday: float) -> float:
    if not known:
        return 0.0
    yesterday = share_of_yesterday * known[-1]
    return yesterday + (1 - share_of_yesterday) * median(known)
