"""What this home may buy from and sell to its neighbours later, for who plans.

Learns from every cleared period; gives tranches as an optimiser understands them.
"""

from collections.abc import Iterable
from typing import Final

from ..dispatch.home import Tranche
from ..forecast.neighbour_market import NeighbourMarket
from ..ledger.billing import remaining_micro_per_kwh
from ..model.clearing import ClearingResult
from ..model.order import Side
from ..model.period import DeliveryPeriod
from ..model.tariff import Tariff
from .config import NodeConfig


class NeighbourPrices:
    """Prices among neighbours, as this home would pay and get them."""

    def __init__(self, config: NodeConfig) -> None:
        """Know nothing yet."""
        self._config: Final = config
        self._market: Final = NeighbourMarket()

    def note(self, result: ClearingResult | None) -> None:
        """Remember what came of an auction; None is a period without a result."""
        me = self._config.statutes.latest.member(self._config.party)
        if result is not None and me is not None:
            self._market.learn(
                result.period,
                price_micro_per_kwh=result.price_micro_per_kwh(me.zone),
                energy_wh=result.energy_wh,
            )

    def tranches(
        self, periods: Iterable[DeliveryPeriod], tariff: Tariff
    ) -> tuple[Tranche, ...]:
        """Return what to expect in ``periods``, to buy and to sell.

        A kWh bought costs its price and what the home's retailer still charges on it.
        """
        remaining = remaining_micro_per_kwh(
            tariff,
            self._config.statutes.latest.billing_basis,
            self._config.rules.scheme,
        )
        expected = (self._market.expect(period) for period in periods)
        return tuple(
            Tranche(
                period=trade.period,
                side=side,
                price_micro_per_kwh=trade.price_micro_per_kwh + extra,
                energy_wh=trade.energy_wh,
            )
            for trade in expected
            if trade is not None
            for side, extra in ((Side.BUY, remaining), (Side.SELL, 0))
        )
