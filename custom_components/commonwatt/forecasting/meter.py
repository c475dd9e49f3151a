"""Powers of the home, added up to the energy of each delivery period.

A power holds until the next reading, but no longer than ten minutes: what nobody saw is
unknown, and a period of which too much is unknown was not measured.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from ..engine.devices import DeviceId, DeviceKind, ProcessImage
from ..engine.devices.balance import consumption_w
from ..engine.model.period import (
    HOUR_MS,
    MINUTE_MS,
    PERIOD_MS,
    DeliveryPeriod,
    Instant,
    after,
)

HOLD_MS: Final = 10 * MINUTE_MS
COVERED_MS_MIN: Final = 12 * MINUTE_MS
"""Of fifteen minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Powers:
    """What flows now; None is unknown."""

    load_w: int | None
    """What nobody steers: without cars."""

    sun_w: int | None


UNKNOWN: Final = Powers(load_w=None, sun_w=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The energy of a delivery period that is over; None was not measured."""

    period: DeliveryPeriod
    load_wh: float | None
    sun_wh: float | None


def powers_of(
    image: ProcessImage, *, silent: Mapping[DeviceId, DeviceKind], dark: bool
) -> Powers:
    """Return the powers of the home as far as its parts are known.

    ``silent`` are devices without a reading that can be believed.  Inverters sleep when
    it is ``dark``: one that is silent then gives nothing.
    """
    inverters = {d: state for d, state in image.inverters.items() if d not in silent}
    missing = {
        kind for kind in silent.values() if not (dark and kind is DeviceKind.INVERTER)
    }
    made = [state.power_w for state in inverters.values()]
    sun_known = None not in made and DeviceKind.INVERTER not in missing
    sun_w = sum(max(0, power_w or 0) for power_w in made) if sun_known else None
    used_w = None if missing else consumption_w(replace(image, inverters=inverters))
    car_w = sum(state.power_w or 0 for state in image.chargers.values())
    load_w = None if used_w is None else max(0, used_w - car_w)
    return Powers(load_w=load_w, sun_w=sun_w)


class PeriodMeter:
    """Integrates powers; tells the energy of each period once it is over."""

    def __init__(self) -> None:
        """Start without a reading."""
        self._at: Instant | None = None
        self._powers = UNKNOWN
        self._load = _Sum()
        self._sun = _Sum()

    def observe(self, powers: Powers, at: Instant) -> Iterator[Measured]:
        """Take in a reading; yield the periods that ended before it."""
        last = self._at
        if last is not None and last < at:
            yield from self._hold(last, at)
        self._at, self._powers = at, powers

    def _hold(self, start: Instant, end: Instant) -> Iterator[Measured]:
        """Let the powers hold from ``start`` on; forget what is long over."""
        held_until = min(end, after(start, HOLD_MS))
        period = DeliveryPeriod.containing(start)
        while period.start < held_until:
            span_ms = min(held_until, period.end) - max(start, period.start)
            self._load.add(self._powers.load_w, span_ms)
            self._sun.add(self._powers.sun_w, span_ms)
            if period.end <= end:
                yield self._close(period)
            period = period.next()

    def _close(self, period: DeliveryPeriod) -> Measured:
        measured = Measured(
            period=period,
            load_wh=self._load.energy_wh(),
            sun_wh=self._sun.energy_wh(),
        )
        self._load, self._sun = _Sum(), _Sum()
        return measured


class _Sum:
    """A power over the part of a period in which it is known."""

    def __init__(self) -> None:
        self._covered_ms = 0
        self._total = 0

    def add(self, power_w: int | None, span_ms: int) -> None:
        if power_w is not None:
            self._covered_ms += span_ms
            self._total += power_w * span_ms

    def energy_wh(self) -> float | None:
        """Return the energy of the whole period; None if too much is unknown."""
        if self._covered_ms < COVERED_MS_MIN:
            return None
        return self._total / self._covered_ms * PERIOD_MS / HOUR_MS
