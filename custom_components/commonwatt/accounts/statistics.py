"""Long-term statistics of settled energy and money, at the time they flowed.

What is settled minutes later, or corrected the day after, or lived by the demo's clock,
belongs to its own hour: so it never passes through the statistics of live sensors.
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
from homeassistant.const import UnitOfEnergy, UnitOfMass
from homeassistant.core import HomeAssistant, callback
from homeassistant.util.unit_conversion import EnergyConverter, MassConverter

from ..const import DOMAIN
from ..engine.model.period import datetime_from_instant
from ..engine.model.units import NANO_PER_UNIT
from .energy_book import EnergyBook, HourRow, hour_start
from .flows import MONEY, Flow

RECORDER: Final = "recorder"

_WH_PER_KWH: Final = 1000


_MG_PER_KG: Final = 1_000_000


def statistic_id(place: str, flow: Flow) -> str:
    """Return the id of the statistic of a flow in a home."""
    return f"{DOMAIN}:{place.lower()}_{flow}"


class WrittenStatistics:
    """Writes an energy book into the recorder, if there is one."""

    def __init__(
        self,
        hass: HomeAssistant,
        book: EnergyBook,
        names: Mapping[Flow, str],
        *,
        place: str,
    ) -> None:
        """Take the ``names`` people see in the statistics and the Energy dashboard."""
        self._hass: Final = hass
        self._names: Final = names
        self._place: Final = place
        self.book: Final = book

    @callback
    def async_clear(self) -> None:
        """Forget what an earlier run of the demo wrote."""
        if RECORDER in self._hass.config.components:
            ids = [statistic_id(self._place, flow) for flow in self.book.flows]
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
        unit_class, unit = _unit(flow)
        return StatisticMetaData(
            mean_type=StatisticMeanType.NONE,
            has_sum=True,
            name=self._names[flow],
            source=DOMAIN,
            statistic_id=statistic_id(self._place, flow),
            unit_class=unit_class,
            unit_of_measurement=unit or self._hass.config.currency,
        )


def _unit(flow: Flow) -> tuple[str | None, str | None]:
    """Return unit class and unit; of money neither is known here."""
    if flow in MONEY:
        return None, None
    if flow is Flow.CARBON:
        return MassConverter.UNIT_CLASS, UnitOfMass.KILOGRAMS
    return EnergyConverter.UNIT_CLASS, UnitOfEnergy.KILO_WATT_HOUR


def _factor(flow: Flow) -> int:
    if flow in MONEY:
        return NANO_PER_UNIT
    return _MG_PER_KG if flow is Flow.CARBON else _WH_PER_KWH


def _data(flow: Flow, rows: Iterable[HourRow]) -> list[StatisticData]:
    factor = _factor(flow)
    return [
        StatisticData(
            start=datetime_from_instant(hour_start(row.hour)),
            state=row.amount / factor,
            sum=row.total / factor,
        )
        for row in rows
    ]
