"""Long-term statistics of simulated time, at their own time.

The demo lives its days again at every start.  Its energy therefore never passes through
Home Assistant's own statistics of live sensors; it is written as external statistics of
the simulated hours, and an earlier run is cleared first.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from homeassistant.components.recorder import get_instance
from homeassistant.components.recorder.models import (
    StatisticData,
    StatisticMeanType,
    StatisticMetaData,
)
from homeassistant.components.recorder.statistics import async_add_external_statistics
from homeassistant.const import UnitOfEnergy
from homeassistant.core import HomeAssistant, callback
from homeassistant.util.unit_conversion import EnergyConverter

from ..const import DOMAIN
from ..engine.model.period import datetime_from_instant
from ..engine.model.units import NANO_PER_UNIT
from .energy_book import MONEY, EnergyBook, Flow, HourRow, hour_start

RECORDER: Final = "recorder"

_WH_PER_KWH: Final = 1000


def statistic_id(flow: Flow) -> str:
    """Return the id of the statistic of a flow."""
    return f"{DOMAIN}:demo_{flow}"


class DemoStatistics:
    """Writes an energy book into the recorder, if there is one."""

    def __init__(self, hass: HomeAssistant, names: Mapping[Flow, str]) -> None:
        """Take the ``names`` people see in the statistics and the Energy dashboard."""
        self._hass: Final = hass
        self._names: Final = names
        self.book: Final = EnergyBook()

    @callback
    def async_clear(self) -> None:
        """Forget what an earlier run of the demo wrote."""
        if RECORDER in self._hass.config.components:
            ids = [statistic_id(flow) for flow in Flow]
            get_instance(self._hass).async_clear_statistics(ids)

    @callback
    def async_write(self) -> None:
        """Write every hour that has changed."""
        for flow, rows in self.book.take_rows().items():
            if RECORDER in self._hass.config.components:
                async_add_external_statistics(
                    self._hass, self._metadata(flow), _data(flow, rows)
                )

    def _metadata(self, flow: Flow) -> StatisticMetaData:
        money = flow in MONEY
        return StatisticMetaData(
            mean_type=StatisticMeanType.NONE,
            has_sum=True,
            name=self._names[flow],
            source=DOMAIN,
            statistic_id=statistic_id(flow),
            unit_class=None if money else EnergyConverter.UNIT_CLASS,
            unit_of_measurement=self._hass.config.currency
            if money
            else UnitOfEnergy.KILO_WATT_HOUR,
        )


def _data(flow: Flow, rows: Iterable[HourRow]) -> list[StatisticData]:
    factor = NANO_PER_UNIT if flow in MONEY else _WH_PER_KWH
    return [
        StatisticData(
            start=datetime_from_instant(hour_start(row.hour)),
            state=row.amount / factor,
            sum=row.total / factor,
        )
        for row in rows
    ]
