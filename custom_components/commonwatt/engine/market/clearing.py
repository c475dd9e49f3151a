"""The auction of one delivery period: an order book and a fee tree become a result."""

from typing import Final

from ..model.clearing import ClearingResult
from ..model.order import OrderBook
from ..model.zone import FeeTree, ZoneId
from .curve import price_of
from .pairing import EnergyOfPairs, pair
from .plain import decide
from .rationing import TieBreak
from .result import publish
from .sheet import Decision, Network, Sheet, placed

LARGE_BOOK_STEPS: Final = 20_000
"""From here on numpy is worth its overhead; the result is the same.

Weights are for communities whose members know each other: no book of theirs is that
large, and the columns know none.
"""


def clear(book: OrderBook, tree: FeeTree) -> ClearingResult:
    """Clear ``book`` on ``tree``: a pure function, the same on every machine.

    ValueError if an order sits in a zone the tree does not have.
    """
    sheet = Sheet.of(placed(book.orders), tree)
    outcome = None
    if _is_large(sheet):
        outcome = _clear_in_columns(book, tree, sheet)
    if outcome is None:
        network = Network.of(tree)
        decision = decide(sheet, network, TieBreak.of(book.period, book.seed))
        energy_wh_of, _, _ = pair(sheet, network, decision)
        outcome = decision, energy_wh_of
    return publish(book.period, tree, sheet, *outcome)


def zone_prices(book: OrderBook, tree: FeeTree) -> dict[ZoneId, int]:
    """Return the price of each zone (micro-currency per kWh), and nothing else.

    The same as :func:`clear` publishes, sooner: nobody is supplied by anybody.
    """
    sheet = Sheet.of(placed(book.orders), tree)
    if _is_large(sheet):
        return clear(book, tree).zone_prices
    tie_break = TieBreak.of(book.period, book.seed)
    ticks = decide(sheet, Network.of(tree), tie_break).ticks
    return {
        zone.id: price_of(tick) for zone, tick in zip(tree.zones, ticks, strict=True)
    }


def _is_large(sheet: Sheet) -> bool:
    is_weighted = len(set(sheet.weights_permille)) > 1
    return len(sheet.steps) >= LARGE_BOOK_STEPS and not is_weighted


def _clear_in_columns(
    book: OrderBook, tree: FeeTree, sheet: Sheet
) -> tuple[Decision, EnergyOfPairs] | None:
    """Clear with numpy; None without numpy, or where 64 bits are too few."""
    try:
        from .columns import objects  # noqa: PLC0415  # only large books need numpy
    except ImportError:
        return None
    try:
        return objects.decide(book, tree, sheet)
    except objects.OutOfBoundsError:
        return None
