"""Deciding together: changes of the charter, proposed and voted on."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from homeassistant.core import ServiceCall, ServiceResponse
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from ..const import DOMAIN
from ..data import CommonWattConfigEntry
from ..engine.model.community import Amend, Change, Remove
from ..engine.model.party import MEMBERS_MAX, Admission, BillingBasis, FaultModel
from ..engine.model.period import HOUR_MS, Instant, after
from ..engine.model.standing import CREDIT_WH
from ..engine.model.tariff import Tariff
from ..engine.model.units import MICRO_PER_UNIT, PPM, PRICE_MICRO_PER_KWH_MAX
from ..engine.model.zone import FeeTree
from ..engine.node import Hindered, Node
from ..votes.casting import cast, unhindered
from .common import ATTR_CONFIG_ENTRY, ask, home_of, neighbour_called, schema

PRICE_MAX: Final = PRICE_MICRO_PER_KWH_MAX / MICRO_PER_UNIT
HOURS: Final = 72
HOURS_MAX: Final = 30 * 24

_price: Final = vol.All(
    vol.Coerce(float),
    vol.Range(min=-PRICE_MAX, max=PRICE_MAX),
    lambda price: round(price * MICRO_PER_UNIT),
)
_percent: Final = vol.All(
    vol.Coerce(float),
    vol.Range(min=0, max=100),
    lambda percent: round(percent * PPM / 100),
)

TARIFF: Final[Mapping[str, str]] = {
    "reference_energy": "energy_micro_per_kwh",
    "reference_network": "network_micro_per_kwh",
    "reference_levies": "levies_micro_per_kwh",
    "reference_vat": "vat_ppm",
    "reference_feed_in": "feed_in_micro_per_kwh",
}
"""Fields of the action, and the parts of the reference tariff they stand for."""

ABOUT_THE_VOTE: Final = frozenset({ATTR_CONFIG_ENTRY, "hours", "remove"})

PROPOSE: Final = schema(
    {
        vol.Optional("remove"): cv.string,
        vol.Optional("admission"): vol.In([*Admission]),
        vol.Optional("fault_model"): vol.In([*FaultModel]),
        vol.Optional("billing_basis"): vol.In([*BillingBasis]),
        vol.Optional("reputation"): cv.boolean,
        vol.Optional("committee_size"): vol.All(
            vol.Coerce(int), vol.Range(min=1, max=MEMBERS_MAX)
        ),
        vol.Optional("spread"): vol.All(_price, vol.Range(min=0)),
        **{
            vol.Optional(field): _percent if field == "reference_vat" else _price
            for field in TARIFF
        },
        vol.Inclusive("zone", "fee"): cv.string,
        vol.Inclusive("fee_leaving", "fee"): _price,
        vol.Inclusive("fee_entering", "fee"): _price,
        vol.Optional("hours", default=HOURS): vol.All(
            vol.Coerce(int), vol.Range(min=1, max=HOURS_MAX)
        ),
    }
)
VOTE: Final = schema(
    {vol.Required("proposal"): cv.string, vol.Required("approve"): cv.boolean}
)

type Wish = Mapping[str, str | int]


async def propose(call: ServiceCall) -> ServiceResponse:
    """Put a change of the charter to the vote, and vote for it."""
    entry, wish = home_of(call), dict(call.data)
    change = await _change(entry, wish)
    hours: int = wish["hours"]

    def put(node: Node, now: Instant) -> bytes | Hindered:
        deadline = after(now, hours * HOUR_MS)
        return node.community.propose(change, now, deadline=deadline)

    return {"proposal": unhindered(await ask(entry, put)).hex()}


async def vote(call: ServiceCall) -> ServiceResponse:
    """Vote on a proposal."""
    entry, motion = home_of(call), call.data["proposal"].strip()
    await cast(entry, motion, in_favour=call.data["approve"])
    return {"proposal": motion, "approve": call.data["approve"]}


async def _change(entry: CommonWattConfigEntry, wish: Wish) -> Change:
    """Return the one change that is wished for.

    Raises:
        ServiceValidationError: none is, or two that are decided apart.
    """
    rules = {key: value for key, value in wish.items() if key not in ABOUT_THE_VOTE}
    if ("remove" in wish) == bool(rules):
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="propose_one_thing"
        )
    if "remove" in wish:
        return Remove(party=neighbour_called(entry, str(wish["remove"])).party)
    known = await ask(entry, lambda node, _: Amend.of(node.community.charter))
    wanted = _amended(known, rules)
    if wanted == known:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="propose_nothing_new"
        )
    return wanted


def _amended(known: Amend, wish: Wish) -> Amend:
    """Return rules with what is wished for.

    Raises:
        ServiceValidationError: there is no such zone, or prices cannot be.
    """
    try:
        return replace(
            known,
            admission=Admission(str(wish.get("admission", known.admission))),
            fault_model=FaultModel(str(wish.get("fault_model", known.fault_model))),
            billing_basis=BillingBasis(
                str(wish.get("billing_basis", known.billing_basis))
            ),
            committee_size=int(wish.get("committee_size", known.committee_size)),
            reference_tariff=_tariff(known.reference_tariff, wish),
            fee_tree=_fees(known.fee_tree, wish),
            credit_wh=_credit_wh(known, wish),
            settlement=replace(
                known.settlement,
                spread_micro_per_kwh=int(
                    wish.get("spread", known.settlement.spread_micro_per_kwh)
                ),
            ),
        )
    except ValueError as err:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="propose_impossible"
        ) from err


def _credit_wh(known: Amend, wish: Wish) -> int | None:
    """Return the ordinary line: as it is, the default, or none at all."""
    if "reputation" not in wish:
        return known.credit_wh
    if not wish["reputation"]:
        return None
    return CREDIT_WH if known.credit_wh is None else known.credit_wh


def _tariff(known: Tariff | None, wish: Wish) -> Tariff | None:
    parts = {part: int(wish[field]) for field, part in TARIFF.items() if field in wish}
    if not parts:
        return known
    return replace(known or Tariff(energy_micro_per_kwh=0), **parts)


def _fees(known: FeeTree, wish: Wish) -> FeeTree:
    zone_id = wish.get("zone")
    if zone_id is None:
        return known
    ids = [zone.id for zone in known.zones]
    if zone_id not in ids:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="propose_no_such_zone",
            translation_placeholders={"zone": str(zone_id), "known": ", ".join(ids)},
        )
    return FeeTree(
        tuple(
            replace(
                zone,
                export_fee_micro_per_kwh=int(wish["fee_leaving"]),
                import_fee_micro_per_kwh=int(wish["fee_entering"]),
            )
            if zone.id == zone_id
            else zone
            for zone in known.zones
        )
    )
