"""The battery of a home behind a hybrid inverter: balances the meter, or obeys."""

from ...model.period import MINUTE_MS
from .commands import BatteryCommand
from .spec import BatterySpec
from .state import BatteryMode, BatteryState
from .store import Store


class Battery:
    """Decides for a span of time, then lets that time pass.

    Deciding again before time has passed replaces the decision and leaves no trace.
    """

    __slots__ = ("_drain_w", "_floor_ppm", "_mode", "power_w", "spec", "store")

    def __init__(self, spec: BatterySpec) -> None:
        self.spec = spec
        self.store = Store(
            capacity_wh=spec.capacity_wh,
            fill_ppm=spec.soc_ppm_start,
            charge_efficiency_ppm=spec.charge_efficiency_ppm,
            discharge_efficiency_ppm=spec.discharge_efficiency_ppm,
        )
        self.power_w = 0
        self._drain_w = 0
        self._floor_ppm = spec.soc_ppm_min
        self._mode = BatteryMode.SELF_CONSUMPTION

    def decide(
        self,
        *,
        net_w: int,
        sun_w: int,
        output_w_max: int,
        command: BatteryCommand | None,
        reserve_ppm: int,
        span_ms: int,
    ) -> int:
        """Choose the power that comes nearest to balancing ``net_w`` at the meter.

        ``output_w_max`` is what the inverter can deliver from sun and battery.  A
        command narrows the choice; what the battery can do narrows it last.
        """
        self._floor_ppm = max(self.spec.soc_ppm_min, reserve_ppm)
        self._mode = BatteryMode.SELF_CONSUMPTION
        power_w = net_w
        taking_w_max = self._taking_w_max(span_ms)
        if command is not None:
            self._mode = BatteryMode.COMMANDED
            power_w = min(max(power_w, command.power_w_min), command.power_w_max)
            if not command.charging_from_grid_allowed:
                taking_w_max = min(taking_w_max, sun_w)
        giving_w_max = min(self._giving_w_max(span_ms), max(0, output_w_max - sun_w))
        self.power_w = min(max(power_w, -taking_w_max), giving_w_max)
        self._drain_w = self.store.drain_w(self.power_w)
        return self.power_w

    def pass_time(self, span_ms: int) -> None:
        """Let the decided power flow."""
        self.store.flow(self._drain_w, span_ms)

    def state(self) -> BatteryState:
        """Return what the battery's management shows."""
        return BatteryState(
            stored_wh=self.store.stored_wh,
            soc_ppm=self.store.fill_ppm,
            mode=self._mode,
            charge_w_max=self._taking_w_max(MINUTE_MS),
            discharge_w_max=self._giving_w_max(MINUTE_MS),
            dc_power_w=self._drain_w,
        )

    def _taking_w_max(self, span_ms: int) -> int:
        return min(self.spec.power_w_max, self.store.taking_w_max(span_ms))

    def _giving_w_max(self, span_ms: int) -> int:
        room_w = self.store.giving_w_max(span_ms, floor_ppm=self._floor_ppm)
        return min(self.spec.power_w_max, room_w)
