"""What was traded, at which prices, and the book behind the latest of them."""

from collections.abc import Iterable
from itertools import accumulate
from typing import Final

from homeassistant.util.json import JsonValueType

from ..data import CommonWattData
from ..engine.model.order import OrderBook, Side
from ..engine.model.period import DeliveryPeriod
from .chronicle import Chronicle, Link
from .lookup import Lookup
from .now import Section

PERIODS_SHOWN: Final = 96
TRADES_SHOWN: Final = 24


def market_section(
    data: CommonWattData, chronicle: Chronicle, lookup: Lookup | None
) -> Section:
    """Return the last day of prices and of this home's trades."""
    status = data.market.status
    if status is None:
        return {"days": [], "trades": [], "book": None}
    first = status.period.next(1 - PERIODS_SHOWN)
    periods = [first.next(count) for count in range(PERIODS_SHOWN)]
    book = None if lookup is None else lookup.book
    return {
        "days": _days(periods, chronicle, lookup),
        "trades": _trades(data, chronicle),
        "book": None if book is None else _book(book),
    }


def _days(
    periods: Iterable[DeliveryPeriod], chronicle: Chronicle, lookup: Lookup | None
) -> list[JsonValueType]:
    figures = {} if lookup is None else {one.period: one for one in lookup.figures}
    rows: list[JsonValueType] = []
    for period in periods:
        page, known = chronicle.pages.get(period), figures.get(period)
        if page is None and known is None:
            continue
        source = known or page
        assert source is not None, "one of the two"
        price = None if page is None else page.price_micro_per_kwh
        rows.append(
            [period.start, price, source.bought_wh, source.sold_wh, source.saved_nano]
        )
    return rows


def _trades(data: CommonWattData, chronicle: Chronicle) -> list[JsonValueType]:
    me = data.market.party
    mine: list[tuple[DeliveryPeriod, Link, str]] = [
        (period, link, page.state.value)
        for period, page in chronicle.pages.items()
        if page.state is not None
        for link in page.links
        if me in {link.seller, link.buyer}
    ]
    mine.sort(key=lambda row: (-row[0].number, -row[1].energy_wh))
    return [
        {
            "start": period.start,
            "direction": "sold" if link.seller == me else "bought",
            "partner": link.buyer if link.seller == me else link.seller,
            "energy_wh": link.energy_wh,
            "price_micro": link.price_micro_per_kwh,
            "kind": link.kind.value,
            "state": state,
        }
        for period, link, state in mine[:TRADES_SHOWN]
    ]


def _book(book: OrderBook) -> Section:
    """Return the book as two staircases without names: prices and energy up to them."""
    steps = [step for placed in book.orders for step in placed.order.steps]
    bids = [step for step in steps if step.side is Side.BUY]
    offers = [step for step in steps if step.side is Side.SELL]
    bids.sort(key=lambda step: -step.price_micro_per_kwh)
    offers.sort(key=lambda step: step.price_micro_per_kwh)
    return {
        "start": book.period.start,
        "bids": _stairs((step.price_micro_per_kwh, step.energy_wh) for step in bids),
        "offers": _stairs(
            (step.price_micro_per_kwh, step.energy_wh) for step in offers
        ),
    }


def _stairs(steps: Iterable[tuple[int, int]]) -> list[JsonValueType]:
    pairs = list(steps)
    sums = accumulate(energy_wh for _, energy_wh in pairs)
    return [
        [price, energy_wh] for (price, _), energy_wh in zip(pairs, sums, strict=True)
    ]
