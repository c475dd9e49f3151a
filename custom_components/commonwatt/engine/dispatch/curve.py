"""From a plan to an order: the home's net export as a function of the price.

Between what feeding in pays and what a neighbour's kWh saves, the home would rather
trade with neighbours; outside that range the retailer is the better partner, so no step
lies there.
"""

from collections.abc import Iterator
from typing import Final

from ..model.order import STEPS_MAX, Side, Step
from .blocks import Block
from .plan import Plan
from .problem import Outlook

ENERGY_WH_MIN: Final = 10
"""Less is not worth a message."""


def order_steps(
    plan: Plan, outlook: Outlook, *, energy_wh_max: int
) -> tuple[Step, ...]:
    """Return bids and offers that follow the plan's blocks.

    Never a bid above what a neighbour's kWh saves, never an offer below feed-in, never
    more than ``energy_wh_max`` in all, and no bid that could meet an own offer.
    """
    low = outlook.tariff.feed_in_micro_per_kwh
    walk = _fixed if low >= outlook.avoided_micro_per_kwh else _walk
    steps = [step for step in walk(plan, outlook) if step.energy_wh >= ENERGY_WH_MIN]
    steps.sort(key=lambda step: -step.energy_wh)
    kept = tuple(steps[:STEPS_MAX])
    return kept if sum(step.energy_wh for step in kept) <= energy_wh_max else ()


def _fixed(plan: Plan, outlook: Outlook) -> Iterator[Step]:
    """Offer what is left over: feeding in pays more than a neighbour ever would."""
    if plan.fixed_wh > 0:
        low = outlook.tariff.feed_in_micro_per_kwh
        yield _step(Side.SELL, low, plan.fixed_wh)


def _walk(plan: Plan, outlook: Outlook) -> Iterator[Step]:
    """Walk the value of a kWh up from feed-in to import; turn every rise into steps.

    As long as the home buys, the retailer's share of the price is still to be paid on
    top, so a bid lies that much below the value.
    """
    low = outlook.tariff.feed_in_micro_per_kwh
    high = outlook.tariff.import_micro_per_kwh
    remaining = high - outlook.avoided_micro_per_kwh
    net_wh = plan.fixed_wh + sum(
        block.energy_wh for block in plan.blocks if _acts_at(block, low)
    )
    if net_wh > 0:
        yield _step(Side.SELL, low, net_wh)
    for value, rise_wh in _rises(plan, low, high):
        bought_wh = min(max(-net_wh, 0), rise_wh)
        if bought_wh > 0 and value - remaining >= low:
            yield _step(Side.BUY, value - remaining, bought_wh)
        if rise_wh > bought_wh:
            yield _step(Side.SELL, value + bool(bought_wh), rise_wh - bought_wh)
        net_wh += rise_wh
    if net_wh < 0:
        yield _step(Side.BUY, high - remaining, -net_wh)


def _acts_at(block: Block, price_micro_per_kwh: int) -> bool:
    """Whether a block is used when energy costs just that much."""
    if block.energy_wh > 0:
        return block.price_micro_per_kwh <= price_micro_per_kwh
    return block.price_micro_per_kwh > price_micro_per_kwh


def _rises(plan: Plan, low: int, high: int) -> Iterator[tuple[int, int]]:
    """Yield each value at which net export rises, and by how much."""
    rises: dict[int, int] = {}
    for block in plan.blocks:
        value = block.price_micro_per_kwh
        if low < value < high:
            rises[value] = rises.get(value, 0) + abs(block.energy_wh)
    yield from sorted(rises.items())


def _step(side: Side, price_micro_per_kwh: int, energy_wh: int) -> Step:
    return Step(side=side, price_micro_per_kwh=price_micro_per_kwh, energy_wh=energy_wh)
