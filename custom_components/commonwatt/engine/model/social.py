"""What members say to each other that moves no money: requests, thanks, and more."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from .contract import ContractId
from .party import PartyId
from .period import DeliveryPeriod
from .units import ENERGY_WH_MAX

REQUESTS_MAX: Final = 3
"""Requests of one member that are open at a time; an older one makes room."""

REQUEST_PERIODS_MAX: Final = 192
"""Longest time ahead for which help is asked: two days."""

POOL_GIFTS_MAX: Final = 8
"""Gifts of one member to the pool that are open at a time; an older one makes room."""

POOL_PERIODS_MAX: Final = 672
"""Longest time for which energy is at the community's disposal: a week."""

SHARES_MAX: Final = 32
"""Open requests that one gift to the pool answers."""

BUCKET: Final = 5
POINTS_MAX: Final = 100
SEASON_MAX: Final = 100_000
POWER_W_MAX: Final = 1 << 31


class HelpReason(StrEnum):
    """What help is needed for."""

    CAR = "car"
    HEATING = "heating"
    OTHER = "other"


class League(StrEnum):
    """Homes compare with homes that have the same means."""

    CONSUMER = "consumer"
    PANELS = "panels"
    STORAGE = "storage"


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpRequest:
    """I need energy until then; whoever can may give me some."""

    number: int
    """Of my requests; the same number again replaces the request."""

    energy_wh: int
    """0: I need none any more."""

    until: DeliveryPeriod
    """First period in which it is too late."""

    reason: HelpReason = HelpReason.OTHER

    def __post_init__(self) -> None:
        """Refuse what nobody can give."""
        if not 0 <= self.energy_wh <= ENERGY_WH_MAX:
            raise ValueError(f"a request for {self.energy_wh} Wh is out of bounds")
        if not 0 <= self.number < 1 << 32:
            raise ValueError(f"a request with number {self.number} is out of bounds")


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolShare:
    """What one gift to the pool gives towards one request."""

    party: PartyId
    """Who asked."""

    request: int
    """Number of the request, of those of the party."""

    energy_wh: int
    until: DeliveryPeriod
    """When the request is over, and the share forgotten."""

    def __post_init__(self) -> None:
        """Refuse what is no share."""
        if not 0 < self.energy_wh <= ENERGY_WH_MAX:
            raise ValueError(f"a share of {self.energy_wh} Wh is out of bounds")
        if not 0 <= self.request < 1 << 32:
            raise ValueError(f"a request with number {self.request} is out of bounds")


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolGift:
    """I put energy at the community's disposal, for whoever asks for help."""

    number: int
    """Of my gifts to the pool; the same number again replaces the gift."""

    energy_wh: int
    """Still to be had.  0: nothing is left, or I take it back."""

    until: DeliveryPeriod
    """First period in which it is no longer to be had."""

    shares: tuple[PoolShare, ...] = ()
    """What went to requests that are still open, ascending by party and number."""

    def __post_init__(self) -> None:
        """Refuse what nobody can give, and two shares for one request."""
        if not 0 <= self.energy_wh <= ENERGY_WH_MAX:
            raise ValueError(f"a gift of {self.energy_wh} Wh is out of bounds")
        if not 0 <= self.number < 1 << 32:
            raise ValueError(f"a gift with number {self.number} is out of bounds")
        answered = [(share.party, share.request) for share in self.shares]
        if answered != sorted(set(answered)) or len(answered) > SHARES_MAX:
            raise ValueError("shares ascend by party and number, each once")


@dataclass(frozen=True, slots=True, kw_only=True)
class Thanks:
    """Thank you for what you gave me."""

    to: PartyId
    gift: ContractId


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreCard:
    """How I stand this season: said only by who wants to be on the leaderboard."""

    season: int
    league: League
    bucket: int
    """Points rounded down to five."""

    improvement: int
    """Against my own season before, in points rounded down to five."""

    is_shown: bool = True
    """False: take me off the leaderboard."""

    def __post_init__(self) -> None:
        """Refuse more than a bucket, and seasons that never come."""
        for points in (self.bucket, self.improvement):
            if abs(points) > POINTS_MAX or points % BUCKET:
                raise ValueError(f"{points} points are no bucket")
        if self.bucket < 0 or not 0 <= self.season <= SEASON_MAX:
            raise ValueError("no such season, or less than nothing")


@dataclass(frozen=True, slots=True, kw_only=True)
class LivePower:
    """What my meter shows now: said only by who wants to be seen.  Never settled."""

    power_w: int | None
    """Whole W, + from the grid; None: show me no longer."""

    def __post_init__(self) -> None:
        """Refuse what no meter shows."""
        if self.power_w is not None and abs(self.power_w) > POWER_W_MAX:
            raise ValueError(f"a power of {self.power_w} W is out of bounds")


type SocialMessage = HelpRequest | PoolGift | Thanks | ScoreCard | LivePower
