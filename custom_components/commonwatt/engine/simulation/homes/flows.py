"""Powers of one moment, and the meters that count what flows."""

from dataclasses import fields
from typing import Final, NamedTuple

from .state import Counters, Phases
from .store import MJ_PER_WH

COUNTER_NAMES: Final = tuple(field.name for field in fields(Counters))


class Flows(NamedTuple):
    """Powers in W that hold for a while."""

    load_w: int = 0
    heat_pump_w: int = 0
    hot_water_w: int = 0
    charger_w: int = 0
    pv_w: int = 0
    wind_w: int = 0
    chp_w: int = 0
    battery_w: int = 0
    hydrogen_w: int = 0
    guest_w: int = 0
    wind_share_w: int = 0

    @property
    def grid_w(self) -> int:
        """What the grid has to give so that the meter's node is in balance."""
        return (
            self.load_w
            + self.heat_pump_w
            + self.hot_water_w
            + self.charger_w
            - self.pv_w
            - self.wind_w
            - self.chp_w
            - self.battery_w
            - self.hydrogen_w
        )


class Meters:
    """Energy of every flow since the start, exact in mJ; each only counts up."""

    __slots__ = ("_mj", "_rates")

    def __init__(self) -> None:
        self._mj = [0] * (len(COUNTER_NAMES) + 6)
        self._rates: tuple[int, ...] = ()

    def hold(self, flows: Flows, phases_w: Phases) -> None:
        """From now on these powers flow, and these through the phases of the meter."""
        grid_w = flows.grid_w
        self._rates = (
            max(grid_w, 0),
            max(-grid_w, 0),
            flows.load_w,
            flows.heat_pump_w,
            flows.hot_water_w,
            flows.charger_w,
            flows.pv_w,
            flows.wind_w,
            flows.chp_w,
            max(-flows.battery_w, 0),
            max(flows.battery_w, 0),
            max(flows.pv_w + flows.battery_w, 0),
            max(-flows.hydrogen_w, 0),
            max(flows.hydrogen_w, 0),
            flows.guest_w,
            flows.wind_share_w,
            *(max(phase_w, 0) for phase_w in phases_w),
            *(max(-phase_w, 0) for phase_w in phases_w),
        )
        assert min(self._rates) >= 0, "meters count upwards"

    def pass_time(self, span_ms: int) -> None:
        """Count ``span_ms`` of what flows."""
        self._mj = [
            energy + power * span_ms
            for energy, power in zip(self._mj, self._rates, strict=True)
        ]

    def counters(self) -> Counters:
        """Return what the displays show: whole Wh."""
        return Counters(
            **{
                name: energy // MJ_PER_WH
                for name, energy in zip(COUNTER_NAMES, self._mj, strict=False)
            }
        )

    def phases_wh(self) -> tuple[Phases, Phases]:
        """Return what each phase imported and exported, counted by itself."""
        a, b, c, d, e, f = (mj // MJ_PER_WH for mj in self._mj[len(COUNTER_NAMES) :])
        return (a, b, c), (d, e, f)
