"""The metering point: power balance, limits, prices, capacity, neighbours' offers."""

from typing import Final

import numpy as np

from ...model.order import Side
from ...model.period import PERIOD_MS
from ..home import CapacityTariff
from .case import Case, tranche_hours
from .draft import Draft, GridColumns
from .program import Floats, Indices, Mask, Program, Space

TIE_PER_STEP: Final = 1e-6
"""Makes energy dearer by this much, each step, so that equal prices have an order.

Twenty times the tolerance of the solver's duals, and 2e-4 over 48 hours of quarters.
"""

SHORT_PRICES: Final = 100.0
"""A kWh the home has to do without costs that many times its highest price."""

SPILL_PRICES: Final = 50.0


def grid_columns(case: Case, program: Program) -> GridColumns:
    """Add import, export and, only where they can matter, the last resorts."""
    tree, hours = case.tree, case.hours[case.tree.leaf_step]
    step, weight = tree.leaf_step, case.tree.leaf_weight * hours
    sold = case.position[step]
    buy = program.columns(
        "import",
        tree.leaves,
        space=Space.LEAF,
        upper=np.maximum(case.import_max + sold, 0.0),
        cost=(case.buy[step] + TIE_PER_STEP * step) * weight,
    )
    sell = program.columns(
        "export",
        tree.leaves,
        space=Space.LEAF,
        upper=np.maximum(case.export_max - sold, 0.0),
        cost=-case.sell[step] * weight,
    )
    deficit = case.net_load + sold
    return GridColumns(
        buy=buy,
        sell=sell,
        short=_last_resort(
            program,
            "short",
            deficit > case.import_max + sold,
            SHORT_PRICES * case.scale * weight,
        ),
        spill=_last_resort(
            program,
            "spill",
            -deficit > case.export_max - sold,
            SPILL_PRICES * case.scale * weight,
        ),
        curtailed=_curtailment(case, program),
        balance=balance_power(case, program),
    )


def connect_grid(draft: Draft) -> None:
    """Let import, export and last resorts take part in the balance."""
    grid, program = draft.grid, draft.program
    for columns, sign in (
        (grid.buy, 1.0),
        (grid.sell, -1.0),
        (grid.short, 1.0),
        (grid.spill, -1.0),
        (grid.curtailed, -1.0),
    ):
        if len(columns):
            program.put(grid.balance, columns, sign)


def balance_power(case: Case, program: Program) -> Indices:
    """State that in every leaf what is given equals what is taken.

    What is already sold is taken, whatever happens: its price is paid or received in
    any case, a difference is settled at the retail price.
    """
    needed = case.net_load + case.position[case.tree.leaf_step]
    return program.rows(
        "balance", case.tree.leaves, space=Space.LEAF, lower=needed, upper=needed
    )


def trade_tranches(draft: Draft) -> None:
    """Add what neighbours offer or ask for at a known price, up to its quantity."""
    case, program, tree = draft.case, draft.program, draft.case.tree
    for number, tranche in enumerate(case.checked.problem.grid.tranches):
        steps, hours = tranche_hours(case, tranche)
        if not len(steps) or tranche.energy_wh <= 0:
            continue
        sign = 1.0 if tranche.side is Side.BUY else -1.0
        place = np.full(tree.steps, -1)
        place[steps] = np.arange(len(steps))
        leaves = np.flatnonzero(place[tree.leaf_step] >= 0).astype(np.int32)
        leaf_hours = hours[place[tree.leaf_step[leaves]]]
        share = leaf_hours / case.hours[tree.leaf_step[leaves]]
        price = sign * case.price(tranche.price_micro_per_kwh)
        columns = program.columns(
            f"tranche {number}",
            len(leaves),
            space=Space.LEAF,
            places=leaves,
            upper=(case.import_max if sign > 0 else case.export_max) * share,
            cost=price * tree.leaf_weight[leaves] * case.hours[tree.leaf_step[leaves]],
        )
        program.put(draft.grid.balance[leaves], columns, sign)
        _limit_tranche(draft, columns, leaves, tranche.energy_wh / 1000)
        limit_connection(draft, leaves, columns, sign)


def limit_connection(
    draft: Draft, leaves: Indices, columns: Indices, sign: float
) -> None:
    """Keep import (export) and a tranche together within the connection's limit."""
    case, grid = draft.case, draft.grid
    sold = case.position[case.tree.leaf_step[leaves]]
    limit = case.import_max + sold if sign > 0 else case.export_max - sold
    rows = draft.program.rows(
        "connection", len(leaves), space=Space.ONCE, upper=np.maximum(limit, 0.0)
    )
    retail = grid.buy if sign > 0 else grid.sell
    draft.program.put(rows, retail[leaves], 1.0)
    draft.program.put(rows, columns, 1.0)


def bill_capacity(draft: Draft) -> None:
    """Pay for the highest mean import of any quarter of an hour (epigraph)."""
    capacity = draft.case.checked.problem.grid.capacity
    if capacity is None or capacity.price_micro_per_kw <= 0:
        return
    case, program, tree = draft.case, draft.program, draft.case.tree
    group, share = _quarters(case)
    count = int(group.max()) + 1
    peaks = program.columns(
        "peak import",
        tree.scenarios,
        space=Space.ONCE,
        lower=capacity.peak_w / 1000,
        cost=case.price(capacity.price_micro_per_kw) * tree.last_weight,
    )
    rows = program.rows("capacity", count * tree.scenarios, space=Space.ONCE, upper=0.0)
    branch = np.repeat(np.arange(tree.scenarios), tree.steps)
    row_of_leaf = rows[branch * count + group[tree.leaf_step]]
    program.put(row_of_leaf, draft.grid.buy, share[tree.leaf_step])
    program.put(rows, np.repeat(peaks, count), -1.0)


def known_peak_cost(case: Case, capacity: CapacityTariff | None) -> float:
    """Return what the peak so far costs whatever is planned."""
    if capacity is None:
        return 0.0
    return case.price(capacity.price_micro_per_kw) * capacity.peak_w / 1000


def choose_one_grid_direction(draft: Draft, steps: Mask) -> None:
    """Forbid importing and exporting at once in ``steps`` (exclusion switch)."""
    chosen = np.flatnonzero(steps).astype(np.int32)
    if not len(chosen):
        return
    case, grid, tree = draft.case, draft.grid, draft.case.tree
    switch = draft.switches("importing", chosen)
    of_step = np.full(tree.steps, -1, dtype=np.int32)
    of_step[chosen] = switch
    leaves = np.flatnonzero(of_step[tree.leaf_step] >= 0).astype(np.int32)
    column = of_step[tree.leaf_step[leaves]]
    sold = case.position[tree.leaf_step[leaves]]
    import_max = np.maximum(case.import_max + sold, 0.0)
    export_max = np.maximum(case.export_max - sold, 0.0)
    _only_if(draft.program, grid.buy[leaves], column, import_max, off=0.0)
    _only_if(draft.program, grid.sell[leaves], column, -export_max, off=1.0)


def _only_if(
    program: Program, columns: Indices, switch: Indices, size: Floats, *, off: float
) -> None:
    """State ``column <= size * switch`` or ``column <= |size| * (1 - switch)``."""
    rows = program.rows(
        "grid direction", len(columns), space=Space.ONCE, upper=off * np.abs(size)
    )
    program.put(rows, columns, 1.0)
    program.put(rows, switch, -size)


def _last_resort(program: Program, name: str, needed: Mask, cost: Floats) -> Indices:
    """Add a column for each leaf, but only to a home that can get there."""
    if not needed.any():
        return np.empty(0, dtype=np.int32)
    return program.columns(name, len(cost), space=Space.LEAF, cost=cost)


def _curtailment(case: Case, program: Program) -> Indices:
    """Add turned-down production where giving it away could cost something."""
    surplus = -case.net_load > case.export_max
    pays = (case.dearest <= 0).any() or surplus.any()
    if not case.curtailable or not pays or not case.production.any():
        return np.empty(0, dtype=np.int32)
    return program.columns(
        "curtailed",
        case.tree.leaves,
        space=Space.LEAF,
        upper=np.maximum(case.production, 0.0),
    )


def _limit_tranche(
    draft: Draft, columns: Indices, leaves: Indices, energy: float
) -> None:
    tree = draft.case.tree
    branch = leaves // tree.steps
    rows = draft.program.rows(
        "tranche size", tree.scenarios, space=Space.ONCE, upper=energy
    )
    draft.program.put(rows[branch], columns, draft.case.hours[tree.leaf_step[leaves]])


def _quarters(case: Case) -> tuple[Indices, Floats]:
    """Return the billing period of each step and the step's share in its mean.

    A step longer than a quarter of an hour is its own: nothing finer is planned there.
    """
    starts = np.array(case.horizon.boundaries[:-1])
    numbers = starts // PERIOD_MS
    group = np.unique(numbers, return_inverse=True)[1].astype(np.int32)
    total = np.bincount(group, case.hours)
    return group, case.hours / total[group]
