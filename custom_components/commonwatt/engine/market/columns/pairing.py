"""Who supplies whom, by the rule of ``..pairing``, for all zones in one merge.

Every zone matches a stretch of one long line; the rows that sell lie on it end to end,
and so do the rows that buy.  Where two rows overlap they trade.
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from .book import Grid, Ints, RowBounds, running_sum
from .descent import ColumnDecision

ROW_BITS: Final = 32
"""Bits of a row in a key; a place on the line is below 2**30, half of all energy."""


type SmallInts = NDArray[np.int32]
"""Half as much to move: rows and matched energy are below 2**31."""


@dataclass(frozen=True, slots=True)
class ColumnTrades:
    """Energy from a row of the offers to a row of the bids."""

    offer_rows: SmallInts
    bid_rows: SmallInts
    energy_wh: SmallInts


@dataclass(frozen=True, slots=True)
class _Filled:
    """The rows of one side that got something, end to end."""

    rows: Ints
    sums_wh: Ints
    """Energy of all rows before each, and of all rows."""

    bounds: Ints
    """First of ``rows`` in each zone, and the number of rows."""

    @classmethod
    def of(cls, fills_wh: Ints, row_bounds: Ints) -> Self:
        # numpy finds what is true much sooner than what is not zero.
        rows = np.flatnonzero(fills_wh != 0)
        bounds = np.searchsorted(rows, row_bounds)
        return cls(rows, running_sum(fills_wh[rows]), bounds)

    @property
    def until_wh(self) -> Ints:
        """Energy of all rows before each zone's, and of all rows."""
        return self.sums_wh[self.bounds]


@dataclass(frozen=True, slots=True)
class _Queues:
    """The queues of one side: in every zone own rows, then what the children leave."""

    parents: Ints
    matched_wh: Ints
    """Length of the front that finds a partner in the zone."""

    line_starts: Ints
    """Where the zone's stretch of the line begins."""

    places: Ints
    """Where in its parent's queue the rest of a zone's begins."""


def pair(grid: Grid, decision: ColumnDecision, rows: RowBounds) -> ColumnTrades:
    """Return all trades, in the order of the line."""
    offers = _Filled.of(decision.offer_fills_wh, rows.offers)
    bids = _Filled.of(decision.bid_fills_wh, rows.bids)
    if len(grid.names) == 1:
        return _merge((offers.sums_wh, offers.rows), (bids.sums_wh, bids.rows))
    leaving_wh = np.maximum(decision.exports_wh, 0)
    matched_wh = np.diff(offers.until_wh) - leaving_wh
    np.add.at(matched_wh, grid.parents[1:], leaving_wh[1:])
    line_starts = running_sum(matched_wh)
    placed = [
        _lay(
            side,
            _Queues(
                grid.parents,
                matched_wh,
                line_starts,
                _places(np.diff(side.until_wh), passing_wh, grid.parents),
            ),
        )
        for side, passing_wh in (
            (offers, leaving_wh),
            (bids, leaving_wh - decision.exports_wh),
        )
    ]
    return _merge(*placed)


def _places(own_wh: Ints, passing_wh: Ints, parents: Ints) -> Ints:
    """Return where the rest of each zone queues up: behind its elder sisters'."""
    before_wh = running_sum(passing_wh)[:-1]
    eldest = 1 + np.searchsorted(parents[1:], parents)
    eldest[0] = 0
    places: Ints = own_wh[parents] + before_wh - before_wh[eldest]
    return places


def _lay(side: _Filled, queues: _Queues) -> tuple[Ints, Ints]:
    """Return where rows begin on the line, with its end, and which rows they are."""
    starts, ends = side.sums_wh[:-1], side.sums_wh[1:]
    own_starts, in_zone = side.until_wh[:-1], np.diff(side.bounds)
    limits = np.repeat(own_starts + queues.matched_wh, in_zone)
    line_starts = np.repeat(queues.line_starts[:-1] - own_starts, in_zone)
    line_starts += starts
    leaving = np.flatnonzero(ends > limits)
    zones = np.repeat(np.arange(len(in_zone)), in_zone)[leaving]
    begin = np.maximum(starts[leaving], limits[leaving])
    found = _travel(
        queues,
        zones=queues.parents[zones],
        places=begin - limits[leaving] + queues.places[zones],
        lengths=ends[leaving] - begin,
        rows=side.rows[leaving],
    )
    at_home = np.flatnonzero(starts < limits)
    keys = np.concatenate(
        ((line_starts[at_home] << ROW_BITS) + side.rows[at_home], *found)
    )
    keys.sort()
    line = np.append(keys >> ROW_BITS, queues.line_starts[-1])
    return line, keys & ((1 << ROW_BITS) - 1)


def _travel(
    queues: _Queues, *, zones: Ints, places: Ints, lengths: Ints, rows: Ints
) -> list[Ints]:
    """Return places on the line and rows, as keys, of what is matched further up."""
    found: list[Ints] = []
    while len(rows):
        matched_wh = queues.matched_wh[zones]
        here = np.flatnonzero(places < matched_wh)
        line = queues.line_starts[zones[here]] + places[here]
        found.append((line << ROW_BITS) + rows[here])
        on = np.flatnonzero(places + lengths > matched_wh)
        begin = np.maximum(places, matched_wh)[on]
        lengths = (places + lengths)[on] - begin
        places = begin - matched_wh[on] + queues.places[zones[on]]
        zones, rows = queues.parents[zones[on]], rows[on]
    return found


def _merge(offers: tuple[Ints, Ints], bids: tuple[Ints, Ints]) -> ColumnTrades:
    """Cut the line wherever a row of either side begins."""
    (offer_line, offer_rows), (bid_line, bid_rows) = offers, bids
    cuts = np.empty(len(offer_rows) + len(bid_rows) + 1, np.int32)
    np.left_shift(offer_line[:-1], 1, out=cuts[: len(offer_rows)], casting="unsafe")
    np.left_shift(bid_line, 1, out=cuts[len(offer_rows) :], casting="unsafe")
    cuts[len(offer_rows) :] |= 1
    # Two ascending runs: a stable sort merges them.
    cuts.sort(kind="stable")
    bid = np.cumsum(cuts[:-1] & 1, dtype=np.int32)
    lengths = np.diff(cuts >> 1)
    # Where two rows begin together the first cut is empty.
    real = np.flatnonzero(lengths != 0)
    bid = bid[real]
    return ColumnTrades(
        offer_rows=offer_rows.astype(np.int32).take(real - bid),
        bid_rows=bid_rows.astype(np.int32).take(bid - 1),
        energy_wh=lengths[real],
    )
