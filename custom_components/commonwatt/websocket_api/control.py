"""Arming devices and driving them by hand: for administrators, for a while."""

from typing import Final

from homeassistant.components import websocket_api
from homeassistant.core import HomeAssistant
import voluptuous as vol

from ..const import DOMAIN
from ..control import ArmedDevice
from ..data import CommonWattData
from ..engine.model.period import DAY_MS, MINUTE_MS
from .common import CONF_ENTRY_ID, Answer, Message, data_of, entry_of, refuse

CONF_DEVICES: Final = "devices"
CONF_DEVICE: Final = "device"
CONF_ARMED: Final = "armed"
CONF_VALUE: Final = "value"
CONF_MINUTES: Final = "minutes"

VALUE_MAX: Final = 1 << 31


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
    data = _data(hass, connection, msg)
    if data is None:
        return
    controls = _controls(data)
    wanted = [controls.get(device) for device in msg[CONF_DEVICES]]
    if None in wanted:
        refuse(connection, msg, Answer.NO_SUCH_DEVICE, "No such device can be armed")
        return
    for control in wanted:
        assert control is not None, "looked for"
        await (control.arm() if msg[CONF_ARMED] else control.disarm())
    _conclude(connection, msg, data)


@websocket_api.websocket_command(
    {
        vol.Required("type"): f"{DOMAIN}/control/set",
        vol.Optional(CONF_ENTRY_ID): str,
        vol.Required(CONF_DEVICE): str,
        vol.Required(CONF_VALUE): vol.All(
            int, vol.Range(min=-VALUE_MAX, max=VALUE_MAX)
        ),
        vol.Required(CONF_MINUTES): vol.All(
            int, vol.Range(min=1, max=DAY_MS // MINUTE_MS)
        ),
    }
)
@websocket_api.require_admin
@websocket_api.async_response
async def set_by_hand(
    hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: Message
) -> None:
    """Set W (battery, + discharging) or mA (charger) instead of the plan, for a while.

    The device has to be armed, and is given back to the plan when the time is over.
    """
    data = _data(hass, connection, msg)
    control = _control(data, connection, msg)
    if data is None or control is None:
        return
    refusal = await control.request_value(
        msg[CONF_VALUE], for_ms=msg[CONF_MINUTES] * MINUTE_MS
    )
    if refusal is not None:
        refuse(connection, msg, f"setpoint_{refusal}", f"Refused: {refusal}")
        return
    _conclude(connection, msg, data)


@websocket_api.websocket_command(
    {
        vol.Required("type"): f"{DOMAIN}/control/resume",
        vol.Optional(CONF_ENTRY_ID): str,
        vol.Required(CONF_DEVICE): str,
    }
)
@websocket_api.require_admin
@websocket_api.async_response
async def resume(
    hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: Message
) -> None:
    """Let the plan drive a device again before what was set by hand is over."""
    data = _data(hass, connection, msg)
    control = _control(data, connection, msg)
    if data is None or control is None:
        return
    await control.resume()
    _conclude(connection, msg, data)


def _data(
    hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: Message
) -> CommonWattData | None:
    entry = entry_of(hass, msg)
    if entry is None:
        refuse(connection, msg, Answer.NOT_LOADED, "No such home is loaded")
        return None
    return data_of(entry)


def _control(
    data: CommonWattData | None,
    connection: websocket_api.ActiveConnection,
    msg: Message,
) -> ArmedDevice | None:
    """Return the control of the device that is meant, or refuse."""
    if data is None:
        return None
    control = _controls(data).get(msg[CONF_DEVICE])
    if control is None:
        refuse(connection, msg, Answer.NO_SUCH_DEVICE, "No such device can be driven")
    return control


def _controls(data: CommonWattData) -> dict[str, ArmedDevice]:
    return {
        device.config.id: device.control
        for device in data.home.devices
        if device.control is not None
    }


def _conclude(
    connection: websocket_api.ActiveConnection, msg: Message, data: CommonWattData
) -> None:
    connection.send_result(msg["id"])
    if data.live is not None:
        data.live.async_refresh()
