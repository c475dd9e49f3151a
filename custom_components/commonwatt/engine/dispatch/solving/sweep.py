"""How much a home would sell at every price: exact, by the method of breakpoints.

With all on/off decisions of a plan fixed, the least cost of a home that can trade ``q``
at price ``p`` is concave and piecewise linear in ``p``, and its slope is ``-q``.  Two
prices whose lines meet on the curve have nothing between them; otherwise the price at
which they meet is looked at next.  So every breakpoint is found with about two warm
linear programmes.

Source: M. J. Eisner and D. G. Severance, "Mathematical techniques for efficient record
segmentation in large shared databases", Journal of the ACM 23 (1976), 619-635.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from ..bidding import Rise, SupplyCurve
from ..linear import HomeModel
from .highs import Highs
from .rounding import Decisions

LINES_MAX: Final = 128
"""Prices looked at for one curve at most."""

COST_TINY: Final = 1e-7

PRICE_TOLERANCE: Final = 1e-9
"""A sweep asks for prices a millionth apart, for steps of a twelfth of an hour."""

ENERGY_TINY: Final = 1e-4
SECONDS_MAX: Final = 1.0
"""For each linear programme of a sweep; it takes milliseconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What is traded at a price: ``cost`` is the home's least cost there."""

    price: float
    cost: float
    sold: float
    """kWh; negative: bought."""

    def at(self, price: float) -> float:
        """Return what the same trade would cost at another price."""
        return self.cost - self.sold * (price - self.price)


class Sweep:
    """The market of one delivery period, open to a home that keeps its decisions."""

    def __init__(
        self, model: HomeModel, decisions: Decisions, *, surcharge: float
    ) -> None:
        """Take a home with an open market; buying there costs ``surcharge`` on top."""
        assert model.market is not None, "a sweep needs a market"
        self._market: Final = model.market
        self._surcharge: Final = surcharge
        self._highs: Final = Highs(price_tolerance=PRICE_TOLERANCE)
        self._highs.load_relaxed(model.linear)
        self._highs.bound_columns(decisions.columns, decisions.lower, decisions.upper)

    def line(self, price: float) -> Line | None:
        """Return what is traded at a price; None if the solver does not say."""
        market = self._market
        buying, selling = price + self._surcharge, -price
        self._highs.price_columns(market.bought, buying * market.energy)
        self._highs.price_columns(market.sold, selling * market.energy)
        point = self._highs.run(seconds=SECONDS_MAX)
        if point is None:
            return None
        sold = float((point.x[market.sold] - point.x[market.bought]) @ market.energy)
        return Line(price=price, cost=point.objective, sold=sold)

    def curve(self, lowest: float, highest: float) -> SupplyCurve | None:
        """Return the whole curve between two prices; None if the solver fails."""
        low, high = self.line(lowest), self.line(highest)
        if low is None or high is None:
            return None
        lines = [low, *self._between(low, high, LINES_MAX), high]
        rises = tuple(
            Rise(price=_meeting(left, right), before=left.sold, after=right.sold)
            for left, right in pairwise(lines)
            if right.sold - left.sold > ENERGY_TINY
        )
        return SupplyCurve(lowest=low.sold, rises=rises)

    def _between(self, low: Line, high: Line, lines_max: int) -> list[Line]:
        """Return the lines between two, ascending."""
        if high.sold - low.sold <= ENERGY_TINY or lines_max <= 0:
            return []
        price = _meeting(low, high)
        middle = self.line(price)
        if middle is None or low.at(price) - middle.cost <= COST_TINY:
            return []
        left = self._between(low, middle, lines_max - 1)
        right = self._between(middle, high, lines_max - 1 - len(left))
        return [*left, middle, *right]


def _meeting(low: Line, high: Line) -> float:
    """Return the price at which two trades cost the same."""
    price = low.price + (high.at(low.price) - low.cost) / (high.sold - low.sold)
    return min(max(price, low.price), high.price)
