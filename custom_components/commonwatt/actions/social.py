"""Asking neighbours for energy, thanking them, being on the leaderboard."""

from datetime import datetime
from typing import Final

from homeassistant.core import ServiceCall, ServiceResponse
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
import voluptuous as vol

from ..engine.model.contract import ContractId
from ..engine.model.period import (
    HOUR_MS,
    DeliveryPeriod,
    Instant,
    after,
    instant_from_datetime,
)
from ..engine.model.social import HelpReason
from ..engine.node import Node, Refused
from .common import ask, granted, home_of, neighbour_called, schema

HOURS: Final = 12
"""How long help is welcome where nobody says."""

REQUEST_ENERGY: Final = schema(
    {
        vol.Required("energy_kwh"): vol.All(
            vol.Coerce(float),
            vol.Range(min=0.1, max=200),
            lambda kwh: round(kwh * 1000),
        ),
        vol.Optional("until"): cv.datetime,
        vol.Optional("reason", default=HelpReason.OTHER.value): vol.In([*HelpReason]),
    }
)
END_REQUEST: Final = schema(
    {vol.Required("request"): vol.All(vol.Coerce(int), vol.Range(min=1))}
)
THANK: Final = schema(
    {vol.Required("to"): cv.string, vol.Required("agreement"): cv.string}
)
SHOW_SCORE: Final = schema({vol.Required("shown"): cv.boolean})


async def request_energy(call: ServiceCall) -> ServiceResponse:
    """Ask all neighbours for energy."""
    entry, wanted = home_of(call), call.data
    until: datetime | None = wanted.get("until")

    def request(node: Node, now: Instant) -> int | Refused:
        end = after(now, HOURS * HOUR_MS) if until is None else _instant(until)
        return node.social.ask(
            wanted["energy_kwh"],
            DeliveryPeriod.containing(end),
            HelpReason(wanted["reason"]),
            now,
        )

    return {"request": granted(await ask(entry, request))}


async def end_request(call: ServiceCall) -> ServiceResponse:
    """Need no more of what was asked for."""
    entry, number = home_of(call), call.data["request"]
    granted(await ask(entry, lambda node, now: node.social.end_request(number, now)))
    return {"request": number}


async def thank(call: ServiceCall) -> ServiceResponse:
    """Thank a neighbour for a gift."""
    entry, gift = home_of(call), ContractId(call.data["agreement"])
    to = neighbour_called(entry, call.data["to"]).party
    granted(await ask(entry, lambda node, now: node.social.thank(to, gift, now)))
    return {"agreement": gift}


async def show_score(call: ServiceCall) -> ServiceResponse:
    """Be on the leaderboard, or be taken off it."""
    entry, shown = home_of(call), bool(call.data["shown"])
    await entry.runtime_data.scoring.async_show(shown=shown)
    return {"shown": shown}


def _instant(moment: datetime) -> Instant:
    """Return an instant; without a zone the home's own is meant."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt_util.get_default_time_zone())
    return instant_from_datetime(moment)
