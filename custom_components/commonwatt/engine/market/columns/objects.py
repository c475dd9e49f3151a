"""The way from a sheet to columns and back."""

from collections import defaultdict

import numpy as np

from ...model.order import OrderBook, Side
from ...model.zone import FeeTree
from ..pairing import EnergyOfPairs
from ..sheet import Decision, Sheet
from . import clear_columns
from .book import ColumnBook, Grid, Ints, OutOfBoundsError, Table

__all__ = ["OutOfBoundsError", "decide"]


def decide(
    book: OrderBook, tree: FeeTree, sheet: Sheet
) -> tuple[Decision, EnergyOfPairs]:
    """Return what ``..plain.decide`` and ``..pairing.pair`` would, sooner.

    OutOfBoundsError where 64 bits are too few.
    """
    grid = Grid.of(tree)
    number = {name: index for index, name in enumerate(grid.names)}
    order = np.array([number[zone.id] for zone in tree.zones])
    zones = order[np.array(sheet.zones, np.int64)]
    sides = np.array([step.side for step in sheet.steps], np.int64)
    bid_rows = _rows_of(Side.BUY, sides, zones)
    offer_rows = _rows_of(Side.SELL, sides, zones)
    columns = ColumnBook(
        period=book.period,
        seed=book.seed,
        bids=_table(sheet, zones, bid_rows),
        offers=_table(sheet, zones, offer_rows),
        parties=sheet.parties,
    )
    result = clear_columns(columns, grid)
    fills_wh = np.zeros(len(sides), np.int64)
    fills_wh[bid_rows] = result.decision.bid_fills_wh
    fills_wh[offer_rows] = result.decision.offer_fills_wh
    decision = Decision(
        ticks=result.decision.ticks[order].tolist(),
        exports_wh=result.decision.exports_wh[order].tolist(),
        fills_wh=fills_wh.tolist(),
    )
    pairs: EnergyOfPairs = defaultdict(int)
    for offer, bid, energy_wh in zip(
        offer_rows[result.trades.offer_rows].tolist(),
        bid_rows[result.trades.bid_rows].tolist(),
        result.trades.energy_wh.tolist(),
        strict=True,
    ):
        pairs[sheet.parties[offer], sheet.parties[bid]] += energy_wh
    return decision, pairs


def _rows_of(side: Side, sides: Ints, zones: Ints) -> Ints:
    """Return the rows of one side by zone, in each ascending by party."""
    rows = np.flatnonzero(sides == side)
    return rows[np.argsort(zones[rows], kind="stable")]


def _table(sheet: Sheet, zones: Ints, rows: Ints) -> Table:
    steps = sheet.steps
    return Table(
        zone=zones[rows],
        price_micro_per_kwh=np.array(
            [steps[row].price_micro_per_kwh for row in rows], np.int64
        ),
        energy_wh=np.array([steps[row].energy_wh for row in rows], np.int64),
        party=rows,
    )
