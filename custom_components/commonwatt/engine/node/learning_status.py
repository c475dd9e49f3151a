"""What there is to show about learning with the neighbours."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ..forecast.federation import AbortReason
from ..model.period import Instant


class LearningState(StrEnum):
    """Where learning with the neighbours stands."""

    OFF = "off"
    """The owner has not opted in."""

    TOO_FEW = "too_few"
    """Fewer than five take part: a sum over them would tell too much."""

    WAITING = "waiting"
    """For the hours of the week in which members sum."""

    SUMMING = "summing"
    LEARNED = "learned"
    """This week's sums are known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningStatus:
    """Learning about the load, unless it says sun; None is unknown."""

    state: LearningState = LearningState.OFF
    taking_part: int = 0
    """Homes that take part now, this one included."""

    homes: int | None = None
    """Homes in the sums this home has learned from."""

    learned_at: Instant | None = None
    """Beginning of the training they come from."""

    next_at: Instant | None = None
    """When the next sum begins."""

    failure: AbortReason | None = None
    """Why the latest sum came to nothing; None if it did not."""

    refused: int = 0
    """Messages that were dropped."""

    sun_homes: int | None = None
    """Roofs in the latest day the neighbours have told of."""


NOT_LEARNING: Final = LearningStatus()
