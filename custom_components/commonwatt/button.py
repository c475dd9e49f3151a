"""Buttons: start an appliance now, whatever is planned."""

from typing import override

from homeassistant.components.button import ButtonEntity
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .data import CommonWattConfigEntry
from .planning.entity import ApplianceEntity

PARALLEL_UPDATES = 1


async def async_setup_entry(
    hass: HomeAssistant,  # noqa: ARG001  # Home Assistant's signature
    entry: CommonWattConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the buttons of an entry."""
    for appliance in entry.runtime_data.plans.appliances:
        async_add_entities(
            [StartNowButton(entry, appliance, "start_now")],
            config_subentry_id=appliance.subentry_id,
        )


class StartNowButton(ApplianceEntity, ButtonEntity):
    """Says that the appliance has been started; the rest is planned around it."""

    @override
    async def async_press(self) -> None:
        """Let the run begin now."""
        self.appliance.start(self.plans.now)
        self.plans.async_wishes_changed()
