"""What all entities of the market share: they sit on the hub and follow the node."""

from typing import override

from homeassistant.core import callback
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import Entity

from .const import DOMAIN
from .data import CommonWattConfigEntry
from .engine.node import NodeStatus


class MarketEntity(Entity):
    """An entity of the home as a member of its community."""

    _attr_has_entity_name = True
    _attr_should_poll = False

    def __init__(self, entry: CommonWattConfigEntry, key: str) -> None:
        self.feed = entry.runtime_data.market
        self._attr_unique_id = f"{entry.entry_id}_{key}"
        self._attr_translation_key = key
        self._attr_device_info = DeviceInfo(identifiers={(DOMAIN, entry.entry_id)})

    @property
    def status(self) -> NodeStatus | None:
        """What the node last said."""
        return self.feed.status

    @property
    @override
    def available(self) -> bool:
        return self.status is not None

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the node."""
        self.async_on_remove(self.feed.async_listen(self._status_changed))

    @callback
    def _status_changed(self) -> None:
        self.async_write_ha_state()
