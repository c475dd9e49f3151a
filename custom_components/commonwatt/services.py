"""Actions: what automations may ask a home."""

from collections.abc import Mapping
from typing import Final

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import (
    async_get_config_entry,
    async_register_admin_service,
)
from homeassistant.util.json import JsonValueType
import voluptuous as vol

from .actions.agreements import (
    ACCEPT_CONTRACT,
    END_AGREEMENT,
    OFFER_CONTRACT,
    SEND_ENERGY,
    accept_contract,
    end_agreement,
    offer_contract,
    send_energy,
)
from .actions.blueprints import INSTALL_BLUEPRINTS, install_blueprints
from .actions.chain import (
    DEPOSIT,
    TRANSFER_CERTIFICATE,
    VERIFY_CERTIFICATE,
    WITHDRAW,
    deposit,
    transfer_certificate,
    verify_certificate,
    withdraw,
)
from .actions.community import (
    EXPORT_IDENTITY,
    INVITE,
    LEAVE,
    RENEW_KEY,
    export_identity,
    invite,
    leave,
    renew_key,
)
from .actions.limits import SET_LIMITS, set_limits
from .actions.records import (
    GET_REPORT,
    GET_STATEMENT,
    GET_TRADES,
    get_report,
    get_statement,
    get_trades,
)
from .actions.social import (
    END_REQUEST,
    REQUEST_ENERGY,
    SHOW_SCORE,
    THANK,
    end_request,
    request_energy,
    show_score,
    thank,
)
from .actions.standing import APPEAL, VOUCH, appeal, vouch
from .actions.votes import PROPOSE, VOTE, propose, vote
from .const import DOMAIN
from .data import CommonWattConfigEntry
from .engine.dispatch.home import AssetPlan, HomePlan
from .engine.model.period import datetime_from_instant
from .engine.model.units import MICRO_PER_UNIT, NANO_PER_UNIT
from .forecasting.answer import forecast_as_json

ATTR_CONFIG_ENTRY: Final = "config_entry_id"

ANSWERED: Final = (
    ("send_energy", send_energy, SEND_ENERGY, SupportsResponse.OPTIONAL),
    ("offer_contract", offer_contract, OFFER_CONTRACT, SupportsResponse.OPTIONAL),
    ("accept_contract", accept_contract, ACCEPT_CONTRACT, SupportsResponse.OPTIONAL),
    ("end_agreement", end_agreement, END_AGREEMENT, SupportsResponse.OPTIONAL),
    ("request_energy", request_energy, REQUEST_ENERGY, SupportsResponse.OPTIONAL),
    ("end_request", end_request, END_REQUEST, SupportsResponse.OPTIONAL),
    ("thank", thank, THANK, SupportsResponse.OPTIONAL),
    ("propose", propose, PROPOSE, SupportsResponse.OPTIONAL),
    ("vote", vote, VOTE, SupportsResponse.OPTIONAL),
    ("vouch", vouch, VOUCH, SupportsResponse.OPTIONAL),
    ("appeal", appeal, APPEAL, SupportsResponse.OPTIONAL),
    ("show_score", show_score, SHOW_SCORE, SupportsResponse.OPTIONAL),
    ("get_report", get_report, GET_REPORT, SupportsResponse.ONLY),
    ("get_trades", get_trades, GET_TRADES, SupportsResponse.ONLY),
    ("get_statement", get_statement, GET_STATEMENT, SupportsResponse.ONLY),
    (
        "verify_certificate",
        verify_certificate,
        VERIFY_CERTIFICATE,
        SupportsResponse.ONLY,
    ),
)
"""Actions in files of their own: name, handler, schema, whether they answer."""

OF_THE_WALLET: Final = (
    ("deposit", deposit, DEPOSIT),
    ("withdraw", withdraw, WITHDRAW),
    ("transfer_certificate", transfer_certificate, TRANSFER_CERTIFICATE),
)
"""What moves money or certificates on a chain: for administrators only."""

OF_A_MEMBER: Final = (
    ("invite", invite, INVITE, SupportsResponse.ONLY),
    ("leave", leave, LEAVE, SupportsResponse.NONE),
    ("renew_key", renew_key, RENEW_KEY, SupportsResponse.NONE),
    ("export_identity", export_identity, EXPORT_IDENTITY, SupportsResponse.ONLY),
)
"""Who belongs to a community: for administrators only."""

GET_PLAN_SCHEMA: Final = vol.Schema({vol.Optional(ATTR_CONFIG_ENTRY): cv.string})
GET_FORECAST_SCHEMA: Final = GET_PLAN_SCHEMA


@callback
def async_register_actions(hass: HomeAssistant) -> None:
    """Make the actions known, whether a home is loaded or not."""
    hass.services.async_register(
        DOMAIN,
        "get_plan",
        _get_plan,
        schema=GET_PLAN_SCHEMA,
        supports_response=SupportsResponse.ONLY,
    )
    hass.services.async_register(
        DOMAIN,
        "get_forecast",
        _get_forecast,
        schema=GET_FORECAST_SCHEMA,
        supports_response=SupportsResponse.ONLY,
    )
    for name, handler, schema, answers in ANSWERED:
        hass.services.async_register(
            DOMAIN, name, handler, schema=schema, supports_response=answers
        )
    async_register_admin_service(
        hass, DOMAIN, "set_limits", set_limits, schema=SET_LIMITS
    )
    for name, handler, schema in OF_THE_WALLET:
        async_register_admin_service(
            hass,
            DOMAIN,
            name,
            handler,
            schema=schema,
            supports_response=SupportsResponse.OPTIONAL,
        )
    for name, handler, schema, answers in OF_A_MEMBER:
        async_register_admin_service(
            hass, DOMAIN, name, handler, schema=schema, supports_response=answers
        )
    async_register_admin_service(
        hass,
        DOMAIN,
        "install_blueprints",
        install_blueprints,
        schema=INSTALL_BLUEPRINTS,
        supports_response=SupportsResponse.OPTIONAL,
    )


async def _get_plan(call: ServiceCall) -> ServiceResponse:
    """Return the plan of a home, step by step."""
    entry: CommonWattConfigEntry = async_get_config_entry(
        call.hass, DOMAIN, call.data.get(ATTR_CONFIG_ENTRY)
    )
    plans = entry.runtime_data.plans
    if plans.plan is None:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="no_plan",
            translation_placeholders={"home": entry.title},
        )
    return plan_as_json(plans.plan, plans.names)


async def _get_forecast(call: ServiceCall) -> ServiceResponse:
    """Return what a home is expected to use and produce."""
    entry: CommonWattConfigEntry = async_get_config_entry(
        call.hass, DOMAIN, call.data.get(ATTR_CONFIG_ENTRY)
    )
    expected = entry.runtime_data.forecasts.foresight.expected
    if expected is None or (expected.load is None and expected.sun is None):
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="no_forecast",
            translation_placeholders={"home": entry.title},
        )
    return forecast_as_json(expected)


def plan_as_json(plan: HomePlan, names: Mapping[str, str]) -> dict[str, JsonValueType]:
    """Return a plan as automations and cards read it."""
    starts = plan.horizon.boundaries[:-1]
    return {
        "rung": plan.rung.value,
        "reason": plan.reason.value,
        "flaws": [*sorted({flaw.kind.value for flaw in plan.flaws})],
        "cost": plan.cost_nano / NANO_PER_UNIT,
        "gap_ppm": plan.gap_ppm,
        "starts": [datetime_from_instant(start).isoformat() for start in starts],
        "net_export_w": list(plan.net_export_w),
        "curtailed_w": list(plan.curtailed_w),
        "value_per_kwh": _prices(plan.value_micro_per_kwh),
        "autonomy_s": [ms // 1000 for ms in plan.autonomy_ms],
        "assets": [_asset(asset, names) for asset in plan.assets],
    }


def _asset(asset: AssetPlan, names: Mapping[str, str]) -> dict[str, JsonValueType]:
    return {
        "id": asset.asset,
        "name": names.get(asset.asset, asset.asset),
        "power_w": list(asset.power_w),
        "stored_wh": list(asset.stored_wh),
        "value_per_kwh": _prices(asset.value_micro_per_kwh),
    }


def _prices(values: tuple[int, ...]) -> list[JsonValueType]:
    return [value / MICRO_PER_UNIT for value in values]
