"""One piece of news, and the signal it travels by.

A signal and not a listener: an automation outlives a reload of the home it follows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from homeassistant.util.signal_type import SignalType

from ..const import DOMAIN


class NewsKind(StrEnum):
    """Everything there is news of."""

    TRADE_MATCHED = "trade_matched"
    PRICE_CHANGED = "price_changed"
    GIFT_RECEIVED = "gift_received"
    ROUND_VOID = "round_void"
    SURPLUS_BEGAN = "surplus_began"
    SURPLUS_ENDED = "surplus_ended"
    ISLAND_BEGAN = "island_began"
    ISLAND_ENDED = "island_ended"
    BADGE_EARNED = "badge_earned"
    MISSION_STARTED = "mission_started"
    MISSION_DONE = "mission_done"
    HELP_ASKED = "help_asked"
    THANKED = "thanked"
    GOOD_TIME = "good_time"
    VOTE_OPENED = "vote_opened"
    VOTE_PASSED = "vote_passed"
    VOTE_FAILED = "vote_failed"


type Detail = str | int | float | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """One thing that has just happened."""

    entry_id: str
    home: str
    """Title of the home it happened to."""

    kind: NewsKind
    details: Mapping[str, Detail] = field(default_factory=dict)


NEWS: Final[SignalType[News]] = SignalType(f"{DOMAIN}_news")
