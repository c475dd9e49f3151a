"""A year of a street, with missing, late and corrected readings, to the last unit."""

import random

from custom_components.commonwatt.engine.ledger.balances import balances, sum_of
from custom_components.commonwatt.engine.ledger.booking import FUND
from custom_components.commonwatt.engine.ledger.rules import Reclearing
from custom_components.commonwatt.engine.ledger.settlement import (
    Settlement,
    correction,
    settle,
)
from custom_components.commonwatt.engine.market import clear, zone_prices
from custom_components.commonwatt.engine.model.order import (
    Order,
    OrderBook,
    PlacedOrder,
)
from custom_components.commonwatt.engine.model.party import PartyId
from custom_components.commonwatt.engine.model.period import DeliveryPeriod
from custom_components.commonwatt.engine.model.posting import (
    Account,
    AccountKind,
    Unit,
)
from custom_components.commonwatt.engine.model.reading import MeterReading
from tests.engine.ledger.neighbours import (
    LEFT,
    PERIOD,
    RIGHT,
    TARIFF,
    TWO_SIDES,
    A,
    B,
    C,
    D,
    bid,
    charter_of,
    offer,
)

PERIODS = 365 * 4
"""Every sixth hour of a year."""

HOMES = (A, B, C, D)
STREET = charter_of(
    *HOMES, tree=TWO_SIDES, zones={A: LEFT, B: RIGHT, C: LEFT, D: RIGHT}
)
ZONES = {member.party: member.zone for member in STREET.members}


def test_a_year_conserves_every_wh_and_nano() -> None:
    rng = random.Random(2)
    posted: dict[tuple[Account, Unit], int] = {}
    metered = dict.fromkeys(HOMES, 0)
    for index in range(PERIODS):
        period = DeliveryPeriod(PERIOD.number + index * 24)
        net = {p: rng.randrange(-500, 500) for p in HOMES}
        book = expected_book(rng, period, net)
        late = rng.choice(HOMES) if index % 7 == 0 else None
        wrong = rng.choice(HOMES) if index % 11 == 0 else None
        first = {
            p: wh + (rng.randrange(-50, 50) if p == wrong else 0)
            for p, wh in net.items()
            if p != late
        }
        before, after = settled(book, first), settled(book, net)
        corrected = correction(before, after).transactions
        posted = balances((*before.transactions, *corrected), posted)
        for party, wh in net.items():
            metered[party] -= wh

    for unit in Unit:
        assert sum_of(posted, unit) == 0
    for party in HOMES:
        account = Account(kind=AccountKind.PARTY, party=party)
        assert posted.get((account, Unit.WH), 0) == metered[party]
    assert not any(account.kind is AccountKind.SUSPENSE for account, _ in posted)
    assert posted[FUND, Unit.NANO] > 0


def expected_book(
    rng: random.Random, period: DeliveryPeriod, net: dict[PartyId, int]
) -> OrderBook:
    """Return what homes bid that are mostly right about themselves."""
    orders = []
    for party, wh in net.items():
        guess = wh + rng.randrange(-60, 60)
        price = rng.randrange(80, 250) * 1_000
        steps = (offer(guess, price),) if guess > 0 else (bid(1 - guess, price),)
        orders.append(
            PlacedOrder(order=Order.of(party, period, *steps), zone=ZONES[party])
        )
    return OrderBook(period=period, seed=b"", orders=tuple(orders))


def settled(book: OrderBook, net: dict[PartyId, int]) -> Settlement:
    """Settle one period of the year."""
    return settle(
        period=book.period,
        charter=STREET,
        result=clear(book, STREET.fee_tree),
        readings={
            party: MeterReading(
                party=party,
                period=book.period,
                import_wh=max(-wh, 0),
                export_wh=max(wh, 0),
            )
            for party, wh in net.items()
        },
        tariffs=dict.fromkeys(HOMES, TARIFF),
        reclearing=Reclearing(book=book, prices=zone_prices),
    )
