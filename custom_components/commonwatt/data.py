"""What a loaded config entry holds, and its type."""

from dataclasses import dataclass

from homeassistant.config_entries import ConfigEntry

from .home import HomeRuntime


@dataclass(kw_only=True)
class CommonWattData:
    """Runtime data of an entry, whichever kind it is."""

    home: HomeRuntime


type CommonWattConfigEntry = ConfigEntry[CommonWattData]
