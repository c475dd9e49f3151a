"""What all entities of devices share: names, devices, and availability by age."""

from collections.abc import Callable, Iterable
from typing import override

from homeassistant.core import callback
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .const import DOMAIN
from .coordinator import DeviceCoordinator
from .data import CommonWattConfigEntry
from .home import HomeRuntime
from .home_device import HomeDevice

type EntityBuilder = Callable[[HomeRuntime, HomeDevice], Iterable[Entity]]


class DeviceEntity(CoordinatorEntity[DeviceCoordinator]):
    """An entity of one device; available while its readings are young."""

    _attr_has_entity_name = True

    def __init__(self, home: HomeRuntime, device: HomeDevice, key: str) -> None:
        super().__init__(device.coordinator)
        self.device = device
        self._attr_unique_id = f"{device.config.id}_{key}"
        self._attr_translation_key = key
        self._attr_device_info = device_info(home, device)

    @property
    @override
    def available(self) -> bool:
        return self.coordinator.fresh


def device_info(home: HomeRuntime, device: HomeDevice) -> DeviceInfo:
    """Return the device as Home Assistant shows it, below the hub of its home."""
    identifiers: set[tuple[str, str]] = {(DOMAIN, device.config.id)}
    name = device.config.name
    if (identity := device.coordinator.identity) is None:
        # What the registry knows from better days stays as it is.
        return DeviceInfo(identifiers=identifiers, name=name, via_device_id=home.hub.id)
    return DeviceInfo(
        identifiers=identifiers,
        name=name,
        via_device_id=home.hub.id,
        manufacturer=identity.manufacturer,
        model=identity.model,
        serial_number=identity.serial,
        sw_version=identity.version,
    )


@callback
def add_device_entities(
    entry: CommonWattConfigEntry,
    add_entities: AddConfigEntryEntitiesCallback,
    build: EntityBuilder,
) -> None:
    """Add the entities of each device as soon as it is known what it offers.

    A device may be silent for days after a start: that is no reason to wait for it.
    """
    home = entry.runtime_data.home
    for device in home.devices:
        adder = _Adder(home, device, add_entities, build)
        entry.async_on_unload(device.coordinator.async_add_listener(adder.look))
        adder.look()


class _Adder:
    """Adds what is new of one device, once."""

    def __init__(
        self,
        home: HomeRuntime,
        device: HomeDevice,
        add_entities: AddConfigEntryEntitiesCallback,
        build: EntityBuilder,
    ) -> None:
        self._home = home
        self._device = device
        self._add_entities = add_entities
        self._build = build
        self._seen: object = None
        self._added: set[str] = set()

    @callback
    def look(self) -> None:
        """Compare what is offered with what was there last time."""
        offered = (self._device.coordinator.points, self._device.control is not None)
        if offered == self._seen:
            return
        self._seen = offered
        new = {
            unique_id: entity
            for entity in self._build(self._home, self._device)
            if (unique_id := entity.unique_id) is not None
            and unique_id not in self._added
        }
        self._added |= new.keys()
        self._add_entities(
            new.values(), config_subentry_id=self._device.config.subentry_id
        )
