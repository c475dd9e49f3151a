"""What the owner lets the home play: leaderboard, lighter evenings.  Off at first."""

from typing import Any, override

from homeassistant.components.switch import SwitchEntity
from homeassistant.const import STATE_ON, EntityCategory
from homeassistant.helpers.restore_state import RestoreEntity

from ..data import CommonWattConfigEntry
from .entity import ScoreEntity


class LeaderboardSwitch(ScoreEntity, SwitchEntity, RestoreEntity):
    """On: the others see this home's points, in steps of five, under a pseudonym."""

    _attr_entity_category = EntityCategory.CONFIG

    def __init__(self, entry: CommonWattConfigEntry) -> None:
        super().__init__(entry, "leaderboard")

    @property
    @override
    def is_on(self) -> bool:
        return self.keeper.is_shown

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        await self._show(shown=True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        await self._show(shown=False)

    @override
    async def async_added_to_hass(self) -> None:
        """Remember what the owner wanted before a restart."""
        await super().async_added_to_hass()
        last = await self.async_get_last_state()
        if last is not None and last.state == STATE_ON:
            self.keeper.is_shown = True

    async def _show(self, *, shown: bool) -> None:
        await self.keeper.async_show(shown=shown)
        self.async_write_ha_state()


class EveningSwitch(ScoreEntity, SwitchEntity, RestoreEntity):
    """On: the home promises to leave something out when the community asks for less.

    It promises; to keep the promise is for automations, plans and people.
    """

    _attr_entity_category = EntityCategory.CONFIG

    def __init__(self, entry: CommonWattConfigEntry) -> None:
        super().__init__(entry, "lighter_evenings")

    @property
    @override
    def is_on(self) -> bool:
        return self.keeper.own.joins_evenings

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        self._join(joins=True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        self._join(joins=False)

    @override
    async def async_added_to_hass(self) -> None:
        """Remember what the owner wanted before a restart."""
        await super().async_added_to_hass()
        last = await self.async_get_last_state()
        if last is not None and last.state == STATE_ON:
            self.keeper.own.joins_evenings = True

    def _join(self, *, joins: bool) -> None:
        self.keeper.own.joins_evenings = joins
        self.async_write_ha_state()
