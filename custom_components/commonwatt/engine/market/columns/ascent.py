"""Curves go up: the net-export curves of all zones of a level in one sorted array.

The same rules as ``..curve`` for a zone.  A curve is a run of keys, one for each step,
and the running sum of their energy; a level is the runs of its zones in their order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from ...model.order import Side
from .book import Bools, ColumnBook, Grid, Ints, Layout, RowBounds, Table, running_sum

INFINITE_TICK: Final = 1 << 62

BLOCK: Final = 1 << 15
"""Rows that are worked on at a time where that keeps them in the processor's cache."""

COARSE_BITS: Final = 12


@dataclass(frozen=True, slots=True)
class Level:
    """The curves of the zones of one level."""

    layout: Layout
    keys: Ints
    before_wh: Ints
    """Energy of all steps before each, and of all steps at the end."""

    starts: Ints
    """First step of each zone, and the number of steps."""

    lowest_wh: Ints
    """Net export of each zone at the lowest price."""

    @property
    def zero_wh(self) -> Ints:
        """Running sum at which each zone's net export is zero."""
        return self.before_wh[self.starts[:-1]] - self.lowest_wh

    def below(self, ticks: Ints) -> Ints:
        """Return each zone's net export just below its tick."""
        zones = np.arange(len(self.lowest_wh))
        at = np.searchsorted(self.keys, self.layout.lowest_key(zones, ticks))
        return self.before_wh[at] - self.zero_wh

    def ticks_at(self, exports_wh: Ints) -> tuple[Ints, Ints]:
        """Return the intervals of ticks at which ``exports_wh`` may leave."""
        if not len(self.keys):
            nowhere = np.full(len(exports_wh), INFINITE_TICK)
            return -nowhere, nowhere
        targets = self.zero_wh + exports_wh
        low_at = np.searchsorted(self.before_wh, targets) - 1
        high_at = np.searchsorted(self.before_wh, targets, side="right") - 1
        last = len(self.keys) - 1
        low = self.layout.ticks(self.keys[np.maximum(low_at, 0)])
        high = self.layout.ticks(self.keys[np.minimum(high_at, last)])
        low[exports_wh == self.lowest_wh] = -INFINITE_TICK
        high[high_at >= self.starts[1:]] = INFINITE_TICK
        return low, high


def climb(book: ColumnBook, grid: Grid, layout: Layout, rows: RowBounds) -> list[Level]:
    """Return the curves of every level, the root's first."""
    lowest_wh = -np.diff(running_sum(book.bids.energy_wh)[rows.bids])
    levels: list[Level] = []
    lifted: list[Ints] = []
    slices = grid.levels()
    for depth in reversed(range(len(slices))):
        zone_slice = slices[depth]
        first, end = zone_slice.start, zone_slice.stop
        bids = slice(rows.bids[first], rows.bids[end])
        offers = slice(rows.offers[first], rows.offers[end])
        sources = ((book.bids, bids, Side.BUY), (book.offers, offers, Side.SELL))
        keys = _keys(sources, lifted, first, layout)
        if depth == 0:
            keys, skipped_wh = _around_zero(keys, -int(lowest_wh[0]), layout)
            lowest_wh[0] += skipped_wh
        keys.sort()
        level = _level(keys, lowest_wh[zone_slice], layout)
        levels.append(level)
        if depth:
            entering_wh = np.maximum(level.lowest_wh, -grid.import_wh_max[zone_slice])
            np.add.at(lowest_wh, grid.parents[zone_slice], entering_wh)
            lifted = _lift(level, grid, zone_slice, slices[depth - 1].start)
    return levels[::-1]


def _keys(
    sources: Sequence[tuple[Table, slice, Side]],
    lifted: Sequence[Ints],
    first: int,
    layout: Layout,
) -> Ints:
    """Return the unsorted keys of a level: its own rows, and what was lifted to it."""
    own = sum(rows.stop - rows.start for _, rows, _ in sources)
    keys = np.empty(own + sum(map(len, lifted)), np.int64)
    end = 0
    for table, rows, side in sources:
        start, end = end, end + int(rows.stop - rows.start)
        here = keys[start:end]
        np.left_shift(table.price_micro_per_kwh[rows], layout.energy_bits + 2, out=here)
        here += table.energy_wh[rows]
        here -= (layout.tick_low + side) << layout.energy_bits
        if first:
            here += (table.zone[rows] - first) << layout.zone_shift
    for part in lifted:
        start, end = end, end + len(part)
        keys[start:end] = part
    return keys


def _around_zero(keys: Ints, zero_wh: int, layout: Layout) -> tuple[Ints, int]:
    """Return the root's steps around its price, and the energy of those before.

    At the root only the steps where the running sum passes ``zero_wh`` count: a count
    of energy by coarse ticks finds them sooner than sorting them all.
    """
    if len(keys) <= BLOCK:
        return keys, 0
    shift = layout.energy_bits + max(0, layout.tick_bits - COARSE_BITS)
    energy_wh = np.zeros((1 << COARSE_BITS) + 1)
    for start in range(0, len(keys), BLOCK):
        block = keys[start : start + BLOCK]
        # Sums of floats, but of integers far below 2**53: exact.
        energy_wh += np.bincount(
            block >> shift,
            weights=block & layout.energy_mask,
            minlength=len(energy_wh),
        )
    sums = np.cumsum(energy_wh)
    low, high = np.searchsorted(sums, zero_wh), np.searchsorted(sums, zero_wh, "right")
    inside = (keys >= low << shift) & (keys < (high + 1) << shift)
    return keys[inside], int(sums[low] - energy_wh[low])


def _level(keys: Ints, lowest_wh: Ints, layout: Layout) -> Level:
    before_wh = running_sum(keys & layout.energy_mask)
    zones = np.arange(len(lowest_wh) + 1) << layout.zone_shift
    starts = np.searchsorted(keys, zones)
    return Level(layout, keys, before_wh, starts, lowest_wh)


def _lift(level: Level, grid: Grid, zone_slice: slice, first_parent: int) -> list[Ints]:
    """Return the keys of a level as the level above sees them, in no order.

    Each curve falls into four parts: beyond the import limit, import, export, beyond
    the export limit.  Within a part all keys change by the same difference; steps that
    are cut get less energy, and a step across zero becomes two.
    """
    layout, before_wh = level.layout, level.before_wh
    starts, ends, zero_wh = level.starts[:-1], level.starts[1:], level.zero_wh
    import_from_wh = zero_wh - np.minimum(
        grid.import_wh_max[zone_slice], -level.lowest_wh
    )
    export_to_wh = np.minimum(
        zero_wh + np.minimum(grid.export_wh_max[zone_slice], before_wh[-1]),
        before_wh[ends],
    )
    imports, exports = import_from_wh < zero_wh, export_to_wh > zero_wh
    first = np.searchsorted(before_wh, import_from_wh, side="right") - 1
    crossing = np.searchsorted(before_wh, zero_wh, side="right") - 1
    after_zero = np.searchsorted(before_wh, zero_wh)
    last = np.searchsorted(before_wh, export_to_wh)
    # A zone without supply finds its neighbour: keep it at its own end.
    first = np.where(imports, first, np.minimum(crossing, ends))
    middle = np.where(imports, after_zero, first)
    last = np.where(exports, np.maximum(last, middle), middle)
    parents = grid.parents[zone_slice] - first_parent
    moved = _move(level, grid, zone_slice, parents, middle)
    # Cut energy off the first import, the import and the export next to zero, and the
    # last export; a step may be cut at both of its ends.
    _cut(moved, first, import_from_wh - before_wh[first], imports)
    _cut(moved, after_zero - 1, before_wh[after_zero] - zero_wh, imports)
    _cut(moved, middle, zero_wh - before_wh[middle], exports & ~imports)
    _cut(moved, last - 1, before_wh[last] - export_to_wh, last > middle)
    second_wh = np.minimum(before_wh[after_zero], export_to_wh) - zero_wh
    split = imports & exports & (second_wh > 0)
    fees = (grid.import_fees + grid.export_fees)[zone_slice][split]
    second = moved[after_zero[split] - 1] & ~layout.energy_mask
    second += (fees << layout.energy_bits) + second_wh[split]
    kept = np.stack((first - starts, last - first, ends - last), axis=1).ravel()
    if kept[1::3].sum() < len(moved):
        moved = moved[np.repeat(np.tile([False, True, False], len(starts)), kept)]
    return [moved, second]


def _move(
    level: Level, grid: Grid, zone_slice: slice, parents: Ints, middle: Ints
) -> Ints:
    """Return all keys of a level under their parents, imports up to ``middle``."""
    layout = level.layout
    up = (parents - np.arange(len(parents))) << layout.zone_shift
    importing = up - (grid.import_fees[zone_slice] << layout.energy_bits)
    exporting = up + (grid.export_fees[zone_slice] << layout.energy_bits)
    changes = np.stack((importing, exporting), axis=1)
    lengths = np.stack((middle - level.starts[:-1], level.starts[1:] - middle), axis=1)
    moved = np.repeat(changes.ravel(), lengths.ravel())
    moved += level.keys
    return moved


def _cut(keys: Ints, at: Ints, energy_wh: Ints, where: Bools) -> None:
    """Take energy off one step of each zone that needs it."""
    needed = where & (energy_wh > 0)
    keys[at[needed]] -= energy_wh[needed]
