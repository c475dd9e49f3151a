"""What all entities of the scores share: they follow the score book of their home."""

from typing import override

from homeassistant.core import callback
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import Entity

from ..const import DOMAIN
from ..data import CommonWattConfigEntry
from .keeper import ScoreKeeper, Scores


class ScoreEntity(Entity):
    """An entity of the home's scores, on the hub."""

    _attr_has_entity_name = True
    _attr_should_poll = False

    def __init__(self, entry: CommonWattConfigEntry, key: str) -> None:
        self.keeper: ScoreKeeper = entry.runtime_data.scoring
        self._attr_unique_id = f"{entry.entry_id}_{key}"
        self._attr_translation_key = key
        self._attr_device_info = DeviceInfo(identifiers={(DOMAIN, entry.entry_id)})

    @property
    def scores(self) -> Scores | None:
        """What the last settled period made of it."""
        return self.keeper.scores

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the book."""
        await super().async_added_to_hass()
        self.async_on_remove(self.keeper.async_listen(self._scores_changed))

    @callback
    def _scores_changed(self) -> None:
        self.async_write_ha_state()
