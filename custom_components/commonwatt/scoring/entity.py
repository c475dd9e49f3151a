"""What all entities of the scores share: they follow the score book of their home."""

from typing import override

from homeassistant.core import callback

from ..data import CommonWattConfigEntry
from ..hub_entity import HubEntity
from .keeper import ScoreKeeper, Scores


class ScoreEntity(HubEntity):
    """An entity of the home's scores, on the hub."""

    def __init__(self, entry: CommonWattConfigEntry, key: str) -> None:
        super().__init__(entry, key)
        self.keeper: ScoreKeeper = entry.runtime_data.scoring

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
