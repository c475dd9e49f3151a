"""From a point to a plan: integers, checked by recomputing what they come to."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from ...model.period import HOUR_MS
from ...model.units import MICRO_PER_UNIT, NANO_PER_UNIT, PPM
from ..assets import AssetId
from ..hedging import Hedge, hedge, value_at
from ..home import (
    AssetPlan,
    Autonomy,
    CycleAppliance,
    Generator,
    HomePlan,
    Violation,
    ViolationKind,
)
from ..linear import Case, Exclusions, HomeModel
from ..linear.machines import start_profiles
from ..linear.program import Floats, Indices
from ..linear.rows import storage_row
from ..resimulation import Actions, Recomputed, recompute, usable
from .rounding import HALF
from .search import Found

BOTH_TOLERANCE: Final = 0.01
"""kW both ways at once that are no rounding any more."""

COST_TOLERANCE: Final = 0.002
"""Share of the highest price a kWh of each step's import may be off by, in all."""


def plan_of(model: HomeModel, found: Found) -> tuple[HomePlan, Recomputed]:
    """Return the plan behind a point, and what the point itself comes to.

    With several scenarios the battery's part is hedged, if that stands up to
    recomputing it as well.
    """
    actions = actions_of(model, found.point.x)
    result = recompute(model.case, actions)
    hedged = hedge(model, found.point.x, result.stored)
    if hedged is not None and not result.violations:
        power = {**actions.power, hedged.asset: hedged.power}
        other = replace(actions, power=power)
        recomputed = recompute(model.case, other)
        if not recomputed.violations:
            return _written(model, found, other, recomputed, hedged), result
    return _written(model, found, actions, result, None), result


def _written(
    model: HomeModel,
    found: Found,
    actions: Actions,
    result: Recomputed,
    hedged: Hedge | None,
) -> HomePlan:
    case = model.case
    assets = tuple(
        AssetPlan(
            asset=asset,
            power_w=_whole(power * 1000),
            stored_wh=_whole(result.stored[asset] * 1000)
            if asset in result.stored
            else (),
            value_micro_per_kwh=_stored_values(model, asset, found.point.row_duals),
        )
        for asset, power in sorted(actions.power.items())
    )
    if hedged is not None:
        assets = tuple(_valued(model, plan, result, hedged) for plan in assets)
    return HomePlan(
        horizon=case.horizon,
        rung=found.rung,
        reason=found.reason,
        made_at=case.horizon.start,
        assets=assets,
        net_export_w=_whole(result.net_export * 1000),
        curtailed_w=_whole(actions.curtailed * 1000),
        cost_nano=round(result.cost * NANO_PER_UNIT),
        gap_ppm=round(min(found.gap, 1e3) * PPM),
        value_micro_per_kwh=_balance_values(model, found.point.row_duals),
        autonomy_ms=autonomy_ms(case, result),
        flaws=case.checked.flaws,
    )


def _valued(
    model: HomeModel, plan: AssetPlan, result: Recomputed, hedged: Hedge
) -> AssetPlan:
    """Put the values of a hedge in the place of the solver's."""
    if plan.asset != hedged.asset:
        return plan
    capacity = model.storages[plan.asset].row.capacity
    micro = MICRO_PER_UNIT / model.case.money
    values = value_at(hedged, capacity, result.stored[plan.asset])
    return replace(
        plan,
        value_micro_per_kwh=_whole(values * micro),
        values_micro_per_kwh=tuple(_whole(row * micro) for row in hedged.values),
    )


def actions_of(model: HomeModel, x: Floats) -> Actions:
    """Return what a point does in the expected scenario, in whole watts."""
    case = model.case
    steps = case.tree.steps
    power = {
        asset: _watts(
            _path(columns.discharge, x, steps) - _path(columns.charge, x, steps)
        )
        for asset, columns in model.storages.items()
    }
    run = {}
    for machine in (*case.checked.problem.generators, *case.checked.appliances):
        columns = model.machines.get(machine.id)
        if columns is None:
            continue
        values = x[columns[:steps]]
        if isinstance(machine, Generator):
            power[machine.id] = _watts(values)
            continue
        run[machine.id] = values > HALF
        if isinstance(machine, CycleAppliance):
            _, profiles = start_profiles(case, machine)
            power[machine.id] = _watts(-profiles[run[machine.id]].sum(axis=0))
        else:
            power[machine.id] = np.where(run[machine.id], -machine.power_w / 1000, 0.0)
    curtailed = _watts(_path(model.grid.curtailed, x, steps))
    heat = {source: x[columns[:steps]] for source, columns in model.heat.items()}
    return Actions(power=power, heat=heat, curtailed=curtailed, run=run)


def cheats(model: HomeModel, x: Floats) -> Exclusions:
    """Return where a point goes both ways at once, in any scenario."""
    tree = model.case.tree
    both_grid = np.minimum(x[model.grid.buy], x[model.grid.sell]) > BOTH_TOLERANCE
    grid = np.bincount(tree.leaf_step, both_grid, minlength=tree.steps) > 0
    storages = np.zeros(tree.steps, dtype=np.bool_)
    for columns in model.storages.values():
        if columns.row.both_ways:
            both = np.minimum(x[columns.charge], x[columns.discharge]) > BOTH_TOLERANCE
            storages |= np.bincount(tree.node_step, both, minlength=tree.steps) > 0
    return Exclusions(grid=grid, storages=storages)


def unfounded(
    model: HomeModel, found: Found, result: Recomputed
) -> tuple[Violation, ...]:
    """Return every reason not to use a plan, money the solver made up among them."""
    case, x = model.case, found.point.x
    if not np.isfinite(x).all():
        return (Violation(kind=ViolationKind.COST_DIFFERS, step=0, amount=0),)
    if case.checked.problem.grid.tranches:
        return result.violations
    steps = case.tree.steps
    bought, sold = x[model.grid.buy[:steps]], x[model.grid.sell[:steps]]
    claimed = float((bought * case.buy - sold * case.sell) @ case.hours)
    tolerance = COST_TOLERANCE * case.scale * float(case.elapsed[-1])
    missing = result.energy_cost - claimed
    if missing <= tolerance:
        return result.violations
    amount = round(missing * MICRO_PER_UNIT)
    made_up = Violation(kind=ViolationKind.COST_DIFFERS, step=0, amount=amount)
    return (*result.violations, made_up)


def autonomy_ms(case: Case, result: Recomputed) -> tuple[int, ...]:
    """Return how long the critical loads could go on from the end of each step."""
    autonomy = case.checked.problem.autonomy
    if autonomy is None:
        return ()
    rows = [storage_row(case, s, stored_wh) for s, stored_wh in case.checked.storages]
    energy = usable(case, rows, result.stored)
    return tuple(_lasting_ms(case, autonomy, energy))


def _lasting_ms(case: Case, autonomy: Autonomy, energy: Floats) -> Sequence[int]:
    """Walk from the end of each step until the energy is used up.

    Beyond the horizon the last step goes on, for a week at most.
    """
    critical = _series(autonomy.critical_w, len(energy))
    power = (critical - _series(autonomy.production_low_w, len(energy))) / 1000
    week = 168.0
    at = np.append(case.elapsed, case.elapsed[-1] + week)
    total = np.concatenate(([0.0], np.cumsum(power * case.hours)))
    total = np.append(total, total[-1] + power[-1] * week)
    needs = np.maximum.accumulate(total)
    lasting = []
    for step, left in enumerate(energy.tolist()):
        used = np.maximum(needs[step + 1 :] - total[step + 1], 0.0)
        beyond = int(np.searchsorted(used, left, side="right"))
        if beyond >= len(used):
            hours = min(float(at[-1] - at[step + 1]), week)
        else:
            before = used[beyond - 1] if beyond else 0.0
            share = (left - before) / max(used[beyond] - before, 1e-12)
            first = at[step + beyond] if beyond else at[step + 1]
            hours = float(
                first + share * (at[step + 1 + beyond] - first) - at[step + 1]
            )
        lasting.append(round(max(hours, 0.0) * HOUR_MS))
    return lasting


def _series(values: Sequence[int], count: int) -> Floats:
    series = np.zeros(count)
    series[: len(values)] = values[:count]
    return series


def _balance_values(model: HomeModel, duals: Floats) -> tuple[int, ...]:
    case, steps = model.case, model.case.tree.steps
    weight = case.tree.leaf_weight[:steps] * case.hours
    values = duals[model.grid.balance[:steps]] / weight
    return _whole(values / case.money * MICRO_PER_UNIT)


def _stored_values(model: HomeModel, asset: AssetId, duals: Floats) -> tuple[int, ...]:
    columns = model.storages.get(asset)
    if columns is None:
        return ()
    case, steps = model.case, model.case.tree.steps
    values = -duals[columns.recursion[:steps]] / case.tree.node_weight[:steps]
    return _whole(values / case.money * MICRO_PER_UNIT)


def _path(columns: Indices, x: Floats, steps: int) -> Floats:
    return x[columns[:steps]] if len(columns) else np.zeros(steps)


def _watts(power: Floats) -> Floats:
    return np.round(power * 1000) / 1000


def _whole(values: Floats) -> tuple[int, ...]:
    return tuple(np.round(values).astype(np.int64).tolist())
