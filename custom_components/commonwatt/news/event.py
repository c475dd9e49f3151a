"""Events of a home and its community, with history and a place in the logbook."""

from collections.abc import Mapping
from typing import Final, override

from homeassistant.components.event import EventEntity
from homeassistant.core import callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect

from ..data import CommonWattConfigEntry
from ..market_entity import MarketEntity
from .item import NEWS, News, NewsKind

EVENTS: Final[Mapping[str, Mapping[NewsKind, str]]] = {
    "gift": {
        NewsKind.GIFT_RECEIVED: "received",
        NewsKind.HELP_ASKED: "asked",
        NewsKind.THANKED: "thanked",
    },
    "community": {
        NewsKind.ROUND_VOID: "round_void",
        NewsKind.ISLAND_BEGAN: "island_began",
        NewsKind.ISLAND_ENDED: "island_ended",
        NewsKind.MISSION_STARTED: "mission_started",
        NewsKind.MISSION_DONE: "mission_done",
        NewsKind.VOTE_OPENED: "vote_opened",
        NewsKind.VOTE_PASSED: "vote_passed",
        NewsKind.VOTE_FAILED: "vote_failed",
    },
}
"""Each entity, and what news it tells as which event."""


def news_events(entry: CommonWattConfigEntry) -> list[EventEntity]:
    """Return the events of a home."""
    return [NewsEvent(entry, key) for key in EVENTS]


class NewsEvent(MarketEntity, EventEntity):
    """Some kinds of news, as one entity."""

    def __init__(self, entry: CommonWattConfigEntry, key: str) -> None:
        super().__init__(entry, key)
        self._entry_id: Final = entry.entry_id
        self._types: Final = EVENTS[key]
        self._attr_event_types = [*self._types.values()]

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the news."""
        await super().async_added_to_hass()
        self.async_on_remove(async_dispatcher_connect(self.hass, NEWS, self._hear))

    @callback
    def _hear(self, news: News) -> None:
        if news.entry_id == self._entry_id and news.kind in self._types:
            self._trigger_event(self._types[news.kind], dict(news.details))
            self.async_write_ha_state()

    @property
    @override
    def available(self) -> bool:
        """What happened stays true, whatever the node says now."""
        return True

    @callback
    @override
    def _status_changed(self) -> None:
        """Stay as the last event left it: only news is news here."""
