"""Limits of what a home bids: for administrators only."""

from typing import Final

from homeassistant.core import ServiceCall
import voluptuous as vol

from ..engine.model.units import MICRO_PER_UNIT, PRICE_MICRO_PER_KWH_MAX
from .common import home_of, schema

PRICE_MAX: Final = PRICE_MICRO_PER_KWH_MAX / MICRO_PER_UNIT

_price: Final = vol.Any(
    None,
    vol.All(
        vol.Coerce(float),
        vol.Range(min=-PRICE_MAX, max=PRICE_MAX),
        lambda price: round(price * MICRO_PER_UNIT),
    ),
)
_energy: Final = vol.All(
    vol.Coerce(float), vol.Range(min=0, max=10_000), lambda kwh: round(kwh * 1000)
)

SET_LIMITS: Final = schema(
    {
        vol.Optional("sell_min"): _price,
        vol.Optional("buy_max"): _price,
        vol.Optional("keep_kwh"): _energy,
    }
)


async def set_limits(call: ServiceCall) -> None:
    """Never sell below, never buy above, always keep; what is left out stays."""
    plans, wished = home_of(call).runtime_data.plans, call.data
    if "sell_min" in wished:
        plans.wishes.sell_micro_per_kwh_min = wished["sell_min"]
    if "buy_max" in wished:
        plans.wishes.buy_micro_per_kwh_max = wished["buy_max"]
    if "keep_kwh" in wished:
        plans.wishes.keep_wh = wished["keep_kwh"]
    plans.async_wishes_changed()
