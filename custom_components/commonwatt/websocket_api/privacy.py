"""What the others may see of a home: for its administrators to say."""

from typing import Final

from homeassistant.components import websocket_api
from homeassistant.core import HomeAssistant
import voluptuous as vol

from ..const import DOMAIN
from ..live_power import async_show_power
from .common import CONF_ENTRY_ID, Answer, Message, data_of, entry_of, refuse

CONF_SHOWN: Final = "shown"


@websocket_api.websocket_command(
    {
        vol.Required("type"): f"{DOMAIN}/privacy/show_power",
        vol.Optional(CONF_ENTRY_ID): str,
        vol.Required(CONF_SHOWN): bool,
    }
)
@websocket_api.require_admin
@websocket_api.async_response
async def show_power(
    hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: Message
) -> None:
    """Let the neighbours see this home's live power from now on, or no longer."""
    entry = entry_of(hass, msg)
    if entry is None:
        refuse(connection, msg, Answer.NOT_LOADED, "No such home is loaded")
        return
    data = data_of(entry)
    try:
        await async_show_power(data, shown=msg[CONF_SHOWN])
    except RuntimeError:
        refuse(connection, msg, Answer.STOPPED, "The node has stopped")
        return
    connection.send_result(msg["id"])
    if data.live is not None:
        data.live.async_refresh()
