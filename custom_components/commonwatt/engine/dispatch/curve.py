"""From a plan to an order: the home's net export as a function of the price.

Between what feeding in pays and what importing costs, the home would rather trade with
neighbours; outside that range the retailer is the better partner: no step lies there.
"""

from collections.abc import Iterator
from typing import Final

from ..model.order import STEPS_MAX, Side, Step
from ..model.tariff import Tariff
from .blocks import Block
from .plan import Plan

ENERGY_WH_MIN: Final = 10
"""Less is not worth a message."""


def order_steps(plan: Plan, tariff: Tariff, *, energy_wh_max: int) -> tuple[Step, ...]:
    """Return bids and offers that follow the plan's blocks, prices ascending.

    Never a bid above the all-in import price, never an offer below feed-in, never more
    than ``energy_wh_max`` in all, and no bid that could meet an offer of the same home.
    """
    low, high = tariff.feed_in_micro_per_kwh, tariff.import_micro_per_kwh
    steps = [
        step
        for step in (_fixed(plan, low, high) if low >= high else _walk(plan, low, high))
        if step.energy_wh >= ENERGY_WH_MIN
    ]
    largest = sorted(steps, key=lambda step: -step.energy_wh)[:STEPS_MAX]
    kept = [step for step in steps if step in largest]
    total_wh = sum(step.energy_wh for step in kept)
    return tuple(kept) if total_wh <= energy_wh_max else ()


def _fixed(plan: Plan, low: int, high: int) -> Iterator[Step]:
    """Trade what nobody steers: feeding in pays more than importing costs."""
    if plan.fixed_wh > 0:
        yield _step(Side.SELL, low, plan.fixed_wh)
    elif plan.fixed_wh < 0:
        yield _step(Side.BUY, high, -plan.fixed_wh)


def _walk(plan: Plan, low: int, high: int) -> Iterator[Step]:
    """Walk the price up from feed-in to import and turn every rise into steps."""
    net_wh = plan.fixed_wh + sum(
        block.energy_wh for block in plan.blocks if _acts_at(block, low)
    )
    if net_wh > 0:
        yield _step(Side.SELL, low, net_wh)
    for price, rise_wh in _rises(plan, low, high):
        bought_wh = min(max(-net_wh, 0), rise_wh)
        if bought_wh > 0:
            yield _step(Side.BUY, price, bought_wh)
        if rise_wh > bought_wh:
            yield _step(Side.SELL, price + bool(bought_wh), rise_wh - bought_wh)
        net_wh += rise_wh
    if net_wh < 0:
        yield _step(Side.BUY, high, -net_wh)


def _acts_at(block: Block, price_micro_per_kwh: int) -> bool:
    """Whether a block is used when energy costs just that much."""
    if block.energy_wh > 0:
        return block.price_micro_per_kwh <= price_micro_per_kwh
    return block.price_micro_per_kwh > price_micro_per_kwh


def _rises(plan: Plan, low: int, high: int) -> Iterator[tuple[int, int]]:
    """Yield each price at which net export rises, and by how much."""
    rises: dict[int, int] = {}
    for block in plan.blocks:
        price = block.price_micro_per_kwh
        if low < price < high:
            rises[price] = rises.get(price, 0) + abs(block.energy_wh)
    yield from sorted(rises.items())


def _step(side: Side, price_micro_per_kwh: int, energy_wh: int) -> Step:
    return Step(side=side, price_micro_per_kwh=price_micro_per_kwh, energy_wh=energy_wh)
