"""What a loaded config entry holds, and its type."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from homeassistant.config_entries import ConfigEntry

from .home import HomeRuntime
from .market_feed import MarketFeed
from .planning.runtime import PlanRuntime

if TYPE_CHECKING:
    from .demo.runtime import DemoRuntime


@dataclass(kw_only=True)
class CommonWattData:
    """Runtime data of an entry, whichever kind it is."""

    home: HomeRuntime
    market: MarketFeed
    plans: PlanRuntime
    stop: Callable[[], Awaitable[None]]
    """Stops whoever runs the node."""

    demo: DemoRuntime | None = None
    """The street around the home, in the demo."""


type CommonWattConfigEntry = ConfigEntry[CommonWattData]
