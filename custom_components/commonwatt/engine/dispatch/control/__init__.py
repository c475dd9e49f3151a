"""Between two plans: every few seconds, from what is measured to what devices are told.

Follows the plan's values, not its watts: a forecast is wrong by the minute, what stored
energy is worth is not.  Knows no devices; whoever drives them translates, and decides
who may be driven at all.
"""

from .controller import Control, Decision, Drive, control
from .course import (
    BatteryCourse,
    ChargerCourse,
    Course,
    MachineCourse,
    PowerRange,
)
from .following import Delivery, course_of
from .sight import BatterySight, ChargerSight, GridSight, MachineSight, Sight

__all__ = [
    "BatteryCourse",
    "BatterySight",
    "ChargerCourse",
    "ChargerSight",
    "Control",
    "Course",
    "Decision",
    "Delivery",
    "Drive",
    "GridSight",
    "MachineCourse",
    "MachineSight",
    "PowerRange",
    "Sight",
    "control",
    "course_of",
]
