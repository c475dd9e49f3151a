"""What counts most in a plan, as one choice."""

from typing import override

from homeassistant.components.select import SelectEntity
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .data import CommonWattConfigEntry
from .planning.entity import PlanEntity
from .planning.wishes import Goal

PARALLEL_UPDATES = 1


async def async_setup_entry(
    hass: HomeAssistant,  # noqa: ARG001  # Home Assistant's signature
    entry: CommonWattConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the selects of an entry."""
    async_add_entities([GoalSelect(entry, "plan_goal")])


class GoalSelect(PlanEntity, SelectEntity):
    """Sets the three weights in one go; shows what they amount to."""

    _attr_entity_category = EntityCategory.CONFIG

    def __init__(self, entry: CommonWattConfigEntry, key: str) -> None:
        super().__init__(entry, key)
        self._attr_options = [goal.value for goal in Goal]

    @property
    @override
    def current_option(self) -> str:
        return self.plans.wishes.goal.value

    @override
    async def async_select_option(self, option: str) -> None:
        """Plan anew with it."""
        self.plans.wishes.choose(Goal(option))
        self.plans.async_wishes_changed()
