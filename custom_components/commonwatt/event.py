"""Events: a final trade with a neighbour, a badge, a gift, a mission."""

from typing import Final, override

from homeassistant.components.event import EventEntity
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .data import CommonWattConfigEntry
from .engine.model.period import datetime_from_instant
from .engine.model.units import MICRO_PER_UNIT
from .market_entity import MarketEntity
from .market_feed import HomeTrade, TradeDirection
from .news.event import news_events
from .scoring.event import BadgeEvent

PARALLEL_UPDATES = 0

_WH_PER_KWH: Final = 1000


async def async_setup_entry(
    hass: HomeAssistant,  # noqa: ARG001  # a platform's signature
    entry: CommonWattConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the events of a home."""
    async_add_entities([TradeEvent(entry), BadgeEvent(entry), *news_events(entry)])


class TradeEvent(MarketEntity, EventEntity):
    """The home bought from a neighbour, or sold to one."""

    _attr_event_types = [direction.value for direction in TradeDirection]  # noqa: RUF012  # as Home Assistant declares it

    def __init__(self, entry: CommonWattConfigEntry) -> None:
        super().__init__(entry, "trade")

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the trades."""
        await super().async_added_to_hass()
        self.async_on_remove(self.feed.async_listen_to_trades(self._traded))

    @callback
    def _traded(self, trade: HomeTrade) -> None:
        self._trigger_event(
            trade.direction.value,
            {
                "energy_kwh": trade.energy_wh / _WH_PER_KWH,
                "price_per_kwh": trade.price_micro_per_kwh / MICRO_PER_UNIT,
                "delivery_start": datetime_from_instant(trade.period.start).isoformat(),
            },
        )
        self.async_write_ha_state()

    @property
    @override
    def available(self) -> bool:
        """What happened stays true, whatever the node says now."""
        return True

    @callback
    @override
    def _status_changed(self) -> None:
        """Stay as the last trade left it: only trades are news here."""
