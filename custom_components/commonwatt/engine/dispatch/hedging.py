"""A battery's plan for a future nobody knows: by what stored energy is worth.

The optimiser plans as if it would know, an hour from now, which scenario comes true; so
it buys too little at night and sells too much at noon.  Here one battery is planned
again, against all scenarios at once (:mod:`.cost_to_go`): its values say what to do
whatever comes, and its plan is what that amounts to on the expected path.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from .assets import AssetId
from .cost_to_go import (
    LEVELS,
    Ahead,
    case_limits,
    costs_to_go,
    exchange_cost,
    power_limits,
)
from .home import Autonomy
from .linear import Case, HomeModel
from .linear.case import autonomy_needs
from .linear.draft import StorageColumns
from .linear.grid import known_capacity_price
from .linear.program import Floats
from .linear.resilience import outage_price
from .linear.rows import RESERVE_PRICES, StorageRow
from .partners import Partners

ALIKE: Final = 1e-7
"""Costs closer than that are equal; then the meter is balanced."""


DRAWN_LEAST: Final = 4
"""With so many scenarios the expected one need not speak for a day."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Hedge:
    """What one battery does on the expected path, and what its energy is worth."""

    asset: AssetId
    power: Floats
    """kW for each step; + gives."""

    values: Floats
    """(steps, levels): of one more kWh at the end of each step, from empty to full."""


def hedge(
    model: HomeModel, x: Floats, stored: Mapping[AssetId, Floats]
) -> Hedge | None:
    """Return the plan of the home's battery against all scenarios.

    ``x`` is a solution of the model, ``stored`` what its plan has in every store.  None
    where there is nothing to hedge (one scenario), or where one battery alone does not
    decide: with a second one, wear by depth, a price on the peak, or neighbours between
    whom trading in circles would pay.
    """
    batteries = [c for c in model.storages.values() if c.row.stationary]
    case = model.case
    simple = len(batteries) == 1 and batteries[0].row.both_ways
    simple = simple and not batteries[0].row.depths
    partners = Partners.of(case)
    priced = known_capacity_price(case) > 0 or partners.circular
    if case.tree.scenarios == 1 or not simple or priced:
        return None
    ahead = _ahead(model, batteries[0], x, stored, partners)
    costs = costs_to_go(ahead)
    return Hedge(
        asset=ahead.row.id,
        power=_followed(ahead, costs, _needed(model, batteries[0], x)[0]),
        values=-np.diff(costs, axis=1) / ahead.levels[1],
    )


def value_at(hedge: Hedge, capacity: float, stored: Floats) -> Floats:
    """Return the values at what is stored at the end of each step."""
    part = np.clip((stored / capacity * LEVELS).astype(np.int64), 0, LEVELS - 1)
    values: Floats = hedge.values[np.arange(len(part)), part]
    return values


def _ahead(
    model: HomeModel,
    columns: StorageColumns,
    x: Floats,
    stored: Mapping[AssetId, Floats],
    partners: Partners,
) -> Ahead:
    case, row = model.case, columns.row
    paths, shares = _paths(model, columns, x)
    import_max, export_max = case_limits(case)
    levels = np.linspace(0.0, row.capacity, LEVELS + 1)
    return Ahead(
        row=row,
        hours=case.hours,
        buy=case.buy,
        sell=case.sell,
        import_max=import_max,
        export_max=export_max,
        partners=partners,
        needed=paths,
        shares=shares,
        kept=_costs_of_little(model, row, levels, stored),
    )


def _paths(
    model: HomeModel, columns: StorageColumns, x: Floats
) -> tuple[Floats, Floats]:
    """Return what may be needed: the load of any scenario with any scenario's sun.

    A forecast of the load is wrong for other reasons than one of the sun, so a few
    scenarios tell of many days.  The expected one is none of them if there are enough
    others: it is their mean, and a day like that never comes.
    """
    case, count = model.case, model.case.tree.scenarios
    sun = case.production.reshape(count, -1)
    loads = _needed(model, columns, x) + sun
    weights = case.tree.last_weight
    if count >= DRAWN_LEAST:
        sun, loads, weights = sun[1:], loads[1:], weights[1:]
    paths: Floats = loads[:, None, :] - sun[None, :, :]
    shares = np.outer(weights, weights).astype(np.float64).ravel()
    return paths.reshape(len(shares), -1), shares / float(shares.sum())


def _needed(model: HomeModel, columns: StorageColumns, x: Floats) -> Floats:
    """Return (scenarios, steps): what battery, retailer and neighbours have to give."""
    grid, tree = model.grid, model.case.tree
    needed = x[grid.buy] - x[grid.sell]
    for leaves, columns_of_tranche, sign in model.tranches:
        needed[leaves] += sign * x[columns_of_tranche]
    for last_resort, sign in ((grid.short, 1.0), (grid.spill, -1.0)):
        if len(last_resort):
            needed = needed + sign * x[last_resort]
    battery = x[columns.discharge] - x[columns.charge]
    path: Floats = (needed + battery[tree.leaf_node]).reshape(tree.scenarios, -1)
    return path


def _costs_of_little(
    model: HomeModel,
    row: StorageRow,
    levels: Floats,
    stored: Mapping[AssetId, Floats],
) -> Floats:
    """Return (steps, levels): reserve, energy never sold, hours without the grid."""
    case = model.case
    problem, hours = case.checked.problem, case.hours[:, None]
    costs = row.reserve_price * np.maximum(row.reserve - levels, 0.0) * hours
    keep = min(problem.keep_wh / 1000, row.capacity)
    costs = costs + RESERVE_PRICES * case.scale * np.maximum(keep - levels, 0.0) * hours
    for goal in row.goals:
        costs[goal.step] += goal.price * np.maximum(goal.energy - levels, 0.0)
    if problem.autonomy is not None and row.forms_island:
        risk = _risk(model, problem.autonomy, row, levels, stored)
        costs += problem.weights.resilience_ppm / 1_000_000 * risk * hours
    return costs


def _risk(
    model: HomeModel,
    autonomy: Autonomy,
    row: StorageRow,
    levels: Floats,
    stored: Mapping[AssetId, Floats],
) -> Floats:
    """Return what an hour costs with so much less than critical loads could need."""
    case: Case = model.case
    needs = autonomy_needs(case, autonomy)
    for other in model.storages.values():
        if other.row.id != row.id and other.row.forms_island:
            way = other.row.discharge
            share = np.where(way.power_max > 0, 1.0 / way.gain, 0.0)
            needs = needs - share * stored[other.row.id]
    usable = levels[None, :] / row.discharge.gain[:, None]
    dark = np.maximum(needs[:, None] - usable, 0.0)
    risk: Floats = outage_price(autonomy) * dark
    return risk


def _followed(ahead: Ahead, costs: Floats, needed: Floats) -> Floats:
    """Return the battery's power if everything comes as expected."""
    powers, stored = np.empty(len(needed)), ahead.row.stored
    for step, missing in enumerate(needed.tolist()):
        options = _options(ahead, step, missing, stored)
        after = _after(ahead, step, stored, options)
        total = exchange_cost(ahead, step, np.full(len(options), missing), options)
        total += np.interp(after, ahead.levels, costs[step])
        best = int(np.flatnonzero(total <= total.min() + ALIKE)[0])
        # In whole watts, as plans are, or the contents would drift apart.
        powers[step] = np.trunc(options[best] * 1000) / 1000
        stored = float(_after(ahead, step, stored, powers[step : step + 1])[0])
    return powers


def _options(ahead: Ahead, step: int, needed: float, stored: float) -> Floats:
    """Return powers worth a thought, those that balance the meter first."""
    row, hours = ahead.row, ahead.hours[step]
    most_in, most_out = power_limits(ahead, step, np.array([needed]))
    gain_in, gain_out = row.charge.gain[step], row.discharge.gain[step]
    kept = row.keep[step] * stored
    room = max(row.capacity - kept, 0.0) / (gain_in * hours)
    left = max(kept, 0.0) / (gain_out * hours)
    if row.taper is not None:
        most, slope = row.taper
        room = min(room, max(most - slope * stored, 0.0))
    change = ahead.levels - kept
    per_hour = np.where(change > 0, gain_in, gain_out) * hours
    supply, demand = ahead.partners.supply, ahead.partners.demand
    balanced = (needed, 0.0, needed - supply.power[step], needed + demand.power[step])
    wanted = np.concatenate((balanced, -change / per_hour))
    options: Floats = np.clip(
        wanted, -min(float(most_in[0]), room), min(float(most_out[0]), left)
    )
    return options


def _after(ahead: Ahead, step: int, stored: float, power: Floats) -> Floats:
    row, hours = ahead.row, ahead.hours[step]
    taken, given = np.maximum(-power, 0.0), np.maximum(power, 0.0)
    flow = taken * row.charge.gain[step] - given * row.discharge.gain[step]
    after: Floats = row.keep[step] * stored + flow * hours
    return after
