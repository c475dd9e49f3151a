"""The demo's summary, for scripts and benchmarks."""

from homeassistant.components import websocket_api
from homeassistant.core import HomeAssistant, callback
import voluptuous as vol

from ..const import DOMAIN
from .common import CONF_ENTRY_ID, Message, data_of, entry_of


@websocket_api.websocket_command(
    {
        vol.Required("type"): f"{DOMAIN}/demo/summary",
        vol.Required(CONF_ENTRY_ID): str,
    }
)
@callback
def demo_summary(
    hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: Message
) -> None:
    """Tell what has happened in the demo so far."""
    entry = entry_of(hass, msg)
    demo = None if entry is None else data_of(entry).demo
    if demo is None:
        connection.send_error(
            msg["id"], websocket_api.ERR_NOT_FOUND, "There is no such demo running"
        )
        return
    connection.send_result(msg["id"], demo.summary())
