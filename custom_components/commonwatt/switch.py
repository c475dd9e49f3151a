"""The switch that arms control of a device."""

from collections.abc import Iterable
from typing import override

from homeassistant.components.switch import SwitchEntity
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .control_sensor import ControlEntity
from .data import CommonWattConfigEntry
from .entity import add_device_entities
from .forecasting.switch import sharing_switches
from .home import HomeRuntime
from .home_device import HomeDevice
from .live_power import LivePowerSwitch
from .scoring.switch import EveningSwitch, LeaderboardSwitch

PARALLEL_UPDATES = 1


async def async_setup_entry(
    hass: HomeAssistant,  # noqa: ARG001  # Home Assistant's signature
    entry: CommonWattConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the switches of an entry."""
    add_device_entities(entry, async_add_entities, device_switches)
    async_add_entities(sharing_switches(entry))
    async_add_entities(
        [LeaderboardSwitch(entry), EveningSwitch(entry), LivePowerSwitch(entry)]
    )


def device_switches(home: HomeRuntime, device: HomeDevice) -> Iterable[Entity]:
    """Build the switches of a device."""
    if device.control is not None:
        yield ArmedSwitch(home, device, device.control)


class ArmedSwitch(ControlEntity, SwitchEntity):
    """Lets the home drive the device, for a limited time; off after every start."""

    key = "control_armed"

    @property
    @override
    def is_on(self) -> bool:
        return self.control.armed

    @override
    async def async_turn_on(self, **kwargs: object) -> None:
        """Arm control, or prolong it."""
        await self.control.arm()

    @override
    async def async_turn_off(self, **kwargs: object) -> None:
        """Give the device back."""
        await self.control.disarm()
