"""How a device of the home is reached, as its subentry says."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self, override

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.util.json import JsonValueType
from modbus_connection import ModbusTcpParams

from .engine.devices import DeviceId, DeviceKind
from .references import EntityRef
from .settings import integer, section_of, text

CONF_SOURCE: Final = "source"
CONF_UNIT_ID: Final = "unit_id"
CONF_DRIVER: Final = "driver"
CONF_SERIAL: Final = "serial"
CONF_REVERSED: Final = "reversed_power"
CONF_ENTITIES: Final = "entities"
CONF_CAPACITY: Final = "capacity_wh"

DEVICE_TYPES: Final = frozenset(kind.value for kind in DeviceKind)
"""Types of the subentries that are devices."""


class SourceKind(StrEnum):
    """Where a device's readings come from."""

    MODBUS = "modbus"
    ENTITIES = "entities"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModbusAddress:
    """Where a Modbus device answers."""

    host: str
    port: int
    unit_id: int

    @property
    def params(self) -> ModbusTcpParams:
        """What Home Assistant's shared connection is asked for."""
        return ModbusTcpParams(host=self.host, port=self.port)

    @override
    def __str__(self) -> str:
        """Return the address as people write it."""
        return f"{self.host}:{self.port}/{self.unit_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModbusSettings:
    """A device behind Home Assistant's shared Modbus connection."""

    address: ModbusAddress
    driver: str
    serial: str | None = None
    reversed_power: bool = False
    """A meter that counts export as positive although its maker usually does not."""

    @classmethod
    def from_data(cls, data: Mapping[str, object]) -> Self:
        """Parse what ``as_data`` wrote."""
        serial = data[CONF_SERIAL]
        return cls(
            address=ModbusAddress(
                host=text(data, CONF_HOST),
                port=integer(data, CONF_PORT),
                unit_id=integer(data, CONF_UNIT_ID),
            ),
            driver=text(data, CONF_DRIVER),
            serial=None if serial is None else str(serial),
            reversed_power=bool(data[CONF_REVERSED]),
        )

    def as_data(self) -> dict[str, JsonValueType]:
        """Return the data of a subentry."""
        return {
            CONF_SOURCE: SourceKind.MODBUS.value,
            CONF_HOST: self.address.host,
            CONF_PORT: self.address.port,
            CONF_UNIT_ID: self.address.unit_id,
            CONF_DRIVER: self.driver,
            CONF_SERIAL: self.serial,
            CONF_REVERSED: self.reversed_power,
        }

    @property
    def identity(self) -> str:
        """What tells the device apart from every other one."""
        return self.serial or str(self.address)


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptedSettings:
    """A device other integrations already know."""

    entities: Mapping[str, EntityRef]
    """By role."""

    reversed_power: bool = False
    """Its power counts the other way round than ours."""

    capacity_wh: int | None = None
    """Of a battery, where known."""

    @classmethod
    def from_data(cls, data: Mapping[str, object]) -> Self:
        """Parse what ``as_data`` wrote."""
        entities = section_of(data, CONF_ENTITIES)
        known = data[CONF_CAPACITY] is not None
        return cls(
            entities={role: text(entities, role) for role in entities},
            reversed_power=bool(data[CONF_REVERSED]),
            capacity_wh=integer(data, CONF_CAPACITY) if known else None,
        )

    def as_data(self) -> dict[str, JsonValueType]:
        """Return the data of a subentry."""
        return {
            CONF_SOURCE: SourceKind.ENTITIES.value,
            CONF_ENTITIES: dict(self.entities),
            CONF_REVERSED: self.reversed_power,
            CONF_CAPACITY: self.capacity_wh,
        }

    @property
    def identity(self) -> str:
        """What tells the device apart from every other one: its first entity."""
        return next(iter(self.entities.values()))


type DeviceSettings = ModbusSettings | AdoptedSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceConfig:
    """One device of the home as configured."""

    id: DeviceId
    kind: DeviceKind
    name: str
    settings: DeviceSettings
    subentry_id: str | None
    """None for devices nobody can configure."""

    @classmethod
    def of(cls, subentry: ConfigSubentry) -> Self:
        """Read a subentry."""
        return cls(
            id=DeviceId(subentry.subentry_id),
            kind=DeviceKind(subentry.subentry_type),
            name=subentry.title,
            settings=settings_of(subentry.data),
            subentry_id=subentry.subentry_id,
        )


def settings_of(data: Mapping[str, object]) -> DeviceSettings:
    """Parse the data of a subentry."""
    match SourceKind(text(data, CONF_SOURCE)):
        case SourceKind.MODBUS:
            return ModbusSettings.from_data(data)
        case SourceKind.ENTITIES:
            return AdoptedSettings.from_data(data)


def devices_of(entry: ConfigEntry) -> tuple[DeviceConfig, ...]:
    """Return the devices of a home, in the order they were added."""
    return tuple(
        DeviceConfig.of(subentry)
        for subentry in entry.subentries.values()
        if subentry.subentry_type in DEVICE_TYPES
    )
