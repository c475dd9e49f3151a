"""The one subscription panel and cards live on."""

from homeassistant.components import websocket_api
from homeassistant.core import HomeAssistant, callback
from homeassistant.util.json import JsonValueType
import voluptuous as vol

from ..const import CONF_KIND, DOMAIN
from ..data import CommonWattConfigEntry
from ..engine.node.config import GIFT_WH_MAX_DAY
from ..view.together import ADMIN_SECTIONS
from .common import (
    CONF_ENTRY_ID,
    Answer,
    Message,
    data_of,
    entry_of,
    may_act,
    refuse,
)

type _Sections = dict[str, JsonValueType]


@websocket_api.websocket_command({vol.Required("type"): f"{DOMAIN}/homes"})
@callback
def homes(
    hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: Message
) -> None:
    """List the homes there are, for a chooser."""
    connection.send_result(
        msg["id"],
        [
            {
                "entry_id": entry.entry_id,
                "title": entry.title,
                "kind": entry.data[CONF_KIND],
                "state": entry.state.value,
            }
            for entry in hass.config_entries.async_entries(DOMAIN)
        ],
    )


@websocket_api.websocket_command(
    {
        vol.Required("type"): f"{DOMAIN}/live",
        vol.Optional(CONF_ENTRY_ID): str,
    }
)
@callback
def live(
    hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: Message
) -> None:
    """Send a snapshot of a home, then every section that changes, at most at 1 Hz.

    Ends with ``closed`` when the home is unloaded; ask again then.
    """
    entry = entry_of(hass, msg)
    view = None if entry is None else data_of(entry).live
    if entry is None or view is None:
        refuse(connection, msg, Answer.NOT_LOADED, "No such home is loaded")
        return
    begun = False

    @callback
    def send(sections: _Sections) -> None:
        shown = _visible(sections, connection)
        event: _Sections
        if not sections:
            event = {"closed": True}
        elif begun:
            event = {"delta": shown}
        else:
            event = {"snapshot": {"home": _home(hass, entry, connection), **shown}}
        connection.send_event(msg["id"], event)

    connection.send_result(msg["id"])
    connection.subscriptions[msg["id"]] = view.async_subscribe(send)
    begun = True


def _visible(
    sections: _Sections, connection: websocket_api.ActiveConnection
) -> _Sections:
    """Leave out what is only for administrators."""
    if connection.user.is_admin:
        return sections
    return {
        name: None if name in ADMIN_SECTIONS else section
        for name, section in sections.items()
    }


def _home(
    hass: HomeAssistant,
    entry: CommonWattConfigEntry,
    connection: websocket_api.ActiveConnection,
) -> _Sections:
    data, user = data_of(entry), connection.user
    return {
        "entry_id": entry.entry_id,
        "title": entry.title,
        "kind": entry.data[CONF_KIND],
        "party": data.market.party,
        "currency": hass.config.currency,
        "simulated": data.home.simulated,
        "admin": user.is_admin,
        "may_act": may_act(user),
        "gift_wh_max_day": GIFT_WH_MAX_DAY,
    }
