"""From supply curves to the steps of an order: integers, limits, nothing unsure.

The curve says what energy is worth to the home, and so does the order: nothing is added
for profit.  What differs between forecasts is not offered.  Standard library only.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor
from typing import Final

from ..model.order import STEPS_MAX, Side, Step

ENERGY_WH_MIN: Final = 10
"""Less is not worth a message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What the retailer would do in a delivery period, per kWh."""

    feed_in_micro_per_kwh: int
    import_micro_per_kwh: int
    avoided_micro_per_kwh: int
    """What a neighbour's kWh saves; at most the import price."""

    @property
    def surcharge_micro_per_kwh(self) -> int:
        """What a neighbour's kWh still costs on top of its price."""
        return self.import_micro_per_kwh - self.avoided_micro_per_kwh


@dataclass(frozen=True, slots=True, kw_only=True)
class BidLimits:
    """What the owner never does, whatever it would earn."""

    sell_micro_per_kwh_min: int | None = None
    buy_micro_per_kwh_max: int | None = None
    energy_wh_max: int
    """Registered capability: an order never asks for or offers more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rise:
    """At ``price`` the energy sold rises from ``before`` to ``after`` (kWh)."""

    price: float
    """Currency per kWh."""

    before: float
    after: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyCurve:
    """What a home sells (bought: negative) as the price goes up."""

    lowest: float
    """Energy sold at the lowest price."""

    rises: tuple[Rise, ...]
    """Ascending by price, each beginning where the last one ended."""

    @property
    def highest(self) -> float:
        """Energy sold at the highest price."""
        return self.rises[-1].after if self.rises else self.lowest

    def sold(self, price: float) -> float:
        """Return the energy sold at a price; at a rise, what is sold just above."""
        sold = self.lowest
        for rise in self.rises:
            if rise.price > price:
                break
            sold = rise.after
        return sold


def stable(curves: Sequence[SupplyCurve]) -> SupplyCurve:
    """Return what is sold (bought) at every price whichever forecast comes true.

    Of offers the least, of bids the least, and nothing where forecasts disagree about
    the direction: each part rises with the price, and so does their sum.
    """
    prices = sorted({rise.price for curve in curves for rise in curve.rises})
    below = _least([curve.lowest for curve in curves])
    lowest, rises = below, []
    for price in prices:
        above = _least([curve.sold(price) for curve in curves])
        if above > below:
            rises.append(Rise(price=price, before=below, after=above))
            below = above
    return SupplyCurve(lowest=lowest, rises=tuple(rises))


def steps_of(
    curve: SupplyCurve, outside: Outside, limits: BidLimits
) -> tuple[Step, ...]:
    """Return the order a curve amounts to, at most 16 steps.

    Never a bid above what a neighbour's kWh saves, never an offer below feed-in, and no
    bid that could meet an own offer.
    """
    steps = _limited(_raw_steps(curve, outside), outside, limits)
    merged = _few([step for step in steps if step.energy_wh >= ENERGY_WH_MIN])
    bids = _cut([s for s in merged if s.side is Side.BUY], limits.energy_wh_max)
    offers = _cut([s for s in merged if s.side is Side.SELL], limits.energy_wh_max)
    return tuple(sorted((*bids, *offers), key=_by_side_and_price))


def _raw_steps(curve: SupplyCurve, outside: Outside) -> Iterator[Step]:
    lowest, highest = _watt_hours(curve.lowest), _watt_hours(curve.highest)
    if lowest > 0:
        yield _step(Side.SELL, outside.feed_in_micro_per_kwh, lowest)
    for rise in curve.rises:
        before, after = _watt_hours(rise.before), _watt_hours(rise.after)
        price = round(rise.price * 1_000_000, 3)
        bought = min(after, 0) - min(before, 0)
        sold = max(after, 0) - max(before, 0)
        if bought > 0:
            yield _step(Side.BUY, floor(price), bought)
        if sold > 0:
            above = 1 if bought > 0 else 0
            yield _step(Side.SELL, max(ceil(price), floor(price) + above), sold)
    if highest < 0:
        yield _step(Side.BUY, outside.avoided_micro_per_kwh, -highest)


def _limited(
    steps: Iterable[Step], outside: Outside, limits: BidLimits
) -> Iterator[Step]:
    """Yield steps no worse than what the retailer and the owner say."""
    most = outside.avoided_micro_per_kwh
    if limits.buy_micro_per_kwh_max is not None:
        most = min(most, limits.buy_micro_per_kwh_max)
    least = outside.feed_in_micro_per_kwh
    if limits.sell_micro_per_kwh_min is not None:
        least = max(least, limits.sell_micro_per_kwh_min)
    for step in steps:
        price = step.price_micro_per_kwh
        if step.side is Side.SELL:
            yield _step(Side.SELL, max(price, least), step.energy_wh)
        elif min(price, most) > outside.feed_in_micro_per_kwh:
            yield _step(Side.BUY, min(price, most), step.energy_wh)


def _few(steps: list[Step]) -> list[Step]:
    """Join the smallest step to its neighbour until they fit into an order.

    Offers move up and bids down, so that joining costs trade, never money.
    """
    joined: dict[tuple[Side, int], int] = {}
    for step in steps:
        key = (step.side, step.price_micro_per_kwh)
        joined[key] = joined.get(key, 0) + step.energy_wh
    while len(joined) > STEPS_MAX:
        ranked = sorted(joined)
        partners = [
            (a, b) if a[0] is Side.SELL else (b, a)
            for a, b in pairwise(ranked)
            if a[0] is b[0]
        ]
        small, kept = min(partners, key=lambda pair: (joined[pair[0]], pair))
        joined[kept] += joined.pop(small)
    return [_step(side, price, joined[side, price]) for side, price in sorted(joined)]


def _cut(steps: list[Step], energy_wh_max: int) -> Iterator[Step]:
    """Yield the steps most likely to trade, up to an energy in all."""
    left = energy_wh_max
    for step in sorted(steps, key=lambda s: s.side * s.price_micro_per_kwh):
        energy = min(step.energy_wh, left)
        if energy >= ENERGY_WH_MIN:
            yield _step(step.side, step.price_micro_per_kwh, energy)
            left -= energy


def _least(energies: Sequence[float]) -> float:
    return max(min(energies), 0.0) + min(max(energies), 0.0)


def _watt_hours(energy: float) -> int:
    """Return whole watt-hours, towards zero: never more than the home wants."""
    whole = round(energy * 1000, 3)
    return floor(whole) if whole > 0 else ceil(whole)


def _by_side_and_price(step: Step) -> tuple[Side, int]:
    return step.side, step.price_micro_per_kwh


def _step(side: Side, price_micro_per_kwh: int, energy_wh: int) -> Step:
    return Step(side=side, price_micro_per_kwh=price_micro_per_kwh, energy_wh=energy_wh)
