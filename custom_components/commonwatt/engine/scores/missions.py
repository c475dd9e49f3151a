"""Collective missions: one goal, one bar, the sum of all and nobody's part."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ..model.units import PPM, div_floor
from .fixed import clip_ppm, ratio_ppm, times_ppm
from .records import CommunityEnergy
from .season import SEASON_FIRST_DAY

WEEK_DAYS: Final = 7
GIFT_WH_A_MEMBER: Final = 1_000
MORE_LOCAL_PPM: Final = 1_100_000
LESS_EVENING_PPM: Final = 150_000


class MissionKind(StrEnum):
    """What a community can set out to do together."""

    EVENING_IMPORT = "evening_import"
    """Import less between 18 and 20 h than the weeks before."""

    GIFTS = "gifts"
    """Give away a number of kWh."""

    LOCAL_ENERGY = "local_energy"
    """Trade a number of kWh within the community."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mission:
    """A goal with a first and a last day of UTC."""

    kind: MissionKind
    first_day: int
    until_day: int
    """First day after it."""

    goal_wh: int
    """What to reach: energy given, traded, or left out."""

    def __post_init__(self) -> None:
        """Refuse missions without a goal or without a day."""
        if self.goal_wh <= 0:
            msg = "a mission has a goal"
            raise ValueError(msg)
        if not self.first_day < self.until_day:
            msg = "a mission lasts at least a day"
            raise ValueError(msg)

    def runs_on(self, day: int) -> bool:
        """Tell whether the mission is under way."""
        return self.first_day <= day < self.until_day


@dataclass(frozen=True, slots=True, kw_only=True)
class MissionProgress:
    """How far the community is: the sum only."""

    mission: Mission
    reached_wh: int

    @property
    def share_ppm(self) -> int:
        """Share of the goal, never above one."""
        return clip_ppm(ratio_ppm(max(0, self.reached_wh), self.mission.goal_wh))

    @property
    def done(self) -> bool:
        """Tell whether the goal is reached."""
        return self.share_ppm == PPM


def monday_of(day: int) -> int:
    """Return the day of UTC on which the week of ``day`` began."""
    return day - (day - SEASON_FIRST_DAY) % WEEK_DAYS


def kind_of_week(day: int) -> MissionKind:
    """Return whose turn it is in the week of ``day``."""
    week = div_floor(day - SEASON_FIRST_DAY, WEEK_DAYS)
    return tuple(MissionKind)[week % len(MissionKind)]


def mission_of_the_week(
    day: int, *, before: CommunityEnergy, members: int
) -> Mission | None:
    """Return what a community sets out to do in the week of ``day``.

    The kinds take turns, and the goals follow from the week before: every member finds
    the same.  None while that week shows nothing to go by.

    Args:
        day: of UTC, counted from 1970-01-01.
        before: what all did in the seven days before this week.
        members: how many there are.

    """
    kind, first_day = kind_of_week(day), monday_of(day)
    goal_wh = _goal_wh(kind, before, members)
    if goal_wh <= 0:
        return None
    return Mission(
        kind=kind,
        first_day=first_day,
        until_day=first_day + WEEK_DAYS,
        goal_wh=goal_wh,
    )


def reached_wh(
    mission: Mission, *, before: CommunityEnergy, so_far: CommunityEnergy, days: int
) -> int:
    """Return how much of a mission's goal is reached after ``days`` whole days."""
    match mission.kind:
        case MissionKind.GIFTS:
            return so_far.given_wh
        case MissionKind.LOCAL_ENERGY:
            return so_far.traded_wh
        case MissionKind.EVENING_IMPORT:
            usual_wh = div_floor(before.evening_import_wh * days, WEEK_DAYS)
            return max(0, usual_wh - so_far.evening_import_wh)


def _goal_wh(kind: MissionKind, before: CommunityEnergy, members: int) -> int:
    match kind:
        case MissionKind.GIFTS:
            return GIFT_WH_A_MEMBER * members if members > 1 else 0
        case MissionKind.LOCAL_ENERGY:
            return times_ppm(before.traded_wh, MORE_LOCAL_PPM)
        case MissionKind.EVENING_IMPORT:
            return times_ppm(before.evening_import_wh, LESS_EVENING_PPM)
