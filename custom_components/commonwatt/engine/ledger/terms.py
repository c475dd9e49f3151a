"""At what price untraded energy changes hands, and whom that price suits.

Rules: docs/reference/settlement-rules.md, clauses 4.3 and 4.4.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ..model.order import OrderBook, Side
from ..model.party import PartyId
from .sharing import Matrix, Wh

type Limits = Mapping[tuple[PartyId, Side], int]
"""The keenest limit of each party's order on each side, where it placed one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Prices of energy that was not traded before, and whom they suit."""

    price: Mapping[PartyId, int]
    """Micro-currency per kWh in each party's zone; without one it takes no part."""

    spread: int
    """What each side pays to the fund on top."""

    limits: Limits
    fee: Callable[[PartyId, PartyId], int]
    """Network fee from seller to buyer."""

    dearer_than_home: bool
    """Whether a buyer may be charged more than the price of its own zone."""

    def seller_price(self, seller: PartyId) -> int:
        """Return what the seller gets for a kWh."""
        return self.price[seller] - self.spread

    def buyer_price(self, seller: PartyId, buyer: PartyId) -> int:
        """Return what the buyer pays for a kWh: the seller's price and the way."""
        return self.price[seller] + self.fee(seller, buyer) + self.spread

    def sellers(self, energy_wh: Wh) -> Wh:
        """Keep the parties that have a price and do not refuse it."""
        return {
            party: wh
            for party, wh in energy_wh.items()
            if party in self.price
            and self._suits(party, Side.SELL, self.price[party] - self.spread)
        }

    def buyers(self, energy_wh: Wh) -> Wh:
        """Keep the parties that have a price and do not refuse it."""
        return {
            party: wh
            for party, wh in energy_wh.items()
            if party in self.price
            and self._suits(party, Side.BUY, self.price[party] + self.spread)
        }

    def agreeable(self, matrix: Matrix) -> Matrix:
        """Keep the pairs whose buyer does not refuse the price, the way included."""
        return {
            (seller, buyer): energy_wh
            for (seller, buyer), energy_wh in matrix.items()
            if self._agree(seller, buyer)
        }

    def _agree(self, seller: PartyId, buyer: PartyId) -> bool:
        price = self.buyer_price(seller, buyer)
        at_home = self.price[buyer] + self.spread
        if price > at_home and not self.dearer_than_home:
            return False
        return self._suits(buyer, Side.BUY, price)

    def _suits(self, party: PartyId, side: Side, price: int) -> bool:
        return side * self.limits.get((party, side), price) <= side * price


def keenest_limits(book: OrderBook | None) -> Limits:
    """Return the lowest offer and the highest bid of every party in ``book``."""
    limits: dict[tuple[PartyId, Side], int] = {}
    for placed in book.orders if book is not None else ():
        for step in placed.order.steps:
            key = (placed.order.party, step.side)
            best = limits.get(key, step.price_micro_per_kwh)
            limits[key] = step.side * min(
                step.side * best, step.side * step.price_micro_per_kwh
            )
    return limits
