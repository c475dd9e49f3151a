"""Pasts of homes for tests: statistics as the recorder keeps them."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from homeassistant.components.recorder.models import (
    StatisticData,
    StatisticMeanType,
    StatisticMetaData,
)
from homeassistant.components.recorder.statistics import async_import_statistics
from homeassistant.const import UnitOfEnergy, UnitOfPower
from homeassistant.core import HomeAssistant
from homeassistant.util.unit_conversion import EnergyConverter, PowerConverter

HOUR: Final = timedelta(hours=1)

type Hourly = Callable[[datetime], float | None]
"""Wh of the hour that begins then; None: Home Assistant was not running."""


def count(
    hass: HomeAssistant,
    statistic_id: str,
    hourly: Hourly,
    *,
    first: datetime,
    end: datetime,
) -> None:
    """Import hourly statistics of a counter, in kWh.

    As in a real recorder, what flowed while Home Assistant was away is in the first
    hour after it.
    """
    total, rows = 1000.0, []
    at = first
    while at < end:
        wh = hourly(at)
        if wh is None:
            total += 12.0  # it went on, unseen
        else:
            total += wh / 1000
            rows.append(StatisticData(start=at, state=total, sum=total - 1000.0))
        at += HOUR
    metadata = StatisticMetaData(
        mean_type=StatisticMeanType.NONE,
        has_sum=True,
        name=None,
        source="recorder",
        statistic_id=statistic_id,
        unit_class=EnergyConverter.UNIT_CLASS,
        unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
    )
    async_import_statistics(hass, metadata, rows)


def flow(
    hass: HomeAssistant,
    statistic_id: str,
    hourly: Hourly,
    *,
    first: datetime,
    end: datetime,
) -> None:
    """Import hourly statistics of a power, in kW."""
    rows, at = [], first
    while at < end:
        wh = hourly(at)
        if wh is not None:
            kw = wh / 1000
            rows.append(StatisticData(start=at, mean=kw, min=kw, max=kw))
        at += HOUR
    metadata = StatisticMetaData(
        mean_type=StatisticMeanType.ARITHMETIC,
        has_sum=False,
        name=None,
        source="recorder",
        statistic_id=statistic_id,
        unit_class=PowerConverter.UNIT_CLASS,
        unit_of_measurement=UnitOfPower.KILO_WATT,
    )
    async_import_statistics(hass, metadata, rows)


def utc(*when: int) -> datetime:
    """Return a moment in UTC."""
    year, month, day, hour = (*when, 0)[:4]
    return datetime(year, month, day, hour, tzinfo=UTC)


def by_hour(pattern: Mapping[int, float], otherwise: float) -> Hourly:
    """Return the same day again and again, by hours of UTC."""
    return lambda at: pattern.get(at.hour, otherwise)
