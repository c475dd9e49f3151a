"""What all entities of the plan share: they follow the plan of their home."""

from typing import override

from homeassistant.core import callback
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import Entity

from ..const import DOMAIN
from ..data import CommonWattConfigEntry
from .appliances import PlannedAppliance
from .runtime import PlanRuntime


class PlanEntity(Entity):
    """An entity of the home's plan, on the hub."""

    _attr_has_entity_name = True
    _attr_should_poll = False

    def __init__(self, entry: CommonWattConfigEntry, key: str) -> None:
        self.plans: PlanRuntime = entry.runtime_data.plans
        self._attr_unique_id = f"{entry.entry_id}_{key}"
        self._attr_translation_key = key
        self._attr_device_info = DeviceInfo(identifiers={(DOMAIN, entry.entry_id)})

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the plan."""
        await super().async_added_to_hass()
        self.async_on_remove(self.plans.async_listen(self._plan_changed))

    @callback
    def _plan_changed(self) -> None:
        self.async_write_ha_state()


class ApplianceEntity(PlanEntity):
    """An entity of one appliance."""

    def __init__(
        self, entry: CommonWattConfigEntry, appliance: PlannedAppliance, key: str
    ) -> None:
        super().__init__(entry, key)
        self.appliance = appliance
        self._attr_unique_id = f"{appliance.id}_{key}"
        self._attr_device_info = DeviceInfo(
            identifiers={(DOMAIN, appliance.id)},
            name=appliance.name,
            via_device_id=entry.runtime_data.home.hub.id,
        )
