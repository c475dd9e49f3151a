"""Every badge is earned by what happens, not by numbers somebody wrote down.

What a season of the street brings is tested here, and what days of full metering and
many months of kept promises bring; storms, newcomers and trainings reach a home in
``tests/glue/test_own_scores.py``.
"""

from functools import cache
from typing import Final

import pytest

from custom_components.commonwatt.engine.ledger.rules import Agreement
from custom_components.commonwatt.engine.ledger.settlement import settle
from custom_components.commonwatt.engine.market import clear
from custom_components.commonwatt.engine.model.order import (
    Order,
    OrderBook,
    PlacedOrder,
    Side,
)
from custom_components.commonwatt.engine.model.period import (
    DAY_MS,
    DeliveryPeriod,
    Instant,
)
from custom_components.commonwatt.engine.model.reading import MeterReading
from custom_components.commonwatt.engine.scores.badges import Badge
from custom_components.commonwatt.engine.scores.book import ScoreBook
from custom_components.commonwatt.engine.scores.evidence import PERIODS_A_DAY
from custom_components.commonwatt.engine.scores.facts import SeasonFacts
from custom_components.commonwatt.engine.scores.records import record_of
from tests.simulation.score_life import (
    FIRST_DAY,
    NOON,
    PLAYER,
    Play,
    gift,
    hour_of,
)
from tests.simulation.score_season import Outcome, outcome
from tests.simulation.settlement_month import STREET, Moment, charter, home, step

FACTS: Final = SeasonFacts(prosumer=True)
SELLER: Final = home(0)
BUYERS: Final = tuple(home(index) for index in range(1, 5))


def generous(moment: Moment) -> tuple[Agreement, ...]:
    """Give a neighbour some of the sun at noon."""
    if hour_of(moment.period) == NOON:
        return (gift(PLAYER, home(8), 300),)
    return ()


@cache
def a_generous_season() -> Outcome:
    """Return what a season brings to a home that keeps what it promises."""
    return outcome(Play(deals=generous, saved_percent=40), weekly=True)


@pytest.mark.slow
@pytest.mark.parametrize(
    "badge",
    [
        Badge.FIRST_TRADE,
        Badge.GARDENER,
        Badge.GIVER,
        Badge.NIGHT_OWL,
        Badge.PEAK_TAMER,
        Badge.TRUTH_TELLER,
    ],
)
def test_a_season_in_the_street_earns_the_badge(badge: Badge) -> None:
    assert badge in a_generous_season().badges


def test_a_season_earns_nothing_that_did_not_happen() -> None:
    assert not a_generous_season().badges & {
        Badge.STORM_KEEPER,
        Badge.MENTOR,
        Badge.ROCK,
        Badge.ZERO_CARBON_DAY,
    }


def deliver(book: ScoreBook, period: DeliveryPeriod, energy_wh: int) -> None:
    """Clear and settle a period in which a home sells to each of four, as promised."""
    nets = {SELLER: len(BUYERS) * energy_wh, **dict.fromkeys(BUYERS, -energy_wh)}
    orders = tuple(
        PlacedOrder(
            order=Order.of(
                party,
                period,
                *(
                    step(Side.SELL, net_wh, 100_000)
                    if net_wh > 0
                    else step(Side.BUY, -net_wh, 200_000)
                ),
            ),
            zone=STREET,
        )
        for party, net_wh in nets.items()
    )
    street = charter()
    cleared = OrderBook(period=period, seed=b"seed", orders=orders)
    result = clear(cleared, street.fee_tree)
    settlement = settle(
        period=period,
        charter=street,
        result=result,
        readings={
            party: MeterReading(
                party=party,
                period=period,
                import_wh=max(0, -nets.get(party, 0)),
                export_wh=max(0, nets.get(party, 0)),
            )
            for party in (home(index) for index in range(12))
        },
        tariffs={},
    )
    book.add(record_of(settlement, result, party=SELLER, evening=False))


def test_a_home_that_keeps_its_word_for_months_becomes_a_rock_and_sells_much() -> None:
    book, earned_on = ScoreBook(SELLER), dict[Badge, int]()
    for day in range(150):
        deliver(book, DeliveryPeriod((FIRST_DAY + day) * PERIODS_A_DAY + 50), 2_000)
        now = Instant((FIRST_DAY + day + 1) * DAY_MS)
        for badge in book.turn(now, FACTS, members=(SELLER, *BUYERS)):
            earned_on[badge] = day

    assert earned_on[Badge.FIRST_TRADE] == 0
    assert earned_on[Badge.SUNNY_NEIGHBOUR] == 12, "8 kWh a day"
    assert earned_on[Badge.ROCK] > 91


def test_a_day_without_the_grid_is_a_day_on_ones_own_and_an_hour_an_island() -> None:
    book = ScoreBook(SELLER)
    first = DeliveryPeriod(FIRST_DAY * PERIODS_A_DAY)
    for quarter in range(PERIODS_A_DAY - 1):
        deliver(book, first.next(quarter), 100)
    assert book.turn(first.next(PERIODS_A_DAY).start, FACTS) == (
        Badge.FIRST_TRADE,
        Badge.ISLAND_HOUR,
    )
    assert Badge.ZERO_CARBON_DAY not in book.save().badges, "a quarter is not known"

    deliver(book, first.next(PERIODS_A_DAY - 1), 100)
    second = ScoreBook(SELLER, book.save())
    for quarter in range(PERIODS_A_DAY):
        deliver(second, first.next(PERIODS_A_DAY + quarter), 100)
    assert second.turn(first.next(2 * PERIODS_A_DAY).start, FACTS) == (
        Badge.ZERO_CARBON_DAY,
    )
