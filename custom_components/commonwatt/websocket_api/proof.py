"""Checking a certificate of origin: in the own books, and on the chain."""

from typing import Final

from homeassistant.components import websocket_api
from homeassistant.core import HomeAssistant
import voluptuous as vol

from ..chain.proof import async_prove
from ..const import DOMAIN
from ..drivers.chain import ChainError
from ..engine.ledger.certificates import CertificateId
from ..engine.model.period import DeliveryPeriod, Instant
from ..engine.node import Node
from ..view.lookup import Proof, prove
from ..view.proof import proof
from .common import CONF_ENTRY_ID, Answer, Message, data_of, entry_of, refuse

CONF_CERTIFICATE: Final = "certificate"
CONF_START: Final = "start"


@websocket_api.websocket_command(
    {
        vol.Required("type"): f"{DOMAIN}/certificate/verify",
        vol.Optional(CONF_ENTRY_ID): str,
        vol.Required(CONF_CERTIFICATE): str,
        vol.Required(CONF_START): vol.All(int, vol.Range(min=0)),
    }
)
@websocket_api.async_response
async def verify(
    hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: Message
) -> None:
    """Recompute a certificate from the readings this home's own node has settled."""
    entry = entry_of(hass, msg)
    if entry is None:
        refuse(connection, msg, Answer.NOT_LOADED, "No such home is loaded")
        return
    data = data_of(entry)
    period = DeliveryPeriod.containing(Instant(msg[CONF_START]))

    def ask(node: Node, _now: Instant) -> Proof | None:
        return prove(node, CertificateId(msg[CONF_CERTIFICATE]), period)

    try:
        found = await data.ask(ask)
    except RuntimeError:
        refuse(connection, msg, Answer.STOPPED, "The node has stopped")
        return
    if found is None:
        refuse(connection, msg, Answer.NO_SUCH_CERTIFICATE, "No such certificate here")
        return
    connection.send_result(msg["id"], proof(found, data.market.party))


@websocket_api.websocket_command(
    {
        vol.Required("type"): f"{DOMAIN}/certificate/chain",
        vol.Optional(CONF_ENTRY_ID): str,
        vol.Required(CONF_CERTIFICATE): str,
    }
)
@websocket_api.async_response
async def verify_on_chain(
    hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: Message
) -> None:
    """Have the contracts check a certificate, in a batch that stands."""
    entry = entry_of(hass, msg)
    if entry is None:
        refuse(connection, msg, Answer.NOT_LOADED, "No such home is loaded")
        return
    settler = data_of(entry).chain
    if settler is None:
        refuse(connection, msg, Answer.NO_CHAIN, "This home settles on no chain")
        return
    try:
        found = await async_prove(settler, CertificateId(msg[CONF_CERTIFICATE]))
    except ChainError:
        refuse(connection, msg, Answer.CHAIN_SILENT, "The chain does not answer")
        return
    if found is None:
        refuse(connection, msg, Answer.NO_SUCH_CERTIFICATE, "No batch has it")
        return
    connection.send_result(msg["id"], found.section)
