"""Sensors of the devices: one for each point, plus what control and home add."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorStateClass,
)
from homeassistant.const import (
    PERCENTAGE,
    EntityCategory,
    UnitOfApparentPower,
    UnitOfElectricCurrent,
    UnitOfElectricPotential,
    UnitOfEnergy,
    UnitOfFrequency,
    UnitOfPower,
    UnitOfReactivePower,
    UnitOfTemperature,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .chain.sensor import wallet_sensors
from .community.entity import community_sensors
from .control_sensor import control_sensors
from .data import CommonWattConfigEntry
from .demo.sensor import demo_sensors
from .engine.devices import DeviceKind, Point, PointValue, Quantity
from .entity import DeviceEntity, add_device_entities
from .forecasting.sensor import add_forecast_sensors
from .forecasting.sharing_sensor import sharing_sensors
from .home import HomeRuntime
from .home_device import HomeDevice
from .home_sensor import home_sensors, stored_energy
from .market_sensor import market_sensors
from .origin_sensor import origin_sensors
from .planning.sensor import belonging_sensors, plan_sensors
from .scoring.sensor import score_sensors

PARALLEL_UPDATES = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Show:
    """How a quantity is shown."""

    device_class: SensorDeviceClass | None = None
    state_class: SensorStateClass | None = SensorStateClass.MEASUREMENT
    unit: str | None = None
    suggested_unit: str | None = None
    precision: int | None = None
    noisy: bool = False
    """Changes with every reading and tells most people nothing: off by default."""


_SHOWN: Final[Mapping[Quantity, _Show]] = {
    Quantity.POWER: _Show(
        device_class=SensorDeviceClass.POWER, unit=UnitOfPower.WATT, precision=0
    ),
    Quantity.APPARENT_POWER: _Show(
        device_class=SensorDeviceClass.APPARENT_POWER,
        unit=UnitOfApparentPower.VOLT_AMPERE,
        precision=0,
        noisy=True,
    ),
    Quantity.REACTIVE_POWER: _Show(
        device_class=SensorDeviceClass.REACTIVE_POWER,
        unit=UnitOfReactivePower.VOLT_AMPERE_REACTIVE,
        precision=0,
        noisy=True,
    ),
    Quantity.POWER_FACTOR: _Show(
        device_class=SensorDeviceClass.POWER_FACTOR, precision=2, noisy=True
    ),
    Quantity.ENERGY: _Show(
        device_class=SensorDeviceClass.ENERGY,
        state_class=SensorStateClass.TOTAL_INCREASING,
        unit=UnitOfEnergy.WATT_HOUR,
        suggested_unit=UnitOfEnergy.KILO_WATT_HOUR,
        precision=1,
    ),
    Quantity.ENERGY_SESSION: _Show(
        device_class=SensorDeviceClass.ENERGY,
        state_class=SensorStateClass.TOTAL_INCREASING,
        unit=UnitOfEnergy.WATT_HOUR,
        suggested_unit=UnitOfEnergy.KILO_WATT_HOUR,
        precision=2,
    ),
    Quantity.ENERGY_STORED: _Show(
        device_class=SensorDeviceClass.ENERGY_STORAGE,
        unit=UnitOfEnergy.WATT_HOUR,
        suggested_unit=UnitOfEnergy.KILO_WATT_HOUR,
        precision=1,
    ),
    Quantity.VOLTAGE: _Show(
        device_class=SensorDeviceClass.VOLTAGE,
        unit=UnitOfElectricPotential.VOLT,
        precision=1,
        noisy=True,
    ),
    Quantity.CURRENT: _Show(
        device_class=SensorDeviceClass.CURRENT,
        unit=UnitOfElectricCurrent.AMPERE,
        precision=1,
        noisy=True,
    ),
    Quantity.FREQUENCY: _Show(
        device_class=SensorDeviceClass.FREQUENCY,
        unit=UnitOfFrequency.HERTZ,
        precision=2,
        noisy=True,
    ),
    Quantity.STATE_OF_CHARGE: _Show(
        device_class=SensorDeviceClass.BATTERY, unit=PERCENTAGE, precision=0
    ),
    Quantity.SHARE: _Show(unit=PERCENTAGE, precision=0),
    Quantity.TEMPERATURE: _Show(
        device_class=SensorDeviceClass.TEMPERATURE,
        unit=UnitOfTemperature.CELSIUS,
        precision=0,
    ),
    Quantity.STATUS: _Show(device_class=SensorDeviceClass.ENUM, state_class=None),
    Quantity.CODE: _Show(state_class=None, noisy=True),
}

_NOISY_FAMILIES: Final = frozenset({"meter_phase_power", "inverter_string_energy"})


async def async_setup_entry(
    hass: HomeAssistant,  # noqa: ARG001  # Home Assistant's signature
    entry: CommonWattConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors of an entry."""
    add_device_entities(entry, async_add_entities, device_sensors)
    async_add_entities(home_sensors(entry.runtime_data.home))
    async_add_entities(market_sensors(entry))
    async_add_entities(origin_sensors(entry))
    async_add_entities(community_sensors(entry))
    async_add_entities(score_sensors(entry))
    async_add_entities(demo_sensors(entry))
    async_add_entities(wallet_sensors(entry))
    async_add_entities(plan_sensors(entry))
    add_forecast_sensors(entry, async_add_entities)
    async_add_entities(sharing_sensors(entry))
    for belonging in entry.runtime_data.plans.belongings.runnable:
        async_add_entities(
            belonging_sensors(entry, belonging),
            config_subentry_id=belonging.subentry_id,
        )


def device_sensors(home: HomeRuntime, device: HomeDevice) -> Iterable[Entity]:
    """Build the sensors of what a device offers now."""
    for point in device.points:
        yield PointSensor(home, device, point)
    yield from stored_energy(home, device)
    yield from control_sensors(home, device)


class PointSensor(DeviceEntity, SensorEntity):
    """One point of a device."""

    def __init__(self, home: HomeRuntime, device: HomeDevice, point: Point) -> None:
        super().__init__(home, device, point.key)
        show = _SHOWN[point.quantity]
        self._point = point
        self._attr_translation_key = point.family
        if point.number is not None:
            self._attr_translation_placeholders = {"number": str(point.number)}
        self._attr_device_class = show.device_class
        self._attr_state_class = None if home.simulated else show.state_class
        self._attr_native_unit_of_measurement = show.unit
        self._attr_suggested_unit_of_measurement = show.suggested_unit
        self._attr_suggested_display_precision = show.precision
        self._attr_options = list(point.options) or None
        noisy = show.noisy or point.family in _NOISY_FAMILIES
        self._attr_entity_registry_enabled_default = not noisy
        if point.diagnostic:
            self._attr_entity_category = EntityCategory.DIAGNOSTIC

    @property
    @override
    def available(self) -> bool:
        """Old readings are no readings, but what the sun gave stays given."""
        return super().available or (self._keeps and self.native_value is not None)

    @property
    @override
    def native_value(self) -> PointValue:
        """The reading in the unit of its quantity."""
        data = self.coordinator.data
        return None if data is None else data.values.get(self._point.key)

    @property
    def _keeps(self) -> bool:
        """Inverters sleep at night; their counters do not move meanwhile."""
        is_counter = self._point.quantity is Quantity.ENERGY
        return is_counter and self._point.kind is DeviceKind.INVERTER
