"""Constraints of stores: recursion, limits, goals, worth, one direction at a time."""

from typing import Final

import numpy as np

from .case import Case
from .depth import wear_by_depth
from .draft import Draft, StorageColumns
from .program import Floats, Indices, Mask, Program, Space
from .rows import StorageRow
from .switching import converting_columns

_NONE: Final = np.empty(0, dtype=np.int32)


def add_storage(draft: Draft, row: StorageRow) -> StorageColumns:
    """Add the columns and the recursion of one store, and let it take part."""
    columns = storage_columns(draft, row)
    draft.storages[row.id] = columns
    if row.charge.possible:
        draft.supply_by_node(columns.charge, -1.0)
    if row.discharge.possible:
        draft.supply_by_node(columns.discharge, 1.0)
    recur_energy(draft, columns)
    keep_reserve(draft, columns)
    taper_charging(draft, columns)
    wear_by_depth(draft, columns)
    value_the_end(draft, columns)
    reach_goals(draft, columns)
    return columns


def storage_columns(draft: Draft, row: StorageRow) -> StorageColumns:
    """Add what a store may do and hold in every node."""
    case, program, tree = draft.case, draft.program, draft.case.tree
    softens = row.stored < row.reserve or bool(
        (row.draw > 0).any() or (row.keep < 1).any()
    )
    low = _NONE
    if softens and row.reserve > 0:
        price = row.reserve_price * tree.node_weight
        low = program.columns(
            f"{row.id} below",
            tree.nodes,
            space=Space.NODE,
            cost=price * case.hours[tree.node_step],
        )
    rescue = _NONE
    if (row.draw > 0).any():
        rescue = program.columns(
            f"{row.id} rescue",
            tree.nodes,
            space=Space.NODE,
            upper=row.draw[tree.node_step],
            cost=row.rescue_price * tree.node_weight,
        )
    energy = program.columns(
        f"{row.id} energy",
        tree.nodes,
        space=Space.NODE,
        lower=0.0 if softens else row.reserve,
        upper=max(row.capacity, row.stored),
    )
    return StorageColumns(
        row=row,
        charge=converting_columns(draft, f"{row.id} charge", row.charge, row.wear),
        discharge=converting_columns(
            draft, f"{row.id} discharge", row.discharge, row.wear
        ),
        energy=energy,
        recursion=program.rows(
            f"{row.id} recursion",
            tree.nodes,
            space=Space.NODE,
            lower=_known_flow(case, row),
            upper=_known_flow(case, row),
        ),
        rescue=rescue,
        low=low,
    )


def recur_energy(draft: Draft, columns: StorageColumns) -> None:
    """State what is in the store after every step.

    ``e' = keep e + (gain_in charge - gain_out discharge) dt - draw + rescue``
    """
    case, program, row = draft.case, draft.program, columns.row
    tree, step = case.tree, case.tree.node_step
    program.put(columns.recursion, columns.energy, 1.0)
    later = np.flatnonzero(tree.node_before >= 0).astype(np.int32)
    program.put(
        columns.recursion[later],
        columns.energy[tree.node_before[later]],
        -row.keep[step[later]],
    )
    hours = case.hours[step]
    if row.charge.possible:
        program.put(columns.recursion, columns.charge, -row.charge.gain[step] * hours)
    if row.discharge.possible:
        gain = row.discharge.gain[step]
        program.put(columns.recursion, columns.discharge, gain * hours)
    if len(columns.rescue):
        program.put(columns.recursion, columns.rescue, -1.0)


def keep_reserve(draft: Draft, columns: StorageColumns) -> None:
    """Pay for every hour below the reserve, where it can be below at all."""
    if not len(columns.low):
        return
    rows = draft.program.rows(
        f"{columns.row.id} reserve",
        len(columns.low),
        space=Space.NODE,
        lower=columns.row.reserve,
    )
    draft.program.put(rows, columns.energy, 1.0)
    draft.program.put(rows, columns.low, 1.0)


def taper_charging(draft: Draft, columns: StorageColumns) -> None:
    """Charge no faster than the line that falls towards full (by the energy before)."""
    row, tree = columns.row, draft.case.tree
    if row.taper is None or not row.charge.possible:
        return
    most, slope = row.taper
    first = tree.node_before < 0
    rows = draft.program.rows(
        f"{row.id} taper",
        tree.nodes,
        space=Space.NODE,
        upper=np.where(first, most - slope * row.stored, most),
    )
    draft.program.put(rows, columns.charge, 1.0)
    later = np.flatnonzero(~first)
    before = columns.energy[tree.node_before[later]]
    draft.program.put(rows[later], before, slope)


def value_the_end(draft: Draft, columns: StorageColumns) -> None:
    """Credit what is left at the end, at falling prices (concave, so no switch)."""
    row, program, tree = columns.row, draft.program, draft.case.tree
    worth = [segment for segment in end_worth(row) if segment[1] > 0]
    if not worth:
        return
    ends = tree.scenarios
    rows = program.rows(f"{row.id} end", ends, space=Space.ONCE, lower=0.0)
    program.put(rows, columns.energy[tree.last_nodes], 1.0)
    for number, (energy, price) in enumerate(worth):
        segment = program.columns(
            f"{row.id} worth {number}",
            ends,
            space=Space.ONCE,
            upper=energy,
            cost=-price * tree.last_weight,
        )
        program.put(rows, segment, -1.0)


def end_worth(row: StorageRow) -> tuple[tuple[float, float], ...]:
    """Return what is left is worth: in the reserve as much as right above it."""
    if not row.worth:
        return ()
    return ((row.reserve, row.worth[0][1]), *row.worth)


def reach_goals(draft: Draft, columns: StorageColumns) -> None:
    """Pay for what is missing at a departure or any other goal."""
    row, program, tree = columns.row, draft.program, draft.case.tree
    for number, goal in enumerate(row.goals):
        nodes = np.flatnonzero(tree.node_step == goal.step)
        missing = program.columns(
            f"{row.id} missing {number}",
            len(nodes),
            space=Space.ONCE,
            cost=goal.price * tree.node_weight[nodes],
        )
        rows = program.rows(
            f"{row.id} goal {number}", len(nodes), space=Space.ONCE, lower=goal.energy
        )
        program.put(rows, columns.energy[nodes], 1.0)
        program.put(rows, missing, 1.0)


def choose_one_direction(draft: Draft, columns: StorageColumns, steps: Mask) -> None:
    """Forbid charging and discharging at once in ``steps`` (exclusion switch)."""
    row, program, tree = columns.row, draft.program, draft.case.tree
    chosen = np.flatnonzero(steps).astype(np.int32)
    if not row.both_ways or not len(chosen):
        return
    switch = draft.switches(f"{row.id} charging", chosen)
    of_step = np.full(tree.steps, -1, dtype=np.int32)
    of_step[chosen] = switch
    nodes = np.flatnonzero(of_step[tree.node_step] >= 0)
    step = tree.node_step[nodes]
    _within(program, columns.charge[nodes], of_step[step], row.charge.power_max[step])
    most = row.discharge.power_max[step]
    rows = program.rows("one direction", len(nodes), space=Space.ONCE, upper=most)
    program.put(rows, columns.discharge[nodes], 1.0)
    program.put(rows, of_step[step], most)


def _within(program: Program, columns: Indices, switch: Indices, most: Floats) -> None:
    rows = program.rows("one direction", len(columns), space=Space.ONCE, upper=0.0)
    program.put(rows, columns, 1.0)
    program.put(rows, switch, -most)


def stay_behind_the_meter(draft: Draft, columns: StorageColumns) -> None:
    """Keep a battery that may not trade with the grid between load and production.

    It charges at most what production leaves of the load, and gives back at most what
    the load leaves of production, plus what other assets take.
    """
    row, case, tree = columns.row, draft.case, draft.case.tree
    program, balance = draft.program, draft.grid.balance
    node = tree.leaf_node
    if not row.from_grid and row.charge.possible:
        most = np.maximum(-case.net_load, 0.0)
        rows = program.rows(
            "own production", len(balance), space=Space.LEAF, upper=most
        )
        program.put(rows, columns.charge[node], 1.0)
    if not row.to_grid and row.discharge.possible:
        most = np.maximum(case.net_load, 0.0)
        rows = program.rows("own load", len(balance), space=Space.LEAF, upper=most)
        program.put(rows, columns.discharge[node], 1.0)
        for other in draft.storages.values():
            if other.row.id != row.id and other.row.charge.possible:
                program.put(rows, other.charge[node], -1.0)


def _known_flow(case: Case, row: StorageRow) -> Floats:
    """Return the right-hand side of the recursion: what is known of it."""
    tree = case.tree
    flow = -row.draw[tree.node_step]
    first = tree.node_before < 0
    flow[first] += row.keep[0] * row.stored
    return flow
