"""Numbers of armed control and of the plan."""

from collections.abc import Iterable, Mapping
from typing import Final, override

from homeassistant.components.number import (
    NumberDeviceClass,
    NumberEntity,
    NumberMode,
    RestoreNumber,
)
from homeassistant.const import (
    EntityCategory,
    UnitOfElectricCurrent,
    UnitOfPower,
    UnitOfTime,
)
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import DOMAIN
from .control import ArmedDevice
from .control_sensor import ControlEntity
from .data import CommonWattConfigEntry
from .engine.devices import DeviceKind, Refusal
from .entity import add_device_entities
from .home import HomeRuntime
from .home_device import HomeDevice
from .planning.number import car_numbers, plan_numbers

PARALLEL_UPDATES = 1

ARMING_MINUTES_MAX: Final = 24 * 60

REFUSALS: Final[Mapping[Refusal, str]] = {
    Refusal.NOT_ARMED: "setpoint_not_armed",
    Refusal.BLOCKED: "setpoint_blocked",
    Refusal.WRONG_KIND: "setpoint_wrong_kind",
    Refusal.EXPIRED: "setpoint_expired",
    Refusal.TOO_LONG: "setpoint_too_long",
    Refusal.TOO_SMALL: "setpoint_too_small",
    Refusal.BUDGET_SPENT: "setpoint_budget_spent",
}
"""What the owner reads when a setpoint is not accepted."""

_MA_PER_A: Final = 1000


async def async_setup_entry(
    hass: HomeAssistant,  # noqa: ARG001  # Home Assistant's signature
    entry: CommonWattConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the numbers of an entry."""
    add_device_entities(entry, async_add_entities, device_numbers)
    async_add_entities(plan_numbers(entry))
    for device in entry.runtime_data.home.devices:
        async_add_entities(
            car_numbers(entry, device), config_subentry_id=device.config.subentry_id
        )


def device_numbers(home: HomeRuntime, device: HomeDevice) -> Iterable[Entity]:
    """Build the numbers of a device."""
    if device.control is None:
        return
    yield ArmingDuration(home, device, device.control)
    if device.config.kind is DeviceKind.CHARGER:
        yield CurrentSetpointNumber(home, device, device.control)
    else:
        yield PowerSetpointNumber(home, device, device.control)


class ArmingDuration(ControlEntity, RestoreNumber):
    """For how long control stays armed once it is switched on."""

    key = "arming_duration"
    _attr_device_class = NumberDeviceClass.DURATION
    _attr_entity_category = EntityCategory.CONFIG
    _attr_mode = NumberMode.BOX
    _attr_native_unit_of_measurement = UnitOfTime.MINUTES
    _attr_native_min_value = 1
    _attr_native_max_value = ARMING_MINUTES_MAX
    _attr_native_step = 1

    @property
    @override
    def native_value(self) -> float:
        return self.control.arming_minutes

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Take effect when control is armed the next time."""
        self.control.arming_minutes = round(value)
        self.async_write_ha_state()

    @override
    async def async_added_to_hass(self) -> None:
        """Remember what was set before a restart."""
        await super().async_added_to_hass()
        last = await self.async_get_last_number_data()
        if last is not None and last.native_value is not None:
            self.control.arming_minutes = round(last.native_value)


class SetpointNumber(ControlEntity, NumberEntity):
    """What the device is asked to do while control is armed."""

    _attr_mode = NumberMode.BOX
    per_unit = 1

    def __init__(
        self, home: HomeRuntime, device: HomeDevice, control: ArmedDevice
    ) -> None:
        super().__init__(home, device, control)
        facts = control.facts
        lowest = facts.value_min if facts.pause is None else facts.pause
        self._attr_native_min_value = lowest / self.per_unit
        self._attr_native_max_value = facts.value_max / self.per_unit
        self._attr_native_step = max(1, facts.value_step // self.per_unit)

    @property
    @override
    def native_value(self) -> float | None:
        asked = self.control.status.asked
        return None if asked is None else asked / self.per_unit

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Hand the setpoint to the device, or say why it was not accepted."""
        refusal = await self.control.request_value(round(value * self.per_unit))
        if refusal is not None:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key=REFUSALS[refusal],
                translation_placeholders={"device": self.device.config.name},
            )


class PowerSetpointNumber(SetpointNumber):
    """The power of a battery: + discharging, - charging."""

    key = "power_setpoint"
    _attr_device_class = NumberDeviceClass.POWER
    _attr_native_unit_of_measurement = UnitOfPower.WATT


class CurrentSetpointNumber(SetpointNumber):
    """The current a charger may give on each phase; 0 pauses charging."""

    key = "current_setpoint"
    per_unit = _MA_PER_A
    _attr_device_class = NumberDeviceClass.CURRENT
    _attr_native_unit_of_measurement = UnitOfElectricCurrent.AMPERE
