"""Large books: numpy decides what plain Python decides, bit by bit."""

from dataclasses import replace
from random import Random
import sys
from typing import Any

from hypothesis import HealthCheck, given, settings
import numpy as np
import pytest

from custom_components.commonwatt.engine.market import clear, clearing
from custom_components.commonwatt.engine.market.columns import (
    ColumnBook,
    Grid,
    OutOfBoundsError,
    Table,
    ascent,
    clear_columns,
)
from custom_components.commonwatt.engine.model.order import OrderBook
from custom_components.commonwatt.engine.model.units import (
    ENERGY_WH_MAX,
    PRICE_MICRO_PER_KWH_MAX,
)
from custom_components.commonwatt.engine.model.zone import FeeTree
from tests.engine.market.audit import audit
from tests.engine.market.books import (
    PERIOD,
    ROOT,
    SEED,
    book_of,
    buy,
    markets,
    one_zone,
    party,
    random_book,
    random_tree,
    sell,
    tree_of,
    zone,
)


@pytest.fixture(autouse=True)
def everything_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Send every book through numpy, and every root through its coarse search."""
    monkeypatch.setattr(clearing, "LARGE_BOOK_STEPS", 0)
    monkeypatch.setattr(ascent, "BLOCK", 2)


def cleared_plainly(book: OrderBook, tree: FeeTree) -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clearing, "LARGE_BOOK_STEPS", sys.maxsize)
        return clear(book, tree)


@settings(
    max_examples=500,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(market=markets())
def test_numpy_and_python_agree_on_small_books_full_of_ties(
    market: tuple[OrderBook, FeeTree],
) -> None:
    book, tree = market
    assert clear(book, tree) == cleared_plainly(book, tree)


@pytest.mark.parametrize("zones", [1, 2, 60, 300])
@pytest.mark.parametrize("seed", range(4))
def test_numpy_and_python_agree_on_large_books(zones: int, seed: int) -> None:
    random = Random(1_000 * zones + seed)
    tree = random_tree(random, zones)
    book = random_book(random, tree, 700)
    result = clear(book, tree)
    assert result == cleared_plainly(book, tree)
    audit(book, tree, result)


def test_a_whole_book_of_equals_is_rationed_alike() -> None:
    book = one_zone(*(sell(7, 100) for _ in range(300)), buy(1_000, 100))
    result = clear(book, tree_of())
    assert result == cleared_plainly(book, tree_of())
    assert {fill.energy_wh for fill in result.fills if fill.side > 0} == {3, 4}


def test_extreme_prices_and_energies_are_left_to_python() -> None:
    book = one_zone(
        sell(ENERGY_WH_MAX // 2, -PRICE_MICRO_PER_KWH_MAX),
        buy(ENERGY_WH_MAX // 2, PRICE_MICRO_PER_KWH_MAX),
    )
    tree = tree_of(
        *(zone(f"z{n}", fees=(PRICE_MICRO_PER_KWH_MAX,) * 2) for n in range(4))
    )
    result = clear(book, tree)
    assert result == cleared_plainly(book, tree)
    assert result.energy_wh == ENERGY_WH_MAX // 2


def test_without_numpy_large_books_are_cleared_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    book = one_zone(sell(5, 1), buy(3, 2))
    with_numpy = clear(book, tree_of())
    package = clearing.__name__.rpartition(".")[0] + ".columns"
    for name in [name for name in sys.modules if name.startswith(package)]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "numpy", None)
    assert clear(book, tree_of()) == with_numpy


def table(zones: list[int], prices: list[int], energy: list[int]) -> Table:
    return Table(
        zone=np.array(zones, np.int64),
        price_micro_per_kwh=np.array(prices, np.int64),
        energy_wh=np.array(energy, np.int64),
        party=np.arange(len(zones)),
    )


def column_book(bids: Table, offers: Table) -> ColumnBook:
    return ColumnBook(
        period=PERIOD,
        seed=SEED,
        bids=bids,
        offers=offers,
        parties=[party(number) for number in range(9)],
    )


def test_columns_go_in_and_columns_come_out() -> None:
    grid = Grid.of(tree_of(zone("a", fees=(10, 10), limits=(4, None)), zone("b")))
    book = column_book(
        table([0, 2], [90, 100], [5, 5]), table([1, 1], [50, 60], [3, 9])
    )
    result = clear_columns(book, grid)
    assert grid.names == [ROOT, "a", "b"]
    assert result.decision.exports_wh.tolist() == [0, 4, -4]
    assert result.decision.bid_fills_wh.tolist() == [0, 4]
    assert result.decision.offer_fills_wh.tolist() == [3, 1]
    trades = result.trades
    assert list(
        zip(trades.offer_rows, trades.bid_rows, trades.energy_wh, strict=True)
    ) == [(0, 1, 3), (1, 1, 1)]


GOOD: dict[str, Any] = {"zones": [0, 1], "prices": [1, 2], "energy": [1, 2]}


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"zones": [0, 9]}, "zone the grid does not have"),
        ({"zones": [-1, 0]}, "zone the grid does not have"),
        ({"zones": [1, 0]}, "ascend by zone"),
        ({"prices": [1, PRICE_MICRO_PER_KWH_MAX + 1]}, "a price is out of bounds"),
        ({"prices": [-PRICE_MICRO_PER_KWH_MAX - 1, 1]}, "a price is out of bounds"),
        ({"energy": [0, 1]}, "an energy is out of bounds"),
        ({"energy": [1, ENERGY_WH_MAX + 1]}, "an energy is out of bounds"),
        ({"energy": [ENERGY_WH_MAX, 1]}, "a book of 2147483649 Wh is out of bounds"),
    ],
)
def test_columns_that_cannot_be_cleared_are_refused(
    change: dict[str, Any], complaint: str
) -> None:
    grid = Grid.of(tree_of(zone("a")))
    with pytest.raises(OutOfBoundsError, match=complaint):
        clear_columns(column_book(table(**(GOOD | change)), table([], [], [])), grid)


def test_keys_too_wide_for_64_bits_are_refused() -> None:
    most = PRICE_MICRO_PER_KWH_MAX
    grid = Grid.of(tree_of(zone("a", fees=(most, most))))
    bids = table([0], [most], [ENERGY_WH_MAX // 2])
    offers = table([0], [-most], [ENERGY_WH_MAX // 2])
    with pytest.raises(OutOfBoundsError, match="span too much"):
        clear_columns(column_book(bids, offers), grid)


def test_an_edge_claims_by_name_wherever_it_is_listed() -> None:
    # Three equal claims to two Wh: one own bid and two edges.
    zones = [zone("a"), zone("b")]
    book = book_of(
        {
            1: (ROOT, [buy(1, 100)]),
            2: ("a", [buy(1, 100)]),
            3: ("b", [buy(1, 100)]),
            4: (ROOT, [sell(2, 50)]),
        }
    )
    winners = set()
    for seed in range(20):
        salted = replace(book, seed=bytes([seed]))
        one = clear(salted, tree_of(*zones))
        other = clear(salted, tree_of(*reversed(zones)))
        assert one.fills == other.fills
        assert one == cleared_plainly(salted, tree_of(*zones))
        winners.add(tuple(fill.party for fill in one.fills))
    assert len(winners) == 3
