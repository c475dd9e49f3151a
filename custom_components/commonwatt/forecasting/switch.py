"""The owner's word on learning with the neighbours."""

from typing import override

from homeassistant.components.switch import SwitchEntity
from homeassistant.const import EntityCategory
from homeassistant.helpers.translation import async_get_translations

from ..const import DOMAIN
from ..data import CommonWattConfigEntry
from .entity import ForecastEntity
from .sharing import Sharing


def sharing_switches(entry: CommonWattConfigEntry) -> list[SwitchEntity]:
    """Return the switch of a home that has a community."""
    sharing = entry.runtime_data.sharing
    return [] if sharing is None else [LearningSwitch(entry, sharing)]


class LearningSwitch(ForecastEntity, SwitchEntity):
    """Off until somebody switches it on; it says in a sentence what that means."""

    _attr_entity_category = EntityCategory.CONFIG
    _unrecorded_attributes = frozenset({"meaning"})

    def __init__(self, entry: CommonWattConfigEntry, sharing: Sharing) -> None:
        super().__init__(entry, "learn_with_neighbours")
        self._sharing = sharing

    @override
    async def async_added_to_hass(self) -> None:
        """Learn the sentence in Home Assistant's language."""
        texts = await async_get_translations(
            self.hass, self.hass.config.language, "common", [DOMAIN]
        )
        sentence = texts[f"component.{DOMAIN}.common.learning_sentence"]
        self._attr_extra_state_attributes = {"meaning": sentence}
        await super().async_added_to_hass()

    @property
    @override
    def is_on(self) -> bool:
        return self._sharing.is_on

    @override
    async def async_turn_on(self, **kwargs: object) -> None:
        """Take part."""
        await self._sharing.async_take_part()
        self.async_write_ha_state()

    @override
    async def async_turn_off(self, **kwargs: object) -> None:
        """Withdraw at once."""
        await self._sharing.async_withdraw()
        self.async_write_ha_state()
