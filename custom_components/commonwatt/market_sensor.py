"""Sensors of the market: what energy costs next door, and what the home makes of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import (
    PERCENTAGE,
    EntityCategory,
    UnitOfEnergy,
    UnitOfPower,
)

from .data import CommonWattConfigEntry
from .engine.model.period import datetime_from_instant
from .engine.model.units import MICRO_PER_UNIT, NANO_PER_UNIT, PPM
from .engine.node import NodeStatus
from .engine.peer import Phase
from .local_day import day_started_at
from .market_entity import MarketEntity

type Attributes = dict[str, str | float | bool]

_PPM_PER_PERCENT: Final = PPM // 100
_CURRENCY: Final = "{currency}"
"""Stands for Home Assistant's currency in the unit of a description."""


@dataclass(frozen=True, kw_only=True)
class MarketSensorDescription(SensorEntityDescription):
    """How a sensor shows one part of the node's status."""

    value: Callable[[NodeStatus], float | str | None]
    """None is unknown."""

    attributes: Callable[[NodeStatus], Attributes] | None = None
    starts_at_midnight: bool = False


def _price(status: NodeStatus) -> float | None:
    price = status.clearing_price_micro_per_kwh
    if price is None or status.members == 1:
        return None  # nobody to trade with: no price
    return price / MICRO_PER_UNIT


def _saved_today(status: NodeStatus) -> float | None:
    saved_nano = status.saved_nano_today
    return None if saved_nano is None else saved_nano / NANO_PER_UNIT


def _percent(share_ppm: int | None) -> float | None:
    return None if share_ppm is None else share_ppm / _PPM_PER_PERCENT


def _faults(status: NodeStatus) -> Attributes:
    """Count by what was done, not by who did it: names belong in diagnostics."""
    counts: Attributes = {}
    for (_, fault), count in sorted(
        status.faults.items(), key=lambda item: item[0][1].value
    ):
        counts[fault.value] = int(counts.get(fault.value, 0)) + count
    return counts


SENSORS: Final = (
    MarketSensorDescription(
        key="clearing_price",
        native_unit_of_measurement=f"{_CURRENCY}/{UnitOfEnergy.KILO_WATT_HOUR}",
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=4,
        value=_price,
        attributes=lambda status: {"final": status.clearing_price_final},
    ),
    MarketSensorDescription(
        key="neighbour_power",
        device_class=SensorDeviceClass.POWER,
        native_unit_of_measurement=UnitOfPower.WATT,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        value=lambda status: status.neighbour_power_w,
    ),
    MarketSensorDescription(
        key="energy_bought",
        device_class=SensorDeviceClass.ENERGY,
        native_unit_of_measurement=UnitOfEnergy.WATT_HOUR,
        suggested_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        state_class=SensorStateClass.TOTAL_INCREASING,
        suggested_display_precision=2,
        value=lambda status: status.bought_wh_total,
    ),
    MarketSensorDescription(
        key="energy_sold",
        device_class=SensorDeviceClass.ENERGY,
        native_unit_of_measurement=UnitOfEnergy.WATT_HOUR,
        suggested_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        state_class=SensorStateClass.TOTAL_INCREASING,
        suggested_display_precision=2,
        value=lambda status: status.sold_wh_total,
    ),
    MarketSensorDescription(
        key="saved_today",
        device_class=SensorDeviceClass.MONETARY,
        native_unit_of_measurement=_CURRENCY,
        state_class=SensorStateClass.TOTAL,
        suggested_display_precision=2,
        value=_saved_today,
        attributes=lambda status: {"basis": status.saved_basis.value},
        starts_at_midnight=True,
    ),
    MarketSensorDescription(
        key="local_share",
        native_unit_of_measurement=PERCENTAGE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        value=lambda status: _percent(status.local_share_ppm),
    ),
    MarketSensorDescription(
        key="self_sufficiency",
        native_unit_of_measurement=PERCENTAGE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        value=lambda status: _percent(status.self_sufficiency_ppm),
    ),
    MarketSensorDescription(
        key="members_online",
        state_class=SensorStateClass.MEASUREMENT,
        value=lambda status: status.members_online,
        attributes=lambda status: {"members": status.members},
    ),
    MarketSensorDescription(
        key="community_pool",
        device_class=SensorDeviceClass.ENERGY_STORAGE,
        native_unit_of_measurement=UnitOfEnergy.WATT_HOUR,
        suggested_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
        value=lambda status: sum(one.gift.energy_wh for one in status.pool),
        attributes=lambda status: {"gifts": len(status.pool)},
    ),
    MarketSensorDescription(
        key="round_state",
        device_class=SensorDeviceClass.ENUM,
        options=[phase.value for phase in Phase],
        value=lambda status: status.phase.value,
        attributes=lambda status: {
            "delivery_start": datetime_from_instant(
                status.round_period.start
            ).isoformat()
        },
    ),
    MarketSensorDescription(
        key="settled_periods",
        entity_category=EntityCategory.DIAGNOSTIC,
        state_class=SensorStateClass.TOTAL_INCREASING,
        value=lambda status: status.settled_periods,
    ),
    MarketSensorDescription(
        key="open_periods",
        entity_category=EntityCategory.DIAGNOSTIC,
        state_class=SensorStateClass.MEASUREMENT,
        value=lambda status: status.open_periods,
    ),
    MarketSensorDescription(
        key="peer_faults",
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        state_class=SensorStateClass.TOTAL_INCREASING,
        value=lambda status: sum(status.faults.values()),
        attributes=_faults,
    ),
)


def market_sensors(entry: CommonWattConfigEntry) -> list[SensorEntity]:
    """Return the sensors of the market for a home or for the demo."""
    return [MarketSensor(entry, description) for description in SENSORS]


class MarketSensor(MarketEntity, SensorEntity):
    """One part of the node's status."""

    entity_description: MarketSensorDescription

    def __init__(
        self, entry: CommonWattConfigEntry, description: MarketSensorDescription
    ) -> None:
        super().__init__(entry, description.key)
        self.entity_description = description
        if entry.runtime_data.home.simulated:
            # Nobody's recorder compiles statistics of a time that never was.
            self._attr_state_class = None

    @property
    @override
    def native_unit_of_measurement(self) -> str | None:
        unit = self.entity_description.native_unit_of_measurement
        return unit and unit.replace(_CURRENCY, self.hass.config.currency)

    @property
    @override
    def native_value(self) -> float | str | None:
        status = self.status
        return None if status is None else self.entity_description.value(status)

    @property
    @override
    def last_reset(self) -> datetime | None:
        status = self.status
        resets = self.entity_description.starts_at_midnight and self.state_class
        if not resets or status is None:
            return None
        return datetime_from_instant(day_started_at(status.at))

    @property
    @override
    def extra_state_attributes(self) -> Attributes | None:
        attributes, status = self.entity_description.attributes, self.status
        return None if attributes is None or status is None else attributes(status)
