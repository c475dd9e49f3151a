"""What the controller steers by until the next look at the plan.

Limits of the devices, what their energy is allowed to do at present prices, and the
exchange with the grid to hold.  Powers in W: batteries + discharging, grid + import.
"""

from dataclasses import dataclass
from typing import Final

from ...model.period import MINUTE_MS, Instant
from ..assets import AssetId


@dataclass(frozen=True, slots=True, kw_only=True)
class BatteryCourse:
    """One battery: how far it may go, and what for."""

    id: AssetId
    charge_w_max: int
    discharge_w_max: int
    capacity_wh: int
    floor_wh: int = 0
    """Not discharged below this."""

    may_charge: bool
    """A kWh left over is worth more in the battery than fed in."""

    may_discharge: bool
    """A kWh in the battery is worth less than the import it would replace."""

    forced_w: int | None = None
    """Charge from the grid, or sell from the battery, at this power; None: balance."""

    def __post_init__(self) -> None:
        """Refuse limits that contradict each other."""
        if min(self.charge_w_max, self.discharge_w_max, self.floor_wh) < 0:
            raise ValueError("a battery has no negative limit")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargerCourse:
    """One charging point: what the plan gives the car, and what it may take besides."""

    id: AssetId
    planned_w: int
    """0: the car waits."""

    takes_surplus: bool
    """A kWh left over is worth more in the car than fed in."""

    current_ma_min: int = 6_000
    """Below this a charging point can only pause (IEC 61851-1, annex A)."""

    current_ma_max: int = 16_000
    phases: int = 3
    volts: int = 230
    needed_wh: int | None = None
    leaves_at: Instant | None = None

    def power_w(self, current_ma: int) -> int:
        """Return the power at ``current_ma`` in each phase."""
        return current_ma * self.volts * self.phases // 1_000

    def current_ma(self, power_w: int) -> int:
        """Return the current per phase for ``power_w``, rounded down."""
        return max(0, power_w) * 1_000 // (self.volts * self.phases)


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerRange:
    """A machine runs at ``w_min`` at least, at ``w_max`` at most, or not at all."""

    w_min: int
    w_max: int

    def __post_init__(self) -> None:
        """Refuse a range that is none."""
        if not 0 <= self.w_min <= self.w_max:
            raise ValueError(f"from {self.w_min} to {self.w_max} W")


STANDING_STILL: Final = PowerRange(w_min=0, w_max=0)

ON_MS_MIN: Final = 15 * MINUTE_MS
"""Of a machine nobody knows more of; as is ``OFF_MS_MIN``."""

OFF_MS_MIN: Final = 10 * MINUTE_MS


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineCourse:
    """A machine that does not like to be switched: heat pump, generator, hydrogen."""

    id: AssetId
    planned_w: int
    """+ gives, - takes, 0: off."""

    gives: PowerRange = STANDING_STILL
    takes: PowerRange = STANDING_STILL
    on_ms_min: int = ON_MS_MIN
    off_ms_min: int = OFF_MS_MIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Everything to steer by."""

    grid_w_target: int = 0
    """Exchange to hold: 0, or what delivers what was traded."""

    import_w_max: int
    export_w_max: int
    batteries: tuple[BatteryCourse, ...] = ()
    """In the order in which they balance the meter."""

    chargers: tuple[ChargerCourse, ...] = ()
    machines: tuple[MachineCourse, ...] = ()
