"""Events of the scores: a badge, the moment it is earned."""

from typing import override

from homeassistant.components.event import EventEntity
from homeassistant.core import callback

from ..data import CommonWattConfigEntry
from ..engine.scores.badges import Badge
from .entity import ScoreEntity


class BadgeEvent(ScoreEntity, EventEntity):
    """The home earned a badge."""

    _attr_event_types = [badge.value for badge in Badge]  # noqa: RUF012  # as Home Assistant declares it

    def __init__(self, entry: CommonWattConfigEntry) -> None:
        super().__init__(entry, "badge")

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the badges."""
        await super().async_added_to_hass()
        self.async_on_remove(self.keeper.async_listen_to_badges(self._earned))

    @callback
    def _earned(self, badge: Badge) -> None:
        self._trigger_event(badge.value)
        self.async_write_ha_state()

    @callback
    @override
    def _scores_changed(self) -> None:
        """Stay as the last badge left it: only badges are news here."""
