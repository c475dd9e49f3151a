"""What can be seen of a simulated home at one instant, in integers as a meter has."""

from dataclasses import dataclass
from enum import StrEnum

from ...model.period import Instant
from .spec import HomeKey

type Phases = tuple[int, int, int]
"""One value for each phase at the meter."""


class BatteryMode(StrEnum):
    """Who decides what the battery does."""

    SELF_CONSUMPTION = "self_consumption"
    COMMANDED = "commanded"


class Place(StrEnum):
    """Where the car is."""

    HOME = "home"
    ROAD = "road"
    WORK = "work"
    AWAY = "away"
    """Parked where it cannot charge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counters:
    """Energy since the home's model started, each in whole Wh; none ever decreases."""

    import_wh: int
    export_wh: int
    load_wh: int
    heat_pump_wh: int
    hot_water_wh: int
    charger_wh: int
    pv_wh: int
    wind_wh: int
    chp_wh: int
    battery_charged_wh: int
    battery_discharged_wh: int
    inverter_wh: int
    """Delivered by sun and battery together; what they take together is not counted."""

    electrolyser_wh: int
    fuel_cell_wh: int
    guest_wh: int
    """Charged at work, where a metering point of its own counts it."""

    wind_share_wh: int
    """The home's share of a turbine that is metered elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatteryState:
    """The battery as its management sees it."""

    stored_wh: int
    soc_ppm: int
    mode: BatteryMode
    charge_w_max: int
    """Most it can take now, at the alternating-current side."""

    discharge_w_max: int
    """Most it can give now, at the alternating-current side."""

    dc_power_w: int
    """Power at the cells; + is discharging.  Stored energy follows it exactly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CarState:
    """The car and the charging point of the home."""

    place: Place
    stored_wh: int
    soc_ppm: int
    offered_ma: int
    """Current the home's charging point offers in each phase; 0: paused."""

    session_wh: int
    """Charged at home since the car was plugged in."""

    departs_at: Instant | None
    """Next departure from home, also while the car is away; None: it never leaves."""

    needed_wh: int
    """Energy the charging point still has to deliver for that departure."""

    guest_w: int
    """Charging power at work; not part of the home's meter."""

    @property
    def is_connected(self) -> bool:
        """Tell whether the car is plugged in at home."""
        return self.place is Place.HOME


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreState:
    """A tank or gas holder."""

    stored_wh: int
    fill_ppm: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeState:
    """Powers, stores and counters of a home at the instant ``at``.

    Signs are those of the process image: grid + is import, battery + is discharging,
    hydrogen + is the fuel cell.  Producers and consumers are never negative.
    """

    key: HomeKey
    at: Instant
    grid_w: int
    grid_phases_w: Phases
    load_w: int
    heat_pump_w: int
    hot_water_w: int
    charger_w: int
    pv_w: int
    pv_available_w: int
    """What the sun would give without a limit."""

    wind_w: int
    chp_w: int
    battery_w: int
    hydrogen_w: int
    wind_share_w: int
    counters: Counters
    import_phases_wh: Phases
    export_phases_wh: Phases
    """Each phase counted by itself: their sums exceed the meter's own counters."""

    battery: BatteryState | None
    hydrogen: StoreState | None
    biogas: StoreState | None
    car: CarState | None
    indoor_millic: int | None
    hot_water_millic: int | None
    outdoor_millic: int
    is_estimated: bool
    """A sample of a recorded series is missing now and another one stands in for it."""

    @property
    def consumption_w(self) -> int:
        """All the home uses, the car included."""
        return self.load_w + self.heat_pump_w + self.hot_water_w + self.charger_w

    @property
    def production_w(self) -> int:
        """All that is generated behind the meter; stores are not generation."""
        return self.pv_w + self.wind_w + self.chp_w

    @property
    def inverter_w(self) -> int:
        """Output of the hybrid inverter: sun and battery together, negative: taking."""
        return self.pv_w + self.battery_w
