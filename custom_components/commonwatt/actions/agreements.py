"""Gifts and contracts: offered, agreed to, ended."""

from typing import Final

from homeassistant.core import ServiceCall, ServiceResponse
from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from ..engine.model.contract import (
    Contract,
    ContractId,
    FixedPrice,
    PriceRule,
    ShareOfSpread,
    ZonePricePlus,
)
from ..engine.model.party import PartyId
from ..engine.model.period import (
    DAY_MS,
    PERIOD_MS,
    PERIODS_PER_HOUR,
    DeliveryPeriod,
    Instant,
)
from ..engine.model.units import MICRO_PER_UNIT, PPM
from ..engine.node import Node, Refused
from ..giving import POOL, end, give, is_pool
from .common import ask, granted, home_of, neighbour_called, schema

WH_PER_KWH: Final = 1000
DAYS_MAX: Final = 366
KWH_MAX: Final = 1000
PRICE_MAX: Final = 100

_kwh: Final = vol.All(
    vol.Coerce(float), vol.Range(min=0.001, max=KWH_MAX), lambda kwh: round(kwh * 1000)
)

SEND_ENERGY: Final = schema(
    {
        vol.Required("to"): cv.string,
        vol.Required("energy_kwh"): _kwh,
        vol.Optional("hours", default=24): vol.All(
            vol.Coerce(int), vol.Range(min=1, max=24 * 31)
        ),
    }
)
END_AGREEMENT: Final = schema({vol.Required("agreement"): cv.string})
ACCEPT_CONTRACT: Final = END_AGREEMENT
OFFER_CONTRACT: Final = schema(
    {
        vol.Required("partner"): cv.string,
        vol.Required("direction"): vol.In(["sell", "buy"]),
        vol.Required("price_rule"): vol.In(["fixed", "market", "shared"]),
        vol.Optional("price", default=0.0): vol.All(
            vol.Coerce(float), vol.Range(min=-PRICE_MAX, max=PRICE_MAX)
        ),
        vol.Optional("seller_share", default=50): vol.All(
            vol.Coerce(float), vol.Range(min=0, max=100)
        ),
        vol.Required("energy_kwh_max_day"): _kwh,
        vol.Optional("days", default=30): vol.All(
            vol.Coerce(int), vol.Range(min=1, max=DAYS_MAX)
        ),
    }
)


async def send_energy(call: ServiceCall) -> ServiceResponse:
    """Give a neighbour or the pool energy, as soon as there is some to spare."""
    entry, to = home_of(call), call.data["to"]
    receiver = POOL if is_pool(to) else neighbour_called(entry, to).party
    energy_wh, hours = call.data["energy_kwh"], call.data["hours"]

    def send(node: Node, now: Instant) -> str | Refused:
        return give(node, receiver, energy_wh, now, periods=hours * PERIODS_PER_HOUR)

    return {"agreement": granted(await ask(entry, send))}


async def offer_contract(call: ServiceCall) -> ServiceResponse:
    """Offer a neighbour a contract, or agree to the same one it has offered."""
    entry = home_of(call)
    partner = neighbour_called(entry, call.data["partner"]).party
    offer = dict(call.data)

    def propose(node: Node, now: Instant) -> ContractId | Refused:
        contract = _contract(offer, me=node.party, partner=partner, now=now)
        return node.agreements.propose(contract, now)

    return {"agreement": granted(await ask(entry, propose))}


async def accept_contract(call: ServiceCall) -> ServiceResponse:
    """Agree to a contract that a neighbour has offered."""
    entry, contract = home_of(call), ContractId(call.data["agreement"])
    accepted = await ask(entry, lambda node, now: node.agreements.accept(contract, now))
    return {"agreement": granted(accepted)}


async def end_agreement(call: ServiceCall) -> ServiceResponse:
    """End a gift or contract, or turn an offer down."""
    entry, agreement = home_of(call), call.data["agreement"]
    ended = await ask(entry, lambda node, now: end(node, agreement, now))
    return {"agreement": granted(ended)}


def _contract(
    offer: dict[str, str | int | float], *, me: PartyId, partner: PartyId, now: Instant
) -> Contract:
    sells = offer["direction"] == "sell"
    first = DeliveryPeriod.containing(now).next()
    energy_wh, days = int(offer["energy_kwh_max_day"]), int(offer["days"])
    return Contract(
        id=ContractId(""),
        seller=me if sells else partner,
        buyer=partner if sells else me,
        price=_price_rule(offer),
        energy_wh_max=energy_wh,
        energy_wh_max_day=energy_wh,
        valid_from=first,
        valid_until=first.next(days * DAY_MS // PERIOD_MS),
    )


def _price_rule(offer: dict[str, str | int | float]) -> PriceRule:
    price_micro = round(float(offer["price"]) * MICRO_PER_UNIT)
    match offer["price_rule"]:
        case "fixed":
            return FixedPrice(price_micro)
        case "market":
            return ZonePricePlus(price_micro)
        case _:
            return ShareOfSpread(round(float(offer["seller_share"]) * PPM / 100))
