"""A linear programme in the making: columns, rows and entries as arrays.

Blocks of columns and rows bear names, so that a later programme finds its way back to
the basis of an earlier one.
"""

from dataclasses import dataclass, field
from enum import Enum
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

type Floats = NDArray[np.float64]
type Indices = NDArray[np.int32]
type Mask = NDArray[np.bool_]

INFINITY: Final = float("inf")


class Space(Enum):
    """What the elements of a block stand for."""

    ONCE = "once"
    """Anything without a place in time."""

    STEP = "step"
    """One for each step: the same in all scenarios."""

    NODE = "node"
    """One for each node of the scenario tree."""

    LEAF = "leaf"
    """One for each step of each scenario."""


class Kind(Enum):
    """What values a column may take, and how a fraction is rounded."""

    CONTINUOUS = "continuous"
    SWITCH = "switch"
    """0 or 1; rounded to the nearest."""

    CHOICE = "choice"
    """0 or 1, exactly one of the block; rounded to the cheapest."""

    RUN = "run"
    """0 or 1, so many of the block that ``lengths`` add up to ``amount``."""

    SEMI = "semi"
    """0, or between the bounds; from half of the lower bound on it is on."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stays:
    """How long switches of consecutive steps stay as they are; in hours."""

    lengths: Floats
    """Of the steps."""

    on: float
    off: float
    is_on: bool
    owed: float
    """How much longer it has to stay as it is now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Columns or rows that belong together, in the order of their space."""

    name: str
    space: Space
    index: Indices
    places: Indices | None = None
    """Which elements of the space these are; None: all of them."""

    kind: Kind = Kind.CONTINUOUS
    lengths: Floats | None = None
    amount: float = 0.0
    safe: Floats | None = None
    """Decisions that always work; None: all off."""

    stays: Stays | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LinearProgram:
    """Minimise ``cost @ x``, ``row_lower <= A x <= row_upper``, A by columns."""

    cost: Floats
    lower: Floats
    upper: Floats
    row_lower: Floats
    row_upper: Floats
    starts: Indices
    rows: Indices
    values: Floats
    columns: tuple[Block, ...]
    row_blocks: tuple[Block, ...]

    @property
    def relaxed_lower(self) -> Floats:
        """Lower bounds that let semi-continuous columns be anything up to the upper."""
        lower = self.lower.copy()
        for block in self.columns:
            if block.kind is Kind.SEMI:
                lower[block.index] = 0.0
        return lower

    @property
    def discrete(self) -> tuple[Block, ...]:
        """The blocks that are more than continuous."""
        return tuple(b for b in self.columns if b.kind is not Kind.CONTINUOUS)

    def activity(self, x: Floats) -> Floats:
        """Return ``A x``."""
        counts = np.diff(np.append(self.starts, len(self.rows)))
        products = self.values * np.repeat(x, counts)
        activity = np.zeros(len(self.row_lower))
        np.add.at(activity, self.rows, products)
        return activity


@dataclass(slots=True)
class _Side:
    """Columns or rows: their bounds, until all are known."""

    count: int = 0
    lower: list[tuple[Indices, ArrayLike]] = field(default_factory=list)
    upper: list[tuple[Indices, ArrayLike]] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)

    def next(self, count: int) -> Indices:
        index = np.arange(self.count, self.count + count, dtype=np.int32)
        self.count += count
        return index

    def bounds(self) -> tuple[Floats, Floats]:
        return _filled(self.lower, self.count), _filled(self.upper, self.count)


class Program:
    """A linear programme that grows block by block."""

    def __init__(self) -> None:
        """Start with nothing."""
        self._columns: Final = _Side()
        self._rows: Final = _Side()
        self._cost: Final[list[tuple[Indices, ArrayLike]]] = []
        self._entries: Final[list[tuple[Indices, Indices, Floats]]] = []

    def columns(  # noqa: PLR0913  # everything a block of columns has, by name
        self,
        name: str,
        count: int,
        *,
        space: Space,
        lower: ArrayLike = 0.0,
        upper: ArrayLike = INFINITY,
        cost: ArrayLike = 0.0,
        places: Indices | None = None,
        kind: Kind = Kind.CONTINUOUS,
        lengths: Floats | None = None,
        amount: float = 0.0,
        safe: Floats | None = None,
        stays: Stays | None = None,
    ) -> Indices:
        """Add ``count`` columns and return their indices."""
        side = self._columns
        index = side.next(count)
        side.lower.append((index, lower))
        side.upper.append((index, upper))
        self._cost.append((index, cost))
        side.blocks.append(
            Block(
                name=name,
                space=space,
                index=index,
                places=places,
                kind=kind,
                lengths=lengths,
                amount=amount,
                safe=safe,
                stays=stays,
            )
        )
        return index

    def rows(
        self,
        name: str,
        count: int,
        *,
        space: Space,
        lower: ArrayLike = -INFINITY,
        upper: ArrayLike = INFINITY,
        places: Indices | None = None,
    ) -> Indices:
        """Add ``count`` rows and return their indices."""
        side = self._rows
        index = side.next(count)
        side.lower.append((index, lower))
        side.upper.append((index, upper))
        side.blocks.append(Block(name=name, space=space, index=index, places=places))
        return index

    def put(self, rows: Indices, columns: Indices, values: ArrayLike) -> None:
        """Add entries; a single row, column or value goes with all the others."""
        count = max(len(rows), len(columns))
        numbers = np.asarray(values, dtype=np.float64)
        if numbers.ndim == 0:
            numbers = np.full(count, numbers)
        self._entries.append((_spread(rows, count), _spread(columns, count), numbers))

    def linear(self) -> LinearProgram:
        """Return the programme, ready to be solved."""
        rows = np.concatenate([entry[0] for entry in self._entries])
        columns = np.concatenate([entry[1] for entry in self._entries])
        values = np.concatenate([entry[2] for entry in self._entries])
        order = np.argsort(columns, kind="stable")
        counts = np.bincount(columns, minlength=self._columns.count)
        starts = np.concatenate(([0], np.cumsum(counts)[:-1])).astype(np.int32)
        lower, upper = self._columns.bounds()
        row_lower, row_upper = self._rows.bounds()
        return LinearProgram(
            cost=_filled(self._cost, self._columns.count),
            lower=lower,
            upper=upper,
            row_lower=row_lower,
            row_upper=row_upper,
            starts=starts,
            rows=rows[order],
            values=values[order],
            columns=tuple(self._columns.blocks),
            row_blocks=tuple(self._rows.blocks),
        )


def _spread(index: Indices, count: int) -> Indices:
    return index if len(index) == count else np.repeat(index, count)


def _filled(parts: list[tuple[Indices, ArrayLike]], count: int) -> Floats:
    array = np.empty(count, dtype=np.float64)
    for index, value in parts:
        if len(index):
            array[index[0] : index[-1] + 1] = value
    return array
