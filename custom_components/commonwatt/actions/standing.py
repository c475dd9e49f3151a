"""Reputations: answering for a newcomer, appealing against what one is blamed for."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from homeassistant.core import ServiceCall, ServiceResponse
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
import voluptuous as vol

from ..const import DOMAIN
from ..data import CommonWattConfigEntry
from ..engine.model.community import Change, Pardon, VouchFor
from ..engine.model.period import (
    DAY_MS,
    HOUR_MS,
    DeliveryPeriod,
    Instant,
    after,
    instant_from_datetime,
)
from ..engine.model.standing import Cause, Excuse
from ..engine.model.units import div_floor
from ..engine.node import Hindered, Node, Obstacle
from ..votes.casting import unhindered
from .common import ask, home_of, neighbour_called, schema

HOURS: Final = 48
"""Time to vote on an appeal: it counts if it is decided before the week is assessed."""

VOUCH: Final = schema({vol.Required("newcomer"): cv.string})
APPEAL: Final = schema(
    {
        vol.Required("start"): cv.datetime,
        vol.Required("end"): cv.datetime,
        vol.Optional("cause", default=Cause.OUTAGE.value): vol.In([*Cause]),
        vol.Optional("everybody", default=False): cv.boolean,
    }
)


async def vouch(call: ServiceCall) -> ServiceResponse:
    """Answer for a newcomer."""
    entry = home_of(call)
    newcomer = neighbour_called(entry, call.data["newcomer"]).party

    def change(now: Instant) -> VouchFor:
        return VouchFor(newcomer=newcomer, day=div_floor(now, DAY_MS))

    return await _propose(entry, change)


async def appeal(call: ServiceCall) -> ServiceResponse:
    """Ask the members not to count what happened in a time."""
    entry, told = home_of(call), call.data
    me = None if told["everybody"] else entry.runtime_data.market.party
    try:
        excuse = Excuse(
            party=me,
            first=_period(told["start"]),
            until=_period(told["end"], whole=True),
            cause=Cause(told["cause"]),
        )
    except ValueError as err:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="appeal_time"
        ) from err
    return await _propose(entry, lambda _: Pardon(excuse=excuse))


async def _propose(
    entry: CommonWattConfigEntry, change: Callable[[Instant], Change]
) -> ServiceResponse:
    def put(node: Node, now: Instant) -> bytes | Hindered:
        deadline = after(now, HOURS * HOUR_MS)
        return node.community.propose(change(now), now, deadline=deadline)

    answer = await ask(entry, put)
    if answer == Hindered(Obstacle.TOO_LATE):
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="appeal_late"
        )
    return {"proposal": unhindered(answer).hex()}


def _period(moment: datetime, *, whole: bool = False) -> DeliveryPeriod:
    """Return the period a moment lies in; for an end, the first one after it."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt_util.get_default_time_zone())
    at = instant_from_datetime(moment)
    period = DeliveryPeriod.containing(at)
    return period.next() if whole and period.start < at else period
