"""When the car at a charging point leaves, every day."""

from collections.abc import Iterable
from datetime import time
from typing import override

from homeassistant.components.time import TimeEntity
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.restore_state import RestoreEntity

from .data import CommonWattConfigEntry
from .entity import device_info
from .home_device import HomeDevice
from .planning.entity import PlanEntity, wants_wish

PARALLEL_UPDATES = 1


async def async_setup_entry(
    hass: HomeAssistant,  # noqa: ARG001  # Home Assistant's signature
    entry: CommonWattConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the times of an entry."""
    for device in entry.runtime_data.home.devices:
        async_add_entities(
            _device_times(entry, device),
            config_subentry_id=device.config.subentry_id,
        )


def _device_times(entry: CommonWattConfigEntry, device: HomeDevice) -> Iterable[Entity]:
    if wants_wish(entry, device):
        yield DepartureTime(entry, device)


class DepartureTime(PlanEntity, TimeEntity, RestoreEntity):
    """By when the car is to have what it needs."""

    def __init__(self, entry: CommonWattConfigEntry, device: HomeDevice) -> None:
        super().__init__(entry, "car_departure")
        self._wish = self.plans.wishes.car(device.config.id)
        self._attr_unique_id = f"{device.config.id}_car_departure"
        self._attr_device_info = device_info(entry.runtime_data.home, device)

    @property
    @override
    def native_value(self) -> time:
        return self._wish.departure

    @override
    async def async_set_value(self, value: time) -> None:
        """Plan anew with it."""
        self._wish.departure = value
        self.plans.async_wishes_changed()

    @override
    async def async_added_to_hass(self) -> None:
        """Remember what was set before a restart."""
        await super().async_added_to_hass()
        last = await self.async_get_last_state()
        if last is not None and last.state not in {"unknown", "unavailable"}:
            self._wish.departure = time.fromisoformat(last.state)
