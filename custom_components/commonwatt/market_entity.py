"""What all entities of the market share: they sit on the hub and follow the node."""

from typing import override

from homeassistant.core import callback

from .data import CommonWattConfigEntry
from .engine.node import NodeStatus
from .hub_entity import HubEntity


class MarketEntity(HubEntity):
    """An entity of the home as a member of its community."""

    def __init__(self, entry: CommonWattConfigEntry, key: str) -> None:
        super().__init__(entry, key)
        self.feed = entry.runtime_data.market

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
