"""WebSocket commands: what a page or a script may ask that no entity tells."""

from typing import TYPE_CHECKING, Any, Final

from homeassistant.components import websocket_api
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback
import voluptuous as vol

from .const import DOMAIN
from .data import CommonWattData

if TYPE_CHECKING:
    from .demo.runtime import DemoRuntime

CONF_ENTRY_ID: Final = "entry_id"


@callback
def async_register_commands(hass: HomeAssistant) -> None:
    """Make the commands known."""
    websocket_api.async_register_command(hass, demo_summary)


@websocket_api.websocket_command(
    {
        vol.Required("type"): f"{DOMAIN}/demo/summary",
        vol.Required(CONF_ENTRY_ID): str,
    }
)
@callback
def demo_summary(
    hass: HomeAssistant,
    connection: websocket_api.ActiveConnection,
    msg: dict[str, Any],
) -> None:
    """Tell what has happened in the demo so far."""
    demo = _demo_of(hass, msg[CONF_ENTRY_ID])
    if demo is None:
        connection.send_error(
            msg["id"], websocket_api.ERR_NOT_FOUND, "There is no such demo running"
        )
        return
    connection.send_result(msg["id"], demo.summary())


def _demo_of(hass: HomeAssistant, entry_id: str) -> DemoRuntime | None:
    entry = hass.config_entries.async_get_entry(entry_id)
    if entry is None or entry.domain != DOMAIN:
        return None
    if entry.state is not ConfigEntryState.LOADED:
        return None
    data = entry.runtime_data
    assert isinstance(data, CommonWattData), "what our entries hold"
    return data.demo
