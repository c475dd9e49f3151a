"""Defects that were found in other engines, each as a book that shows it."""

from collections import Counter

from custom_components.commonwatt.engine.market import clear
from custom_components.commonwatt.engine.model.order import Side
from tests.engine.market.audit import audit, optimum, welfare_nano
from tests.engine.market.books import (
    ROOT,
    book_of,
    buy,
    one_zone,
    party,
    sell,
    tree_of,
    zone,
)


def test_two_offers_of_a_party_at_one_price_are_both_sold() -> None:
    """Elsewhere 1000 + 500 Wh against a bid of 1500 Wh traded 500 Wh."""
    book = book_of(
        {1: (ROOT, [sell(1_000, 50), sell(500, 50)]), 2: (ROOT, [buy(1_500, 60)])}
    )
    result = clear(book, tree_of())
    assert result.energy_wh == 1_500
    assert result.position_wh(party(1)) == 1_500


def test_partial_fills_over_several_sellers_add_up() -> None:
    """Elsewhere 2 x 1000 Wh of bids on 1500 + 500 Wh of offers became 2500 Wh."""
    book = one_zone(buy(1_000, 60), buy(1_000, 60), sell(1_500, 40), sell(500, 40))
    result = clear(book, tree_of())
    assert sum(trade.energy_wh for trade in result.trades) == 2_000
    audit(book, tree_of(), result)


def test_the_fee_is_counted_once_however_many_orders_share_the_way() -> None:
    """Elsewhere fees were charged per clearing step instead of on what flows."""
    tree = tree_of(zone("east", fees=(7, 0)), zone("west", fees=(0, 5)))
    book = book_of(
        {
            1: ("east", [sell(10, 10), sell(10, 20)]),
            2: ("east", [sell(10, 15), buy(6, 90)]),
            3: ("west", [buy(9, 80)]),
            4: ("west", [buy(9, 70), sell(2, 30)]),
        }
    )
    result = clear(book, tree)
    flows = {flow.zone: flow for flow in result.flows}
    assert [flow.export_wh for flow in result.flows] == [16, -16]
    assert [flow.fee_nano for flow in flows.values()] == [16 * 7, 16 * 5]
    for trade in result.trades:
        apart = trade.buyer_price_micro_per_kwh - trade.seller_price_micro_per_kwh
        assert apart in {0, 12}, "each kWh pays the way once"


def test_equal_orders_are_treated_alike_on_every_machine() -> None:
    """Elsewhere ties were shuffled: two members could not compute the same result."""
    book = one_zone(*(sell(100, 50) for _ in range(7)), buy(500, 60))
    results = [clear(book, tree_of()) for _ in range(3)]
    assert results[0] == results[1] == results[2]
    sold = Counter(f.energy_wh for f in results[0].fills if f.side is Side.SELL)
    assert sold == {71: 4, 72: 3}


def test_more_energy_is_not_traded_at_the_price_of_less_welfare() -> None:
    """Elsewhere pay-as-bid matching traded 62 % more energy for 39 % less welfare."""
    book = one_zone(buy(10, 100), buy(10, 30), sell(10, 20), sell(10, 90))
    result = clear(book, tree_of())
    assert result.energy_wh == 10, "pairing 100 with 90 and 30 with 20 would trade 20"
    assert welfare_nano(result) == 800 == optimum(book, tree_of())[0]


def test_orders_that_miss_their_own_zone_are_not_forwarded_too_late() -> None:
    """Elsewhere unmatched orders went up after two ticks; who came first won."""
    tree = tree_of(zone("east"), zone("west"))
    book = book_of(
        {
            1: ("east", [sell(10, 40)]),
            2: ("east", [buy(10, 41)]),
            3: ("west", [buy(10, 100)]),
        }
    )
    result = clear(book, tree)
    assert result.position_wh(party(3)) == -10
    assert result.position_wh(party(2)) == 0


def test_a_producer_is_not_charged_for_what_it_uses_itself() -> None:
    """Elsewhere consuming one's own energy drew on what had been sold."""
    book = book_of({1: (ROOT, [sell(10, 40), buy(4, 90)]), 2: (ROOT, [buy(3, 80)])})
    result = clear(book, tree_of())
    assert result.position_wh(party(1)) == 3
    paid = sum(t.received_nano - t.paid_nano for t in result.trades)
    assert paid == 0
