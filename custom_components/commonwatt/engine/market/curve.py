"""Net-export curves: what a zone would send out at every price, in exact integers.

Owns ticks, curves and their way over an edge.  Knows no parties and no money.

A *tick* is a price in quarters of a micro-currency per kWh.  An offer at price ``p``
has the tick ``4p - 1`` and a bid ``4p + 1``, so that equal prices cross and every tick
holds offers only or bids only, however many fees (multiples of four) were added to it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Final, Self

from ..model.order import Side
from ..model.zone import Zone

UNLIMITED_WH: Final = 1 << 62
"""Capacity of an edge without a limit."""

type Interval = tuple[int | None, int | None]
"""A closed interval of ticks; None stands for an end at infinity."""

PRICE_OF_NOTHING: Final = 0
"""Indicative price of a zone whose part of the tree has no orders at all."""


def tick_of(side: Side, price_micro_per_kwh: int) -> int:
    """Return the tick of a step."""
    return 4 * price_micro_per_kwh - side


def price_of(tick: int) -> int:
    """Return the price of a tick in micro-currency per kWh, rounded down."""
    return (tick + 1) >> 2


def side_of(tick: int) -> Side:
    """Return which side's steps live on a tick."""
    return Side.SELL if tick & 3 == 3 else Side.BUY  # noqa: PLR2004  # 4p - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """The edge of a zone to its parent: fees in ticks, capacities in Wh."""

    export_fee: int
    import_fee: int
    export_wh_max: int
    import_wh_max: int

    @classmethod
    def of(cls, zone: Zone) -> Self:
        """Return the edge of ``zone``."""
        export_max, import_max = zone.export_wh_max, zone.import_wh_max
        return cls(
            export_fee=4 * zone.export_fee_micro_per_kwh,
            import_fee=4 * zone.import_fee_micro_per_kwh,
            export_wh_max=UNLIMITED_WH if export_max is None else export_max,
            import_wh_max=UNLIMITED_WH if import_max is None else import_max,
        )

    def carries(self, *, exported_wh: int, imported_wh: int) -> int:
        """Return the net export of what would leave and (negative) enter."""
        net_wh = max(0, exported_wh) + min(0, imported_wh)
        return max(-self.import_wh_max, min(self.export_wh_max, net_wh))


@dataclass(frozen=True, slots=True)
class Curve:
    """Net export of a zone as a non-decreasing step function of its tick.

    ``totals[0]`` is what leaves at the lowest price (all bids are served: negative or
    zero) and ``totals[i + 1]`` what leaves just above ``ticks[i]``.
    """

    ticks: tuple[int, ...]
    totals: tuple[int, ...]

    @classmethod
    def of(cls, base_wh: int, energy_wh_at: Mapping[int, int]) -> Self:
        """Build a curve from its lowest value and the positive steps at ticks."""
        ticks = tuple(sorted(energy_wh_at))
        steps = (energy_wh_at[tick] for tick in ticks)
        return cls(ticks, tuple(accumulate(steps, initial=base_wh)))

    def below(self, tick: int) -> int:
        """Return the net export just below ``tick``."""
        return self.totals[bisect_left(self.ticks, tick)]

    def above(self, tick: int) -> int:
        """Return the net export just above ``tick``."""
        return self.totals[bisect_right(self.ticks, tick)]

    def ticks_at(self, export_wh: int) -> Interval:
        """Return the ticks at which ``export_wh`` may leave."""
        assert self.totals[0] <= export_wh <= self.totals[-1], "more than there is"
        low = bisect_left(self.totals, export_wh)
        high = bisect_right(self.totals, export_wh)
        return (
            self.ticks[low - 1] if low > 0 else None,
            self.ticks[high - 1] if high < len(self.totals) else None,
        )

    def over(self, edge: Edge) -> tuple[int, list[tuple[int, int]]]:
        """Return the curve as the parent sees it: lowest value, and (tick, Wh) steps.

        What leaves costs the export fee more, what enters is worth the import fee less,
        and capacities cut off both ends.  A step across zero becomes two.
        """
        steps: list[tuple[int, int]] = []
        totals = self.totals
        for tick, start, end in zip(self.ticks, totals, totals[1:], strict=False):
            entering = min(end, 0) - max(start, -edge.import_wh_max)
            if entering > 0:
                steps.append((tick - edge.import_fee, entering))
            leaving = min(end, edge.export_wh_max) - max(start, 0)
            if leaving > 0:
                steps.append((tick + edge.export_fee, leaving))
        return max(totals[0], -edge.import_wh_max), steps

    def exports(self, parent_tick: int, edge: Edge) -> tuple[int, int]:
        """Return the least and the greatest export at the parent's tick."""
        export_tick = parent_tick - edge.export_fee
        import_tick = parent_tick + edge.import_fee
        return (
            edge.carries(
                exported_wh=self.below(export_tick), imported_wh=self.below(import_tick)
            ),
            edge.carries(
                exported_wh=self.above(export_tick), imported_wh=self.above(import_tick)
            ),
        )


def middle(low: int | None, high: int | None) -> int:
    """Return the midpoint rounded down; the finite end of a half-open interval."""
    if low is None:
        return 4 * PRICE_OF_NOTHING if high is None else high
    return low if high is None else (low + high) >> 1


def tick_behind(
    edge: Edge,
    *,
    export_wh: int,
    parent_tick: int,
    interval: Interval,
) -> int:
    """Return the tick of a zone, given its parent's and what flows between them.

    Over an edge with room to spare they differ by its fee exactly; over a full one the
    zone's own curve decides, at the end of ``interval`` that leaves the least rent.
    """
    low, high = interval
    if export_wh > 0:
        tick = parent_tick - edge.export_fee
        return tick if high is None else min(high, tick)
    if export_wh < 0:
        tick = parent_tick + edge.import_fee
        return tick if low is None else max(low, tick)
    least, most = low, high
    if edge.export_wh_max > 0:
        tick = parent_tick - edge.export_fee
        least = tick if low is None else max(low, tick)
    if edge.import_wh_max > 0:
        tick = parent_tick + edge.import_fee
        most = tick if high is None else min(high, tick)
    if least is None or most is None or least <= most:
        return middle(least, most)
    # Only a thinned curve lets the parent's price miss the interval of the true one.
    return least if high is None else min(least, high)
