"""Our solar forecast for the Energy dashboard, which finds it by the name of this file.

Hours that are over are shown as they were forecast, so that people can compare.
"""

from homeassistant.components.energy.types import SolarForecastType
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant

from .const import DOMAIN
from .data import CommonWattData
from .engine.model.period import datetime_from_instant


async def async_get_solar_forecast(
    hass: HomeAssistant, config_entry_id: str
) -> SolarForecastType | None:
    """Return what the panels of a home will give; None without panels."""
    entry = hass.config_entries.async_get_entry(config_entry_id)
    if entry is None or entry.domain != DOMAIN:
        return None
    if entry.state is not ConfigEntryState.LOADED:
        return None
    data = entry.runtime_data
    assert isinstance(data, CommonWattData), "what our entries hold"
    hours = data.forecasts.foresight.sun_by_hour()
    if not hours:
        return None
    return {
        "wh_hours": {
            datetime_from_instant(start).isoformat(): round(wh)
            for start, wh in hours.items()
        }
    }
