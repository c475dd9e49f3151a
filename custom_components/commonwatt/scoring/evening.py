"""The hours of an evening, by the clock on the wall of the home."""

from typing import Final

from homeassistant.util import dt as dt_util

from ..engine.model.period import DeliveryPeriod, datetime_from_instant

EVENING_HOURS: Final = range(18, 20)
"""Local hours in which everybody cooks, and the grid is at its dirtiest."""


def is_evening(period: DeliveryPeriod) -> bool:
    """Tell whether a period lies in the hours missions speak of."""
    return dt_util.as_local(datetime_from_instant(period.start)).hour in EVENING_HOURS
