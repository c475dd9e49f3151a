"""What neighbours would sell and take in each step, better than the retailer.

A tranche is of a delivery period, a plan has steps: several tranches of one step become
one at their mean price, and where periods fill a part of a step, neighbours are
partners for that part of its power.
"""

from dataclasses import dataclass

import numpy as np

from ..model.order import Side
from .linear import Case
from .linear.case import PRICE_EPSILON, TINY_HOURS, tranche_hours
from .linear.program import Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Offers:
    """One direction; without an offer the power is 0 and the price the retailer's."""

    power: Floats
    """kW for each step, beyond which the retailer is the partner."""

    price: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Partners:
    """Both directions, as the home sees them."""

    supply: Offers
    """To be bought."""

    demand: Offers
    """To be sold to."""

    @classmethod
    def of(cls, case: Case) -> Partners:
        """Lay the tranches of a home out in its steps."""
        return cls(
            supply=_offers(case, Side.BUY, case.buy, sign=1.0),
            demand=_offers(case, Side.SELL, case.sell, sign=-1.0),
        )

    @property
    def circular(self) -> bool:
        """Whether selling what was just bought from a neighbour would pay."""
        traded = (self.supply.power > 0) | (self.demand.power > 0)
        pays = self.demand.price > self.supply.price + PRICE_EPSILON
        return bool((traded & pays).any())


def _offers(case: Case, side: Side, retail: Floats, *, sign: float) -> Offers:
    count = len(case.hours)
    energy, better, covered = np.zeros(count), np.zeros(count), np.zeros(count)
    periods = set()
    for tranche in case.checked.problem.grid.tranches:
        if tranche.side is not side or tranche.energy_wh <= 0:
            continue
        steps, inside = tranche_hours(case, tranche)
        saving = sign * (retail[steps] - case.price(tranche.price_micro_per_kwh))
        pays = saving > PRICE_EPSILON
        steps, inside, saving = steps[pays], inside[pays], saving[pays]
        part = tranche.energy_wh / 1000 * inside / max(inside.sum(), TINY_HOURS)
        energy[steps] += part
        better[steps] += saving * part
        if tranche.period not in periods:
            periods.add(tranche.period)
            covered[steps] += inside
    power = np.divide(energy, covered, out=np.zeros(count), where=covered > 0)
    gain = np.divide(better, power * case.hours, out=np.zeros(count), where=power > 0)
    return Offers(power=power, price=retail - sign * gain)
