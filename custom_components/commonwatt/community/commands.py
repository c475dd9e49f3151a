"""What the owner of a member can have done, from forms and actions alike."""

import secrets
from typing import TYPE_CHECKING, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from ..engine.model.community import NONCE_BYTES
from ..engine.model.period import DAY_MS, Instant, after
from ..engine.model.zone import ZoneId
from ..engine.node import Hindered, Node
from ..engine.wire.invite import ADDRESSES_MAX, Invite
from .identity import async_member_secrets, async_seal
from .settings import BrokerWay, CommunitySettings, WaySettings

if TYPE_CHECKING:
    from ..membership import Membership

INVITATION_DAYS: Final = 7
INVITATION_DAYS_MAX: Final = 30


async def async_invite(
    membership: Membership, *, days: int, zone: ZoneId
) -> Invite | Hindered:
    """Sign an invitation for one home, good for some days.

    RuntimeError: the node has stopped.
    """
    circle = membership.circle
    assert circle is not None, "only members invite"
    nonce = secrets.token_bytes(NONCE_BYTES)

    def invite(node: Node, now: Instant) -> Invite | Hindered:
        until = after(now, days * DAY_MS)
        return node.community.invite(now, zone=zone, expires_at=until, nonce=nonce)

    signed = await membership.async_ask(invite)
    if isinstance(signed, Hindered):
        return signed
    return signed.at(where_to_knock(circle.settings.ways, circle.ways.known_addresses))


async def async_leave(membership: Membership) -> Hindered | None:
    """Tell the others that this home goes; RuntimeError: the node has stopped."""
    asked = await membership.async_ask(lambda node, now: node.community.leave(now))
    return asked if isinstance(asked, Hindered) else None


async def async_renew_key(membership: Membership) -> Hindered | None:
    """Sign with a new session key, and let the old one count no more.

    RuntimeError: the node has stopped.
    """
    return await membership.async_ask(
        lambda node, now: node.community.revoke_sessions(now)
    )


async def async_export(
    hass: HomeAssistant,
    entry: ConfigEntry,
    settings: CommunitySettings,
    passphrase: str,
) -> str:
    """Return the sealed identity of a member; ValueError: the passphrase is short."""
    found = await async_member_secrets(hass, entry, settings)
    return await async_seal(hass, found, passphrase)


def where_to_knock(ways: WaySettings, of_others: tuple[str, ...]) -> tuple[str, ...]:
    """Return the addresses for an invitation: our own first, then those of others.

    A broker is named without a password: nobody's secret travels in a link.
    """
    own = () if ways.http is None else ways.http.addresses
    broker = () if ways.broker is None else (broker_address(ways.broker),)
    return tuple(dict.fromkeys((*own, *broker, *of_others)))[:ADDRESSES_MAX]


def broker_address(broker: BrokerWay) -> str:
    """Return a broker as invitations name it."""
    scheme = "mqtts" if broker.tls else "mqtt"
    return f"{scheme}://{broker.host}:{broker.port}"
