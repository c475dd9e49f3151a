"""Making others whole: what an order that was not kept did to everybody's price.

An auction pays what the book said.  A book with energy that never came, or without
energy that did come, says something else than an honest one; the difference is paid by
those whose order made it, to those it cost something, once.
Rules: docs/reference/settlement-rules.md, section 6.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from ..model.clearing import Fill
from ..model.order import Order, OrderBook, Side, Step
from ..model.party import PartyId
from ..model.period import DeliveryPeriod
from ..model.units import ENERGY_WH_MAX, div_floor
from .allocation import Allocation
from .booking import Booking
from .reclearing import Quantities, keen_first, stretched
from .sharing import Wh, split

type Prices = Mapping[PartyId, int]
"""The price of each party's zone."""

type PriceBook = Callable[[OrderBook], Prices]
"""Clear a book and return the price of each party's zone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """A party whose meter did not count what its order got."""

    party: PartyId
    failed_wh: Mapping[Side, int]
    """What was sold or bought and not metered; what a party bought of itself, too."""

    kept_order: Order
    """The order as it would have been: shrunk in the proportion that failed, stretched
    by what was metered beyond it."""

    energy_wh: int
    """Size of the departure, which decides who is examined first."""

    @property
    def failed(self) -> bool:
        """Whether anything failed, or there was only more than was promised."""
        return any(self.failed_wh.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """What one party owes another for a price."""

    payer: PartyId
    payee: PartyId
    nano: int


def deviations(
    book: OrderBook,
    fills: Iterable[Fill],
    metered: Quantities,
    held: frozenset[PartyId],
) -> list[Deviation]:
    """Return everybody who traded and whose order was not kept, the largest first.

    Both sides of an order are looked at by themselves: who trades with itself has no
    position, and yet has moved the price with energy that no meter saw.
    """
    filled: dict[tuple[PartyId, Side], int] = {}
    for fill in fills:
        key = fill.party, fill.side
        filled[key] = filled.get(key, 0) + fill.energy_wh
    trading = {party for party, _ in filled} - held
    room_wh = _room_wh(book)
    found = (
        _deviation(placed.order, filled, metered, room_wh)
        for placed in book.orders
        if placed.order.party in trading
    )
    departed = [deviation for deviation in found if deviation.energy_wh]
    return sorted(departed, key=lambda d: (-d.energy_wh, d.party))


def _deviation(
    order: Order, filled: Quantities, metered: Quantities, room_wh: int
) -> Deviation:
    steps: list[Step] = []
    failed: dict[Side, int] = {}
    beyond_wh = 0
    for side in Side:
        own = keen_first(order, side)
        traded = filled.get((order.party, side), 0)
        counted = metered.get((order.party, side), 0)
        failed[side] = max(0, traded - counted)
        if failed[side]:
            own = _shrunk(own, honoured=counted, traded=traded)
        beyond = min(max(0, counted - traded), room_wh)
        if own and beyond:
            own = stretched(own, beyond)
            beyond_wh += beyond
        steps += own
    return Deviation(
        party=order.party,
        failed_wh=failed,
        kept_order=Order.of(order.party, order.period, *steps),
        energy_wh=sum(failed.values()) + beyond_wh,
    )


def _room_wh(book: OrderBook) -> int:
    """Return how much every order may grow without the book getting too large."""
    total = sum(step.energy_wh for p in book.orders for step in p.order.steps)
    return (ENERGY_WH_MAX - total) // (2 * max(1, len(book.orders)))


def charges(
    *,
    book: OrderBook,
    allocation: Allocation,
    found: list[Deviation],
    traded: Prices,
    price_book: PriceBook,
    examined_max: int,
) -> list[Charge]:
    """Return who pays whom because a price was not what kept orders would have made.

    A party's claim is what its honoured position lost against the price of the book
    with every order as kept.  It is shared by those whose order alone would have
    changed that party's price, in proportion; where no order alone did, by those who
    failed on the payee's side of the market, in proportion to what they failed.
    """
    if not found:
        return []
    honoured = allocation.honoured_wh
    claims = _losses(honoured, traded, price_book(_with(book, found)))
    if not claims:
        return []
    liable: dict[PartyId, Wh] = {party: {} for party in claims}
    decided: set[PartyId] = set()
    for deviation in found[:examined_max]:
        alone = price_book(_with(book, [deviation]))
        losses = _losses(honoured, traded, alone)
        losses.pop(deviation.party, None)
        decided |= losses.keys()
        if not deviation.failed:
            losses = _up_to_windfall(
                book.period, deviation, losses, honoured, traded, alone
            )
        for party in losses.keys() & claims.keys():
            liable[party][deviation.party] = losses[party]
    owed: list[Charge] = []
    for party, claim in claims.items():
        weights = liable[party]
        if party not in decided:
            weights = _failed_together(found, party, honoured[party])
            claim_wh = claim if weights else 0
        else:
            claim_wh = min(claim, sum(weights.values()))
        owed += [
            Charge(payer=payer, payee=party, nano=nano)
            for payer, nano in split(book.period, claim_wh, weights).items()
            if nano
        ]
    return owed


def book_charges(booking: Booking, owed: Iterable[Charge]) -> Booking:
    """Move what is owed from payers to payees."""
    for charge in owed:
        booking.pay(
            charge.nano,
            source=booking.party(charge.payer),
            target=booking.party(charge.payee),
        )
    return booking


def _losses(honoured: Mapping[PartyId, int], traded: Prices, other: Prices) -> Wh:
    """Return what each honoured position would have been worth more at other prices."""
    losses = {
        party: energy_wh * (other[party] - traded[party])
        for party, energy_wh in honoured.items()
    }
    return {party: nano for party, nano in losses.items() if nano > 0}


def _up_to_windfall(
    period: DeliveryPeriod,
    deviation: Deviation,
    losses: Wh,
    honoured: Mapping[PartyId, int],
    traded: Prices,
    alone: Prices,
) -> Wh:
    """Bound what a party that kept its position owes by what it gained itself."""
    party = deviation.party
    windfall = max(0, honoured[party] * (traded[party] - alone[party]))
    return split(period, min(windfall, sum(losses.values())), losses)


def _failed_together(found: list[Deviation], payee: PartyId, honoured_wh: int) -> Wh:
    """Return who failed on the payee's side of the market, which moved its price."""
    side = Side.SELL if honoured_wh > 0 else Side.BUY
    return {
        deviation.party: deviation.failed_wh[side]
        for deviation in found
        if deviation.failed_wh[side] and deviation.party != payee
    }


def _shrunk(steps: list[Step], *, honoured: int, traded: int) -> list[Step]:
    """Shrink every step to the share of the trades that was honoured."""
    sizes = [div_floor(step.energy_wh * honoured, traded) for step in steps]
    return [
        replace(step, energy_wh=wh) for step, wh in zip(steps, sizes, strict=True) if wh
    ]


def _with(book: OrderBook, kept: Iterable[Deviation]) -> OrderBook:
    """Return ``book`` with the orders of some parties as kept."""
    orders = {deviation.party: deviation.kept_order for deviation in kept}
    placed = tuple(
        replace(one, order=orders[one.order.party])
        if one.order.party in orders
        else one
        for one in book.orders
    )
    return replace(book, orders=placed)
