"""Clearing of large books with numpy: the rules of the room, whole columns at a time.

Same inputs, same outputs, bit by bit, as the plain Python next door.  Only integers: 64
bits are enough within the bounds that :class:`ColumnBook` checks.
"""

from dataclasses import dataclass

from .ascent import climb
from .book import ColumnBook, Grid, Ints, Layout, OutOfBoundsError, RowBounds, Table
from .descent import ColumnDecision, descend
from .pairing import ColumnTrades, pair

__all__ = [
    "ColumnBook",
    "ColumnDecision",
    "ColumnResult",
    "ColumnTrades",
    "Grid",
    "Ints",
    "OutOfBoundsError",
    "Table",
    "clear_columns",
]


@dataclass(frozen=True, slots=True)
class ColumnResult:
    """Prices and flows by zone, fills by row, and who supplies whom."""

    decision: ColumnDecision
    trades: ColumnTrades


def clear_columns(book: ColumnBook, grid: Grid) -> ColumnResult:
    """Clear a book of any size; OutOfBoundsError where 64 bits are too few."""
    layout = Layout.of(book, grid)
    rows = RowBounds.of(book, grid)
    decision = descend(book, grid, climb(book, grid, layout, rows), rows)
    return ColumnResult(decision, pair(grid, decision, rows))
