"""What this home may buy from and sell to its neighbours later, for who plans.

Learns from every cleared period; gives tranches as an optimiser understands them.
"""

from collections.abc import Iterator
from typing import Final

from ..dispatch.home import Tranche
from ..forecast.neighbour_market import NeighbourMarket, NeighbourTrade
from ..ledger.billing import remaining_micro_per_kwh
from ..model.clearing import ClearingResult
from ..model.order import Side
from ..model.party import PartyId
from ..model.period import DeliveryPeriod, Instant
from ..model.tariff import Tariff
from ..model.units import div_floor
from .config import NodeConfig

PERIODS_AHEAD: Final = 92
"""As far as a plan looks by the quarter of an hour, which is a day."""


class NeighbourPrices:
    """Prices among neighbours, as this home would pay and get them."""

    def __init__(self, config: NodeConfig) -> None:
        """Know nothing yet."""
        self._config: Final = config
        self.market: Final = NeighbourMarket()
        """What was learned: to be kept, and learned again, by who restarts the node."""

    def note(self, result: ClearingResult | None) -> None:
        """Remember what came of an auction; None is a period without a result."""
        me = self._config.statutes.latest.member(self._config.party)
        if result is not None and me is not None:
            trade = NeighbourTrade(
                period=result.period,
                price_micro_per_kwh=result.price_micro_per_kwh(me.zone),
                bought_wh=_share(result, Side.BUY, me.party),
                sold_wh=_share(result, Side.SELL, me.party),
            )
            self.market.learn((trade,))

    def tranches(self, now: Instant, tariff: Tariff) -> tuple[Tranche, ...]:
        """Return what to expect of the periods whose gate is open, to buy and to sell.

        A kWh bought costs its price and what the home's retailer still charges on it.
        """
        remaining = remaining_micro_per_kwh(
            tariff,
            self._config.statutes.latest.billing_basis,
            self._config.rules.scheme,
        )
        expected = map(self.market.expect, self._open_periods(now))
        return tuple(
            Tranche(
                period=trade.period,
                side=side,
                price_micro_per_kwh=trade.price_micro_per_kwh + extra,
                energy_wh=energy_wh,
            )
            for trade in expected
            if trade is not None
            for side, extra, energy_wh in (
                (Side.BUY, remaining, trade.bought_wh),
                (Side.SELL, 0, trade.sold_wh),
            )
            if energy_wh > 0
        )

    def _open_periods(self, now: Instant) -> Iterator[DeliveryPeriod]:
        period = DeliveryPeriod.containing(now).next()
        while self._config.timing.gate_closure(period) <= now:
            period = period.next()
        for later in range(PERIODS_AHEAD):
            yield period.next(later)


def _share(result: ClearingResult, side: Side, me: PartyId) -> int:
    """Return what is left for one of those who traded, if this home joins them."""
    fills = [fill for fill in result.fills if fill.side is side]
    traded = {fill.party for fill in fills} | {me}
    return div_floor(sum(fill.energy_wh for fill in fills), len(traded))
