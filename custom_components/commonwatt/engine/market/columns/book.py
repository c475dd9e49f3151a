"""A book as columns: one table of bids, one of offers, over a numbered fee tree.

Owns the shape and the bounds of what is cleared with numpy.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from ...model.party import PartyId
from ...model.period import DeliveryPeriod
from ...model.units import ENERGY_WH_MAX, PRICE_MICRO_PER_KWH_MAX
from ...model.zone import FeeTree, Zone, ZoneId
from ..curve import Edge

type Ints = NDArray[np.int64]
type Bools = NDArray[np.bool_]


class OutOfBoundsError(ValueError):
    """A book that 64-bit arithmetic does not clear exactly; plain Python does."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A fee tree numbered level by level, the children of a zone ascending by name."""

    names: list[ZoneId]
    parents: Ints
    """The root is its own parent."""

    level_starts: list[int]
    """First zone of each level, and the number of zones."""

    export_fees: Ints
    """In ticks, as the import fees."""

    import_fees: Ints
    export_wh_max: Ints
    import_wh_max: Ints

    @classmethod
    def of(cls, tree: FeeTree) -> Self:
        """Number the zones of ``tree``."""
        depths: dict[ZoneId, int] = {}
        numbers: dict[ZoneId, int] = {}
        for zone in tree.zones:
            depths[zone.id] = 0 if zone.parent is None else depths[zone.parent] + 1
        by_depth = sorted(tree.zones, key=lambda zone: depths[zone.id])
        ordered: list[Zone] = []
        level_starts = []
        for _, level in groupby(by_depth, key=lambda zone: depths[zone.id]):
            level_starts.append(len(ordered))
            ordered += sorted(
                level,
                key=lambda zone: (numbers.get(zone.parent or zone.id, 0), zone.id),
            )
            for number in range(level_starts[-1], len(ordered)):
                numbers[ordered[number].id] = number
        edges = [Edge.of(zone) for zone in ordered]
        return cls(
            names=[zone.id for zone in ordered],
            parents=np.array([numbers[zone.parent or zone.id] for zone in ordered]),
            level_starts=[*level_starts, len(ordered)],
            export_fees=np.array([edge.export_fee for edge in edges]),
            import_fees=np.array([edge.import_fee for edge in edges]),
            export_wh_max=np.array([edge.export_wh_max for edge in edges]),
            import_wh_max=np.array([edge.import_wh_max for edge in edges]),
        )

    def levels(self) -> list[slice]:
        """Return the zones of each level, the root's first."""
        return [
            slice(start, end)
            for start, end in zip(
                self.level_starts, self.level_starts[1:], strict=False
            )
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """All bids or all offers: a row each, grouped by zone (number in the grid).

    The order of the rows of a zone decides who is paired with whom, nothing else.
    """

    zone: Ints
    price_micro_per_kwh: Ints
    energy_wh: Ints
    party: Ints
    """Index into the parties of the book; one row for each party and price."""

    def __len__(self) -> int:
        return len(self.zone)


@dataclass(frozen=True, slots=True)
class RowBounds:
    """First row of each zone, and the number of rows, on both sides of a book."""

    bids: Ints
    offers: Ints

    @classmethod
    def of(cls, book: ColumnBook, grid: Grid) -> Self:
        """Find the rows of every zone."""
        zones = np.arange(len(grid.names) + 1)
        return cls(
            np.searchsorted(book.bids.zone, zones),
            np.searchsorted(book.offers.zone, zones),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnBook:
    """An order book of any size."""

    period: DeliveryPeriod
    seed: bytes
    bids: Table
    offers: Table
    parties: Sequence[PartyId]


KEY_BITS: Final = 63
"""What fits into a signed 64-bit key."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How zone (within its level), tick and energy share a sortable 64-bit key."""

    energy_bits: int
    tick_bits: int
    tick_low: int
    tick_high: int

    @classmethod
    def of(cls, book: ColumnBook, grid: Grid) -> Self:
        """Return the layout for all levels of ``grid``.

        OutOfBoundsError if the book is none, or cannot be cleared exactly in 64 bits.
        """
        spans = [
            _Span.of(table, grid) for table in (book.bids, book.offers) if len(table)
        ]
        total_wh = sum(span.total_wh for span in spans)
        if total_wh > ENERGY_WH_MAX:
            raise OutOfBoundsError(f"a book of {total_wh} Wh is out of bounds")
        low = 4 * min((span.price_low for span in spans), default=0) - 1
        high = 4 * max((span.price_high for span in spans), default=0) + 1
        for level in grid.levels()[1:]:
            rises = (grid.export_fees[level], -grid.import_fees[level])
            high += max(0, *(int(rise.max()) for rise in rises))
            low += min(0, *(int(rise.min()) for rise in rises))
        most_wh = max((span.energy_most_wh for span in spans), default=0)
        layout = cls(
            energy_bits=most_wh.bit_length(),
            tick_bits=(high + 1 - low).bit_length(),
            tick_low=low,
            tick_high=high,
        )
        widest = max(level.stop - level.start for level in grid.levels())
        if widest.bit_length() + layout.zone_shift > KEY_BITS:
            raise OutOfBoundsError("zones, prices and energies span too much")
        return layout

    @property
    def zone_shift(self) -> int:
        """Position of the zone in a key."""
        return self.tick_bits + self.energy_bits

    @property
    def energy_mask(self) -> int:
        """The bits of a key that hold energy."""
        return (1 << self.energy_bits) - 1

    def lowest_key(self, zones: Ints, ticks: Ints) -> Ints:
        """Return the key no step of ``zones`` at ``ticks`` or above falls below."""
        inside = np.clip(ticks, self.tick_low, self.tick_high + 1) - self.tick_low
        return (zones << self.zone_shift) + (inside << self.energy_bits)

    def ticks(self, keys: Ints) -> Ints:
        """Return the ticks of keys."""
        field = (keys >> self.energy_bits) & ((1 << self.tick_bits) - 1)
        return field + self.tick_low


@dataclass(frozen=True, slots=True)
class _Span:
    """What the rows of a table span."""

    price_low: int
    price_high: int
    energy_most_wh: int
    total_wh: int

    @classmethod
    def of(cls, table: Table, grid: Grid) -> Self:
        prices, energy_wh = table.price_micro_per_kwh, table.energy_wh
        span = cls(
            int(prices.min()),
            int(prices.max()),
            int(energy_wh.max()),
            int(energy_wh.sum()),
        )
        if table.zone[0] < 0 or table.zone[-1] >= len(grid.names):
            raise OutOfBoundsError("a row sits in a zone the grid does not have")
        if np.any(table.zone[1:] < table.zone[:-1]):
            raise OutOfBoundsError("the rows of a table ascend by zone")
        if max(-span.price_low, span.price_high) > PRICE_MICRO_PER_KWH_MAX:
            raise OutOfBoundsError("a price is out of bounds")
        if energy_wh.min() < 1 or span.energy_most_wh > ENERGY_WH_MAX:
            raise OutOfBoundsError("an energy is out of bounds")
        return span


def running_sum(values: Ints) -> Ints:
    """Return the sums of all values before each, and of all of them."""
    sums = np.empty(len(values) + 1, np.int64)
    sums[0] = 0
    np.cumsum(values, out=sums[1:])
    return sums
