"""How much a home would sell at every price: every step stands between two answers.

With all on/off decisions of a plan fixed, the least cost of a home that can trade ``q``
at price ``p`` is concave and piecewise linear in ``p``, and its slope is ``-q``.  Where
the lines of two prices meet, either the one trade gives way to the other, or there is a
third: the home is asked right below and right above that price, and only its own answer
counts.  So a curve says at every price what solving there gives, to half a millionth of
the currency, however rough the costs are from which the meeting was computed.

Source of the search: M. J. Eisner and D. G. Severance, "Mathematical techniques for
efficient record segmentation in large shared databases", Journal of the ACM 23 (1976),
619-635.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from ..bidding import Rise, SupplyCurve
from ..linear import HomeModel
from .highs import Highs
from .rounding import Decisions

LINES_MAX: Final = 256
"""Prices looked at for one curve at most."""

MEETINGS_MAX: Final = 8
"""Meetings computed in one row; after that halves of what is left."""

NEAR: Final = 0.5e-6
"""Half of the smallest step of a price."""

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
        self._lines_left = LINES_MAX

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
        self._lines_left = LINES_MAX
        lines = [low, *self._between(low, high), high]
        rises = tuple(
            Rise(price=_rise(left, right), before=left.sold, after=right.sold)
            for left, right in pairwise(lines)
            if right.sold - left.sold > ENERGY_TINY
        )
        return SupplyCurve(lowest=low.sold, rises=rises)

    def _between(self, low: Line, high: Line, meetings: int = 0) -> list[Line]:
        """Return the lines between two, ascending, until each rise is pinned down."""
        narrow = high.price - low.price <= 2.5 * NEAR
        if narrow or _alike(low, high) or self._lines_left <= 0:
            return []
        met = _meeting(low, high) if meetings < MEETINGS_MAX else _middle(low, high)
        price = min(max(met, low.price + NEAR), high.price - NEAR)
        self._lines_left -= 2
        below, above = self.line(price - NEAR), self.line(price + NEAR)
        if below is None or above is None:
            return []
        left = self._between(low, below, meetings + 1)
        right = self._between(above, high, meetings + 1)
        return [*left, below, above, *right]


def _alike(low: Line, high: Line) -> bool:
    return high.sold - low.sold <= ENERGY_TINY


def _middle(low: Line, high: Line) -> float:
    return (low.price + high.price) / 2


def _rise(low: Line, high: Line) -> float:
    """Return the price of a rise; between distant lines where they say they meet."""
    pinned = high.price - low.price <= 2.5 * NEAR
    return _middle(low, high) if pinned else _meeting(low, high)


def _meeting(low: Line, high: Line) -> float:
    """Return the price at which two trades cost the same."""
    price = low.price + (high.at(low.price) - low.cost) / (high.sold - low.sold)
    return min(max(price, low.price), high.price)
