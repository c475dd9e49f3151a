"""The plainest home there is: a meter, perhaps a roof, another power each period."""

from typing import Final

from ...devices import DeviceId, InverterState, MeterState, ProcessImage
from ...model.period import HOUR_MS, DeliveryPeriod, Instant
from ..homes.dice import Dice

METER: Final = DeviceId("meter")
ROOF: Final = DeviceId("roof")
LOAD_W_MAX: Final = 3_000
SUN_W_MAX: Final = 5_000


class PlainHome:
    """Counts what goes in and out, to the milliwatt-second."""

    def __init__(self, *labels: int | str, started_at: Instant) -> None:
        """Draw the home from a seed; every other one has a roof, by chance."""
        self._labels: Final = labels
        self._at = started_at
        self._has_roof: Final = Dice(*labels, "roof").between(0, 1) == 1
        self._import_w_ms = self._export_w_ms = self._sun_w_ms = 0

    def image(self, now: Instant, *, shown_at: Instant) -> ProcessImage:
        """Return what the devices show at ``now``, by the clock of who looks."""
        self._live_until(now)
        net_w, sun_w = self._powers(DeliveryPeriod.containing(now))
        meter = MeterState(
            measured_at=shown_at,
            power_w=net_w,
            import_wh=self._import_w_ms // HOUR_MS,
            export_wh=self._export_w_ms // HOUR_MS,
        )
        roof = InverterState(
            measured_at=shown_at, power_w=sun_w, energy_wh=self._sun_w_ms // HOUR_MS
        )
        return ProcessImage(
            taken_at=shown_at,
            meters={METER: meter},
            inverters={ROOF: roof} if self._has_roof else {},
        )

    def _live_until(self, now: Instant) -> None:
        while self._at < now:
            period = DeliveryPeriod.containing(self._at)
            until = min(period.end, now)
            net_w, sun_w = self._powers(period)
            span_ms = until - self._at
            self._import_w_ms += max(0, net_w) * span_ms
            self._export_w_ms += max(0, -net_w) * span_ms
            self._sun_w_ms += sun_w * span_ms
            self._at = until

    def _powers(self, period: DeliveryPeriod) -> tuple[int, int]:
        dice = Dice(*self._labels, period.number)
        load_w = dice.between(100, LOAD_W_MAX)
        sun_w = dice.between(0, SUN_W_MAX) if self._has_roof else 0
        return load_w - sun_w, sun_w
