"""Live power on the map of the neighbours: off until the home's owner wants it.

The node says it and keeps the others' (``engine/node/showing.py``); here is the owner's
word, and what remembers it over a restart.
"""

from typing import Any, override

from homeassistant.components.switch import SwitchEntity
from homeassistant.const import STATE_ON, EntityCategory
from homeassistant.helpers.restore_state import RestoreEntity

from .data import CommonWattConfigEntry, CommonWattData
from .engine.model.period import Instant
from .engine.node import Node
from .market_entity import MarketEntity


async def async_show_power(data: CommonWattData, *, shown: bool) -> None:
    """Let the neighbours see this home's power from now on, or no longer.

    RuntimeError: the node has stopped.
    """

    def show(node: Node, now: Instant) -> None:
        node.showing.show(now, shown=shown)

    await data.ask(show)


class LivePowerSwitch(MarketEntity, SwitchEntity, RestoreEntity):
    """On: the neighbours see what the meter shows, once a minute at most."""

    _attr_entity_category = EntityCategory.CONFIG

    def __init__(self, entry: CommonWattConfigEntry) -> None:
        super().__init__(entry, "show_live_power")
        self._data = entry.runtime_data

    @property
    @override
    def is_on(self) -> bool:
        return self.status is not None and self.status.is_power_shown

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Be seen."""
        await async_show_power(self._data, shown=True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Be seen no longer: the others forget it at once."""
        await async_show_power(self._data, shown=False)

    @override
    async def async_added_to_hass(self) -> None:
        """Remember what the owner wanted before a restart."""
        await super().async_added_to_hass()
        last = await self.async_get_last_state()
        if last is not None and last.state == STATE_ON:
            await async_show_power(self._data, shown=True)
