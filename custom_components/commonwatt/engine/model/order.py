"""What parties want in one delivery period: orders, and the book that holds them."""

from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from typing import Final

from .party import PartyId
from .period import DeliveryPeriod
from .units import ENERGY_WH_MAX, PRICE_MICRO_PER_KWH_MAX
from .zone import ZoneId

STEPS_MAX: Final = 16
"""Steps in one order: enough for any curve a home has."""

TIE_WEIGHT_PERMILLE: Final = 1_000
"""What a wish counts among others at the same price, where nothing else is agreed."""


class Side(IntEnum):
    """Direction of a step; the sign it has in a zone's net-export curve."""

    BUY = -1
    SELL = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A bid (``BUY``) or an offer (``SELL``) for some energy up to a limit price."""

    side: Side
    price_micro_per_kwh: int
    """Most a buyer pays in its own zone, least a seller accepts in its own zone."""

    energy_wh: int

    def __post_init__(self) -> None:
        """Refuse what cannot be cleared exactly."""
        if not 0 < self.energy_wh <= ENERGY_WH_MAX:
            msg = f"a step of {self.energy_wh} Wh is out of bounds"
            raise ValueError(msg)
        if abs(self.price_micro_per_kwh) > PRICE_MICRO_PER_KWH_MAX:
            msg = f"a price of {self.price_micro_per_kwh} is out of bounds"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """The whole price-quantity curve of one party for one delivery period.

    Steps are in canonical order (bids before offers, prices ascending) with one step
    for each side and price, so that equal wishes have equal bytes.
    """

    party: PartyId
    period: DeliveryPeriod
    steps: tuple[Step, ...]

    def __post_init__(self) -> None:
        """Refuse too many steps, doubled prices and any order but the canonical one."""
        if len(self.steps) > STEPS_MAX:
            msg = f"an order has at most {STEPS_MAX} steps, not {len(self.steps)}"
            raise ValueError(msg)
        keys = [(step.side, step.price_micro_per_kwh) for step in self.steps]
        if any(a >= b for a, b in pairwise(keys)):
            msg = "the steps of an order ascend by side and price, each once"
            raise ValueError(msg)

    @classmethod
    def of(cls, party: PartyId, period: DeliveryPeriod, *steps: Step) -> Order:
        """Build an order from steps in any order, adding up equal sides and prices."""
        energy_wh: dict[tuple[Side, int], int] = {}
        for step in steps:
            key = (step.side, step.price_micro_per_kwh)
            energy_wh[key] = energy_wh.get(key, 0) + step.energy_wh
        canonical = (
            Step(side=side, price_micro_per_kwh=price, energy_wh=energy_wh[side, price])
            for side, price in sorted(energy_wh)
        )
        return cls(party=party, period=period, steps=tuple(canonical))

    def energy_wh(self, side: Side) -> int:
        """Return all energy wanted on one side."""
        return sum(step.energy_wh for step in self.steps if step.side is side)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedOrder:
    """An order, and what the charter says of its party: zone, and weight in ties."""

    order: Order
    zone: ZoneId
    tie_weight_permille: int = TIE_WEIGHT_PERMILLE

    def __post_init__(self) -> None:
        """Refuse a weight that would leave a party out of every tie."""
        if self.tie_weight_permille < 1:
            msg = f"a weight of {self.tie_weight_permille} is out of bounds"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderBook:
    """All orders of one delivery period: the input of the clearing."""

    period: DeliveryPeriod
    seed: bytes
    """Digest of everything the parties committed to: salts the ranking of ties."""

    orders: tuple[PlacedOrder, ...]
    """One for each party, ascending by party."""

    def __post_init__(self) -> None:
        """Refuse orders of other periods, doubled parties and too much energy."""
        parties = [placed.order.party for placed in self.orders]
        if any(a >= b for a, b in pairwise(parties)):
            msg = "the orders of a book ascend by party, one for each"
            raise ValueError(msg)
        if any(placed.order.period != self.period for placed in self.orders):
            msg = "an order in the book is for another delivery period"
            raise ValueError(msg)
        total = sum(s.energy_wh for placed in self.orders for s in placed.order.steps)
        if total > ENERGY_WH_MAX:
            msg = f"a book of {total} Wh is out of bounds"
            raise ValueError(msg)
