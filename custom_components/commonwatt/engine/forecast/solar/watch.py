"""Yesterday's panels beside the neighbours': what to tell them, what they tell us.

A roof speaks in shares of the most it has given in a quarter of an hour, so no size
leaves a home; what it hears is the mean of at least five roofs.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np

from ...model.period import DeliveryPeriod
from ..series import PERIODS_PER_DAY, Floats, Series
from .bands import ceiling_of
from .days import SolarDay
from .neighbours import Shortfall, shortfall

DAYS_SEEN: Final = 28
"""How far back to look for what the roof can give, and for how it compares."""

KNOWN_LEAST: Final = 0.95
"""Share of a day that must have been counted to tell the neighbours of it."""


def shares_of_day(measured: Series, day: int) -> Floats | None:
    """Return a day of UTC in shares of the most this roof gives; None if it has gaps.

    Days are counted from 1970-01-01.  A few missing quarters count as their neighbours.
    """
    days = _days(measured, day)
    ceiling_wh = float(ceiling_of(days).max(initial=0.0))
    known = ~np.isnan(days[-1])
    if ceiling_wh <= 0 or known.mean() < KNOWN_LEAST:
        return None
    index = np.arange(PERIODS_PER_DAY)
    whole = np.interp(index, index[known], days[-1][known])
    return np.asarray(np.clip(whole / ceiling_wh, 0.0, 1.0))


def latest_shortfall(
    measured: Series, neighbours: Mapping[int, Floats], *, homes: int
) -> Shortfall | None:
    """Compare the latest day the neighbours have told of with ours.

    ``neighbours`` are means of at least five roofs by day, as the node learned them;
    None before a week of days is known of both, and on days too dark to tell.
    """
    if not neighbours:
        return None
    latest = max(neighbours)
    before = [day for day in sorted(neighbours) if latest - DAYS_SEEN <= day < latest]
    return shortfall(
        [_solar_day(measured, day) for day in before],
        [neighbours[day].tolist() for day in before],
        own_today=_solar_day(measured, latest),
        neighbours_today=neighbours[latest].tolist(),
        count=homes,
    )


def _days(measured: Series, last: int) -> Floats:
    """Return the days up to ``last``: (days, steps)."""
    end = DeliveryPeriod((last + 1) * PERIODS_PER_DAY)
    start = end.next(-DAYS_SEEN * PERIODS_PER_DAY)
    return measured.between(start, end).energy_wh.reshape(-1, PERIODS_PER_DAY)


def _solar_day(measured: Series, day: int) -> SolarDay:
    values = _days(measured, day)[-1]
    return [None if np.isnan(value) else float(value) for value in values]
