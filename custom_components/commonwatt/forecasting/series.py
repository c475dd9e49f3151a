"""Energies of delivery periods: one series over another, and days of people."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from ..engine.forecast.energy_forecast import EnergyForecast
from ..engine.forecast.series import Series
from ..engine.model.period import DeliveryPeriod

MEASURED_SHARE_MIN: Final = 0.75
"""Of the part of a day that is over: with less the day is unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """An energy, and the bounds it will hardly leave."""

    wh: float
    low_wh: float
    high_wh: float
    """Sums of the periods' P10 and P90: wider than P10 and P90 of the sum."""


def overlay(base: Series, better: Series) -> Series:
    """Return ``better`` where it knows something, and ``base`` elsewhere."""
    if not len(base.energy_wh):
        return better
    if not len(better.energy_wh):
        return base
    first, end = min(base.first, better.first), max(base.end, better.end)
    under = base.between(first, end).energy_wh
    over = better.between(first, end).energy_wh
    return Series(first, np.where(np.isnan(over), under, over))


def energy_between(
    measured: Series,
    forecast: EnergyForecast,
    first: DeliveryPeriod,
    end: DeliveryPeriod,
) -> Estimate | None:
    """Return the energy from ``first`` up to ``end``: measured, then as forecast.

    What little was not measured counts as the rest that was.  None if too much was not,
    or if the forecast does not reach so far.
    """
    if end.number > forecast.first.number + len(forecast.mean_wh):
        return None
    over_wh = _measured_wh(measured, first, min(end, max(first, forecast.first)))
    if over_wh is None:
        return None
    start = max(first.number - forecast.first.number, 0)
    stop = max(end.number - forecast.first.number, start)
    return Estimate(
        wh=over_wh + float(forecast.mean_wh[start:stop].sum()),
        low_wh=over_wh + float(forecast.p10_wh[start:stop].sum()),
        high_wh=over_wh + float(forecast.p90_wh[start:stop].sum()),
    )


def _measured_wh(
    measured: Series, first: DeliveryPeriod, end: DeliveryPeriod
) -> float | None:
    past = measured.between(first, end).energy_wh
    if not len(past):
        return 0.0
    known = ~np.isnan(past)
    if known.mean() < MEASURED_SHARE_MIN:
        return None
    return float(past[known].sum()) / float(known.mean())
