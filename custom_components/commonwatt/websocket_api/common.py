"""What all commands share: which home is meant, who may act for it, how to refuse."""

from enum import StrEnum
from typing import Any, Final

from homeassistant.auth.models import User
from homeassistant.auth.permissions.const import POLICY_CONTROL
from homeassistant.components import websocket_api
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant

from ..const import DOMAIN
from ..data import CommonWattConfigEntry, CommonWattData

CONF_ENTRY_ID: Final = "entry_id"

type Message = dict[str, Any]


class Answer(StrEnum):
    """Codes a command is refused with, beyond Home Assistant's own."""

    NOT_LOADED = "home_not_loaded"
    NO_SUCH_DEVICE = "device_unknown"
    NO_SUCH_CERTIFICATE = "certificate_unknown"
    STOPPED = "node_stopped"
    NO_CHAIN = "no_chain"
    CHAIN_SILENT = "chain_silent"


def entry_of(hass: HomeAssistant, msg: Message) -> CommonWattConfigEntry | None:
    """Return the loaded home that is meant; the first one if none is named."""
    wanted = msg.get(CONF_ENTRY_ID)
    loaded = (
        entry
        for entry in hass.config_entries.async_entries(DOMAIN)
        if entry.state is ConfigEntryState.LOADED
        and (wanted is None or entry.entry_id == wanted)
    )
    return next(loaded, None)


def data_of(entry: CommonWattConfigEntry) -> CommonWattData:
    """Return what a loaded entry holds."""
    data = entry.runtime_data
    assert isinstance(data, CommonWattData), "what our entries hold"
    return data


def may_act(user: User) -> bool:
    """Tell whether a user may do things in this home, and not only look."""
    return user.is_admin or user.permissions.access_all_entities(POLICY_CONTROL)


def refuse(
    connection: websocket_api.ActiveConnection, msg: Message, code: str, said: str
) -> None:
    """Say no; panel and cards have words of their own for each code."""
    connection.send_error(msg["id"], code, said)
