"""Twelve badges, each earned once and kept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Final

from ..model.units import PPM
from .fixed import clip_ppm, ratio_ppm


class Badge(StrEnum):
    """What a home can earn."""

    FIRST_TRADE = "first_trade"
    SUNNY_NEIGHBOUR = "sunny_neighbour"
    NIGHT_OWL = "night_owl"
    PEAK_TAMER = "peak_tamer"
    TRUTH_TELLER = "truth_teller"
    ROCK = "rock"
    GIVER = "giver"
    ISLAND_HOUR = "island_hour"
    STORM_KEEPER = "storm_keeper"
    MENTOR = "mentor"
    GARDENER = "gardener"
    ZERO_CARBON_DAY = "zero_carbon_day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Career:
    """What a home has done since it joined, as far as badges ask."""

    trades: int = 0
    sold_local_wh: int = 0
    """Net of what was bought locally to be sold on."""

    car_wh: int = 0
    car_green_wh: int = 0
    """Charged in the six greenest hours of its day."""

    events_kept: int = 0
    honest_weeks: int = 0
    """In a row, with a skill above a tenth."""

    reliable_days: int = 0
    """In a row, with a reputation of 0.95 or more."""

    net_given_wh: int = 0
    island_periods: int = 0
    """Most on one day in which the community took nothing from the grid."""

    storms_kept: int = 0
    """Alerts through which the promised reserve was kept."""

    newcomers_helped: int = 0
    learning_weeks: int = 0
    """In which the home added to the shared forecast."""

    zero_carbon_days: int = 0

    def plus(self, other: Career) -> Career:
        """Add up what two times brought."""
        return Career(
            **{
                each.name: getattr(self, each.name) + getattr(other, each.name)
                for each in fields(Career)
            }
        )


NO_DEEDS: Final = Career()

CAR_WH_MIN: Final = 50_000
"""Below this, one lucky night would make an owl."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What a badge asks for."""

    reached: Callable[[Career], int]
    needed: int


def _green_share_ppm(career: Career) -> int:
    if career.car_wh < CAR_WH_MIN:
        return 0
    return ratio_ppm(career.car_green_wh, career.car_wh)


GOALS: Final[Mapping[Badge, Goal]] = {
    Badge.FIRST_TRADE: Goal(reached=lambda c: c.trades, needed=1),
    Badge.SUNNY_NEIGHBOUR: Goal(reached=lambda c: c.sold_local_wh, needed=100_000),
    Badge.NIGHT_OWL: Goal(reached=_green_share_ppm, needed=800_000),
    Badge.PEAK_TAMER: Goal(reached=lambda c: c.events_kept, needed=10),
    Badge.TRUTH_TELLER: Goal(reached=lambda c: c.honest_weeks, needed=8),
    Badge.ROCK: Goal(reached=lambda c: c.reliable_days, needed=91),
    Badge.GIVER: Goal(reached=lambda c: c.net_given_wh, needed=10_000),
    Badge.ISLAND_HOUR: Goal(reached=lambda c: c.island_periods, needed=4),
    Badge.STORM_KEEPER: Goal(reached=lambda c: c.storms_kept, needed=1),
    Badge.MENTOR: Goal(reached=lambda c: c.newcomers_helped, needed=1),
    Badge.GARDENER: Goal(reached=lambda c: c.learning_weeks, needed=12),
    Badge.ZERO_CARBON_DAY: Goal(reached=lambda c: c.zero_carbon_days, needed=1),
}
assert set(GOALS) == set(Badge), "every badge has a goal"


def progress_ppm(badge: Badge, career: Career) -> int:
    """Return how much of a badge's goal is reached, never above one."""
    goal = GOALS[badge]
    return clip_ppm(ratio_ppm(goal.reached(career), goal.needed))


def earned(career: Career) -> frozenset[Badge]:
    """Return the badges a career has earned."""
    return frozenset(b for b in Badge if progress_ppm(b, career) == PPM)
