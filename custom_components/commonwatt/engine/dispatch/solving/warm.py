"""Carrying what one solve learnt over to the next, though time has moved on.

A step of the new horizon inherits from the step of the old one in which its middle
lies; steps that were beyond the old horizon inherit from its last.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..linear import Block, HomeModel
from ..linear.program import Floats, Indices, Space
from .highs import BASIC, LOWER, Basis
from .rounding import Decisions, decided


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Memory:
    """What a solve left behind."""

    model: HomeModel
    basis: Basis | None
    x: Floats
    """A solution with all on/off decisions taken."""


def shifted_basis(memory: Memory, model: HomeModel) -> Basis | None:
    """Return the old basis, moved to the new horizon; None if there is none."""
    if memory.basis is None:
        return None
    move = _Move(memory.model, model)
    new, old = model.linear, memory.model.linear
    columns = np.full(len(new.cost), LOWER, dtype=np.int8)
    move.carry(new.columns, old.columns, memory.basis.columns, columns)
    rows = np.full(len(new.row_lower), BASIC, dtype=np.int8)
    move.carry(new.row_blocks, old.row_blocks, memory.basis.rows, rows)
    return Basis(columns=columns, rows=rows)


def shifted_decisions(memory: Memory, model: HomeModel) -> Decisions:
    """Return the old on/off decisions, moved to the new horizon."""
    x = np.zeros(len(model.linear.cost))
    move = _Move(memory.model, model)
    move.carry(model.linear.discrete, memory.model.linear.columns, memory.x, x)
    return decided(model.linear, x)


class _Move:
    """From places in the new horizon to places in the old one."""

    def __init__(self, old: HomeModel, new: HomeModel) -> None:
        middle = new.case.elapsed[:-1] + new.case.hours / 2
        later = (new.case.horizon.start - old.case.horizon.start) / 3_600_000
        ends = old.case.elapsed[1:]
        steps = np.searchsorted(ends, middle + later, side="right")
        self._steps: Final = np.clip(steps, 0, len(ends) - 1).astype(np.int32)
        self._new: Final = new.case.tree
        self._old: Final = old.case.tree

    def carry[T: (np.int8, np.float64)](
        self,
        new: tuple[Block, ...],
        old: tuple[Block, ...],
        source: NDArray[T],
        target: NDArray[T],
    ) -> None:
        """Copy the values of blocks of the same name from ``source`` to ``target``."""
        known = {block.name: block for block in old}
        for block in new:
            before = known.get(block.name)
            if before is None or before.space is not block.space:
                continue
            if block.space is Space.ONCE:
                if len(before.index) == len(block.index):
                    target[block.index] = source[before.index]
                continue
            place = self._old_places(block, before)
            found = place >= 0
            target[block.index[found]] = source[before.index[place[found]]]

    def _old_places(self, block: Block, before: Block) -> Indices:
        """Return for each element of ``block`` its element in ``before``, or -1."""
        wanted = self._map(block.space)
        if block.places is not None:
            wanted = wanted[block.places]
        if before.places is None:
            inside: Indices = np.where(wanted < len(before.index), wanted, -1)
            return inside
        if not len(before.places) or not len(wanted):
            return np.full(len(wanted), -1, dtype=np.int32)
        lookup = np.full(int(max(before.places.max(), wanted.max())) + 1, -1, np.int32)
        lookup[before.places] = np.arange(len(before.places))
        found: Indices = lookup[wanted]
        return found

    def _map(self, space: Space) -> Indices:
        """Return for each step, node or leaf the old one it inherits from."""
        if space is Space.STEP or self._new.scenarios == 1 == self._old.scenarios:
            return self._steps
        branch = np.minimum(np.arange(self._new.scenarios), self._old.scenarios - 1)
        paths = branch[:, None] * self._old.steps + self._steps[None, :]
        leaves: Indices = paths.ravel().astype(np.int32)
        if space is Space.LEAF:
            return leaves
        nodes = np.zeros(self._new.nodes, dtype=np.int32)
        nodes[self._new.leaf_node[::-1]] = self._old.leaf_node[leaves][::-1]
        return nodes
