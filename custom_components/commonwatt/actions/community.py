"""Inviting, leaving, looking after an identity: for administrators only."""

from typing import Final

from homeassistant.core import ServiceCall, ServiceResponse
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from ..community.commands import (
    INVITATION_DAYS,
    INVITATION_DAYS_MAX,
    async_export,
    async_invite,
    async_leave,
    async_renew_key,
)
from ..const import DOMAIN
from ..data import CommonWattConfigEntry
from ..engine.model.period import DAY_MS, after, datetime_from_instant
from ..engine.model.zone import ZoneId
from ..home import wall_clock
from ..membership import Membership
from ..votes.casting import unhindered
from .common import home_of, schema

INVITE: Final = schema(
    {
        vol.Optional("days", default=INVITATION_DAYS): vol.All(
            vol.Coerce(int), vol.Range(min=1, max=INVITATION_DAYS_MAX)
        ),
        vol.Optional("zone"): cv.string,
    }
)
LEAVE: Final = schema({})
RENEW_KEY: Final = schema({})
EXPORT_IDENTITY: Final = schema({vol.Required("passphrase"): cv.string})


async def invite(call: ServiceCall) -> ServiceResponse:
    """Invite one home: return the link, which is also the text of a QR code."""
    entry = home_of(call)
    member = _member(entry)
    circle = member.circle
    assert circle is not None, "a member has neighbours"
    zones = [zone.id for zone in circle.charter.fee_tree.zones]
    zone, days = ZoneId(call.data.get("zone", zones[-1])), call.data["days"]
    if zone not in zones:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="no_such_zone",
            translation_placeholders={"zone": zone, "known": ", ".join(zones)},
        )
    try:
        invited = unhindered(await async_invite(member, days=days, zone=zone))
    except RuntimeError as err:
        raise _stopped(entry) from err
    until = after(wall_clock(), days * DAY_MS)
    return {
        "link": invited.link,
        "zone": zone,
        "expires_at": datetime_from_instant(until).isoformat(),
    }


async def leave(call: ServiceCall) -> None:
    """Leave the community; nobody is asked."""
    entry = home_of(call)
    try:
        hindered = await async_leave(_member(entry))
    except RuntimeError as err:
        raise _stopped(entry) from err
    unhindered(hindered)


async def renew_key(call: ServiceCall) -> None:
    """Sign with a new session key: whoever has copied the old one speaks no more."""
    entry = home_of(call)
    try:
        hindered = await async_renew_key(_member(entry))
    except RuntimeError as err:
        raise _stopped(entry) from err
    unhindered(hindered)


async def export_identity(call: ServiceCall) -> ServiceResponse:
    """Return who this home is in its community, sealed by a passphrase."""
    entry = home_of(call)
    settings = _member(entry).settings
    assert settings is not None, "a member belongs somewhere"
    try:
        sealed = await async_export(call.hass, entry, settings, call.data["passphrase"])
    except ValueError as err:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="passphrase_short"
        ) from err
    return {"identity": sealed, "party": settings.party}


def _member(entry: CommonWattConfigEntry) -> Membership:
    """Return the membership of a home.

    Raises:
        ServiceValidationError: it belongs to no community.
    """
    membership = entry.runtime_data.membership
    if membership is None or membership.circle is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="not_in_a_community",
            translation_placeholders={"home": entry.title},
        )
    return membership


def _stopped(entry: CommonWattConfigEntry) -> HomeAssistantError:
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key="node_stopped",
        translation_placeholders={"home": entry.title},
    )
