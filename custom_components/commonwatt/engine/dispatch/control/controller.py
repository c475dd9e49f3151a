"""One turn of the controller: what is seen and where to go, in; what to tell, out.

A device that is silent, or a battery that does not know what is in it, is left to
itself; with a silent meter every device is.  Whoever hands setpoints on gives each an
expiry of its own, so silence here ends them too.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from ...model.period import SECOND_MS, Instant
from ..assets import AssetId
from .balance import Balancing, balanced, bounds_of, change_w, excess_w
from .charging import Charging, charged
from .course import Course
from .sight import BatterySight, ChargerSight, GridSight, MachineSight, Sight
from .switching import Switching, switched

STALE_MS: Final = 30 * SECOND_MS
"""Older than that nothing is steered by."""

ELAPSED_MS_MAX: Final = 10 * SECOND_MS
"""A longer pause makes no bigger ramp."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drive:
    """What one device is told: a power (W), or a current (mA) for a charging point."""

    asset: AssetId
    power_w: int | None = None
    current_ma: int | None = None


def _nothing[T]() -> Mapping[AssetId, T]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """What the controller remembers from one turn to the next."""

    at: Instant | None = None
    grid_at: Instant | None = None
    """When the reading was made that was acted on last."""

    error_w: int | None = None
    batteries: Mapping[AssetId, Balancing] = field(default_factory=_nothing)
    chargers: Mapping[AssetId, Charging] = field(default_factory=_nothing)
    machines: Mapping[AssetId, Switching] = field(default_factory=_nothing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to tell, and whom to leave to itself, in the order of names."""

    drives: tuple[Drive, ...]
    releases: tuple[AssetId, ...]


def control(
    before: Control, sight: Sight, course: Course, now: Instant
) -> tuple[Control, Decision]:
    """Take one turn; call it for every reading, every 1 to 10 seconds."""
    after = (
        Control(at=now) if _is_blind(sight, now) else _turn(before, sight, course, now)
    )
    return after, _decision(after, course)


def _turn(before: Control, sight: Sight, course: Course, now: Instant) -> Control:
    assert sight.grid is not None, "who steers sees the meter"
    grid_w = sight.grid.power_w
    error_w = grid_w - course.grid_w_target
    over_w = excess_w(grid_w, course)
    is_news = sight.grid.measured_at != before.grid_at
    batteries = _batteries(before, sight, course, now)
    if is_news:
        elapsed_ms = 0 if before.at is None else now - before.at
        bounds = _bounds(sight, course, batteries)
        batteries = balanced(
            batteries,
            course,
            bounds,
            change_w=change_w(error_w, before.error_w),
            excess_w=over_w,
            elapsed_ms=min(max(elapsed_ms, 0), ELAPSED_MS_MAX),
        )
    return Control(
        at=now,
        grid_at=sight.grid.measured_at,
        error_w=error_w,
        batteries=batteries,
        chargers=_chargers(before, sight, course, now, over_w=over_w),
        machines={
            machine.id: switched(before.machines.get(machine.id), machine, now)
            for machine in course.machines
            if _is_fresh(sight.machines.get(machine.id), now)
        },
    )


def _batteries(
    before: Control, sight: Sight, course: Course, now: Instant
) -> dict[AssetId, Balancing]:
    """Return the batteries to steer; new ones start where they stand."""
    states: dict[AssetId, Balancing] = {}
    for battery in course.batteries:
        seen = sight.batteries.get(battery.id)
        if seen is None or seen.stored_wh is None or not _is_fresh(seen, now):
            continue
        start_w = seen.power_w or 0
        known = before.batteries.get(battery.id)
        states[battery.id] = known or Balancing(wanted_w=start_w, issued_w=start_w)
    return states


def _bounds(
    sight: Sight, course: Course, batteries: Mapping[AssetId, Balancing]
) -> dict[AssetId, range]:
    bounds: dict[AssetId, range] = {}
    for battery in course.batteries:
        if battery.id in batteries:
            stored_wh = sight.batteries[battery.id].stored_wh
            assert stored_wh is not None, "a battery to steer knows what is in it"
            bounds[battery.id] = bounds_of(battery, stored_wh=stored_wh)
    return bounds


def _chargers(
    before: Control, sight: Sight, course: Course, now: Instant, *, over_w: int
) -> dict[AssetId, Charging]:
    assert sight.grid is not None, "who steers sees the meter"
    states: dict[AssetId, Charging] = {}
    surplus_w = -sight.grid.power_w - _discharging_w(sight)
    for charger in course.chargers:
        seen = sight.chargers.get(charger.id)
        if seen is None or not seen.connected or not _is_fresh(seen, now):
            continue
        taken_w = max(0, seen.power_w or 0)
        states[charger.id] = charged(
            before.chargers.get(charger.id),
            charger,
            now,
            surplus_w=surplus_w + taken_w,
            excess_w=over_w,
        )
        surplus_w += taken_w - charger.power_w(states[charger.id].issued_ma)
    return states


def _discharging_w(sight: Sight) -> int:
    """What batteries give is no surplus: cars are not charged from them by accident."""
    powers = (battery.power_w or 0 for battery in sight.batteries.values())
    return sum(max(0, power_w) for power_w in powers)


def _decision(after: Control, course: Course) -> Decision:
    powers = {
        **{asset: state.issued_w for asset, state in after.batteries.items()},
        **{asset: state.issued_w for asset, state in after.machines.items()},
    }
    currents = {asset: state.issued_ma for asset, state in after.chargers.items()}
    names = sorted(
        (
            *(battery.id for battery in course.batteries),
            *(charger.id for charger in course.chargers),
            *(machine.id for machine in course.machines),
        )
    )
    return Decision(
        drives=tuple(
            Drive(asset=name, power_w=powers.get(name), current_ma=currents.get(name))
            for name in names
            if name in powers or name in currents
        ),
        releases=tuple(n for n in names if n not in powers and n not in currents),
    )


type _Seen = GridSight | BatterySight | ChargerSight | MachineSight


def _is_blind(sight: Sight, now: Instant) -> bool:
    return not _is_fresh(sight.grid, now)


def _is_fresh(seen: _Seen | None, now: Instant) -> bool:
    return seen is not None and now - seen.measured_at <= STALE_MS
