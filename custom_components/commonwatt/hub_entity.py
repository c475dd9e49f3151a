"""What all entities on the hub of a home share: their name, their place, no polling."""

from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import Entity

from .const import DOMAIN
from .data import CommonWattConfigEntry


class HubEntity(Entity):
    """An entity of the home itself; it says by itself when it has changed."""

    _attr_has_entity_name = True
    _attr_should_poll = False

    def __init__(self, entry: CommonWattConfigEntry, key: str) -> None:
        self._attr_unique_id = f"{entry.entry_id}_{key}"
        self._attr_translation_key = key
        self._attr_device_info = DeviceInfo(identifiers={(DOMAIN, entry.entry_id)})
