"""What a home traded, and what it came to: for automations that want figures."""

from collections.abc import Mapping
from typing import Final

from homeassistant.core import ServiceCall, ServiceResponse
from homeassistant.util.json import JsonValueType
import voluptuous as vol

from ..data import CommonWattData
from ..engine.model.party import PartyId
from ..engine.model.period import (
    PERIODS_PER_HOUR,
    DeliveryPeriod,
    Instant,
    datetime_from_instant,
)
from ..engine.model.units import MICRO_PER_UNIT, NANO_PER_UNIT, PPM
from ..engine.node import Node
from ..engine.node.mix import carbon_g_per_kwh, mixed, shares
from ..engine.node.totals import Figures
from ..scoring.report import report
from ..texts import async_common_texts
from .common import ask, home_of, schema

WH_PER_KWH: Final = 1000
PERIODS_MAX: Final = 192
"""How far back the node keeps its own figures: two days."""

GET_TRADES: Final = schema({})
GET_REPORT: Final = GET_TRADES
GET_STATEMENT: Final = schema(
    {
        vol.Optional("hours", default=24): vol.All(
            vol.Coerce(int), vol.Range(min=1, max=PERIODS_MAX // PERIODS_PER_HOUR)
        )
    }
)


async def get_trades(call: ServiceCall) -> ServiceResponse:
    """Return the trades of the last day, the latest first."""
    data = home_of(call).runtime_data
    names = {one.party: one.name for one in data.neighbours()}
    return {"trades": [_trade(row, names) for row in _trades(data)]}


async def get_report(call: ServiceCall) -> ServiceResponse:
    """Return the last seven days in a few sentences."""
    entry = home_of(call)
    data = entry.runtime_data
    return report(
        data.scoring.scores,
        data.market.party,
        home=entry.title,
        texts=await async_common_texts(call.hass),
    )


async def get_statement(call: ServiceCall) -> ServiceResponse:
    """Return what the last hours came to: energy, money, origin, carbon."""
    entry = home_of(call)
    periods = call.data["hours"] * PERIODS_PER_HOUR

    def figures(node: Node, now: Instant) -> list[Figures]:
        current = DeliveryPeriod.containing(now)
        found = (node.figures(current.next(-back)) for back in range(1, periods + 1))
        return [one for one in found if one is not None]

    return _statement(await ask(entry, figures), periods, call.hass.config.currency)


def _trades(data: CommonWattData) -> list[dict[str, JsonValueType]]:
    rows = None if data.live is None else data.live.trades()
    assert rows is None or isinstance(rows, list)
    return [row for row in rows or [] if isinstance(row, dict)]


def _trade(
    row: dict[str, JsonValueType], names: Mapping[PartyId, str]
) -> dict[str, JsonValueType]:
    start, partner = row["start"], row["partner"]
    energy_wh, price = row["energy_wh"], row["price_micro"]
    assert isinstance(start, int)
    assert isinstance(partner, str)
    assert isinstance(energy_wh, int)
    return {
        "start": datetime_from_instant(Instant(start)).isoformat(),
        "direction": row["direction"],
        "partner": names.get(PartyId(partner), partner),
        "energy_kwh": energy_wh / WH_PER_KWH,
        "price_per_kwh": price / MICRO_PER_UNIT if isinstance(price, int) else None,
        "kind": row["kind"],
        "state": row["state"],
    }


def _statement(
    figures: list[Figures], periods: int, currency: str
) -> dict[str, JsonValueType]:
    mix = mixed(part for one in figures for part in one.mix)
    saved = [one.saved_nano for one in figures if one.saved_nano is not None]
    metered = [one for one in figures if one.import_wh is not None]
    return {
        "first": min((str(one.period) for one in figures), default=None),
        "last": max((str(one.period) for one in figures), default=None),
        "periods": len(figures),
        "periods_missing": periods - len(metered),
        "import_kwh": sum(one.import_wh or 0 for one in metered) / WH_PER_KWH,
        "export_kwh": sum(one.export_wh or 0 for one in metered) / WH_PER_KWH,
        "bought_kwh": sum(one.bought_wh for one in figures) / WH_PER_KWH,
        "sold_kwh": sum(one.sold_wh for one in figures) / WH_PER_KWH,
        "saved": sum(saved) / NANO_PER_UNIT if saved else None,
        "currency": currency,
        "origin": [
            {
                "supplier": one.supplier.value,
                "source": one.source.value,
                "percent": one.share_ppm * 100 / PPM,
            }
            for one in shares(mix)
        ],
        "carbon_g_per_kwh": carbon_g_per_kwh(mix),
    }
