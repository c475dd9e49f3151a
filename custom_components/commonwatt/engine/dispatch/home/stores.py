"""Everything that keeps energy for later: battery, car, hot water, hydrogen.

All of them obey the same recursion (docs/reference/dispatch-model.md); they differ in
what flows in and out.  Powers are electric and at the home's side of the converter.
"""

from dataclasses import dataclass
from typing import Final

from ...model.period import Instant
from ...model.units import PPM
from ..assets import AssetId
from .dwell import UNBOUND, Dwell

PUBLIC_CHARGING_MICRO_PER_KWH: Final = 650_000
"""What a kWh costs on the road: the price of a car that leaves too empty."""

COMFORT_MICRO_PER_KWH: Final = 2_000_000
"""What a kWh of heat is worth that is missing when somebody turns the tap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """Energy that should be in a store at an instant, and what each missing kWh costs.

    Always soft: a goal nobody can reach is missed, never a reason not to plan.
    """

    at: Instant
    stored_wh: int
    miss_micro_per_kwh: int = PUBLIC_CHARGING_MICRO_PER_KWH


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """What the next ``energy_wh`` above the reserve are worth at the horizon's end."""

    energy_wh: int
    price_micro_per_kwh: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Taper:
    """Charging power falls linearly from ``from_ppm`` full on, to ``power_w`` at full.

    The line is a cut above the curve of a real battery: a plan never counts on more.
    """

    from_ppm: int
    power_w: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DepthWear:
    """What a kWh costs that is taken out of deep cycles, beyond the wear of any kWh."""

    share_ppm: int
    """Of the capacity: how deep such cycles are, beyond the ones before."""

    micro_per_kwh: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Battery:
    """A stationary battery."""

    id: AssetId
    stored_wh: int | None
    """None: unknown. The battery is then left out of the plan."""

    capacity_wh: int
    reserve_wh: int = 0
    """Kept back; below it the battery is charged as soon as possible."""

    charge_w_max: int
    discharge_w_max: int
    charge_ppm: int = 950_000
    discharge_ppm: int = 950_000
    loss_ppm_per_hour: int = 0
    wear_micro_per_kwh: int = 0
    """What a kWh in costs in wear, and a kWh out: half of a full cycle each."""

    depth_wear: tuple[DepthWear, ...] = ()
    """From the shallowest cycles to the deepest; the last speaks for the rest."""

    taper: Taper | None = None
    goals: tuple[Goal, ...] = ()
    worth: tuple[Worth, ...] | None = None
    """Falling prices; None: estimated from the prices of the horizon."""

    charges_from_grid: bool = True
    discharges_to_grid: bool = True
    forms_island: bool = True
    """Its energy counts for hours without the grid."""

    def __post_init__(self) -> None:
        """Refuse a battery that gains energy, or has none."""
        _check_store(self.capacity_wh, self.reserve_wh, self.worth)
        _check_share(self.charge_ppm, self.discharge_ppm)
        prices = [depth.micro_per_kwh for depth in self.depth_wear]
        if prices != sorted(prices) or min(prices, default=0) < 0:
            raise ValueError("a deeper cycle never wears a battery less")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """A car is away in ``[leaves_at, returns_at)`` and needs ``energy_wh`` for it."""

    leaves_at: Instant
    returns_at: Instant | None
    """None: it does not come back within the horizon, or nobody knows when."""

    energy_wh: int = 0
    stored_wh_goal: int = 0
    """What should be in the car when it leaves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Car:
    """A car: a store that comes and goes."""

    id: AssetId
    stored_wh: int | None
    capacity_wh: int
    reserve_wh: int = 0
    """What the car never gives to the house."""

    charge_w_min: int = 1_380
    charge_w_max: int
    discharge_w_max: int = 0
    """V2H/V2G; 0: the car cannot give back."""

    charge_ppm: int = 920_000
    discharge_ppm: int = 920_000
    wear_micro_per_kwh: int = 0
    arrives_at: Instant | None = None
    """When it is plugged in; None: it is."""

    trips: tuple[Trip, ...] = ()
    """In order of time."""

    public_micro_per_kwh: int = PUBLIC_CHARGING_MICRO_PER_KWH
    worth: tuple[Worth, ...] | None = None
    forms_island: bool = False

    def __post_init__(self) -> None:
        """Refuse a car that gains energy, or has none."""
        _check_store(self.capacity_wh, self.reserve_wh, self.worth)
        _check_share(self.charge_ppm, self.discharge_ppm)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tank:
    """Heat above the lowest useful temperature, made by a heat pump or a heater."""

    id: AssetId
    stored_wh: int | None
    """Thermal, as is everything but the power of the heat pump."""

    capacity_wh: int
    reserve_wh: int = 0
    power_w_max: int
    power_w_min: int = 0
    cop_ppm: tuple[int, ...]
    """Heat out of a unit of electricity, for every step: the weather is data."""

    draw_w: tuple[int, ...]
    """Heat taken, for every step."""

    loss_ppm_per_hour: int = 10_000
    comfort_micro_per_kwh: int = COMFORT_MICRO_PER_KWH
    worth: tuple[Worth, ...] | None = None
    dwell: Dwell = UNBOUND
    """Of the heat pump."""

    def __post_init__(self) -> None:
        """Refuse a tank without heat."""
        _check_store(self.capacity_wh, self.reserve_wh, self.worth)


@dataclass(frozen=True, slots=True, kw_only=True)
class Converter:
    """A machine between electricity and hydrogen."""

    power_w_max: int
    power_w_min: int = 0
    """It runs at this power at least, or not at all."""

    efficiency_ppm: int
    start_micro: int = 0
    """What a start costs, in micro-currency."""

    heat_ppm: int = 0
    """Useful waste heat for each unit of electric power."""

    dwell: Dwell = UNBOUND


@dataclass(frozen=True, slots=True, kw_only=True)
class HydrogenStore:
    """A pressure tank with an electrolyser and a fuel cell; energy is that of the gas.

    The season decides what the gas is worth, not the next two days: ``worth`` is given.
    """

    id: AssetId
    stored_wh: int | None
    capacity_wh: int
    reserve_wh: int = 0
    electrolyser: Converter
    fuel_cell: Converter
    worth: tuple[Worth, ...] | None = None
    warms: AssetId | None = None
    """The tank its waste heat goes to."""

    forms_island: bool = False

    def __post_init__(self) -> None:
        """Refuse a store that gains energy, or has none."""
        _check_store(self.capacity_wh, self.reserve_wh, self.worth)
        _check_share(self.electrolyser.efficiency_ppm, self.fuel_cell.efficiency_ppm)


type Storage = Battery | Car | Tank | HydrogenStore


def _check_store(
    capacity_wh: int, reserve_wh: int, worth: tuple[Worth, ...] | None
) -> None:
    if not 0 <= reserve_wh <= capacity_wh:
        raise ValueError(f"a reserve of {reserve_wh} Wh in {capacity_wh} Wh")
    prices = [segment.price_micro_per_kwh for segment in worth or ()]
    if prices != sorted(prices, reverse=True):
        raise ValueError("the next kWh in a store is never worth more than the last")


def _check_share(*shares_ppm: int) -> None:
    for share_ppm in shares_ppm:
        if not 0 < share_ppm <= PPM:
            raise ValueError(f"an efficiency of {share_ppm} ppm")
