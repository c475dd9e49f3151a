"""The metering point: power balance, limits, prices, capacity, neighbours' offers."""

from typing import Final

import numpy as np

from ...model.order import Side
from ...model.period import PERIOD_MS, DeliveryPeriod
from .case import Case
from .draft import Draft, GridColumns, Market
from .program import Floats, Indices, Kind, Mask, Program, Space

TIE_PER_STEP: Final = 1e-6
"""Makes energy dearer by this much, each step, so that equal prices have an order.

Twenty times the tolerance of the solver's duals, and 2e-4 over 48 hours of quarters.
"""

SHORT_PRICES: Final = 100.0
"""A kWh the home has to do without costs that many times its highest price."""

SPILL_PRICES: Final = 50.0


def grid_columns(case: Case, program: Program, *, tie_per_step: float) -> GridColumns:
    """Add import, export and, only where they can matter, the last resorts.

    Import is dearer by ``tie_per_step`` with each step.
    """
    tree, hours = case.tree, case.hours[case.tree.leaf_step]
    step, weight = tree.leaf_step, case.tree.leaf_weight * hours
    sold = case.position[step]
    buy = program.columns(
        "import",
        tree.leaves,
        space=Space.LEAF,
        lower=np.maximum(sold - case.export_max, 0.0),
        upper=_limit(case, 1.0),
        cost=(case.buy[step] + tie_per_step * step) * weight,
    )
    sell = program.columns(
        "export",
        tree.leaves,
        space=Space.LEAF,
        lower=np.maximum(-sold - case.import_max, 0.0),
        upper=_limit(case, -1.0),
        cost=-case.sell[step] * weight,
    )
    # Doing without must never pay, not even to keep a peak low.
    peak = known_capacity_price(case) * case.tree.leaf_weight
    dear = case.scale * weight
    return GridColumns(
        buy=buy,
        sell=sell,
        short=_last_resort(
            program,
            "short",
            case.net_load - case.import_max,
            SHORT_PRICES * dear + peak,
        ),
        spill=_last_resort(
            program, "spill", -case.net_load - case.export_max, SPILL_PRICES * dear
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


def trade_tranches(draft: Draft, *, market: DeliveryPeriod | None = None) -> None:
    """Add what neighbours offer or ask for at a known price, up to its quantity.

    Where a market is open, nothing is: what is expected there is what is asked for.
    """
    case, tree = draft.case, draft.case.tree
    for number, tranche in enumerate(case.checked.problem.grid.tranches):
        if tranche.energy_wh <= 0 or tranche.period == market:
            continue
        sign = 1.0 if tranche.side is Side.BUY else -1.0
        price = sign * case.price(tranche.price_micro_per_kwh)
        leaves, columns = _partner(
            draft, f"tranche {number}", tranche.period, sign, price
        )
        rows = draft.program.rows(
            "tranche size",
            tree.scenarios,
            space=Space.ONCE,
            upper=tranche.energy_wh / 1000,
        )
        hours = case.hours[tree.leaf_step[leaves]]
        draft.program.put(rows[leaves // tree.steps], columns, hours)


def open_market(draft: Draft, period: DeliveryPeriod) -> Market:
    """Add a market for one period: any quantity, at a price that is set later."""
    tree = draft.case.tree
    leaves, bought = _partner(draft, "market bought", period, 1.0, 0.0)
    _, sold = _partner(draft, "market sold", period, -1.0, 0.0)
    hours = draft.case.hours[tree.leaf_step[leaves]]
    return Market(bought=bought, sold=sold, energy=hours * tree.leaf_weight[leaves])


def _partner(
    draft: Draft, name: str, period: DeliveryPeriod, sign: float, price: float
) -> tuple[Indices, Indices]:
    """Add trade with somebody but the retailer; return leaves and columns."""
    case, program, tree = draft.case, draft.program, draft.case.tree
    overlap = case.overlap(period)[tree.leaf_step]
    leaves = np.flatnonzero(overlap > 0).astype(np.int32)
    hours = case.hours[tree.leaf_step[leaves]]
    columns = program.columns(
        name,
        len(leaves),
        space=Space.LEAF,
        places=leaves,
        upper=(case.import_max if sign > 0 else case.export_max)
        * overlap[leaves]
        / hours,
        cost=price * tree.leaf_weight[leaves] * hours,
    )
    program.put(draft.grid.balance[leaves], columns, sign)
    draft.tranches.append((leaves, columns, sign))
    return leaves, columns


def limit_connections(draft: Draft) -> None:
    """Keep all partners of one direction together within the connection's limit."""
    for sign in (1.0, -1.0):
        touched = [leaves for leaves, _, side in draft.tranches if side == sign]
        if not touched:
            continue
        leaves = np.unique(np.concatenate(touched))
        limit = _limit(draft.case, sign)[leaves]
        rows = draft.program.rows(
            "connection", len(leaves), space=Space.ONCE, upper=limit
        )
        _put_flows(draft, rows, leaves, sign)


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


def known_capacity_price(case: Case) -> float:
    """Return what a kW more at the peak costs."""
    capacity = case.checked.problem.grid.capacity
    return 0.0 if capacity is None else case.price(capacity.price_micro_per_kw)


def choose_one_grid_direction(draft: Draft, steps: Mask) -> None:
    """Forbid importing and exporting at once in ``steps`` (exclusion switch)."""
    case, tree = draft.case, draft.case.tree
    leaves = np.flatnonzero(steps[tree.leaf_step]).astype(np.int32)
    if not len(leaves):
        return
    needed = (case.net_load + case.position[tree.leaf_step])[leaves]
    switch = draft.program.columns(
        "importing",
        len(leaves),
        space=Space.LEAF,
        places=leaves,
        upper=1.0,
        kind=Kind.SWITCH,
        safe=(needed > 0).astype(np.float64),
    )
    for sign in (1.0, -1.0):
        # import <= limit * switch; export <= limit * (1 - switch)
        limit = _limit(case, sign)[leaves]
        rows = draft.program.rows(
            "grid direction",
            len(leaves),
            space=Space.ONCE,
            upper=0.0 if sign > 0 else limit,
        )
        _put_flows(draft, rows, leaves, sign)
        draft.program.put(rows, switch, -sign * limit)


def _put_flows(draft: Draft, rows: Indices, leaves: Indices, sign: float) -> None:
    """Add up what passes the meter in one direction, whoever the partner is."""
    retail = draft.grid.buy if sign > 0 else draft.grid.sell
    draft.program.put(rows, retail[leaves], 1.0)
    row_of_leaf = np.full(draft.case.tree.leaves, -1, dtype=np.int32)
    row_of_leaf[leaves] = rows
    for touched, columns, side in draft.tranches:
        if side == sign:
            inside = row_of_leaf[touched] >= 0
            draft.program.put(row_of_leaf[touched[inside]], columns[inside], 1.0)


def _limit(case: Case, sign: float) -> Floats:
    """Return what may pass beyond what is already traded, in every leaf."""
    sold = case.position[case.tree.leaf_step]
    limit = case.import_max + sold if sign > 0 else case.export_max - sold
    return np.maximum(limit, 0.0)


def _last_resort(program: Program, name: str, most: Floats, cost: Floats) -> Indices:
    """Add what no plan can change: load or production beyond the connection."""
    if not (most > 0).any():
        return np.empty(0, dtype=np.int32)
    upper = np.maximum(most, 0.0)
    return program.columns(name, len(cost), space=Space.LEAF, upper=upper, cost=cost)


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


def _quarters(case: Case) -> tuple[Indices, Floats]:
    """Return the billing period of each step and the step's share in its mean.

    A step longer than a quarter of an hour is its own: nothing finer is planned there.
    """
    starts = np.array(case.horizon.boundaries[:-1])
    numbers = starts // PERIOD_MS
    group = np.unique(numbers, return_inverse=True)[1].astype(np.int32)
    total = np.bincount(group, case.hours)
    return group, case.hours / total[group]
