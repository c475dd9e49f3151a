"""Orders cut to what a home's connection can deliver and take."""

from collections.abc import Iterable
from dataclasses import replace

from ..model.capability import Capability
from ..model.order import Order, OrderBook, Side
from .reclearing import cut, keen_first


def capped_order(order: Order, capability: Capability) -> Order:
    """Return what of an order the connection can deliver, the keenest steps first."""
    steps = [
        *cut(keen_first(order, Side.BUY), capability.import_wh_max),
        *cut(keen_first(order, Side.SELL), capability.export_wh_max),
    ]
    return Order.of(order.party, order.period, *steps)


def capped_book(book: OrderBook, capabilities: Iterable[Capability]) -> OrderBook:
    """Return the book to clear: every order cut to its party's registered capability.

    A party without one has registered no limit; the charter says whether that may be.
    """
    known = {capability.party: capability for capability in capabilities}
    return OrderBook(
        period=book.period,
        seed=book.seed,
        orders=tuple(
            placed
            if (capability := known.get(placed.order.party)) is None
            else replace(placed, order=capped_order(placed.order, capability))
            for placed in book.orders
        ),
    )
