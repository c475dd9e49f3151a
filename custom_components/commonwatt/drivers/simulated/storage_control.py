"""What can be written to the simulated inverter: models 123 and 124, and their timers.

As measured on a hybrid inverter of Fronius (firmware 1.40.9): only writing a limit, or
switching it on, starts its revert timer again; a timer of 0 never reverts.  Rates are
in percent of WChaMax; a negative rate forces the other direction.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ...engine.model.period import SECOND_MS, Instant, after
from ...engine.model.units import PPM
from ...engine.simulation.homes import BatteryCommand, BatterySpec, PowerCommand
from .unit import Refusal

FULL: Final = 10_000
"""100 % with the scale factor -2 that all rates here have."""

CHARGE_LIMITED: Final = 1
DISCHARGE_LIMITED: Final = 2
TIMER_S_MAX: Final = 65_534

WRITABLE: Final[Mapping[str, range]] = {
    "Conn": range(1, 2),
    "WMaxLimPct": range(FULL + 1),
    "WMaxLimPct_WinTms": range(1),
    "WMaxLimPct_RvrtTms": range(TIMER_S_MAX + 1),
    "WMaxLimPct_RmpTms": range(1),
    "WMaxLim_Ena": range(2),
    "StorCtl_Mod": range(4),
    "MinRsvPct": range(FULL + 1),
    "OutWRte": range(-FULL, FULL + 1),
    "InWRte": range(-FULL, FULL + 1),
    "InOutWRte_WinTms": range(1),
    "InOutWRte_RvrtTms": range(TIMER_S_MAX + 1),
    "InOutWRte_RmpTms": range(1),
    "ChaGriSet": range(2),
}
"""Point -> values it takes.  Delays and ramps cannot be simulated and must stay 0."""

DEFAULTS: Final[Mapping[str, int]] = {
    "Conn": 1,
    "WMaxLimPct": FULL,
    "WMaxLimPct_WinTms": 0,
    "WMaxLimPct_RvrtTms": 0,
    "WMaxLimPct_RmpTms": 0,
    "WMaxLim_Ena": 0,
    "StorCtl_Mod": 0,
    "OutWRte": FULL,
    "InWRte": FULL,
    "InOutWRte_WinTms": 0,
    "InOutWRte_RvrtTms": 0,
    "InOutWRte_RmpTms": 0,
    "ChaGriSet": 0,
}


@dataclass(frozen=True, slots=True)
class Reverting:
    """Points that go back together when their timer runs out."""

    timer: str
    restarted_by: frozenset[str]
    reverts_to: Mapping[str, int]


REVERTING: Final = (
    Reverting(
        "WMaxLimPct_RvrtTms",
        frozenset({"WMaxLimPct", "WMaxLim_Ena"}),
        {"WMaxLim_Ena": 0, "WMaxLimPct": FULL},
    ),
    Reverting(
        "InOutWRte_RvrtTms",
        frozenset({"OutWRte", "InWRte", "StorCtl_Mod"}),
        {"StorCtl_Mod": 0, "OutWRte": FULL, "InWRte": FULL},
    ),
)


class StorageControl:
    """The writable points of one inverter."""

    def __init__(self, *, output_w_max: int, battery: BatterySpec) -> None:
        self._output_w_max = output_w_max
        self._battery = battery
        self._expires_at: dict[str, Instant | None] = {}
        reserve = battery.soc_ppm_min * FULL // PPM
        self.points = {**DEFAULTS, "MinRsvPct": reserve}

    def write(self, changes: Mapping[str, int], now: Instant) -> Refusal | None:
        """Take all of the changes, or none of them."""
        for name, value in changes.items():
            assert name in WRITABLE, "only writable points have an address to write"
            if value not in WRITABLE[name]:
                return Refusal.ILLEGAL_VALUE
        self.points |= changes
        for reverting in REVERTING:
            if reverting.restarted_by & changes.keys():
                seconds = self.points[reverting.timer]
                expires_at = after(now, seconds * SECOND_MS) if seconds else None
                self._expires_at[reverting.timer] = expires_at
        return None

    def pass_time(self, now: Instant) -> None:
        """Let timers that have run out take effect on the registers."""
        for reverting in REVERTING:
            expires_at = self._expires_at.get(reverting.timer)
            if expires_at is not None and expires_at <= now:
                self.points |= reverting.reverts_to
                self._expires_at[reverting.timer] = None

    def battery_command(self) -> BatteryCommand | None:
        """Return the limits on the battery; None: it is left alone."""
        mode = self.points["StorCtl_Mod"]
        if mode == 0:
            return None
        taking = self.points["InWRte"] if mode & CHARGE_LIMITED else FULL
        giving = self.points["OutWRte"] if mode & DISCHARGE_LIMITED else FULL
        rated_w = self._battery.power_w_max
        return BatteryCommand(
            power_w_min=-(taking * rated_w // FULL),
            power_w_max=giving * rated_w // FULL,
            expires_at=self._expires_at.get("InOutWRte_RvrtTms"),
            charging_from_grid_allowed=self.points["ChaGriSet"] == 1,
        )

    def reserve_ppm(self) -> int:
        """Return the state of charge that is kept in reserve."""
        return self.points["MinRsvPct"] * PPM // FULL

    def inverter_limit(self) -> PowerCommand | None:
        """Return the limit on the inverter's output, if there is one."""
        if self.points["WMaxLim_Ena"] == 0:
            return None
        return PowerCommand(
            power_w=self.points["WMaxLimPct"] * self._output_w_max // FULL,
            expires_at=self._expires_at.get("WMaxLimPct_RvrtTms"),
        )
