"""The second settlement: what the meters say beside what was traded.

Knows prices and positions; moves money between parties and the community fund.
Rules: docs/reference/settlement-rules.md, section 5.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ..model.party import PartyId
from ..model.units import cost_nano
from .allocation import Allocation
from .booking import FUND, Booking


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyPrices:
    """The price of each party's zone, micro-currency per kWh, in both clearings."""

    traded: Mapping[PartyId, int]
    """In the auction."""

    metered: Mapping[PartyId, int]
    """In the book cleared again with metered quantities."""


def book_positions(
    booking: Booking, allocation: Allocation, prices: PartyPrices
) -> Booking:
    """Pay every position at the price it was traded at, delivered or not."""
    for party, position in allocation.position_wh.items():
        paid = cost_nano(energy_wh=position, price_micro_per_kwh=prices.traded[party])
        booking.pay(paid, source=FUND, target=booking.party(party))
    return booking


def book_imbalances(
    booking: Booking,
    allocation: Allocation,
    prices: PartyPrices,
    spread_micro_per_kwh: int,
) -> Booking:
    """Pay allocated minus traded energy at the price the meters justify.

    Energy that failed never earns: where the price moved in favour of the one who
    failed, the difference goes to the fund.  What was not as declared before gate
    closure pays the spread, agreements included.
    """
    broken_wh = allocation.broken_wh
    parties = allocation.position_wh.keys() | allocation.balanced_wh.keys()
    for party in sorted(parties | broken_wh.keys()):
        position = allocation.position_wh.get(party, 0)
        failed = position - allocation.honoured_wh.get(party, 0)
        imbalance = allocation.balanced_wh.get(party, 0) - position
        price = prices.metered.get(party, 0)
        paid = cost_nano(energy_wh=imbalance, price_micro_per_kwh=price)
        if failed:
            gain = failed * (prices.traded[party] - price)
            paid -= max(0, gain)
        undeclared = abs(failed) + allocation.stood_in_wh.get(party, 0)
        undeclared += broken_wh.get(party, 0)
        paid -= cost_nano(
            energy_wh=undeclared, price_micro_per_kwh=spread_micro_per_kwh
        )
        booking.pay(paid, source=FUND, target=booking.party(party))
    return booking
