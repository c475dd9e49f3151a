"""Collective missions: one goal, one bar, the sum of all and nobody's part."""

from dataclasses import dataclass
from enum import StrEnum

from ..model.units import PPM
from .fixed import clip_ppm, ratio_ppm


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

    solidarity_wh: int = 0
    """What the fund adds to the solidarity pool when it is reached; never money."""

    def __post_init__(self) -> None:
        """Refuse missions without a goal or without a day."""
        if self.goal_wh <= 0 or self.solidarity_wh < 0:
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


def left_out_wh(*, usual_wh: int, metered_wh: int) -> int:
    """Return what the community left out against its frozen usual use; not below 0."""
    return max(0, usual_wh - metered_wh)
