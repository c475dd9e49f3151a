"""What a loaded config entry holds, and its type."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from homeassistant.config_entries import ConfigEntry
from homeassistant.util.json import JsonValueType

from .drivers.journal import Journal
from .engine.model.party import PartyId
from .engine.model.period import Instant
from .engine.node import Node
from .forecasting.runtime import Forecasts
from .home import HomeRuntime
from .market_feed import MarketFeed
from .planning.runtime import PlanRuntime

if TYPE_CHECKING:
    from .chain.settler import Settler
    from .demo.runtime import DemoRuntime
    from .forecasting.roof import RoofWatch
    from .forecasting.sharing import Sharing
    from .membership import Membership
    from .scoring.keeper import ScoreKeeper
    from .view.live import LiveView
    from .votes.board import VoteBoard


class Ask(Protocol):
    """Has the home's node do something, or tell something."""

    async def __call__[Answer](
        self, question: Callable[[Node, Instant], Answer]
    ) -> Answer:
        """Ask between two turns of the node, in the executor."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """A member of the community as people see it."""

    party: PartyId
    name: str
    kind: str
    """What to draw: a home, a farm, a school, ..."""

    power_w: int | None
    """At the meter now, + from the grid; None: unknown, or its own business."""

    is_online: bool | None


@dataclass(kw_only=True)
class CommonWattData:
    """Runtime data of an entry, whichever kind it is."""

    home: HomeRuntime
    market: MarketFeed
    plans: PlanRuntime
    forecasts: Forecasts
    ask: Ask
    journal: Journal
    """What the home's node has signed, heard and booked."""

    neighbours: Callable[[], tuple[Neighbour, ...]]
    """Everybody in the community, this home first."""

    stop: Callable[[], Awaitable[None]]
    """Stops whoever runs the node."""

    sharing: Sharing | None = None
    """Learning with the neighbours, in a real home."""

    roof: RoofWatch | None = None
    """The panels beside the neighbours', in a real home."""

    membership: Membership | None = None
    """The home in its community, or alone; a real home has one."""

    demo: DemoRuntime | None = None
    """The street around the home, in the demo."""

    chain: Settler | None = None
    """Who settles the community on a chain, where there is one."""

    scoring: ScoreKeeper = field(init=False)
    """The score book; there before any platform is set up."""

    votes: VoteBoard = field(init=False)
    """What there is to vote on; there before any platform is set up."""

    live: LiveView | None = None
    """What the panel shows, once everything is set up."""

    shown: dict[str, Callable[[], JsonValueType]] = field(default_factory=dict)
    """What other rooms add to the panel, by section; asked once a second at most."""


type CommonWattConfigEntry = ConfigEntry[CommonWattData]
