"""What all entities of the forecasts share: they follow the forecasts of their home."""

from typing import override

from homeassistant.core import callback

from ..data import CommonWattConfigEntry
from ..hub_entity import HubEntity
from .runtime import Forecasts


class ForecastEntity(HubEntity):
    """An entity of the home's forecasts, on the hub."""

    def __init__(self, entry: CommonWattConfigEntry, key: str) -> None:
        super().__init__(entry, key)
        self.forecasts: Forecasts = entry.runtime_data.forecasts

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the forecasts."""
        await super().async_added_to_hass()
        self.async_on_remove(self.forecasts.async_listen(self._changed))

    @callback
    def _changed(self) -> None:
        self.async_write_ha_state()
