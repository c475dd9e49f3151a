"""Machines that run at a least power or not at all, and dislike being switched."""

from typing import Final

import numpy as np

from ...model.period import HOUR_MS
from .case import TINY_HOURS, Case
from .draft import Draft
from .program import Indices, Kind, Mask, Space, Stays
from .rows import Converting

EARLY_PRICES: Final = 20.0
"""Switching off what should have stayed on costs that many kWh at the highest price: a
machine that stands in a full tank has to."""

_NONE: Final = np.empty(0, dtype=np.int32)


def converting_columns(
    draft: Draft, name: str, way: Converting, wear: float
) -> Indices:
    """Add the power of one converter for every node, off or at its least and more."""
    if not way.possible:
        return _NONE
    case, program, tree = draft.case, draft.program, draft.case.tree
    step = tree.node_step
    semi = way.power_min > 0 and not way.switched
    least = np.where(way.power_max[step] >= way.power_min, way.power_min, 0.0)
    least[tree.steps :] = 0.0
    power = program.columns(
        name,
        tree.nodes,
        space=Space.NODE,
        lower=least if semi else 0.0,
        upper=way.power_max[step],
        cost=wear * tree.node_weight * case.hours[step],
        kind=Kind.SEMI if semi else Kind.CONTINUOUS,
    )
    if way.switched:
        switch_machine(draft, name, power, way)
    return power


def switch_machine(draft: Draft, name: str, power: Indices, way: Converting) -> None:
    """Switch a machine on and off, between its limits, and pay for each start."""
    program, tree = draft.program, draft.case.tree
    steps = np.arange(tree.steps, dtype=np.int32)
    on = draft.switches(f"{name} on", steps, _stays(draft.case, way))
    start = program.columns(
        f"{name} start", tree.steps, space=Space.STEP, upper=1.0, cost=way.start_cost
    )
    most = program.rows(f"{name} most", tree.nodes, space=Space.NODE, upper=0.0)
    program.put(most, power, 1.0)
    program.put(most, on[tree.node_step], -way.power_max[tree.node_step])
    least = program.rows(f"{name} least", tree.nodes, space=Space.NODE, lower=0.0)
    program.put(least, power, 1.0)
    program.put(least, on[tree.node_step], -way.power_min)
    before = 1.0 if runs_now(way) else 0.0
    lower = np.where(steps == 0, -before, 0.0)
    rises = program.rows(f"{name} rises", tree.steps, space=Space.STEP, lower=lower)
    program.put(rises, start, 1.0)
    program.put(rises, on, -1.0)
    program.put(rises[1:], on[:-1], 1.0)
    if way.power_min > 0:
        stay_on(draft, name, on, start, way)
        stay_off(draft, name, on, start, way)


def stay_on(
    draft: Draft, name: str, on: Indices, start: Indices, way: Converting
) -> None:
    """Keep a machine on for its time after a start: starts within it <= on.

    A start before the horizon counts, too, but may be broken off at a price.
    """
    case, program = draft.case, draft.program
    least = way.dwell.on_ms_min / HOUR_MS
    if least > 0:
        rows = program.rows(f"{name} stays on", len(on), space=Space.STEP, lower=0.0)
        program.put(rows, on, 1.0)
        later, earlier = np.nonzero(_within(case, least))
        program.put(rows[later], start[earlier], -1.0)
    owed = owed_steps(case, way)
    if runs_now(way) and owed.any():
        early = program.columns(
            f"{name} early", 1, space=Space.ONCE, cost=EARLY_PRICES * case.scale
        )
        held = on[owed]
        rows = program.rows(f"{name} goes on", len(held), space=Space.ONCE, lower=1.0)
        program.put(rows, held, 1.0)
        program.put(rows, early, 1.0)


def stay_off(
    draft: Draft, name: str, on: Indices, start: Indices, way: Converting
) -> None:
    """Keep a machine off for its time: at most one start in it, none if it was on.

    Source of both rows: D. Rajan and S. Takriti, "Minimum up/down polytopes of the unit
    commitment problem with start-up costs", IBM research report RC23628 (2005).
    """
    case, program = draft.case, draft.program
    least = way.dwell.off_ms_min / HOUR_MS
    if least > 0:
        within = _within(case, least)
        first = within.argmax(axis=1)
        before = first > 0
        was_on = np.where(before, 0.0, 1.0 if runs_now(way) else 0.0)
        rows = program.rows(
            f"{name} stays off", len(on), space=Space.STEP, upper=1.0 - was_on
        )
        later, earlier = np.nonzero(within)
        program.put(rows[later], start[earlier], 1.0)
        program.put(rows[before], on[first[before] - 1], 1.0)
    owed = owed_steps(case, way)
    if not runs_now(way) and owed.any():
        held = on[owed]
        rows = program.rows(f"{name} rests", len(held), space=Space.ONCE, upper=0.0)
        program.put(rows, held, 1.0)


def runs_now(way: Converting) -> bool:
    """Tell whether a machine is known to be on as the horizon begins."""
    return way.dwell.is_on


def owed_steps(case: Case, way: Converting) -> Mask:
    """Return the steps in which a machine has to stay as it is now."""
    return case.elapsed[:-1] < way.dwell.owed_ms / HOUR_MS - TINY_HOURS


def _stays(case: Case, way: Converting) -> Stays | None:
    if way.power_min <= 0:
        return None
    return Stays(
        lengths=case.hours,
        on=way.dwell.on_ms_min / HOUR_MS,
        off=way.dwell.off_ms_min / HOUR_MS,
        is_on=runs_now(way),
        owed=way.dwell.owed_ms / HOUR_MS,
    )


def _within(case: Case, hours: float) -> Mask:
    """Return [later, earlier]: whether less than ``hours`` lie between two steps."""
    at = case.elapsed[:-1]
    since = at[:, None] - at[None, :]
    return (since >= -TINY_HOURS) & (since < hours - TINY_HOURS)
