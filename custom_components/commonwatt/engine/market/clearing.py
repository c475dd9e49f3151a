"""The auction of one delivery period: an order book and a fee tree become a result."""

from ..model.clearing import ClearingResult
from ..model.order import OrderBook
from ..model.zone import FeeTree
from .pairing import pair
from .plain import decide
from .rationing import TieBreak
from .result import publish
from .sheet import Network, Sheet, placed


def clear(book: OrderBook, tree: FeeTree) -> ClearingResult:
    """Clear ``book`` on ``tree``: a pure function, the same on every machine.

    ValueError if an order sits in a zone the tree does not have.
    """
    network = Network.of(tree)
    sheet = Sheet.of(placed(book.orders), tree)
    decision = decide(sheet, network, TieBreak.of(book.period, book.seed))
    energy_wh_of, _, _ = pair(sheet, network, decision.fills_wh)
    return publish(book.period, tree, sheet, decision, energy_wh_of)
