"""Heat in a building and in a tank: integer stores of warmth and what heats them."""

from typing import Final

from ...model.units import PPM
from .commands import PowerCommand
from .spec import HeatPumpSpec, HotWaterSpec
from .store import MJ_PER_WH

ZERO_C_MILLIK: Final = 273_150
CARNOT_SHARE_PPM: Final = 400_000
"""Part of the ideal performance that air-to-water heat pumps reach."""

MILLIC_PER_K: Final = 1_000
COMFORT_MILLIC_MIN: Final = 18_000
COMFORT_MILLIC_MAX: Final = 23_000
NIGHT: Final = (22 * 60, 5 * 60)
GAIN_W_PER_K: Final = 4_000
"""How hard the controller heats against a difference."""

WATER_WH_PER_L_K: Final = (1_163, 1_000)
"""1.163 Wh per litre and kelvin."""

TANK_MILLIC_WARM: Final = (57_000, 62_000)
"""In its hours the heater goes on below the first and off above the second."""

TANK_MILLIC_RESCUE: Final = (42_000, 46_000)
"""The same outside its hours; no command can keep it off below the first."""

TANK_MILLIC_MAX: Final = 70_000
TANK_LOSS_W: Final = 60
ROOM_MILLIC: Final = 18_000


class Warmth:
    """Heat above 0 degrees Celsius in something with a heat capacity."""

    __slots__ = ("_capacity_mj_per_k", "_heat_mj")

    def __init__(self, *, capacity_mj_per_k: int, millic: int) -> None:
        self._capacity_mj_per_k = capacity_mj_per_k
        self._heat_mj = capacity_mj_per_k * millic // MILLIC_PER_K

    @property
    def millic(self) -> int:
        """Temperature in thousandths of a degree Celsius."""
        return self._heat_mj * MILLIC_PER_K // self._capacity_mj_per_k

    def flow(self, heat_w: int, span_ms: int) -> None:
        """Let ``heat_w`` flow in (out, if negative) for ``span_ms``."""
        self._heat_mj += heat_w * span_ms


def performance_ppm(*, outdoor_millic: int, supply_c: int) -> int:
    """Return the heat pump's coefficient of performance, in ppm.

    A fixed share of Carnot's, the usual first model; the documentation of oemof.thermal
    gives 0.4 for air-source machines.
    """
    supply_millik = supply_c * 1_000 + ZERO_C_MILLIK
    lift_millik = max(supply_c * 1_000 - outdoor_millic, 15_000)
    return CARNOT_SHARE_PPM * supply_millik // lift_millik


class HeatPump:
    """Holds the building near its target, cooler at night; modulates, or stops."""

    __slots__ = ("_building", "_gain_w", "_running", "_running_next", "power_w", "spec")

    def __init__(self, spec: HeatPumpSpec) -> None:
        self.spec = spec
        self._building = Warmth(
            capacity_mj_per_k=spec.capacity_wh_per_k * MJ_PER_WH,
            millic=spec.indoor_millic_target,
        )
        self.power_w = 0
        self._gain_w = 0
        self._running = self._running_next = False

    def indoor_millic(self) -> int:
        """Temperature indoors."""
        return self._building.millic

    def decide(
        self, *, outdoor_millic: int, local_minute: int, command: PowerCommand | None
    ) -> int:
        """Choose the electric power; a command holds while people are comfortable."""
        indoor = self.indoor_millic()
        loss_w = self.spec.loss_w_per_k * (indoor - outdoor_millic) // MILLIC_PER_K
        cop_ppm = performance_ppm(
            outdoor_millic=outdoor_millic, supply_c=self.spec.supply_c
        )
        wanted_w = self._thermostat_w(indoor, loss_w, cop_ppm, local_minute)
        if command is not None and COMFORT_MILLIC_MIN < indoor < COMFORT_MILLIC_MAX:
            wanted_w = command.power_w
        self.power_w = self._modulated_w(wanted_w)
        self._running_next = self.power_w > 0
        self._gain_w = self.power_w * cop_ppm // PPM - loss_w
        return self.power_w

    def pass_time(self, span_ms: int) -> None:
        """Let heat in and out."""
        self._building.flow(self._gain_w, span_ms)
        self._running = self._running_next

    def _thermostat_w(
        self, indoor: int, loss_w: int, cop_ppm: int, local_minute: int
    ) -> int:
        target = self.spec.indoor_millic_target
        if local_minute >= NIGHT[0] or local_minute < NIGHT[1]:
            target -= self.spec.setback_k * MILLIC_PER_K
        heat_w = loss_w + (target - indoor) * GAIN_W_PER_K // MILLIC_PER_K
        return max(0, heat_w) * PPM // cop_ppm

    def _modulated_w(self, wanted_w: int) -> int:
        """Stop below half of the least power, start again above the least power."""
        least_w = self.spec.power_w_min
        threshold_w = least_w // 2 if self._running else least_w
        if wanted_w < threshold_w:
            return 0
        return min(max(wanted_w, least_w), self.spec.power_w_max)


class HotWater:
    """A tank whose own clock heats it in its hours, and whenever it gets too cold."""

    __slots__ = ("_gain_w", "_heating", "_heating_next", "_tank", "power_w", "spec")

    def __init__(self, spec: HotWaterSpec) -> None:
        self.spec = spec
        wh, per_litre = WATER_WH_PER_L_K
        self._tank = Warmth(
            capacity_mj_per_k=spec.volume_l * wh * MJ_PER_WH // per_litre,
            millic=TANK_MILLIC_WARM[0],
        )
        self.power_w = 0
        self._gain_w = 0
        self._heating = self._heating_next = False

    def water_millic(self) -> int:
        """Temperature of the water."""
        return self._tank.millic

    def decide(
        self, *, drawn_w: int, local_minute: int, command: PowerCommand | None
    ) -> int:
        """Choose the heater's power while ``drawn_w`` of heat is tapped."""
        water = self.water_millic()
        after, before = self.spec.heats_after_minute, self.spec.heats_before_minute
        in_hours = after <= local_minute < before
        on_below, off_above = TANK_MILLIC_WARM if in_hours else TANK_MILLIC_RESCUE
        self._heating_next = water < off_above and (self._heating or water < on_below)
        self.power_w = min(self._wanted_w(water, command), self.spec.power_w)
        tapped_w = drawn_w if water > ROOM_MILLIC else 0
        self._gain_w = self.power_w - TANK_LOSS_W - tapped_w
        return self.power_w

    def pass_time(self, span_ms: int) -> None:
        """Let heat in and out."""
        self._tank.flow(self._gain_w, span_ms)
        self._heating = self._heating_next

    def _wanted_w(self, water: int, command: PowerCommand | None) -> int:
        if water >= TANK_MILLIC_MAX:
            return 0
        if command is not None and water >= TANK_MILLIC_RESCUE[0]:
            return max(0, command.power_w)
        return self.spec.power_w if self._heating_next else 0
