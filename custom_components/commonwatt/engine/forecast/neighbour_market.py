"""What neighbours will ask and pay, learned from the periods that were cleared.

Integers throughout.  Knows prices and quantities of the whole community, no orders and
nobody's limits.
"""

from dataclasses import dataclass
from typing import Final

from ..model.period import DeliveryPeriod
from .signals import DAYS_REMEMBERED, PERIODS_PER_DAY, expect

PERIODS_KEPT: Final = DAYS_REMEMBERED * PERIODS_PER_DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedTrade:
    """What is likely to change hands in a delivery period, and at which price."""

    period: DeliveryPeriod
    price_micro_per_kwh: int
    energy_wh: int
    """Of the community as a whole: the most one home should count on."""


class NeighbourMarket:
    """Four weeks of cleared periods."""

    __slots__ = ("_energies_wh", "_prices")

    def __init__(self) -> None:
        """Know nothing yet."""
        self._prices: Final[dict[DeliveryPeriod, int]] = {}
        self._energies_wh: Final[dict[DeliveryPeriod, int]] = {}

    def learn(
        self, period: DeliveryPeriod, *, price_micro_per_kwh: int, energy_wh: int
    ) -> None:
        """Remember a period; where nothing was traded its price means nothing."""
        self._energies_wh[period] = energy_wh
        if energy_wh > 0:
            self._prices[period] = price_micro_per_kwh
        oldest = period.next(-PERIODS_KEPT)
        for known in (self._prices, self._energies_wh):
            for old in [old for old in known if old < oldest]:
                del known[old]

    def expect(self, period: DeliveryPeriod) -> ExpectedTrade | None:
        """Return what to expect; None where there usually is no trade, or no past."""
        energy_wh = expect(self._energies_wh, period)
        price = expect(self._prices, period)
        if price is None or not energy_wh:
            return None
        return ExpectedTrade(
            period=period, price_micro_per_kwh=price, energy_wh=energy_wh
        )
