"""What a home can steer: stores, charging points and generators, with their limits.

Assets carry the names their devices have; this room knows no device.
"""

from dataclasses import dataclass
from typing import NewType

from ..model.period import Instant
from ..model.units import PPM

AssetId = NewType("AssetId", str)
"""Name of one asset of the home; equal to the ``DeviceId`` of the device behind it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """A battery, or a hydrogen store with its electrolyser and fuel cell."""

    id: AssetId
    capacity_wh: int
    """What a full store gives back."""

    reserve_wh: int = 0
    """Kept back, whatever it would earn."""

    charge_w_max: int
    discharge_w_max: int
    efficiency_ppm: int = 900_000
    """Energy that comes back of what went in (round trip)."""

    wear_micro_per_kwh: int = 0
    """What a delivered kWh costs in wear."""

    def __post_init__(self) -> None:
        """Refuse a store that gains energy, or has none."""
        if not 0 < self.efficiency_ppm <= PPM:
            raise ValueError(f"an efficiency of {self.efficiency_ppm} ppm")
        sizes = (self.capacity_wh, self.charge_w_max, self.discharge_w_max)
        if min(*sizes, self.reserve_wh) < 0:
            raise ValueError("a store has no negative size")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargingPoint:
    """A charging point, and what its car needs by when."""

    id: AssetId
    power_w_min: int = 1_380
    power_w_max: int = 11_000
    phases: int = 3
    needed_wh: int | None = None
    """Energy the car still wants; None: unknown."""

    leaves_at: Instant | None = None
    """When the car must have it; None: no hurry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Generator:
    """A generator that can be asked for power, such as a biogas CHP."""

    id: AssetId
    power_w_max: int
    power_w_min: int = 0
    """It runs at this power at least, or not at all."""

    cost_micro_per_kwh: int
    """What a kWh costs to make, heat accounted for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assets:
    """Everything steerable in one home; a home with nothing but a meter has none."""

    stores: tuple[Store, ...] = ()
    charging_points: tuple[ChargingPoint, ...] = ()
    generators: tuple[Generator, ...] = ()
