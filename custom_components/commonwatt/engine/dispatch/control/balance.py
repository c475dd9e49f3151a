"""Batteries that hold the exchange with the grid, or a forced power.

A PI controller in velocity form: it remembers the power it wants, so it cannot wind up
beyond what the batteries can do.  The meter shows an effect one or two readings later;
an integrator with gain K and a delay of d readings is stable for
K < 2 sin(pi / (4 d + 2)) (S. A. Levin and R. M. May, "A note on difference-delay
equations", 1976), 0.61 for d = 2.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from ...model.period import SECOND_MS
from ...model.units import PPM
from ..assets import AssetId
from .course import BatteryCourse, Course

DEAD_BAND_W: Final = 50
"""An error not worth a write: meters and inverters are not more exact."""

PROPORTIONAL_PPM: Final = 100_000
INTEGRAL_PPM: Final = 350_000
"""Per reading of the meter."""

RAMP_W_PER_S: Final = 500
"""How fast a forced power is approached: nobody's lights should blink."""

WRITE_W_MIN: Final = 40
"""Smaller changes are not handed on.  Less than the dead-band, or the controller would
wait for an effect of what it never wrote."""

FULL_MARGIN_PPM: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Balancing:
    """What is remembered of one battery."""

    wanted_w: int
    issued_w: int
    """What the device was last told."""

    def issued(self, bounds: range) -> Balancing:
        """Return the state after deciding whether a new power is worth a write.

        Stopping, and keeping inside what the battery may do, always is.
        """
        outside = self.issued_w not in bounds
        settled = self.wanted_w == 0 and self.issued_w != 0
        if outside or settled or abs(self.wanted_w - self.issued_w) >= WRITE_W_MIN:
            return replace(self, issued_w=self.wanted_w)
        return self


def bounds_of(course: BatteryCourse, *, stored_wh: int) -> range:
    """Return the powers the battery may have now, both ends included."""
    margin_wh = course.capacity_wh * FULL_MARGIN_PPM // PPM
    full = stored_wh >= course.capacity_wh - margin_wh
    empty = stored_wh <= course.floor_wh
    low, high = -course.charge_w_max, course.discharge_w_max
    if course.forced_w is None:
        low = low if course.may_charge else 0
        high = high if course.may_discharge else 0
    return range(0 if full else low, (0 if empty else high) + 1)


def balanced(
    before: Mapping[AssetId, Balancing],
    course: Course,
    bounds: Mapping[AssetId, range],
    *,
    change_w: int,
    excess_w: int,
    elapsed_ms: int,
) -> dict[AssetId, Balancing]:
    """Return the batteries after one reading.

    ``change_w`` is what they should give more in all; ``excess_w`` how far the exchange
    is beyond the limit of the connection (+ import), which comes before every wish.
    """
    after = dict(before)
    ramp_w = RAMP_W_PER_S * elapsed_ms // SECOND_MS
    for battery in _forced(course.batteries, before):
        assert battery.forced_w is not None, "only forced batteries are ramped"
        now = before[battery.id]
        step_w = min(max(battery.forced_w - now.wanted_w, -ramp_w), ramp_w)
        wanted_w = _clamped(now.wanted_w + step_w, bounds[battery.id])
        if excess_w:
            held_w = _clamped(now.issued_w + excess_w, bounds[battery.id])
            pick = max if excess_w > 0 else min
            wanted_w = pick(wanted_w, held_w)
        after[battery.id] = replace(now, wanted_w=wanted_w)
    for battery in course.batteries:
        if battery.id in before and battery.forced_w is None:
            now = before[battery.id]
            wanted_w = _clamped(now.wanted_w + change_w, bounds[battery.id])
            change_w -= wanted_w - now.wanted_w
            after[battery.id] = replace(now, wanted_w=wanted_w)
    return {asset: state.issued(bounds[asset]) for asset, state in after.items()}


def change_w(error_w: int, error_w_before: int | None) -> int:
    """Return what batteries should give more for an error of the exchange.

    Nothing inside the dead-band, whatever the error was before.
    """
    if abs(error_w) <= DEAD_BAND_W:
        return 0
    moved_w = 0 if error_w_before is None else error_w - error_w_before
    return _scaled(INTEGRAL_PPM, error_w) + _scaled(PROPORTIONAL_PPM, moved_w)


def excess_w(grid_w: int, course: Course) -> int:
    """Return how far the exchange is beyond the connection's limits; + import."""
    if grid_w > course.import_w_max:
        return grid_w - course.import_w_max
    if -grid_w > course.export_w_max:
        return grid_w + course.export_w_max
    return 0


def _forced(
    batteries: Iterable[BatteryCourse], known: Mapping[AssetId, Balancing]
) -> list[BatteryCourse]:
    return [b for b in batteries if b.forced_w is not None and b.id in known]


def _clamped(power_w: int, bounds: range) -> int:
    return min(max(power_w, bounds[0]), bounds[-1])


def _scaled(gain_ppm: int, error_w: int) -> int:
    """Multiply, rounding towards zero: equal errors either way weigh the same."""
    size_w = gain_ppm * abs(error_w) // PPM
    return size_w if error_w > 0 else -size_w
