"""The seasonal store: surplus becomes hydrogen, hydrogen becomes power."""

from ...model.units import PPM
from .commands import PowerCommand
from .spec import HydrogenSpec
from .state import StoreState
from .store import Store


class HydrogenStore:
    """Electrolyser, tank and fuel cell.  Neither machine runs below its part load."""

    __slots__ = ("_drain_w", "power_w", "spec", "store")

    def __init__(self, spec: HydrogenSpec) -> None:
        self.spec = spec
        self.store = Store(
            capacity_wh=spec.tank_wh,
            fill_ppm=spec.fill_ppm_start,
            charge_efficiency_ppm=spec.electrolyser_efficiency_ppm,
            discharge_efficiency_ppm=spec.fuel_cell_efficiency_ppm,
        )
        self.power_w = 0
        self._drain_w = 0

    def decide(self, *, rest_w: int, command: PowerCommand | None, span_ms: int) -> int:
        """Choose the power: as commanded, or what the battery leaves over."""
        wanted_w = rest_w if command is None else command.power_w
        if wanted_w >= 0:
            rated_w = self.spec.fuel_cell_w_max
            able_w = self.store.giving_w_max(span_ms)
            self.power_w = self._at_least_part_load(min(wanted_w, able_w), rated_w)
        else:
            rated_w = self.spec.electrolyser_w_max
            able_w = self.store.taking_w_max(span_ms)
            self.power_w = -self._at_least_part_load(min(-wanted_w, able_w), rated_w)
        self._drain_w = self.store.drain_w(self.power_w)
        return self.power_w

    def pass_time(self, span_ms: int) -> None:
        """Let the decided power flow."""
        self.store.flow(self._drain_w, span_ms)

    def state(self) -> StoreState:
        """Return how full the tank is."""
        return StoreState(stored_wh=self.store.stored_wh, fill_ppm=self.store.fill_ppm)

    def _at_least_part_load(self, power_w: int, rated_w: int) -> int:
        if power_w * PPM < rated_w * self.spec.part_load_ppm_min:
            return 0
        return min(power_w, rated_w)
