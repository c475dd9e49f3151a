"""Who uses electricity when: the characters of the neighbourhood as data.

Times are minutes of the day on the wall clock.  Figures are ours, chosen so that daily
energy and evening peaks look like those of published profiles (H0, G1, G4 and L0 of the
German standard load profiles); every household differs by its own dice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from .calendar import EVERY_DAY, WEEKEND, WORKDAYS
from .spec import Habit


@dataclass(frozen=True, slots=True)
class Bump:
    """Activity that rises and falls around a time of the day."""

    center_minute: int
    width_minutes: int
    height: float
    weekdays: tuple[int, ...] = EVERY_DAY


@dataclass(frozen=True, slots=True)
class Opening:
    """Activity that is steady between opening and closing."""

    opens_minute: int
    closes_minute: int
    height: float
    weekdays: tuple[int, ...] = EVERY_DAY


@dataclass(frozen=True, slots=True)
class Appliance:
    """Something that is switched on now and then and runs its programme."""

    name: str
    runs_per_week: float
    programme: tuple[tuple[int, int], ...]
    """Stages of (minutes, W)."""

    windows: tuple[tuple[int, int], ...]
    """When it is switched on: one of these, at any minute of it."""

    weekdays: tuple[int, ...] = EVERY_DAY

    @property
    def minutes(self) -> int:
        """How long one run takes."""
        return sum(minutes for minutes, _ in self.programme)

    @property
    def energy_wh(self) -> float:
        """What one run uses."""
        return sum(minutes * power_w for minutes, power_w in self.programme) / 60


@dataclass(frozen=True, slots=True)
class HabitShape:
    """How the load of a character is made up."""

    base_share: float
    """Part of the mean power that never stops."""

    activity: tuple[Bump | Opening, ...]
    appliances: tuple[Appliance, ...] = ()
    compressors_w: tuple[int, ...] = ()
    """Rated power of fridges and freezers: they run a third of the time."""


def _at(hour: int, minute: int = 0) -> int:
    return 60 * hour + minute


MEALS: Final = ((_at(11, 30), _at(12, 45)), (_at(18), _at(19, 45)))
COOKER: Final = Appliance("cooker", 9, ((10, 2200), (30, 1100)), MEALS)
KETTLE: Final = Appliance(
    "kettle",
    24,
    ((3, 2000),),
    ((_at(6, 15), _at(8, 30)), (_at(15), _at(17)), (_at(19, 30), _at(22))),
)
DISHWASHER: Final = Appliance(
    "dishwasher",
    5,
    ((18, 2000), (45, 80), (16, 1900), (25, 30)),
    ((_at(12, 45), _at(14)), (_at(19, 30), _at(21, 30))),
)
WASHING_MACHINE: Final = Appliance(
    "washing machine",
    4,
    ((20, 2000), (65, 180), (12, 450)),
    ((_at(7), _at(10)), (_at(17), _at(20))),
)
DRYER: Final = Appliance(
    "dryer", 2.5, ((70, 1500), (20, 300)), ((_at(10), _at(12)), (_at(19), _at(21, 30)))
)
VACUUM: Final = Appliance("vacuum", 2, ((25, 900),), ((_at(9), _at(17)),))
MORNING: Final = Bump(_at(7, 10), 50, 0.8)
EVENING: Final = Bump(_at(20), 110, 1.7)

HABITS: Final[Mapping[Habit, HabitShape]] = {
    Habit.FAMILY: HabitShape(
        0.2,
        (MORNING, EVENING, Bump(_at(13), 130, 0.8, WEEKEND)),
        (COOKER, KETTLE, DISHWASHER, WASHING_MACHINE, DRYER, VACUUM),
        (95, 80),
    ),
    Habit.SINGLE: HabitShape(
        0.22,
        (Bump(_at(7, 30), 40, 0.6), Bump(_at(21), 100, 1.5)),
        (
            Appliance("hob", 5, ((20, 1500),), ((_at(18, 30), _at(20, 30)),)),
            Appliance("kettle", 9, ((3, 2000),), ((_at(7), _at(9)),)),
            Appliance("washing", 1.2, ((20, 1900), (60, 170)), ((_at(9), _at(19)),)),
        ),
        (85,),
    ),
    Habit.RETIRED: HabitShape(
        0.2,
        (Bump(_at(8, 15), 60, 0.7), Bump(_at(12), 90, 0.9), Bump(_at(19), 100, 1.3)),
        (
            Appliance("cooker", 11, ((15, 2000), (30, 900)), MEALS),
            KETTLE,
            Appliance("dishes", 3, DISHWASHER.programme, ((_at(13), _at(15)),)),
            Appliance("laundry", 2, WASHING_MACHINE.programme, ((_at(9), _at(11)),)),
        ),
        (95,),
    ),
    Habit.NIGHT_SHIFT: HabitShape(
        0.22,
        (Bump(_at(8), 60, 0.7), Bump(_at(17, 30), 100, 1.5)),
        (
            Appliance("cooker", 6, ((10, 2200), (25, 1100)), ((_at(16), _at(18)),)),
            Appliance("kettle", 10, ((3, 2000),), ((_at(15), _at(20)),)),
            Appliance("laundry", 2.5, WASHING_MACHINE.programme, ((_at(8), _at(9)),)),
        ),
        (90,),
    ),
    Habit.FARM: HabitShape(
        0.3,
        (
            Bump(_at(6, 15), 45, 2.2),
            Bump(_at(17, 45), 50, 2.2),
            Opening(_at(7), _at(18), 0.5),
        ),
        (
            Appliance("feed mill", 6, ((40, 4000),), ((_at(9), _at(11)),)),
            Appliance("slurry pump", 5, ((50, 5500),), ((_at(13), _at(15)),)),
        ),
        (1200, 900),
    ),
    Habit.SCHOOL: HabitShape(
        0.2,
        (
            Opening(_at(7, 20), _at(16, 30), 1.0, WORKDAYS),
            Opening(_at(16, 30), _at(19), 0.25, WORKDAYS),
        ),
        (
            Appliance(
                "canteen", 10, ((80, 9000),), ((_at(9, 30), _at(11, 20)),), WORKDAYS
            ),
        ),
        (250, 250),
    ),
    Habit.CAFE: HabitShape(
        0.18,
        (
            Opening(_at(6, 30), _at(19), 0.8, (0, 1, 2, 3, 4, 5)),
            Bump(_at(8, 30), 50, 0.7, (0, 1, 2, 3, 4, 5)),
            Bump(_at(12, 30), 55, 1.0, (0, 1, 2, 3, 4, 5)),
        ),
        (
            Appliance(
                "oven",
                18,
                ((12, 3200), (18, 1400)),
                ((_at(5, 50), _at(6, 40)), (_at(11, 15), _at(12, 30))),
                (0, 1, 2, 3, 4, 5),
            ),
        ),
        (220, 180, 160),
    ),
    Habit.WORKSHOP: HabitShape(
        0.12,
        (
            Opening(_at(7), _at(12), 1.0, WORKDAYS),
            Opening(_at(12, 45), _at(16, 45), 1.0, WORKDAYS),
        ),
        (
            Appliance("saw", 60, ((6, 4200),), ((_at(7, 15), _at(16)),), WORKDAYS),
            Appliance("press", 20, ((25, 2600),), ((_at(8), _at(15, 30)),), WORKDAYS),
            Appliance("compressor", 45, ((8, 3000),), ((_at(7), _at(16)),), WORKDAYS),
        ),
    ),
    Habit.MACHINE: HabitShape(1.0, ()),
}
