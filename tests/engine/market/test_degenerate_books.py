"""Books at the edge: each has a defined result, found by hand.

The list follows what went wrong in other auctions: sellers only, one order, equal
prices, nothing wanted, everything at one price, prices below zero.
"""

import pytest

from custom_components.commonwatt.engine.market import clear
from custom_components.commonwatt.engine.model.order import OrderBook, Step
from tests.engine.market.audit import audit
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


def price_and_volume(*steps: Step) -> tuple[int, int]:
    """Clear a single zone and return its price and the energy traded."""
    book, tree = one_zone(*steps), tree_of()
    result = clear(book, tree)
    audit(book, tree, result)
    return result.price_micro_per_kwh(ROOT), result.energy_wh


def test_an_empty_book_has_a_price_of_nothing() -> None:
    assert price_and_volume() == (0, 0)


def test_an_order_without_steps_is_as_good_as_none() -> None:
    book = book_of({1: (ROOT, [])})
    assert clear(book, tree_of()) == clear(book_of({}), tree_of())


def test_with_sellers_only_the_best_offer_is_the_indication() -> None:
    assert price_and_volume(sell(10, 50), sell(10, 40)) == (40, 0)


def test_with_buyers_only_the_best_bid_is_the_indication() -> None:
    assert price_and_volume(buy(10, 50), buy(10, 40)) == (50, 0)


def test_a_single_offer_sets_the_indication_alone() -> None:
    assert price_and_volume(sell(10, 50)) == (50, 0)


def test_a_single_bid_sets_the_indication_alone() -> None:
    assert price_and_volume(buy(10, 50)) == (50, 0)


def test_orders_that_do_not_meet_leave_the_middle_as_indication() -> None:
    assert price_and_volume(buy(10, 40), sell(10, 60)) == (50, 0)


def test_one_bid_and_one_offer_meet_in_the_middle() -> None:
    assert price_and_volume(buy(10, 60), sell(10, 40)) == (50, 10)


def test_equal_prices_trade() -> None:
    assert price_and_volume(buy(10, 50), sell(10, 50)) == (50, 10)


def test_everything_at_one_price_trades_as_much_as_it_can() -> None:
    steps = [buy(3, 50), buy(4, 50), sell(5, 50), sell(9, 50)]
    assert price_and_volume(*steps) == (50, 7)


def test_a_crossing_in_the_middle_of_an_offer_takes_the_offers_price() -> None:
    assert price_and_volume(sell(10, 40), sell(10, 50), buy(15, 90)) == (50, 15)


def test_a_crossing_in_the_middle_of_a_bid_takes_the_bids_price() -> None:
    assert price_and_volume(sell(15, 40), buy(10, 90), buy(10, 60)) == (60, 15)


def test_a_crossing_between_steps_takes_the_middle_of_the_gap() -> None:
    steps = [sell(10, 40), sell(10, 80), buy(10, 90), buy(10, 50)]
    assert price_and_volume(*steps) == (65, 10)


def test_unresponsive_buyers_do_not_lift_the_price_above_the_last_offer() -> None:
    # A buyer who pays anything, and more supply than it needs.
    assert price_and_volume(buy(10, 100_000_000), sell(30, 70)) == (70, 10)


def test_unresponsive_sellers_do_not_press_the_price_below_the_last_bid() -> None:
    assert price_and_volume(sell(10, -100_000_000), buy(30, 70)) == (70, 10)


def test_scarce_supply_goes_for_what_the_last_served_buyer_pays() -> None:
    assert price_and_volume(sell(10, 40), buy(30, 70), buy(30, 60)) == (70, 10)


def test_prices_may_be_negative() -> None:
    assert price_and_volume(sell(10, -80), buy(10, -20)) == (-50, 10)


def test_a_middle_below_zero_is_rounded_down_too() -> None:
    assert price_and_volume(sell(10, -20), buy(10, -19)) == (-20, 10)
    assert price_and_volume(sell(10, 19), buy(10, 20)) == (19, 10)


def test_gifts_at_a_price_of_zero_are_given() -> None:
    assert price_and_volume(sell(10, 0), buy(10, 0)) == (0, 10)


def test_no_energy_is_no_step() -> None:
    with pytest.raises(ValueError, match="0 Wh is out of bounds"):
        sell(0, 50)


def test_an_order_in_an_unknown_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no zone nowhere"):
        clear(book_of({1: ("nowhere", [sell(1, 1)])}), tree_of())


def test_a_party_whose_own_steps_cross_trades_with_itself_for_nothing() -> None:
    book = book_of({1: (ROOT, [sell(10, 40), buy(10, 60)])})
    result = clear(book, tree_of())
    audit(book, tree_of(), result)
    (trade,) = result.trades
    assert trade.seller == trade.buyer == party(1)
    assert trade.paid_nano == trade.received_nano
    assert result.position_wh(party(1)) == 0


def in_zones(
    east: Step, west: Step, **edge: tuple[int | None, int | None] | tuple[int, int]
) -> tuple[OrderBook, int, int, int]:
    """Clear two orders in sister zones; return prices of both, and what flows east."""
    fees = edge.get("fees", (0, 0))
    limits = edge.get("limits", (None, None))
    tree = tree_of(
        zone("east", fees=(fees[0] or 0, fees[1] or 0), limits=limits), zone("west")
    )
    book = book_of({1: ("east", [east]), 2: ("west", [west])})
    result = clear(book, tree)
    audit(book, tree, result)
    east_price, west_price = (p.price_micro_per_kwh for p in result.prices[1:])
    return book, east_price, west_price, result.flows[0].export_wh


def test_a_zone_between_traders_prices_itself_like_its_parent() -> None:
    _, east, west, flow = in_zones(sell(10, 40), buy(10, 60))
    assert (east, west, flow) == (50, 50, 10)


def test_a_fee_that_eats_the_whole_gain_exactly_lets_energy_flow() -> None:
    _, east, west, flow = in_zones(sell(10, 40), buy(10, 60), fees=(20, 0))
    assert (east, west, flow) == (40, 60, 10)


def test_a_fee_above_the_gain_stops_the_flow() -> None:
    _, _, _, flow = in_zones(sell(10, 40), buy(10, 60), fees=(21, 0))
    assert flow == 0


def test_a_closed_edge_does_not_bound_the_price_behind_it() -> None:
    _, east, west, flow = in_zones(sell(10, 40), buy(10, 60), limits=(0, 0))
    assert (east, west, flow) == (40, 60, 0)


def test_an_edge_open_the_wrong_way_carries_nothing() -> None:
    _, _, _, flow = in_zones(sell(10, 40), buy(10, 60), limits=(0, None))
    assert flow == 0


def test_a_full_edge_keeps_the_least_rent() -> None:
    _, east, west, flow = in_zones(sell(10, 40), buy(10, 60), limits=(4, None))
    assert (east, west, flow) == (40, 60, 4)


def test_a_flow_that_equals_the_limit_by_chance_earns_no_rent() -> None:
    _, east, west, flow = in_zones(sell(10, 40), buy(10, 60), limits=(10, None))
    assert (east, west, flow) == (50, 50, 10)


def test_a_negative_fee_pays_for_relieving_the_network() -> None:
    _, east, west, flow = in_zones(sell(10, 60), buy(10, 50), fees=(-20, 20))
    assert (east, west, flow) == (65, 45, 10)
