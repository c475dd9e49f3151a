"""What holds for every book on every tree."""

from hypothesis import given, settings

from custom_components.commonwatt.engine.market import clear
from custom_components.commonwatt.engine.model.order import OrderBook
from custom_components.commonwatt.engine.model.zone import FeeTree
from tests.engine.market.audit import audit, optimum, welfare_nano
from tests.engine.market.books import markets

MANY = settings(max_examples=600, deadline=None)


@MANY
@given(market=markets())
def test_a_clearing_is_feasible_fair_and_pays_out_what_comes_in(
    market: tuple[OrderBook, FeeTree],
) -> None:
    book, tree = market
    audit(book, tree, clear(book, tree))


@MANY
@given(market=markets())
def test_welfare_and_volume_are_those_of_the_linear_programme(
    market: tuple[OrderBook, FeeTree],
) -> None:
    book, tree = market
    result = clear(book, tree)
    assert (welfare_nano(result), result.energy_wh) == optimum(book, tree)
