"""What is kept for bad days: energy for critical loads, energy that is never sold."""

import numpy as np

from ...model.units import MICRO_PER_UNIT, PPM
from ..home import Autonomy
from .case import Case, autonomy_needs
from .draft import Draft, StorageColumns
from .program import Floats, Indices, Space
from .rows import RESERVE_PRICES


def cover_critical_loads(draft: Draft) -> None:
    """Keep enough for the critical loads' hours without the grid, or pay the risk.

    What is missing costs what it is worth in an outage times the chance of one.
    """
    problem = draft.case.checked.problem
    autonomy, case = problem.autonomy, draft.case
    resilience = problem.weights.resilience_ppm / PPM
    price = outage_price(autonomy) * resilience if autonomy is not None else 0.0
    if autonomy is None or price <= 0:
        return
    tree, program = case.tree, draft.program
    hours = case.hours[tree.node_step]
    dark = program.columns(
        "dark", tree.nodes, space=Space.NODE, cost=price * tree.node_weight * hours
    )
    rows = program.rows(
        "autonomy",
        tree.nodes,
        space=Space.NODE,
        lower=autonomy_needs(case, autonomy)[tree.node_step],
    )
    program.put(rows, dark, 1.0)
    for columns in draft.storages.values():
        usable = island_share(columns)
        nodes = np.flatnonzero(usable[tree.node_step] > 0).astype(np.int32)
        share = usable[tree.node_step[nodes]]
        program.put(rows[nodes], columns.energy[nodes], share)


def outage_price(autonomy: Autonomy) -> float:
    """Return what one kWh too little for one hour costs, on average."""
    price = autonomy.outage_micro_per_kwh / MICRO_PER_UNIT
    return price * autonomy.outages_ppm_per_hour / PPM


def island_share(columns: StorageColumns) -> Floats:
    """Return what a stored kWh gives on an island, in each step; 0 where it cannot."""
    way = columns.row.discharge
    if not columns.row.forms_island:
        return np.zeros(len(way.gain))
    return np.where(way.power_max > 0, 1.0 / way.gain, 0.0)


def keep_energy(draft: Draft, case: Case) -> None:
    """Keep what the owner never sells in the stationary batteries, if possible."""
    keep = case.checked.problem.keep_wh / 1000
    batteries = [c for c in draft.storages.values() if c.row.stationary]
    keep = min(keep, sum(c.row.capacity for c in batteries))
    if keep <= 0:
        return
    tree, program = case.tree, draft.program
    hours = case.hours[tree.node_step] * tree.node_weight
    below = program.columns(
        "below kept",
        tree.nodes,
        space=Space.NODE,
        cost=RESERVE_PRICES * case.scale * hours,
    )
    rows: Indices = program.rows("kept", tree.nodes, space=Space.NODE, lower=keep)
    program.put(rows, below, 1.0)
    for columns in batteries:
        program.put(rows, columns.energy, 1.0)
