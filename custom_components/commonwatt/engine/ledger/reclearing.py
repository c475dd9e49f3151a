"""Books as they would have been, had everybody known what the meters would count.

Builds order books only; clearing them is the market's work.
Rules: docs/reference/settlement-rules.md, section 5.
"""

from collections.abc import Mapping
from dataclasses import replace

from ..model.order import (
    STEPS_MAX,
    TIE_WEIGHT_PERMILLE,
    Order,
    OrderBook,
    PlacedOrder,
    Side,
    Step,
)
from ..model.party import Charter, PartyId
from ..model.reading import MeterReading
from ..model.units import ENERGY_WH_MAX
from .terms import keenest_limits

type Quantities = Mapping[tuple[PartyId, Side], int]
"""Energy of each party on each side of the market."""


def metered_quantities(
    readings: Mapping[PartyId, MeterReading],
    position_wh: Mapping[PartyId, int],
    held: frozenset[PartyId],
) -> dict[tuple[PartyId, Side], int]:
    """Return what each party brought to the market: its meter, or its held position.

    Bounded so that no reading, however absurd, makes a book that cannot be cleared.
    """
    wh_max = ENERGY_WH_MAX // (2 * max(1, len(readings) + len(position_wh)))
    quantity: dict[tuple[PartyId, Side], int] = {}
    for party, reading in readings.items():
        quantity[party, Side.SELL] = min(reading.export_wh, wh_max)
        quantity[party, Side.BUY] = min(reading.import_wh, wh_max)
    for party in held & position_wh.keys():
        quantity[party, Side.SELL] = min(max(position_wh[party], 0), wh_max)
        quantity[party, Side.BUY] = min(max(-position_wh[party], 0), wh_max)
    return quantity


def metered_book(book: OrderBook, charter: Charter, quantity: Quantities) -> OrderBook:
    """Return the book of what was metered.

    A party with an order on a side keeps its limits: the keenest steps first, what was
    metered beyond the order at its keenest limit.  A party without one takes whatever
    price comes: it stands with the keenest limit anybody named on that side.
    """
    limits = keenest_limits(book)
    keenest = {
        side: side * min(side * limit for (_, s), limit in limits.items() if s is side)
        for side in {side for _, side in limits}
    }
    orders = {placed.order.party: placed.order for placed in book.orders}
    weights = {one.order.party: one.tie_weight_permille for one in book.orders}
    placed_orders: list[PlacedOrder] = []
    for member in sorted(charter.members, key=lambda member: member.party):
        order = orders.get(member.party)
        steps: list[Step] = []
        for side in Side:
            energy_wh = quantity.get((member.party, side), 0)
            own = keen_first(order, side)
            if own:
                steps += fitted(own, energy_wh)
            elif energy_wh and side in keenest and len(steps) < STEPS_MAX:
                steps.append(
                    Step(
                        side=side,
                        price_micro_per_kwh=keenest[side],
                        energy_wh=energy_wh,
                    )
                )
        if steps:
            placed_orders.append(
                PlacedOrder(
                    order=Order.of(member.party, book.period, *steps),
                    zone=member.zone,
                    tie_weight_permille=weights.get(member.party, TIE_WEIGHT_PERMILLE),
                )
            )
    return OrderBook(period=book.period, seed=book.seed, orders=tuple(placed_orders))


def fitted(steps: list[Step], energy_wh: int) -> list[Step]:
    """Fit steps, the keenest first, to a quantity: cut the last, stretch the first."""
    fit = cut(steps, energy_wh)
    beyond = energy_wh - sum(step.energy_wh for step in fit)
    return stretched(fit, beyond) if beyond else fit


def cut(steps: list[Step], energy_wh: int) -> list[Step]:
    """Keep the keenest steps, which come first, up to a quantity."""
    kept: list[Step] = []
    for step in steps:
        part = min(step.energy_wh, energy_wh)
        if part:
            kept.append(replace(step, energy_wh=part))
        energy_wh -= part
    return kept


def stretched(steps: list[Step], energy_wh: int) -> list[Step]:
    """Add energy to the keenest step: what is delivered anyway takes any price."""
    keenest, *others = steps
    return [replace(keenest, energy_wh=keenest.energy_wh + energy_wh), *others]


def keen_first(order: Order | None, side: Side) -> list[Step]:
    """Return the steps of one side, the keenest first."""
    steps = [step for step in order.steps if step.side is side] if order else []
    return sorted(steps, key=lambda step: side * step.price_micro_per_kwh)
