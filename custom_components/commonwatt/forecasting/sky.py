"""Follows what the neighbours' panels feed in: they are under the same cloud.

In a community whose members see each other's readings, every settled period tells.  So
the forecast stays awake while our own inverter is silent.
"""

from collections.abc import Iterable

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from ..data import Ask
from ..engine.model.period import Instant
from ..engine.node import Event, Node, PeriodSettled
from ..engine.node.sunshine import neighbours_sun_wh
from ..market_feed import MarketFeed
from .runtime import HomeForecasts


@callback
def async_follow_sky(
    hass: HomeAssistant,
    entry: ConfigEntry,
    forecasts: HomeForecasts,
    ask: Ask,
    feed: MarketFeed,
) -> None:
    """Take in every period that is settled, as long as the entry is loaded."""
    foresight = forecasts.foresight

    async def note(event: PeriodSettled) -> None:
        def look(node: Node, _now: Instant) -> int | None:
            register = node.certificates(event.period)
            return neighbours_sun_wh(event.settlement, register, me=node.party)

        try:
            energy_wh = await ask(look)
        except RuntimeError:
            return  # the node is being stopped
        if energy_wh is not None and foresight.hear(event.period, energy_wh):
            await forecasts.async_look_ahead()

    @callback
    def hear(events: Iterable[Event]) -> None:
        for event in events:
            if isinstance(event, PeriodSettled) and foresight.has_panels:
                entry.async_create_background_task(
                    hass, note(event), "commonwatt looks at the neighbours' sky"
                )

    entry.async_on_unload(feed.async_listen_to_events(hear))
