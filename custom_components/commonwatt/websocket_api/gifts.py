"""Giving energy away, and thinking better of it."""

from typing import Final

from homeassistant.components import websocket_api
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import Unauthorized
import voluptuous as vol

from .. import giving
from ..const import DOMAIN
from ..data import CommonWattData
from ..engine.model.units import ENERGY_WH_MAX
from ..engine.node import Refused
from .common import CONF_ENTRY_ID, Answer, Message, data_of, entry_of, may_act, refuse

CONF_TO: Final = "to"
CONF_ENERGY_WH: Final = "energy_wh"
CONF_GIFT: Final = "gift"


@websocket_api.websocket_command(
    {
        vol.Required("type"): f"{DOMAIN}/gift/give",
        vol.Optional(CONF_ENTRY_ID): str,
        vol.Required(CONF_TO): str,
        vol.Required(CONF_ENERGY_WH): vol.All(int, vol.Range(min=1, max=ENERGY_WH_MAX)),
    }
)
@websocket_api.async_response
async def give(
    hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: Message
) -> None:
    """Give a neighbour or the pool energy, as soon as there is some, within a day."""
    data = _data(hass, connection, msg)
    if data is None:
        return

    to, energy_wh = msg[CONF_TO], msg[CONF_ENERGY_WH]
    try:
        answer = await data.ask(lambda node, now: giving.give(node, to, energy_wh, now))
    except RuntimeError:
        refuse(connection, msg, Answer.STOPPED, "The node has stopped")
        return
    _conclude(connection, msg, data, answer)


@websocket_api.websocket_command(
    {
        vol.Required("type"): f"{DOMAIN}/gift/withdraw",
        vol.Optional(CONF_ENTRY_ID): str,
        vol.Required(CONF_GIFT): str,
    }
)
@websocket_api.async_response
async def withdraw(
    hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: Message
) -> None:
    """Take a gift back, as far as it has not been given yet."""
    data = _data(hass, connection, msg)
    if data is None:
        return

    gift = msg[CONF_GIFT]
    try:
        answer = await data.ask(lambda node, now: giving.end(node, gift, now))
    except RuntimeError:
        refuse(connection, msg, Answer.STOPPED, "The node has stopped")
        return
    _conclude(connection, msg, data, answer)


def _data(
    hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: Message
) -> CommonWattData | None:
    """Return the home that gives, if this user may give in its name.

    Raises:
        Unauthorized: the user may only look.
    """
    if not may_act(connection.user):
        raise Unauthorized
    entry = entry_of(hass, msg)
    if entry is None:
        refuse(connection, msg, Answer.NOT_LOADED, "No such home is loaded")
        return None
    return data_of(entry)


def _conclude(
    connection: websocket_api.ActiveConnection,
    msg: Message,
    data: CommonWattData,
    answer: str | Refused,
) -> None:
    if isinstance(answer, Refused):
        reason = answer.reason.value
        refuse(connection, msg, f"gift_{reason}", f"Refused: {reason}")
        return
    connection.send_result(msg["id"], {"id": answer})
    if data.live is not None:
        data.live.async_refresh()
