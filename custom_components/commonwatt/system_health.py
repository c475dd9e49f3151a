"""What the repairs dashboard shows at a glance: who answers, and what is settled."""

from homeassistant.components.system_health import SystemHealthRegistration
from homeassistant.core import HomeAssistant, callback

from .const import DOMAIN
from .data import CommonWattConfigEntry


@callback
def async_register(
    hass: HomeAssistant,  # noqa: ARG001  # Home Assistant's signature
    register: SystemHealthRegistration,
) -> None:
    """Register what can be said."""
    register.async_register_info(_info)


async def _info(hass: HomeAssistant) -> dict[str, object]:
    entries: list[CommonWattConfigEntry] = hass.config_entries.async_loaded_entries(
        DOMAIN
    )
    devices = [d for entry in entries for d in entry.runtime_data.home.devices]
    fresh = sum(device.coordinator.fresh for device in devices)
    armed = sum(d.control is not None and d.control.armed for d in devices)
    known = (entry.runtime_data.market.status for entry in entries)
    statuses = [status for status in known if status is not None]
    settled = [one.last_settled for one in statuses if one.last_settled is not None]
    online = sum(status.members_online for status in statuses)
    members = sum(status.members for status in statuses)
    return {
        "homes": len(entries),
        "devices_answering": f"{fresh}/{len(devices)}",
        "devices_armed": armed,
        "members_online": f"{online}/{members}",
        "last_settled": str(max(settled)) if settled else None,
    }
