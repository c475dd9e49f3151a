"""What all entities of the forecasts share: they follow the forecasts of their home."""

from typing import override

from homeassistant.core import callback
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import Entity

from ..const import DOMAIN
from ..data import CommonWattConfigEntry
from .runtime import Forecasts


class ForecastEntity(Entity):
    """An entity of the home's forecasts, on the hub."""

    _attr_has_entity_name = True
    _attr_should_poll = False

    def __init__(self, entry: CommonWattConfigEntry, key: str) -> None:
        self.forecasts: Forecasts = entry.runtime_data.forecasts
        self._attr_unique_id = f"{entry.entry_id}_{key}"
        self._attr_translation_key = key
        self._attr_device_info = DeviceInfo(identifiers={(DOMAIN, entry.entry_id)})

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the forecasts."""
        await super().async_added_to_hass()
        self.async_on_remove(self.forecasts.async_listen(self._changed))

    @callback
    def _changed(self) -> None:
        self.async_write_ha_state()
