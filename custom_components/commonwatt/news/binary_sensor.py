"""Whether there is energy to spare, here or next door."""

from typing import override

from homeassistant.components.binary_sensor import BinarySensorEntity

from ..data import CommonWattConfigEntry
from ..engine.model.period import datetime_from_instant
from ..market_entity import MarketEntity
from .surplus import has_surplus, surplus_until


class SurplusSensor(MarketEntity, BinarySensorEntity):
    """On while the home exports, or neighbours have more than they need."""

    def __init__(self, entry: CommonWattConfigEntry) -> None:
        super().__init__(entry, "local_surplus")
        self._data = entry.runtime_data

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the meter as well as the market."""
        await super().async_added_to_hass()
        self.async_on_remove(self._data.home.async_add_listener(self._status_changed))

    @property
    @override
    def is_on(self) -> bool | None:
        return has_surplus(self._data)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, str | None]:
        """Until when the plan expects the home itself to export."""
        now = self._data.home.clock()
        until = surplus_until(self._data, now)
        if until is None or until <= now:
            return {"until": None}
        return {"until": datetime_from_instant(until).isoformat()}
