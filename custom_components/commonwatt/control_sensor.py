"""Sensors of armed control: where it stands, and what the device confirmed."""

from collections.abc import Iterable
from datetime import datetime
from typing import override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorStateClass,
)
from homeassistant.const import EntityCategory, UnitOfElectricCurrent, UnitOfPower
from homeassistant.helpers.entity import Entity

from .control import ArmedDevice
from .engine.devices import ControlFault, ControlPhase, DeviceKind
from .engine.model.period import datetime_from_instant
from .entity import DeviceEntity
from .home import HomeRuntime
from .home_device import HomeDevice

NO_FAULT = "none"

_MA_PER_A = 1000


def control_sensors(home: HomeRuntime, device: HomeDevice) -> Iterable[Entity]:
    """Build the sensors of a device that can be controlled."""
    if device.control is None:
        return
    for sensor in (ArmedUntil, ControlState, ReadBack, InForce, WritesToday):
        yield sensor(home, device, device.control)


class ControlEntity(DeviceEntity):
    """An entity of armed control: there as long as the control is."""

    key: str

    def __init__(
        self, home: HomeRuntime, device: HomeDevice, control: ArmedDevice
    ) -> None:
        super().__init__(home, device, self.key)
        self.control = control

    @property
    @override
    def available(self) -> bool:
        return True


class ArmedUntil(ControlEntity, SensorEntity):
    """When control will expire by itself."""

    key = "armed_until"
    _attr_device_class = SensorDeviceClass.TIMESTAMP

    @property
    @override
    def native_value(self) -> datetime | None:
        until = self.control.armed_until
        return None if until is None else datetime_from_instant(until)


class ControlState(ControlEntity, SensorEntity):
    """The phase control is in."""

    key = "control_state"
    _attr_device_class = SensorDeviceClass.ENUM
    _attr_entity_category = EntityCategory.DIAGNOSTIC
    _attr_options = [phase.value for phase in ControlPhase]  # noqa: RUF012  # as HA types it

    @property
    @override
    def native_value(self) -> str:
        return self.control.status.phase


class ReadBack(ControlEntity, SensorEntity):
    """Whether the device does what it was told; if not, why."""

    key = "read_back"
    _attr_device_class = SensorDeviceClass.ENUM
    _attr_entity_category = EntityCategory.DIAGNOSTIC
    _attr_options = [NO_FAULT, *(fault.value for fault in ControlFault)]  # noqa: RUF012

    @property
    @override
    def native_value(self) -> str:
        return self.control.status.fault or NO_FAULT


class InForce(ControlEntity, SensorEntity):
    """The setpoint the device confirmed."""

    key = "setpoint_in_force"
    _attr_entity_category = EntityCategory.DIAGNOSTIC

    def __init__(
        self, home: HomeRuntime, device: HomeDevice, control: ArmedDevice
    ) -> None:
        super().__init__(home, device, control)
        self._per_unit = 1
        self._attr_device_class = SensorDeviceClass.POWER
        self._attr_native_unit_of_measurement = UnitOfPower.WATT
        if device.config.kind is DeviceKind.CHARGER:
            self._per_unit = _MA_PER_A
            self._attr_device_class = SensorDeviceClass.CURRENT
            self._attr_native_unit_of_measurement = UnitOfElectricCurrent.AMPERE
        if not home.simulated:
            self._attr_state_class = SensorStateClass.MEASUREMENT

    @property
    @override
    def native_value(self) -> float | None:
        value = self.control.status.in_force
        return None if value is None else value / self._per_unit


class WritesToday(ControlEntity, SensorEntity):
    """How often the setpoint was changed today: memory in a device may wear out."""

    key = "writes_today"
    _attr_entity_category = EntityCategory.DIAGNOSTIC
    _attr_entity_registry_enabled_default = False

    @property
    @override
    def native_value(self) -> int:
        return self.control.status.writes_today
