"""A district that sends its curve is as good as all its homes in the city's book."""

from dataclasses import replace
from random import Random

from hypothesis import assume, given, settings, strategies as st
import pytest

from custom_components.commonwatt.engine.market import (
    clear,
    clear_city,
    clear_district,
    district_curve,
    thinned_curve,
)
from custom_components.commonwatt.engine.market.curve import Curve
from custom_components.commonwatt.engine.market.thinning import thin
from custom_components.commonwatt.engine.model.clearing import ClearingResult
from custom_components.commonwatt.engine.model.district import (
    DistrictCurve,
    PlacedDistrict,
)
from custom_components.commonwatt.engine.model.order import OrderBook
from custom_components.commonwatt.engine.model.period import DeliveryPeriod
from custom_components.commonwatt.engine.model.zone import FeeTree, Zone, ZoneId
from tests.engine.market.audit import audit, optimum, welfare_nano
from tests.engine.market.books import (
    PERIOD,
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

DISTRICT = party(1_000_000)
MANY = settings(max_examples=300, deadline=None)


def within(tree: FeeTree, top: ZoneId) -> set[ZoneId]:
    return {z.id for z in tree.zones if top in {p.id for p in tree.path_to_root(z.id)}}


def split(market: Market, top: ZoneId) -> tuple[Market, Market]:
    """Return the market outside the subtree of ``top``, and the one inside."""
    book, tree = market
    names = within(tree, top)
    outer = tuple(z for z in tree.zones if z.id == top or z.id not in names)
    inner = tuple(
        Zone(id=top, parent=None) if z.id == top else z
        for z in tree.zones
        if z.id in names
    )
    outside = tuple(p for p in book.orders if p.zone not in names)
    inside = tuple(p for p in book.orders if p.zone in names)
    return (
        (replace(book, orders=outside), FeeTree(outer)),
        (replace(book, orders=inside), FeeTree(inner)),
    )


def cleared_in_two(
    market: Market, top: ZoneId, curve: DistrictCurve | None = None
) -> tuple[ClearingResult, ClearingResult]:
    (book, tree), (inner_book, inner_tree) = split(market, top)
    curve = curve or district_curve(inner_book, inner_tree, DISTRICT)
    city = clear_city(book, tree, [PlacedDistrict(curve=curve, zone=top)])
    inside = clear_district(inner_book, inner_tree, DISTRICT, city.handovers[DISTRICT])
    return city.result, inside


@MANY
@given(market=markets(), data=st.data())
def test_the_outside_cannot_tell_a_district_from_its_homes(
    market: Market, data: st.DataObject
) -> None:
    book, tree = market
    assume(len(tree.zones) > 1)
    top = data.draw(st.sampled_from(tree.zones[1:])).id
    whole = clear(book, tree)
    outside, inside = cleared_in_two(market, top)
    prices = whole.zone_prices
    for part in (outside, inside):
        assert part.zone_prices.items() <= (prices.items())
        assert set(part.flows) <= set(whole.flows)
        assert set(part.fills) <= set(whole.fills)
    assert len(outside.fills) + len(inside.fills) == len(whole.fills)
    assert len(outside.flows) + len(inside.flows) == len(whole.flows)


def money_nano(result: ClearingResult) -> tuple[int, int]:
    paid = sum(trade.paid_nano for trade in result.trades)
    received = sum(trade.received_nano for trade in result.trades)
    return paid - received, sum(f.fee_nano + f.rent_nano for f in result.flows)


@MANY
@given(market=markets(), data=st.data(), steps_max=st.integers(2, 5))
def test_a_thinned_curve_costs_welfare_but_nobody_a_loss(
    market: Market, data: st.DataObject, steps_max: int
) -> None:
    book, tree = market
    assume(len(tree.zones) > 1)
    top = data.draw(st.sampled_from(tree.zones[1:]))
    _, (inner_book, inner_tree) = split(market, top.id)
    curve = thinned_curve(
        inner_book, inner_tree, DISTRICT, edge=top, steps_max=steps_max
    )
    assert len(curve.steps) <= steps_max
    outside, inside = cleared_in_two(market, top.id, curve)
    for part in (outside, inside):
        difference, earned = money_nano(part)
        assert difference == earned
        assert all(flow.rent_nano >= 0 for flow in part.flows)
        prices = part.zone_prices
        placed = {p.order.party: p.zone for p in book.orders}
        for fill in part.fills:
            price = prices[placed[fill.party]]
            assert fill.side * (price - fill.limit_micro_per_kwh) >= 0
    export = next(f.export_wh for f in outside.flows if f.zone == top.id)
    margin = outside.price_micro_per_kwh(top.id) - inside.price_micro_per_kwh(top.id)
    assert margin * export >= 0, "what thinning saves stays with the district"
    best, _ = optimum(book, tree)
    assert welfare_nano(outside) + welfare_nano(inside) <= best


@pytest.mark.parametrize("seed", range(3))
def test_twenty_five_steps_lose_little(seed: int) -> None:
    random = Random(seed)
    feeders = [zone(f"f{n}", fees=(15, 15)) for n in range(4)]
    tree = tree_of(*feeders)
    book = random_book(random, tree, 300, ticks=1)
    best = welfare_nano(clear(book, tree))
    top = feeders[0]
    _, (inner_book, inner_tree) = split((book, tree), top.id)
    exact = district_curve(inner_book, inner_tree, DISTRICT)
    thinned = thinned_curve(inner_book, inner_tree, DISTRICT, edge=top)
    assert len(thinned.steps) <= 25 < len(exact.steps)
    outside, inside = cleared_in_two((book, tree), top.id, thinned)
    welfare = welfare_nano(outside) + welfare_nano(inside)
    assert 0.99 * best <= welfare <= best


def test_districts_nest() -> None:
    random = Random(5)
    tree = random_tree(random, 20)
    book = random_book(random, tree, 60)
    whole = clear(book, tree)
    audit(book, tree, whole)
    for top in tree.zones[1:]:
        outside, inside = cleared_in_two((book, tree), top.id)
        assert {f.zone: f.export_wh for f in (*outside.flows, *inside.flows)} == {
            f.zone: f.export_wh for f in whole.flows
        }


def test_thinning_moves_exports_up_and_imports_down() -> None:
    curve = Curve((11, 21, 31, 41), (-30, -20, -10, 5, 25))
    thinned = thin(curve, 2)
    assert thinned == Curve((11, 41), (-30, 0, 25))


def test_thinning_merges_what_loses_least() -> None:
    # Moving 1 Wh from 7 to 11 loses less than moving 5 Wh from 3 to 7.
    assert thin(Curve((3, 7, 11), (0, 5, 6, 20)), 2) == Curve((3, 11), (0, 5, 20))
    assert thin(Curve((3, 7, 11), (0, 5, 6, 20)), 1) == Curve((11,), (0, 20))


def test_a_merged_step_weighs_more_when_it_is_looked_at_again() -> None:
    curve = Curve((3, 7, 11, 47), (0, 2, 4, 34, 35))
    assert thin(curve, 3) == Curve((7, 11, 47), (0, 4, 34, 35))
    assert thin(curve, 2) == Curve((11, 47), (0, 34, 35))


def test_a_district_alone_in_its_zone_is_a_party_of_the_city() -> None:
    tree = tree_of(zone("north", fees=(5, 5)), zone("south", fees=(5, 5)))
    home = book_of({1: ("south", [buy(10, 100)])})
    inner = book_of({2: ("north", [sell(4, 20)]), 3: ("north", [sell(4, 30)])})
    inner_tree = FeeTree((Zone(id=ZoneId("north"), parent=None),))
    curve = district_curve(inner, inner_tree, DISTRICT)
    city = clear_city(home, tree, [PlacedDistrict(curve=curve, zone=ZoneId("north"))])
    (trade,) = city.result.trades
    assert (trade.seller, trade.buyer, trade.energy_wh) == (DISTRICT, party(1), 8)
    inside = clear_district(inner, inner_tree, DISTRICT, city.handovers[DISTRICT])
    assert {t.seller: t.energy_wh for t in inside.trades} == {party(2): 4, party(3): 4}
    assert {t.buyer for t in inside.trades} == {DISTRICT}


def test_a_district_that_buys_is_supplied_from_outside() -> None:
    tree = tree_of(zone("north", fees=(5, 5)))
    home = book_of({1: (ROOT, [sell(10, 20)])})
    inner = book_of({2: ("north", [buy(4, 90)])})
    inner_tree = FeeTree((Zone(id=ZoneId("north"), parent=None),))
    curve = district_curve(inner, inner_tree, DISTRICT)
    city = clear_city(home, tree, [PlacedDistrict(curve=curve, zone=ZoneId("north"))])
    assert city.result.prices[1].traded_wh == 4
    inside = clear_district(inner, inner_tree, DISTRICT, city.handovers[DISTRICT])
    (trade,) = inside.trades
    assert (trade.seller, trade.buyer, trade.energy_wh) == (DISTRICT, party(2), 4)


def a_curve(**change: object) -> DistrictCurve:
    fields = {"district": DISTRICT, "period": PERIOD, "lowest_wh": 0, "steps": ()}
    return DistrictCurve(**(fields | change))  # type: ignore[arg-type]  # wrong on purpose


def test_a_district_shares_its_zone_with_nobody() -> None:
    tree = tree_of(zone("north"), zone("far", "north"))
    empty = book_of({})
    for name in ("north", ROOT):
        placed = PlacedDistrict(curve=a_curve(), zone=ZoneId(name))
        with pytest.raises(ValueError, match="holds more than one district"):
            clear_city(empty, tree, [placed])
    far = PlacedDistrict(curve=a_curve(), zone=ZoneId("far"))
    with pytest.raises(ValueError, match="holds more than one district"):
        clear_city(empty, tree, [far, far])
    with pytest.raises(ValueError, match="holds more than one district"):
        clear_city(book_of({1: ("far", [sell(1, 1)])}), tree, [far])


def test_a_curve_of_another_period_is_refused() -> None:
    tree = tree_of(zone("north"))
    late = a_curve(period=DeliveryPeriod(PERIOD.number + 1))
    placed = PlacedDistrict(curve=late, zone=ZoneId("north"))
    with pytest.raises(ValueError, match="another delivery period"):
        clear_city(book_of({}), tree, [placed])


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"steps": (sell(1, 5), sell(1, 4))}, "ascend by price"),
        ({"steps": (buy(1, 5), sell(1, 5))}, "ascend by price"),
        ({"steps": (sell(1, 5), sell(1, 5))}, "ascend by price"),
        ({"lowest_wh": 1}, "out of bounds"),
        ({"lowest_wh": -1}, "out of bounds"),
    ],
)
def test_what_is_no_curve_is_refused(change: dict[str, object], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        a_curve(**change)
