"""Whether the panels stay behind the neighbours'."""

from collections.abc import Mapping
from typing import Final, override

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
)
from homeassistant.const import EntityCategory
from homeassistant.core import callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ..data import CommonWattConfigEntry
from .entity import ForecastEntity
from .roof import RoofWatch

_PERCENT: Final = 100
_WH_PER_KWH: Final = 1000


@callback
def add_roof_sensor(
    entry: CommonWattConfigEntry, add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the sensor of a home with neighbours, once it has panels."""
    forecasts, roof = entry.runtime_data.forecasts, entry.runtime_data.roof
    if roof is None:
        return
    added = False

    @callback
    def look() -> None:
        nonlocal added
        if forecasts.foresight.has_panels and not added:
            added = True
            add_entities([PanelsFallShortSensor(entry, roof)])

    look()
    entry.async_on_unload(forecasts.async_listen(look))


class PanelsFallShortSensor(ForecastEntity, BinarySensorEntity):
    """On if the panels gave much less than the neighbours' let expect."""

    _attr_device_class = BinarySensorDeviceClass.PROBLEM
    _attr_entity_category = EntityCategory.DIAGNOSTIC

    def __init__(self, entry: CommonWattConfigEntry, roof: RoofWatch) -> None:
        super().__init__(entry, "panels_fall_short")
        self._roof = roof

    @property
    @override
    def is_on(self) -> bool | None:
        shortfall = self._roof.shortfall
        return None if shortfall is None else shortfall.is_fault

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, float]:
        shortfall = self._roof.shortfall
        if shortfall is None:
            return {}
        return {
            "less_percent": round(shortfall.share * _PERCENT),
            "measured_kwh": round(shortfall.measured_wh / _WH_PER_KWH, 1),
            "expected_kwh": round(shortfall.expected_wh / _WH_PER_KWH, 1),
        }
