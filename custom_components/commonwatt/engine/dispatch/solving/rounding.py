"""On/off decisions from a relaxed solution: always some, mostly good ones."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from ..linear.program import (
    Block,
    Floats,
    Indices,
    Kind,
    LinearProgram,
    Mask,
    Stays,
)

_TINY: Final = 1e-9

HALF: Final = 0.5
"""From here on a switch counts as on."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Decisions:
    """Bounds that leave no on/off decision open."""

    columns: Indices
    lower: Floats
    upper: Floats


def rounded(linear: LinearProgram, x: Floats, duals: Floats) -> Decisions:
    """Return decisions near ``x``; ``duals`` price the alternatives of a choice."""
    return joined(
        linear, [round_block(linear, block, x, duals) for block in linear.discrete]
    )


def decided(linear: LinearProgram, x: Floats) -> Decisions:
    """Return the decisions a solution of the discrete programme has taken."""
    parts = [
        _on(
            linear,
            block,
            x[block.index] > (_TINY if block.kind is Kind.SEMI else HALF),
        )
        for block in linear.discrete
    ]
    return joined(linear, parts)


def safe_block(linear: LinearProgram, block: Block) -> Decisions:
    """Return decisions of one block that always work: all off, if that can be."""
    off = np.zeros(len(block.index))
    return _on(linear, block, (off if block.safe is None else block.safe) > 0)


def round_block(
    linear: LinearProgram, block: Block, x: Floats, duals: Floats
) -> Decisions:
    """Return decisions of one block near ``x``."""
    values = x[block.index]
    match block.kind:
        case Kind.CHOICE:
            on = _cheapest(linear, block, duals)
        case Kind.RUN:
            on = _enough(linear, block, values)
        case Kind.SEMI:
            least = linear.lower[block.index]
            on = values >= np.maximum(HALF * least, _TINY)
        case _ if block.stays is not None:
            on = staying(block.stays, values >= HALF)
        case _:
            on = values >= HALF
    return _on(linear, block, on)


def _cheapest(linear: LinearProgram, block: Block, duals: Floats) -> Mask:
    """Switch on the possible start that costs least; none if there is none."""
    costs = reduced_costs(linear, block.index, duals)
    possible = linear.upper[block.index] > 0
    on = np.zeros(len(block.index), dtype=np.bool_)
    if possible.any():
        on[np.argmin(np.where(possible, costs, np.inf))] = True
    return on


def _enough(linear: LinearProgram, block: Block, values: Floats) -> Mask:
    """Switch on the most wanted steps until they are long enough."""
    assert block.lengths is not None, "a run has lengths"
    on = np.zeros(len(values), dtype=np.bool_)
    total = 0.0
    for step in np.argsort(-values, kind="stable"):
        if total >= block.amount - _TINY:
            break
        if linear.upper[block.index[step]] > 0:
            on[step] = True
            total += float(block.lengths[step])
    return on


def staying(stays: Stays, wanted: Mask) -> Mask:
    """Return the switches nearest to the wanted ones that stay as long as they must."""
    state = stays.is_on
    since = np.inf
    if stays.owed > 0:
        since = (stays.on if state else stays.off) - stays.owed
    on = np.zeros(len(wanted), dtype=np.bool_)
    for step, hours in enumerate(stays.lengths.tolist()):
        least = stays.on if state else stays.off
        if wanted[step] != state and since >= least - _TINY:
            state, since = bool(wanted[step]), 0.0
        on[step] = state
        since += hours
    return on


def reduced_costs(linear: LinearProgram, columns: Indices, duals: Floats) -> Floats:
    """Return what one unit of each column costs at the prices of the rows."""
    ends = np.append(linear.starts, len(linear.rows))
    costs = linear.cost[columns].copy()
    for place, column in enumerate(columns):
        entries = slice(ends[column], ends[column + 1])
        costs[place] -= linear.values[entries] @ duals[linear.rows[entries]]
    return costs


def _on(linear: LinearProgram, block: Block, on: Mask) -> Decisions:
    """Fix columns that are off at 0, and those that are on at 1 or within bounds."""
    index = block.index
    on = on & (linear.upper[index] > 0)
    if block.kind is Kind.SEMI:
        free = linear.lower[index] <= 0
        lower = np.where(on, linear.lower[index], 0.0)
        upper = np.where(on | free, linear.upper[index], 0.0)
        return Decisions(columns=index, lower=lower, upper=upper)
    fixed = on.astype(np.float64)
    return Decisions(columns=index, lower=fixed, upper=fixed)


def joined(linear: LinearProgram, parts: list[Decisions]) -> Decisions:
    """Return all decisions of some blocks."""
    if not parts:
        empty = np.empty(0)
        return Decisions(columns=linear.rows[:0], lower=empty, upper=empty)
    return Decisions(
        columns=np.concatenate([part.columns for part in parts]),
        lower=np.concatenate([part.lower for part in parts]),
        upper=np.concatenate([part.upper for part in parts]),
    )
