"""Where what the home used today came from, and the carbon it carried.

Of the settled delivery periods since midnight; while nobody knows, the sensors do not.
"""

from typing import Final

from homeassistant.components.sensor import SensorEntity, SensorStateClass
from homeassistant.const import PERCENTAGE, UnitOfEnergy, UnitOfMass

from .data import CommonWattConfigEntry
from .engine.node import NodeStatus, Supplier
from .market_sensor import Attributes, MarketSensor, MarketSensorDescription

_PPM_PER_PERCENT: Final = 10_000
_MG_PER_G: Final = 1000


def origin_sensors(entry: CommonWattConfigEntry) -> list[SensorEntity]:
    """Return the sensors of origin and carbon for a home or for the demo."""
    return [MarketSensor(entry, description) for description in SENSORS]


def _share_of(supplier: Supplier, *, key: str) -> MarketSensorDescription:
    def percent(status: NodeStatus) -> float | None:
        if not status.origin_today:
            return None
        return sum(_shares(status).values()) / _PPM_PER_PERCENT

    def by_source(status: NodeStatus) -> Attributes:
        return {
            source: share_ppm / _PPM_PER_PERCENT
            for source, share_ppm in _shares(status).items()
        }

    def _shares(status: NodeStatus) -> dict[str, int]:
        return {
            one.source.value: one.share_ppm
            for one in status.origin_today
            if one.supplier is supplier
        }

    return MarketSensorDescription(
        key=key,
        native_unit_of_measurement=PERCENTAGE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        value=percent,
        attributes=by_source,
    )


def _carbon_g(status: NodeStatus) -> float | None:
    carbon_mg = status.carbon_mg_today
    return None if carbon_mg is None else carbon_mg / _MG_PER_G


SENSORS: Final = (
    _share_of(Supplier.OWN, key="own_share"),
    _share_of(Supplier.NEIGHBOUR, key="neighbour_share"),
    _share_of(Supplier.GRID, key="grid_share"),
    MarketSensorDescription(
        key="carbon_today",
        native_unit_of_measurement=UnitOfMass.GRAMS,
        state_class=SensorStateClass.TOTAL,
        suggested_display_precision=0,
        value=_carbon_g,
        starts_at_midnight=True,
    ),
    MarketSensorDescription(
        key="carbon_intensity",
        native_unit_of_measurement=f"{UnitOfMass.GRAMS}/{UnitOfEnergy.KILO_WATT_HOUR}",
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        value=lambda status: status.carbon_g_per_kwh_today,
    ),
)
