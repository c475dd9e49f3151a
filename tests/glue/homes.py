"""Homes for tests: entries that are loaded, and the devices they start with."""

from collections.abc import Iterable, Mapping

from homeassistant.config_entries import ConfigSubentryData
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.commonwatt.const import DOMAIN
from custom_components.commonwatt.device_settings import (
    AdoptedSettings,
    DeviceSettings,
    ModbusAddress,
    ModbusSettings,
)
from custom_components.commonwatt.engine.devices import DeviceKind
from custom_components.commonwatt.engine.model.zone import ZoneId
from custom_components.commonwatt.settings import HomeSettings, TariffSettings

SETTINGS = HomeSettings(
    grid_zone=ZoneId("community"),
    tariff=TariffSettings(energy=250_000, feed_in=80_000),
)


def device(
    kind: DeviceKind, settings: DeviceSettings, name: str | None = None
) -> ConfigSubentryData:
    """Return a device as its subentry keeps it."""
    return ConfigSubentryData(
        data=settings.as_data(),
        subentry_type=kind,
        title=name or kind.capitalize(),
        unique_id=f"{kind}_{settings.identity}",
    )


def adopted(
    kind: DeviceKind,
    entities: Mapping[str, str],
    *,
    reversed_power: bool = False,
    capacity_wh: int | None = None,
) -> ConfigSubentryData:
    """Return a device made of existing entities."""
    settings = AdoptedSettings(
        entities=entities, reversed_power=reversed_power, capacity_wh=capacity_wh
    )
    return device(kind, settings)


def modbus(
    kind: DeviceKind,
    port: int,
    unit_id: int,
    *,
    driver: str = "sunspec",
    serial: str | None = None,
) -> ConfigSubentryData:
    """Return a device behind Modbus on this machine."""
    address = ModbusAddress(host="127.0.0.1", port=port, unit_id=unit_id)
    return device(kind, ModbusSettings(address=address, driver=driver, serial=serial))


async def add_home(
    hass: HomeAssistant,
    devices: Iterable[ConfigSubentryData] = (),
    *,
    name: str = "Home",
) -> MockConfigEntry:
    """Add a home and let it read its devices once."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        title=name,
        unique_id=f"home_{name.casefold()}",
        data=SETTINGS.as_data(),
        subentries_data=list(devices),
    )
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await settle(hass)
    return entry


async def settle(hass: HomeAssistant) -> None:
    """Let everything run that has been started."""
    await hass.async_block_till_done(wait_background_tasks=True)
