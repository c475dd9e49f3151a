"""Prices and flows come down: level by level, every zone of a level at once.

The same rules as ``..plain`` and ``..curve.tick_behind``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from ...model.order import Side
from ..curve import PRICE_OF_NOTHING
from ..rationing import TieBreak
from .ascent import INFINITE_TICK, Level
from .book import ColumnBook, Grid, Ints, RowBounds, Table
from .rationing import ration

BUY_TICK: Final = 1
"""Low bits of a bid's tick, ``4p + 1``."""

SELL_TICK: Final = 3
"""Low bits of an offer's tick, ``4p - 1``."""


@dataclass(frozen=True, slots=True)
class ColumnDecision:
    """Prices and flows for each zone of the grid, matched energy for each row."""

    ticks: Ints
    exports_wh: Ints
    bid_fills_wh: Ints
    offer_fills_wh: Ints


def descend(
    book: ColumnBook, grid: Grid, levels: list[Level], rows: RowBounds
) -> ColumnDecision:
    """Return prices, flows and fills, given the curves of every level."""
    zones = len(grid.names)
    decision = ColumnDecision(
        ticks=np.zeros(zones, np.int64),
        exports_wh=np.zeros(zones, np.int64),
        bid_fills_wh=np.zeros(len(book.bids), np.int64),
        offer_fills_wh=np.zeros(len(book.offers), np.int64),
    )
    tie_break = TieBreak.of(book.period, book.seed)
    sides = (
        _Side(book.bids, rows.bids, decision.bid_fills_wh, Side.BUY),
        _Side(book.offers, rows.offers, decision.offer_fills_wh, Side.SELL),
    )
    slices = grid.levels()
    for depth, (level, here) in enumerate(zip(levels, slices, strict=True)):
        _set_prices(level, grid, here, decision)
        claims = [_fill(side, here, decision.ticks, book, tie_break) for side in sides]
        if depth + 1 < len(levels):
            places = (slices[depth + 1], here)
            claims.append(_send(levels[depth + 1], grid, places, decision, tie_break))
        _serve(level, here, decision, claims)
    return decision


@dataclass(frozen=True, slots=True)
class _Side:
    table: Table
    bounds: Ints
    fills_wh: Ints
    side: Side


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claims:
    """Claims to the marginal ticks of some zones, and where their shares belong."""

    zones: Ints
    weights_wh: Ints
    key: Callable[[int], bytes]
    target_wh: Ints
    at: Ints
    is_edge: bool


def _set_prices(
    level: Level, grid: Grid, here: slice, decision: ColumnDecision
) -> None:
    exports_wh = decision.exports_wh[here]
    low, high = level.ticks_at(exports_wh)
    if here.start == 0:
        decision.ticks[here] = _middle(low, high)
        return
    parent_ticks = decision.ticks[grid.parents[here]]
    exporting = parent_ticks - grid.export_fees[here]
    importing = parent_ticks + grid.import_fees[here]
    least = np.where(grid.export_wh_max[here] > 0, np.maximum(low, exporting), low)
    most = np.where(grid.import_wh_max[here] > 0, np.minimum(high, importing), high)
    decision.ticks[here] = np.where(
        exports_wh > 0,
        np.minimum(high, exporting),
        np.where(exports_wh < 0, np.maximum(low, importing), _middle(least, most)),
    )


def _middle(low: Ints, high: Ints) -> Ints:
    no_low, no_high = low == -INFINITE_TICK, high == INFINITE_TICK
    one_end = np.where(no_high, low, high)
    middle = np.where(no_low | no_high, one_end, (low + high) >> 1)
    return np.where(no_low & no_high, 4 * PRICE_OF_NOTHING, middle)


def _fill(
    side: _Side, here: slice, ticks: Ints, book: ColumnBook, tie_break: TieBreak
) -> _Claims:
    """Fill the rows better than their zone's price; return those exactly at it."""
    bounds = side.bounds[here.start : here.stop + 1]
    rows = slice(bounds[0], bounds[-1])
    prices = side.table.price_micro_per_kwh[rows]
    zone_ticks = ticks[here]
    # A bid is better from ceil(tick / 4) up, an offer from floor(tick / 4) down; the
    # next price is the margin, if the tick is one of that side.
    if side.side is Side.BUY:
        limits = _for_rows((zone_ticks + 3) >> 2, bounds)
        better, marginal_bits = prices >= limits, BUY_TICK
    else:
        limits = _for_rows(zone_ticks >> 2, bounds)
        better, marginal_bits = prices <= limits, SELL_TICK
    np.multiply(side.table.energy_wh[rows], better, out=side.fills_wh[rows])
    limits += side.side
    at = np.flatnonzero(prices == limits) + bounds[0]
    zones = side.table.zone[at] - here.start
    marginal = zone_ticks[zones] & 3 == marginal_bits
    at = at[marginal]

    def key(index: int) -> bytes:
        return tie_break.party_key(book.parties[side.table.party[at[index]]])

    return _Claims(
        zones=zones[marginal],
        weights_wh=side.table.energy_wh[at],
        key=key,
        target_wh=side.fills_wh,
        at=at,
        is_edge=False,
    )


def _for_rows(values: Ints, bounds: Ints) -> Ints:
    """Return the value of each row's zone; a single value serves all rows."""
    return values if len(values) == 1 else np.repeat(values, np.diff(bounds))


def _send(
    level: Level,
    grid: Grid,
    places: tuple[slice, slice],
    decision: ColumnDecision,
    tie_break: TieBreak,
) -> _Claims:
    """Set the least exports of a level to the one above; return who could send more."""
    here, above_here = places
    parents = grid.parents[here]
    parent_ticks = decision.ticks[parents]
    exporting = parent_ticks - grid.export_fees[here]
    importing = parent_ticks + grid.import_fees[here]

    def exports_wh(above: int) -> Ints:
        leaving = np.maximum(0, level.below(exporting + above))
        entering = np.minimum(0, level.below(importing + above))
        limits = (-grid.import_wh_max[here], grid.export_wh_max[here])
        carried_wh: Ints = np.clip(leaving + entering, *limits)
        return carried_wh

    least_wh = exports_wh(0)
    extra_wh = exports_wh(1) - least_wh
    decision.exports_wh[here] = least_wh
    undecided = np.flatnonzero(extra_wh)
    at = undecided + here.start

    def key(index: int) -> bytes:
        return tie_break.edge_key(grid.names[at[index]])

    return _Claims(
        zones=parents[undecided] - above_here.start,
        weights_wh=extra_wh[undecided],
        key=key,
        target_wh=decision.exports_wh,
        at=at,
        is_edge=True,
    )


def _serve(
    level: Level, here: slice, decision: ColumnDecision, claims: list[_Claims]
) -> None:
    """Share the marginal tick of every zone of a level among its claims."""
    ticks, exports_wh = decision.ticks[here], decision.exports_wh[here]
    below_wh, above_wh = level.below(ticks), level.below(ticks + 1)
    selling = ticks & 3 == SELL_TICK
    served_wh = np.where(selling, exports_wh - below_wh, above_wh - exports_wh)
    firsts = np.cumsum([0, *(len(claim.at) for claim in claims)])

    def key(index: int) -> bytes:
        kind = int(np.searchsorted(firsts, index, side="right")) - 1
        return claims[kind].key(index - int(firsts[kind]))

    zones = np.concatenate([claim.zones for claim in claims])
    weights_wh = np.concatenate([claim.weights_wh for claim in claims])
    shares_wh = ration(
        zones,
        weights_wh,
        served_wh=served_wh,
        wanted_wh=above_wh - below_wh,
        key=key,
    )
    for claim, first, end in zip(claims, firsts, firsts[1:], strict=False):
        share_wh = shares_wh[first:end]
        if claim.is_edge:
            # An import that is served is an export that does not take place.
            not_served_wh = claim.weights_wh - share_wh
            share_wh = np.where(selling[claim.zones], share_wh, not_served_wh)
        claim.target_wh[claim.at] += share_wh
