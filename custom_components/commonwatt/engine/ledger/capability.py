"""What a home can deliver and take, registered once, so that nobody offers the moon."""

from collections.abc import Iterable
from dataclasses import dataclass

from ..model.order import Order, OrderBook, Side
from ..model.party import PartyId
from .reclearing import cut, keen_first


@dataclass(frozen=True, slots=True, kw_only=True)
class Capability:
    """Energy a party can move through its connection in one delivery period."""

    party: PartyId
    export_wh_max: int
    import_wh_max: int

    def __post_init__(self) -> None:
        """Refuse a connection that takes when it gives."""
        if min(self.export_wh_max, self.import_wh_max) < 0:
            raise ValueError("a capability is not negative")


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
            else type(placed)(
                order=capped_order(placed.order, capability), zone=placed.zone
            )
            for placed in book.orders
        ),
    )
