"""Arming devices: for administrators only, and they give it a limited time."""

from typing import Final

from homeassistant.components import websocket_api
from homeassistant.core import HomeAssistant
import voluptuous as vol

from ..const import DOMAIN
from .common import CONF_ENTRY_ID, Answer, Message, data_of, entry_of, refuse

CONF_DEVICES: Final = "devices"
CONF_ARMED: Final = "armed"


@websocket_api.websocket_command(
    {
        vol.Required("type"): f"{DOMAIN}/control/arm",
        vol.Optional(CONF_ENTRY_ID): str,
        vol.Required(CONF_DEVICES): [str],
        vol.Required(CONF_ARMED): bool,
    }
)
@websocket_api.require_admin
@websocket_api.async_response
async def arm(
    hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: Message
) -> None:
    """Let the plan drive devices for the time set for each, or give them back."""
    entry = entry_of(hass, msg)
    if entry is None:
        refuse(connection, msg, Answer.NOT_LOADED, "No such home is loaded")
        return
    data = data_of(entry)
    controls = {
        device.config.id: device.control
        for device in data.home.devices
        if device.control is not None
    }
    wanted = [controls.get(device) for device in msg[CONF_DEVICES]]
    if None in wanted:
        refuse(connection, msg, Answer.NO_SUCH_DEVICE, "No such device can be armed")
        return
    for control in wanted:
        assert control is not None, "looked for"
        await (control.arm() if msg[CONF_ARMED] else control.disarm())
    connection.send_result(msg["id"])
    if data.live is not None:
        data.live.async_refresh()
