"""What stands in a simulated home: its devices and their sizes.  No state, no time."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NewType

from ...model.units import PPM

HomeKey = NewType("HomeKey", str)
"""Stable name of a home in its neighbourhood; its dice are thrown from it."""

NOMINAL_VOLTAGE_V: Final = 230
"""Between phase and neutral, IEC 60038."""

CHARGING_CURRENT_MA_MIN: Final = 6_000
"""Below this a charging point can only pause, IEC 61851-1 annex A."""


class Habit(StrEnum):
    """Who uses electricity here, and so at what times."""

    FAMILY = "family"
    SINGLE = "single"
    RETIRED = "retired"
    NIGHT_SHIFT = "night_shift"
    FARM = "farm"
    SCHOOL = "school"
    CAFE = "cafe"
    WORKSHOP = "workshop"
    MACHINE = "machine"
    """Nobody lives here: the steady load of a machine's own electronics."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PVSpec:
    """A solar generator with its inverter."""

    peak_w: int
    tilt_deg: int = 35
    azimuth_deg: int = 180
    """Direction it faces, clockwise from north."""

    inverter_w_max: int | None = None
    """What the inverter can deliver; None: as much as the generator's peak."""

    @property
    def output_w_max(self) -> int:
        """Most the inverter delivers, from sun and battery together."""
        return self.peak_w if self.inverter_w_max is None else self.inverter_w_max


@dataclass(frozen=True, slots=True, kw_only=True)
class BatterySpec:
    """A battery, seen from the alternating-current side of its inverter."""

    capacity_wh: int
    power_w_max: int
    charge_efficiency_ppm: int = 960_000
    discharge_efficiency_ppm: int = 960_000
    soc_ppm_min: int = 50_000
    soc_ppm_start: int = 400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class HydrogenSpec:
    """An electrolyser, a tank and a fuel cell; energy is lower heating value."""

    tank_wh: int
    electrolyser_w_max: int
    fuel_cell_w_max: int
    part_load_ppm_min: int = 200_000
    """Neither machine runs below this share of its rated power."""

    electrolyser_efficiency_ppm: int = 620_000
    fuel_cell_efficiency_ppm: int = 500_000
    fill_ppm_start: int = 500_000


@dataclass(frozen=True, slots=True, kw_only=True)
class WindSpec:
    """A wind turbine with a cubic power curve between cut-in and rated speed."""

    rated_w: int
    cut_in_mm_per_s: int = 3_000
    rated_mm_per_s: int = 11_000
    cut_out_mm_per_s: int = 25_000


@dataclass(frozen=True, slots=True, kw_only=True)
class WindShare:
    """A share of a turbine that stands, and is metered, elsewhere."""

    turbine: WindSpec
    share_ppm: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CHPSpec:
    """A combined heat and power unit on biogas: a gas holder that a digester fills."""

    power_w_max: int
    power_w_min: int
    efficiency_ppm: int = 380_000
    gas_wh_max: int
    gas_inflow_w: int
    gas_ppm_start: int = 500_000


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatPumpSpec:
    """A modulating air-to-water heat pump and the building it heats."""

    power_w_max: int
    power_w_min: int
    supply_c: int = 35
    loss_w_per_k: int
    capacity_wh_per_k: int
    indoor_millic_target: int = 20_500
    setback_k: int = 1
    """How much cooler it may be at night."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HotWaterSpec:
    """A tank of hot water with an electric heater of its own."""

    volume_l: int
    power_w: int
    people: int
    heats_after_minute: int = 0
    heats_before_minute: int = 24 * 60
    """Local minutes of the day between which the heater's own clock lets it run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """A journey repeated on days of the week (Monday is 0), in local minutes."""

    weekdays: tuple[int, ...]
    departs_minute: int
    returns_minute: int
    """May lie beyond midnight: then it is counted on from the day of departure."""

    energy_wh: int
    """What driving there and back takes out of the car's battery."""

    soc_ppm_needed: int
    """State of charge its driver wants to leave with."""

    is_to_work: bool = False
    """The car stands at a charging point where it can trade as a guest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CarSpec:
    """An electric car and the charging point it belongs to."""

    capacity_wh: int
    current_ma_max: int = 16_000
    phases: int = 3
    efficiency_ppm: int = 900_000
    """From the charging point's meter into the battery."""

    soc_ppm_start: int = 500_000
    soc_ppm_target: int = 900_000
    """Where the car itself stops charging."""

    trips: tuple[Trip, ...] = ()

    @property
    def power_w_max(self) -> int:
        """What the charging point gives at its highest current."""
        return self.power_w(self.current_ma_max)

    def power_w(self, current_ma: int) -> int:
        """Return the power at ``current_ma`` in each phase and nominal voltage."""
        return current_ma * self.phases * NOMINAL_VOLTAGE_V // 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeSpec:
    """One home of a neighbourhood: who lives there and what it has."""

    key: HomeKey
    habit: Habit
    load_kwh_per_year: int
    pv: PVSpec | None = None
    battery: BatterySpec | None = None
    hydrogen: HydrogenSpec | None = None
    wind: WindSpec | None = None
    wind_share: WindShare | None = None
    chp: CHPSpec | None = None
    heat_pump: HeatPumpSpec | None = None
    hot_water: HotWaterSpec | None = None
    car: CarSpec | None = None

    def __post_init__(self) -> None:
        """Refuse a share of a turbine that is none."""
        if self.wind_share is not None and not 0 < self.wind_share.share_ppm <= PPM:
            msg = f"{self.key}: a share lies between nothing and the whole turbine"
            raise ValueError(msg)
