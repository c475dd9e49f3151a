"""Appliances and generators: starts, runs, and heat that goes somewhere useful."""

from typing import Final

import numpy as np

from ...model.period import HOUR_MS
from ...model.units import PPM
from ..assets import AssetId
from ..home import CycleAppliance, FlexibleAppliance, Generator
from .case import TINY_HOURS, Case, steps_inside
from .draft import Draft
from .program import Floats, Indices, Kind, Space
from .rows import Converting
from .switching import converting_columns

POWER_TINY: Final = 1e-9
"""kW that are none."""


def start_once(draft: Draft, appliance: CycleAppliance) -> None:
    """Choose exactly one start of a programme, or pay for going without.

    Each possible start is a column whose power profile is laid over the balance.
    """
    case, program = draft.case, draft.program
    possible, profile = start_profiles(case, appliance)
    start = program.columns(
        f"{appliance.id} start",
        len(case.hours),
        space=Space.STEP,
        upper=possible.astype(np.float64),
        kind=Kind.CHOICE,
    )
    skip = program.columns(
        f"{appliance.id} skip",
        1,
        space=Space.ONCE,
        cost=case.price(appliance.skip_micro),
    )
    once = program.rows(
        f"{appliance.id} once", 1, space=Space.ONCE, lower=1.0, upper=1.0
    )
    program.put(once, start, 1.0)
    program.put(once, skip, 1.0)
    draft.machines[appliance.id] = start
    _lay_over_balance(draft, start, profile)


def start_profiles(case: Case, appliance: CycleAppliance) -> tuple[Floats, Floats]:
    """Return which steps a programme may start in, and its power ``[start, step]``."""
    length = len(appliance.profile_w) * appliance.profile_step_ms
    at = case.elapsed
    latest = case.step_hours(appliance.done_by) - length / HOUR_MS
    earliest = case.step_hours(appliance.earliest)
    ends_inside = at[:-1] + length / HOUR_MS <= at[-1] + TINY_HOURS
    possible = (
        (at[:-1] >= earliest - TINY_HOURS)
        & (at[:-1] <= latest + TINY_HOURS)
        & ends_inside
    )
    return possible, _profiles(
        case, appliance, np.flatnonzero(possible).astype(np.int32)
    )


def _profiles(case: Case, appliance: CycleAppliance, starts: Indices) -> Floats:
    """Return the mean power in each step of a programme started in each of them."""
    step_hours = appliance.profile_step_ms / HOUR_MS
    ticks = np.arange(len(appliance.profile_w) + 1) * step_hours
    power = np.array(appliance.profile_w, dtype=np.float64) / 1000
    energy = np.concatenate(([0.0], np.cumsum(power * step_hours)))
    profiles = np.zeros((len(case.hours), len(case.hours)))
    at = case.elapsed
    since = at[None, :] - at[starts, None]
    used = np.interp(since.ravel(), ticks, energy).reshape(since.shape)
    profiles[starts] = np.diff(used, axis=1) / case.hours
    return profiles


def _lay_over_balance(draft: Draft, start: Indices, profiles: Floats) -> None:
    tree = draft.case.tree
    first, step = np.nonzero(profiles > POWER_TINY)
    power = profiles[first, step]
    for branch in range(tree.scenarios):
        balance = draft.grid.balance[branch * tree.steps + step]
        draft.program.put(balance, start[first], -power)


def run_long_enough(draft: Draft, appliance: FlexibleAppliance) -> None:
    """Switch an appliance on for its time in all, or pay for what is missing."""
    case, program, tree = draft.case, draft.program, draft.case.tree
    inside = steps_inside(case, appliance.earliest, appliance.done_by)
    hours = case.hours
    wanted = appliance.runtime_ms / HOUR_MS
    on = program.columns(
        f"{appliance.id} on",
        tree.steps,
        space=Space.STEP,
        upper=inside.astype(np.float64),
        kind=Kind.RUN,
        lengths=hours,
        amount=wanted,
    )
    cost = case.price(appliance.skip_micro) / max(wanted, 1e-9)
    missing = program.columns(f"{appliance.id} missing", 1, space=Space.ONCE, cost=cost)
    shortest = float(hours[inside].min()) if inside.any() else 0.0
    rows = program.rows(
        f"{appliance.id} runtime",
        1,
        space=Space.ONCE,
        lower=wanted,
        upper=wanted + max(0.0, shortest - 1e-6),
    )
    program.put(rows, on, hours)
    program.put(rows, missing, 1.0)
    draft.machines[appliance.id] = on
    power = -appliance.power_w / 1000
    program.put(draft.grid.balance, on[tree.leaf_step], power)


def add_generator(draft: Draft, generator: Generator) -> None:
    """Let a generator give power at its cost, and heat to its tank."""
    case = draft.case
    way = generator_way(case, generator)
    cost = case.price(generator.cost_micro_per_kwh)
    power = converting_columns(draft, f"{generator.id} power", way, cost)
    if not len(power):
        return
    draft.machines[generator.id] = power
    draft.supply_by_node(power, 1.0)
    warm_tank(draft, generator.id, generator.warms, [(power, way.heat)])


def generator_way(case: Case, generator: Generator) -> Converting:
    """Return a generator as a converter without a store."""
    steps = len(case.hours)
    return Converting(
        power_max=np.full(steps, generator.power_w_max / 1000),
        gain=np.ones(steps),
        power_min=generator.power_w_min / 1000,
        start_cost=case.price(generator.start_micro),
        heat=generator.heat_ppm / PPM,
        dwell=generator.dwell,
    )


def warm_tank(
    draft: Draft,
    source: AssetId,
    warms: AssetId | None,
    ways: list[tuple[Indices, float]],
) -> None:
    """Bring at most the waste heat of ``source`` into a tank; the rest is lost."""
    tank = draft.storages.get(warms) if warms is not None else None
    useful = [(power, share) for power, share in ways if share > 0 and len(power)]
    if tank is None or not useful:
        return
    case, program, tree = draft.case, draft.program, draft.case.tree
    heat = program.columns(f"{source} heat", tree.nodes, space=Space.NODE)
    rows = program.rows(f"{source} heat", tree.nodes, space=Space.NODE, upper=0.0)
    program.put(rows, heat, 1.0)
    for power, share in useful:
        program.put(rows, power, -share)
    draft.heat[source] = heat
    program.put(tank.recursion, heat, -case.hours[tree.node_step])
