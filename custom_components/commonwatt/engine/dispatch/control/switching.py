"""Machines that are switched seldom: on for a while, off for a while."""

from dataclasses import dataclass
from typing import Final

from ...model.period import Instant
from ...model.units import PPM
from .course import MachineCourse

CHANGE_PPM_MIN: Final = 50_000
"""Of a machine's greatest power; smaller changes are not handed on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Switching:
    """What is remembered of one machine."""

    issued_w: int
    """+ gives, - takes."""

    switched_at: Instant | None
    """Last start or stop; None: before our time, so nothing keeps us."""


def switched(
    before: Switching | None, course: MachineCourse, now: Instant
) -> Switching:
    """Return what the machine runs at from now on.

    What turns round (an electrolyser that becomes a fuel cell) stops in between.
    """
    wanted_w = _within(course, course.planned_w)
    if before is None:
        return Switching(issued_w=wanted_w, switched_at=None)
    if _direction(wanted_w) == _direction(before.issued_w):
        return _adjusted(before, course, wanted_w)
    if not _may_switch(before, course, now):
        return _adjusted(before, course, _within(course, _direction(before.issued_w)))
    return Switching(issued_w=0 if before.issued_w else wanted_w, switched_at=now)


def _adjusted(before: Switching, course: MachineCourse, wanted_w: int) -> Switching:
    greatest_w = max(course.gives.w_max, course.takes.w_max)
    if abs(wanted_w - before.issued_w) <= greatest_w * CHANGE_PPM_MIN // PPM:
        return before
    return Switching(issued_w=wanted_w, switched_at=before.switched_at)


def _may_switch(before: Switching, course: MachineCourse, now: Instant) -> bool:
    if before.switched_at is None:
        return True
    waits_ms = course.on_ms_min if before.issued_w else course.off_ms_min
    return now - before.switched_at >= waits_ms


def _within(course: MachineCourse, power_w: int) -> int:
    """Return the power nearest to ``power_w`` the machine can run at, 0 for off."""
    limits = course.gives if power_w > 0 else course.takes
    if power_w == 0 or limits.w_max == 0:
        return 0
    size_w = min(max(abs(power_w), limits.w_min), limits.w_max)
    return size_w * _direction(power_w)


def _direction(power_w: int) -> int:
    return (power_w > 0) - (power_w < 0)
