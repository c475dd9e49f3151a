"""What plans expect of the neighbours: asked of the node before each plan.

Keeps what the node has learned of their prices, so that a restart forgets no week.
"""

from contextlib import suppress
from typing import Final

from ..data import Ask
from ..engine.dispatch.home import Tranche
from ..engine.forecast import NeighbourTrade
from ..engine.model.period import Instant
from ..engine.model.tariff import Tariff
from ..engine.node import Node
from ..forecasting.runtime import Forecasts


class NeighbourOffers:
    """What neighbours would sell and take in the coming day, and at which price."""

    def __init__(self, ask: Ask, forecasts: Forecasts) -> None:
        self.tranches: tuple[Tranche, ...] = ()
        self._ask: Final = ask
        self._forecasts: Final = forecasts

    async def async_look(self, tariff: Tariff | None) -> None:
        """Ask the node anew; without a tariff nobody knows what a trade would cost."""
        remembered = self._forecasts.traded

        def look(
            node: Node, now: Instant
        ) -> tuple[tuple[Tranche, ...], tuple[NeighbourTrade, ...]]:
            prices = node.neighbour_prices
            prices.market.learn(remembered)
            offers = () if tariff is None else prices.tranches(now, tariff)
            return offers, prices.market.trades

        # A node that is being stopped trades no more.
        with suppress(RuntimeError):
            self.tranches, self._forecasts.traded = await self._ask(look)
