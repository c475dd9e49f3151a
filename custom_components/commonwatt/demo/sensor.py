"""Sensors of the demo: what time it is there, and what the neighbours are doing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
)
from homeassistant.const import PERCENTAGE, EntityCategory, UnitOfPower
from homeassistant.core import callback
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo

from ..const import DOMAIN
from ..data import CommonWattConfigEntry
from ..engine.model.period import datetime_from_instant
from ..engine.model.units import PPM

if TYPE_CHECKING:
    from ..engine.simulation.homes import HomeState
    from ..engine.simulation.neighbourhood import HomeGlance
    from .runtime import DemoRuntime

_PPM_PER_PERCENT: Final = PPM // 100


def demo_sensors(entry: CommonWattConfigEntry) -> list[SensorEntity]:
    """Return the sensors of the demo; a real home has none of them."""
    demo = entry.runtime_data.demo
    if demo is None:
        return []
    return [
        SimulatedTimeSensor(entry, demo),
        *(AssetSensor(entry, demo, asset) for asset in ASSETS),
        *(NeighbourPowerSensor(entry, demo, key) for key in demo.home_keys),
    ]


class DemoSensor(SensorEntity):
    """A sensor that changes when the simulated clock moves."""

    _attr_has_entity_name = True
    _attr_should_poll = False

    def __init__(
        self, entry: CommonWattConfigEntry, demo: DemoRuntime, key: str
    ) -> None:
        self.demo = demo
        self._attr_unique_id = f"{entry.entry_id}_{key}"
        self._attr_translation_key = key

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the clock."""
        self.async_on_remove(self.demo.async_listen(self._clock_moved))

    @callback
    def _clock_moved(self) -> None:
        self.async_write_ha_state()


class SimulatedTimeSensor(DemoSensor):
    """The instant the demo has reached."""

    _attr_device_class = SensorDeviceClass.TIMESTAMP
    _attr_entity_category = EntityCategory.DIAGNOSTIC

    def __init__(self, entry: CommonWattConfigEntry, demo: DemoRuntime) -> None:
        super().__init__(entry, demo, "simulated_time")
        self._attr_device_info = DeviceInfo(identifiers={(DOMAIN, entry.entry_id)})

    @property
    @override
    def native_value(self) -> datetime:
        return datetime_from_instant(self.demo.now)


@dataclass(frozen=True, kw_only=True)
class AssetDescription(SensorEntityDescription):
    """Something of the user's demo home that is not behind Modbus."""

    value: Callable[[HomeState], float | None]


ASSETS: Final = (
    AssetDescription(
        key="hydrogen_power",
        device_class=SensorDeviceClass.POWER,
        native_unit_of_measurement=UnitOfPower.WATT,
        suggested_display_precision=0,
        value=lambda home: home.hydrogen_w,
    ),
    AssetDescription(
        key="hydrogen_stored",
        native_unit_of_measurement=PERCENTAGE,
        suggested_display_precision=0,
        value=lambda home: (
            None if home.hydrogen is None else home.hydrogen.fill_ppm / _PPM_PER_PERCENT
        ),
    ),
    AssetDescription(
        key="wind_share",
        device_class=SensorDeviceClass.POWER,
        native_unit_of_measurement=UnitOfPower.WATT,
        suggested_display_precision=0,
        value=lambda home: home.wind_share_w,
    ),
    AssetDescription(
        key="charging_at_work",
        device_class=SensorDeviceClass.POWER,
        native_unit_of_measurement=UnitOfPower.WATT,
        suggested_display_precision=0,
        value=lambda home: None if home.car is None else home.car.guest_w,
    ),
)


class AssetSensor(DemoSensor):
    """The hydrogen store, the share of the turbine, the car at work."""

    entity_description: AssetDescription

    def __init__(
        self,
        entry: CommonWattConfigEntry,
        demo: DemoRuntime,
        description: AssetDescription,
    ) -> None:
        super().__init__(entry, demo, description.key)
        self.entity_description = description
        self._attr_device_info = DeviceInfo(identifiers={(DOMAIN, entry.entry_id)})

    @property
    @override
    def available(self) -> bool:
        return bool(self.demo.homes)

    @property
    @override
    def native_value(self) -> float | None:
        homes = self.demo.homes
        return self.entity_description.value(homes[0].state) if homes else None


class NeighbourPowerSensor(DemoSensor):
    """Power at the meter of one home of the street: + from the grid, - into it."""

    _attr_device_class = SensorDeviceClass.POWER
    _attr_native_unit_of_measurement = UnitOfPower.WATT
    _attr_suggested_display_precision = 0

    def __init__(
        self, entry: CommonWattConfigEntry, demo: DemoRuntime, home_key: str
    ) -> None:
        super().__init__(entry, demo, f"power_{home_key}")
        self._home_key = home_key
        self._attr_translation_key = "street_power"
        self._attr_translation_placeholders = {
            "home": demo.names[f"demo_home_{home_key}"]
        }
        self._attr_device_info = DeviceInfo(
            identifiers={(DOMAIN, f"{entry.entry_id}_neighbours")},
            translation_key="neighbours",
            entry_type=DeviceEntryType.SERVICE,
            manufacturer="CommonWatt",
            via_device_id=demo.home.hub.id,
        )

    @property
    def _glance(self) -> HomeGlance | None:
        homes = (g for g in self.demo.homes if g.key == self._home_key)
        return next(homes, None)

    @property
    @override
    def available(self) -> bool:
        return self._glance is not None

    @property
    @override
    def native_value(self) -> int | None:
        return None if self._glance is None else self._glance.state.grid_w
