"""One counter's value at the boundaries of delivery periods.

Consecutive periods share the value at their boundary, so no Wh falls between them.  A
boundary without a reading close by stays unknown; nothing is guessed.
"""

from typing import Final

from ..model.period import HOUR_MS, MINUTE_MS, PERIOD_MS, DeliveryPeriod, Instant
from ..model.units import div_floor

GAP_MS_MAX: Final = 5 * MINUTE_MS
"""Longest time between two samples that still tell the value in between."""

BOUNDARIES_KEPT: Final = 4


class BoundaryCounter:
    """A counter that only grows, sampled whenever it happens to be read."""

    __slots__ = ("_last", "_values")

    def __init__(self) -> None:
        self._last: tuple[Instant, int] | None = None
        self._values: dict[Instant, int] = {}

    def note(self, boundary: Instant, value_wh: int) -> None:
        """Remember the value at a boundary."""
        assert boundary % PERIOD_MS == 0, "a boundary is where two periods meet"
        self._values[boundary] = value_wh
        for old in sorted(self._values)[:-BOUNDARIES_KEPT]:
            del self._values[old]

    def sample(self, at: Instant, value_wh: int) -> None:
        """Take a reading; a counter that went backwards starts anew."""
        last = self._last
        if last is not None and at <= last[0]:
            return
        self._last = (at, value_wh)
        if any(value_wh < known for known in self._values.values()):
            self._values.clear()
            last = None
        if at % PERIOD_MS == 0:
            self.note(at, value_wh)
        elif last is not None:
            self._interpolate(last, self._last)

    def energy_wh(self, period: DeliveryPeriod) -> int | None:
        """Return how far the counter went in ``period``; None if unknown."""
        start, end = self._values.get(period.start), self._values.get(period.end)
        return None if start is None or end is None else end - start

    def since(self, boundary: Instant) -> int | None:
        """Return how far the counter has gone since a boundary; None if unknown."""
        start = self._values.get(boundary)
        return None if start is None or self._last is None else self._last[1] - start

    def at(self, boundary: Instant) -> int | None:
        """Return the value at a boundary; None if unknown."""
        return self._values.get(boundary)

    def _interpolate(
        self, before: tuple[Instant, int], now: tuple[Instant, int]
    ) -> None:
        (before_at, before_wh), (now_at, now_wh) = before, now
        boundary = DeliveryPeriod.containing(now_at).start
        if before_at >= boundary or now_at - before_at > GAP_MS_MAX:
            return
        rise_wh = max(0, now_wh - before_wh)
        share_wh = div_floor(rise_wh * (boundary - before_at), now_at - before_at)
        self.note(boundary, before_wh + share_wh)


class PowerIntegral:
    """A counter made of powers, for a device that has none of its own."""

    __slots__ = ("_last", "_watt_ms")

    def __init__(self) -> None:
        self._last: tuple[Instant, int] | None = None
        self._watt_ms = 0

    def counted(self, at: Instant, power_w: int) -> int:
        """Return the counter in Wh after one more sample (trapezoidal rule).

        A silence longer than a delivery period adds nothing.
        """
        last = self._last
        if last is not None and at <= last[0]:
            return div_floor(self._watt_ms, HOUR_MS)
        self._last = (at, power_w)
        if last is not None and at - last[0] <= PERIOD_MS:
            self._watt_ms += div_floor((last[1] + power_w) * (at - last[0]), 2)
        return div_floor(self._watt_ms, HOUR_MS)
