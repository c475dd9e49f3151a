"""The biogas plant: a digester fills a gas holder, an engine empties it."""

from typing import Final

from ...model.units import PPM
from .commands import PowerCommand
from .spec import CHPSpec
from .state import StoreState
from .store import Store

HEAT_HOURS: Final = ((6 * 60, 8 * 60 + 30), (18 * 60, 21 * 60))
"""Local minutes in which the farm wants heat: then the engine runs by itself."""

GAS_PPM_LOW: Final = 100_000
GAS_PPM_HIGH: Final = 900_000
GAS_PPM_RELIEVED: Final = 700_000


class BiogasCHP:
    """Runs in the hours of heat demand, on command, and always before gas is wasted."""

    __slots__ = (
        "_drain_w",
        "_relieving",
        "_relieving_next",
        "power_w",
        "spec",
        "store",
    )

    def __init__(self, spec: CHPSpec) -> None:
        self.spec = spec
        self.store = Store(
            capacity_wh=spec.gas_wh_max,
            fill_ppm=spec.gas_ppm_start,
            charge_efficiency_ppm=PPM,
            discharge_efficiency_ppm=spec.efficiency_ppm,
        )
        self.power_w = 0
        self._drain_w = 0
        self._relieving = self._relieving_next = False

    def decide(
        self, *, local_minute: int, command: PowerCommand | None, span_ms: int
    ) -> int:
        """Choose the electric power; gas that finds no room is flared."""
        fill_ppm = self.store.fill_ppm
        threshold = GAS_PPM_RELIEVED if self._relieving else GAS_PPM_HIGH
        self._relieving_next = fill_ppm > threshold
        wanted_w = self._wanted_w(local_minute, fill_ppm, command)
        able_w = self.store.giving_w_max(span_ms)
        power_w = min(wanted_w, able_w, self.spec.power_w_max)
        self.power_w = power_w if power_w >= self.spec.power_w_min else 0
        burnt_w = self.store.drain_w(self.power_w)
        room_w = self.store.taking_w_max(span_ms)
        self._drain_w = burnt_w - min(self.spec.gas_inflow_w, room_w + burnt_w)
        return self.power_w

    def pass_time(self, span_ms: int) -> None:
        """Let gas in and out."""
        self.store.flow(self._drain_w, span_ms)
        self._relieving = self._relieving_next

    def state(self) -> StoreState:
        """Return how full the gas holder is."""
        return StoreState(stored_wh=self.store.stored_wh, fill_ppm=self.store.fill_ppm)

    def _wanted_w(
        self, local_minute: int, fill_ppm: int, command: PowerCommand | None
    ) -> int:
        if self._relieving_next:
            return self.spec.power_w_max
        if command is not None:
            return command.power_w
        heat = any(start <= local_minute < end for start, end in HEAT_HOURS)
        return self.spec.power_w_max if heat and fill_ppm > GAS_PPM_LOW else 0
