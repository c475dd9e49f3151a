"""What neighbours will ask and pay, learned from the periods that were cleared.

Integers throughout.  Knows prices and quantities of the whole community, no orders and
nobody's limits.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ..model.period import DeliveryPeriod
from .signals import DAYS_REMEMBERED, PERIODS_PER_DAY, expect

PERIODS_KEPT: Final = DAYS_REMEMBERED * PERIODS_PER_DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class NeighbourTrade:
    """What one home among others trades in a delivery period, and at which price."""

    period: DeliveryPeriod
    price_micro_per_kwh: int
    """Means nothing where nothing is traded."""

    bought_wh: int
    """The share of one home among those who buy."""

    sold_wh: int


class NeighbourMarket:
    """Four weeks of cleared periods."""

    __slots__ = ("_trades",)

    def __init__(self) -> None:
        """Know nothing yet."""
        self._trades: Final[dict[DeliveryPeriod, NeighbourTrade]] = {}

    @property
    def trades(self) -> tuple[NeighbourTrade, ...]:
        """Everything that is known, to be kept across a restart."""
        return tuple(self._trades[period] for period in sorted(self._trades))

    def learn(self, trades: Iterable[NeighbourTrade]) -> None:
        """Remember periods; what is known already stays as it is."""
        for trade in trades:
            self._trades.setdefault(trade.period, trade)
        latest = max(self._trades, default=None)
        if latest is not None:
            oldest = latest.next(-PERIODS_KEPT)
            for old in [period for period in self._trades if period < oldest]:
                del self._trades[old]

    def expect(self, period: DeliveryPeriod) -> NeighbourTrade | None:
        """Return what to expect; None where there usually is no trade, or no past."""
        before = (
            self._trades.get(period.next(-days * PERIODS_PER_DAY))
            for days in range(1, DAYS_REMEMBERED + 1)
        )
        past = [trade for trade in before if trade is not None]
        bought_wh = expect({t.period: t.bought_wh for t in past}, period) or 0
        sold_wh = expect({t.period: t.sold_wh for t in past}, period) or 0
        price = expect(
            {t.period: t.price_micro_per_kwh for t in past if t.bought_wh}, period
        )
        if price is None or bought_wh + sold_wh == 0:
            return None
        return NeighbourTrade(
            period=period,
            price_micro_per_kwh=price,
            bought_wh=bought_wh,
            sold_wh=sold_wh,
        )
