"""The current a car is offered: in steps, seldom changed, never between 0 and 6 A."""

from dataclasses import dataclass
from typing import Final

from ...model.period import HOUR_MS, MINUTE_MS, Instant
from .course import ChargerCourse

STEP_MA: Final = 1_000
CHANGE_MS_MIN: Final = 5 * MINUTE_MS
"""Between two currents: cars take a while to follow."""

SWITCH_MS_MIN: Final = 10 * MINUTE_MS
"""Between starting and pausing: contactors wear, and some cars give up."""

HURRY_MS: Final = 15 * MINUTE_MS
"""A car that must leave starts that much before the last moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Charging:
    """What is remembered of one charging point."""

    issued_ma: int
    changed_at: Instant


def charged(
    before: Charging | None,
    course: ChargerCourse,
    now: Instant,
    *,
    surplus_w: int,
    excess_w: int,
) -> Charging:
    """Return what the car is offered from now on.

    ``surplus_w`` would be exported if the car took nothing; ``excess_w`` is what the
    connection is overloaded by, which lowers the current at once.
    """
    wanted_ma = _stepped(course, _wanted_w(course, now, surplus_w=surplus_w))
    if before is None:
        return Charging(issued_ma=wanted_ma, changed_at=now)
    if excess_w > 0 and before.issued_ma:
        relief_w = course.power_w(before.issued_ma) - excess_w
        relieved_ma = min(wanted_ma, _stepped(course, relief_w))
        return Charging(issued_ma=relieved_ma, changed_at=now)
    switches = (wanted_ma > 0) != (before.issued_ma > 0)
    waits_ms = SWITCH_MS_MIN if switches else CHANGE_MS_MIN
    if wanted_ma == before.issued_ma or now - before.changed_at < waits_ms:
        return before
    return Charging(issued_ma=wanted_ma, changed_at=now)


def is_urgent(course: ChargerCourse, now: Instant) -> bool:
    """Tell whether the car has to charge at full power to leave as its driver wants.

    The last line of defence, whatever became of the plan.
    """
    if course.leaves_at is None or not course.needed_wh:
        return False
    power_w = course.power_w(course.current_ma_max)
    if power_w <= 0:
        return False
    takes_ms = course.needed_wh * HOUR_MS // power_w
    return now + takes_ms + HURRY_MS >= course.leaves_at


def _wanted_w(course: ChargerCourse, now: Instant, *, surplus_w: int) -> int:
    if is_urgent(course, now):
        return course.power_w(course.current_ma_max)
    if course.takes_surplus:
        return max(course.planned_w, surplus_w)
    return course.planned_w


def _stepped(course: ChargerCourse, power_w: int) -> int:
    """Return whole amperes, or 0 where the car would get less than it can take.

    Half of the least current is enough to start: what is planned on the edge would
    otherwise never happen.
    """
    current_ma = course.current_ma(power_w)
    if current_ma * 2 < course.current_ma_min:
        return 0
    current_ma = max(current_ma // STEP_MA * STEP_MA, course.current_ma_min)
    return min(current_ma, course.current_ma_max)
