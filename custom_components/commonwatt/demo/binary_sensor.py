"""Whether the demo's clock is running."""

from typing import TYPE_CHECKING, override

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
)
from homeassistant.const import EntityCategory
from homeassistant.core import callback
from homeassistant.helpers.device_registry import DeviceInfo

from ..const import DOMAIN
from ..data import CommonWattConfigEntry

if TYPE_CHECKING:
    from .runtime import DemoRuntime


def demo_binary_sensors(entry: CommonWattConfigEntry) -> list[BinarySensorEntity]:
    """Return the binary sensor of the demo; a real home has none."""
    demo = entry.runtime_data.demo
    return [] if demo is None else [ClockRunningSensor(entry, demo)]


class ClockRunningSensor(BinarySensorEntity):
    """On until the wanted number of delivery periods is settled, or something fails."""

    _attr_has_entity_name = True
    _attr_should_poll = False
    _attr_translation_key = "clock_running"
    _attr_device_class = BinarySensorDeviceClass.RUNNING
    _attr_entity_category = EntityCategory.DIAGNOSTIC

    def __init__(self, entry: CommonWattConfigEntry, demo: DemoRuntime) -> None:
        self._demo = demo
        self._attr_unique_id = f"{entry.entry_id}_clock_running"
        self._attr_device_info = DeviceInfo(identifiers={(DOMAIN, entry.entry_id)})

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the clock."""
        self.async_on_remove(self._demo.async_listen(self._clock_moved))

    @property
    @override
    def is_on(self) -> bool:
        return self._demo.running

    @callback
    def _clock_moved(self) -> None:
        self.async_write_ha_state()
