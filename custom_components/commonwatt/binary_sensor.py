"""Binary sensors of the devices: does it answer?"""

from collections.abc import Iterable
from typing import override

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .community.entity import community_binary_sensors
from .data import CommonWattConfigEntry
from .demo.binary_sensor import demo_binary_sensors
from .engine.devices import ChargerState, DeviceKind
from .entity import DeviceEntity, add_device_entities
from .forecasting.binary_sensor import add_roof_sensor
from .home import HomeRuntime
from .home_device import HomeDevice
from .news.binary_sensor import SurplusSensor
from .planning.binary_sensor import (
    appliance_binary_sensors,
    machine_binary_sensors,
)

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,  # noqa: ARG001  # Home Assistant's signature
    entry: CommonWattConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the binary sensors of an entry."""
    add_device_entities(entry, async_add_entities, device_binary_sensors)
    async_add_entities(demo_binary_sensors(entry))
    add_roof_sensor(entry, async_add_entities)
    async_add_entities([SurplusSensor(entry)])
    async_add_entities(community_binary_sensors(entry))
    for appliance in entry.runtime_data.plans.appliances:
        async_add_entities(
            appliance_binary_sensors(entry, appliance),
            config_subentry_id=appliance.subentry_id,
        )
    for machine in entry.runtime_data.plans.belongings.machines:
        async_add_entities(
            machine_binary_sensors(entry, machine),
            config_subentry_id=machine.subentry_id,
        )


def device_binary_sensors(home: HomeRuntime, device: HomeDevice) -> Iterable[Entity]:
    """Build the binary sensors of a device."""
    yield AnswersSensor(home, device, "answers")
    offered = {point.family for point in device.points}
    if device.config.kind is DeviceKind.CHARGER and "charger_cable" in offered:
        yield CarConnectedSensor(home, device, "car_connected")


class AnswersSensor(DeviceEntity, BinarySensorEntity):
    """Whether the device's readings are young enough to be believed."""

    _attr_device_class = BinarySensorDeviceClass.CONNECTIVITY
    _attr_entity_category = EntityCategory.DIAGNOSTIC

    @property
    @override
    def available(self) -> bool:
        return True

    @property
    @override
    def is_on(self) -> bool | None:
        return self.coordinator.answers


class CarConnectedSensor(DeviceEntity, BinarySensorEntity):
    """Whether a car is plugged in."""

    _attr_device_class = BinarySensorDeviceClass.PLUG

    @property
    @override
    def is_on(self) -> bool | None:
        state = self.device.state
        return state.connected if isinstance(state, ChargerState) else None
