"""What the readings mean together: the home's own consumption, energy in batteries."""

from collections.abc import Iterable
from typing import override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorStateClass,
)
from homeassistant.const import UnitOfEnergy, UnitOfPower
from homeassistant.core import callback
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import Entity

from .const import DOMAIN
from .engine.devices import BatteryState, DeviceKind
from .entity import DeviceEntity
from .home import HomeRuntime
from .home_device import HomeDevice


def home_sensors(home: HomeRuntime) -> Iterable[Entity]:
    """Build the sensors of the home as a whole, as far as its devices allow."""
    if any(device.config.kind is DeviceKind.METER for device in home.devices):
        yield ConsumptionSensor(home)


def stored_energy(home: HomeRuntime, device: HomeDevice) -> Iterable[Entity]:
    """Build the sensor of the energy in a battery whose capacity is known."""
    state = device.state
    if isinstance(state, BatteryState) and state.capacity_wh is not None:
        yield StoredEnergySensor(home, device, "stored_energy")


class StoredEnergySensor(DeviceEntity, SensorEntity):
    """Energy in a battery."""

    _attr_device_class = SensorDeviceClass.ENERGY_STORAGE
    _attr_native_unit_of_measurement = UnitOfEnergy.WATT_HOUR
    _attr_suggested_unit_of_measurement = UnitOfEnergy.KILO_WATT_HOUR
    _attr_suggested_display_precision = 1

    def __init__(self, home: HomeRuntime, device: HomeDevice, key: str) -> None:
        super().__init__(home, device, key)
        if not home.simulated:
            self._attr_state_class = SensorStateClass.MEASUREMENT

    @property
    @override
    def native_value(self) -> int | None:
        state = self.device.state
        return state.stored_wh if isinstance(state, BatteryState) else None


class ConsumptionSensor(SensorEntity):
    """What the home uses: everything that comes in, less everything that goes out."""

    _attr_has_entity_name = True
    _attr_should_poll = False
    _attr_translation_key = "consumption"
    _attr_device_class = SensorDeviceClass.POWER
    _attr_native_unit_of_measurement = UnitOfPower.WATT
    _attr_suggested_display_precision = 0

    def __init__(self, home: HomeRuntime) -> None:
        self._home = home
        self._attr_unique_id = f"{home.entry.entry_id}_consumption"
        self._attr_device_info = DeviceInfo(identifiers={(DOMAIN, home.entry.entry_id)})
        if not home.simulated:
            self._attr_state_class = SensorStateClass.MEASUREMENT

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the devices."""
        self.async_on_remove(self._home.async_add_listener(self._changed))
        self._changed()

    @callback
    def _changed(self) -> None:
        power_w = self._home.consumption_w()
        self._attr_native_value = power_w
        self._attr_available = power_w is not None
        self.async_write_ha_state()
