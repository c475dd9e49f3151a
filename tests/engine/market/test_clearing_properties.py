"""What holds for every book on every tree."""

from dataclasses import replace
from itertools import pairwise
from random import Random

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.commonwatt.engine.market import clear, zone_prices
from custom_components.commonwatt.engine.model.clearing import ClearingResult
from custom_components.commonwatt.engine.model.order import (
    Order,
    OrderBook,
    PlacedOrder,
    Side,
)
from custom_components.commonwatt.engine.model.zone import FeeTree, Zone
from tests.engine.market.audit import audit, optimum, welfare_nano
from tests.engine.market.books import (
    ROOT,
    book_of,
    buy,
    markets,
    party,
    random_book,
    random_tree,
    sell,
    tree_of,
    zone,
)

type Market = tuple[OrderBook, FeeTree]

MANY = settings(max_examples=500, deadline=None)
SOME = settings(max_examples=150, deadline=None)


@MANY
@given(market=markets())
def test_a_clearing_is_feasible_fair_and_pays_out_what_comes_in(
    market: Market,
) -> None:
    book, tree = market
    audit(book, tree, clear(book, tree))


@MANY
@given(market=markets())
def test_welfare_and_volume_are_those_of_the_linear_programme(market: Market) -> None:
    book, tree = market
    result = clear(book, tree)
    assert (welfare_nano(result), result.energy_wh) == optimum(book, tree)


@SOME
@given(market=markets())
def test_prices_alone_are_those_of_the_clearing(market: Market) -> None:
    book, tree = market
    assert zone_prices(book, tree) == clear(book, tree).zone_prices


@pytest.mark.parametrize("seed", range(6))
def test_larger_books_on_deep_and_wide_trees_are_optimal_too(seed: int) -> None:
    random = Random(seed)
    tree = random_tree(random, 40)
    book = random_book(random, tree, 150)
    result = clear(book, tree)
    audit(book, tree, result)
    assert (welfare_nano(result), result.energy_wh) == optimum(book, tree)


def listed_otherwise(tree: FeeTree, random: Random) -> FeeTree:
    """Return the same tree, its zones in another order of parents before children."""
    waiting = list(tree.zones)
    listed: list[Zone] = []
    while waiting:
        known = {item.id for item in listed}
        ready = [z for z in waiting if z.parent is None or z.parent in known]
        chosen = random.choice(ready)
        listed.append(chosen)
        waiting.remove(chosen)
    return FeeTree(tuple(listed))


@SOME
@given(market=markets(), random=st.randoms(use_true_random=False))
def test_neither_arrival_nor_numbering_changes_anything(
    market: Market, random: Random
) -> None:
    book, tree = market
    arrived = list(book.orders)
    random.shuffle(arrived)
    again = []
    for placed in arrived:
        steps = list(placed.order.steps)
        random.shuffle(steps)
        order = Order.of(placed.order.party, placed.order.period, *steps)
        again.append(PlacedOrder(order=order, zone=placed.zone))
    again.sort(key=lambda placed: placed.order.party)
    other = clear(replace(book, orders=tuple(again)), listed_otherwise(tree, random))
    one = clear(book, tree)
    assert other.fills == one.fills
    assert other.trades == one.trades
    assert set(other.prices) == set(one.prices)
    assert set(other.flows) == set(one.flows)


@SOME
@given(market=markets())
def test_another_seed_moves_a_watt_hour_at_most_and_no_price(market: Market) -> None:
    book, tree = market
    one = clear(book, tree)
    other = clear(replace(book, seed=b"another"), tree)
    assert [p.price_micro_per_kwh for p in other.prices] == [
        p.price_micro_per_kwh for p in one.prices
    ]
    assert other.energy_wh == one.energy_wh


def unfilled_wh(book: OrderBook, result: ClearingResult, side: Side) -> int:
    filled = {
        (f.party, f.limit_micro_per_kwh): f for f in result.fills if f.side is side
    }
    return sum(
        step.energy_wh
        - (fill.energy_wh if (fill := filled.get(key)) is not None else 0)
        for placed in book.orders
        for step in placed.order.steps
        if step.side is side
        for key in [(placed.order.party, step.price_micro_per_kwh)]
    )


@SOME
@given(market=markets())
def test_what_was_ordered_is_traded_or_stays_unfilled(market: Market) -> None:
    book, tree = market
    result = clear(book, tree)
    traded_wh = sum(trade.energy_wh for trade in result.trades)
    for side in Side:
        ordered_wh = sum(placed.order.energy_wh(side) for placed in book.orders)
        assert traded_wh + unfilled_wh(book, result, side) == ordered_wh


@SOME
@given(market=markets())
def test_a_tree_without_fees_and_limits_is_one_market(market: Market) -> None:
    book, tree = market
    open_tree = FeeTree(
        tuple(
            replace(
                item,
                export_fee_micro_per_kwh=0,
                import_fee_micro_per_kwh=0,
                export_wh_max=None,
                import_wh_max=None,
            )
            for item in tree.zones
        )
    )
    flat_book = replace(
        book, orders=tuple(replace(placed, zone=ROOT) for placed in book.orders)
    )
    spread, flat = clear(book, open_tree), clear(flat_book, tree_of())
    assert spread.energy_wh == flat.energy_wh
    prices = {p.price_micro_per_kwh for p in spread.prices}
    assert prices == {flat.price_micro_per_kwh(ROOT)}


def test_a_chain_of_zones_deeper_than_the_call_stack_clears() -> None:
    depth = 1_500
    names = [ROOT, *(f"z{index}" for index in range(depth))]
    tree = tree_of(
        *(zone(name, parent, fees=(1, 1)) for parent, name in pairwise(names))
    )
    book = book_of({1: (names[-1], [sell(500, 100)]), 2: (ROOT, [buy(500, 2_000)])})
    result = clear(book, tree)
    assert result.position_wh(party(1)) == 500
    assert sum(flow.fee_nano for flow in result.flows) == 500 * depth
