"""CommonWatt: makes a home a member of an Internet of energy.

This is the glue: it knows Home Assistant, hands readings to the engine and carries out
what the engine decided. It computes no price, no signature and no balance.
"""

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import ConfigType

from .const import DOMAIN
from .control_store import ClaimStore
from .data import CommonWattConfigEntry, CommonWattData
from .device_settings import devices_of
from .home import HomeRuntime
from .settings import HomeSettings
from .tariff import TariffSource

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)

PLATFORMS = [
    Platform.BINARY_SENSOR,
    Platform.NUMBER,
    Platform.SENSOR,
    Platform.SWITCH,
]


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:  # noqa: ARG001
    """Set up what all entries share."""
    return True


async def async_setup_entry(hass: HomeAssistant, entry: CommonWattConfigEntry) -> bool:
    """Set up a home, or the demo neighbourhood."""
    home = _home_of(hass, entry)
    entry.runtime_data = CommonWattData(home=home)
    await home.async_start()
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    entry.async_on_unload(entry.add_update_listener(_reload))
    return True


async def async_unload_entry(hass: HomeAssistant, entry: CommonWattConfigEntry) -> bool:
    """Give every device back, then let go of everything."""
    await entry.runtime_data.home.async_stop()
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)


async def async_remove_entry(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Delete what was kept on disk."""
    await ClaimStore(hass, entry.entry_id).remove()


async def _reload(hass: HomeAssistant, entry: CommonWattConfigEntry) -> None:
    """Start anew with what was changed: settings, or a device more or less."""
    hass.config_entries.async_schedule_reload(entry.entry_id)


def _home_of(hass: HomeAssistant, entry: CommonWattConfigEntry) -> HomeRuntime:
    settings = HomeSettings.from_data(entry.data)
    tariff = TariffSource(hass=hass, settings=settings.tariff)
    return HomeRuntime(hass, entry, devices_of(entry), tariff=tariff.current)
