"""What holds for the plan of every home, sensible or not."""

from itertools import pairwise

from hypothesis import assume, given, settings
import pytest

from custom_components.commonwatt.engine.dispatch.checks import check
from custom_components.commonwatt.engine.dispatch.home import (
    HomeProblem,
    Horizon,
    Rung,
)
from custom_components.commonwatt.engine.dispatch.linear import (
    Exclusions,
    case_of,
    model_of,
)
from custom_components.commonwatt.engine.dispatch.linear.grid import TIE_PER_STEP
from custom_components.commonwatt.engine.dispatch.resimulation import recompute
from custom_components.commonwatt.engine.dispatch.solving import Limits, Planner
from custom_components.commonwatt.engine.dispatch.solving.extraction import (
    actions_of,
    cheats,
)
from custom_components.commonwatt.engine.dispatch.solving.search import search
from custom_components.commonwatt.engine.dispatch.solving.warm import Memory
from custom_components.commonwatt.engine.model.period import (
    HOUR_MS,
    MINUTE_MS,
    PERIOD_MS,
    Instant,
)
from tests.engine.dispatch.planning import SOLVING, START, homes

MANY = settings(parent=SOLVING, max_examples=40)
SOME = settings(parent=SOLVING, max_examples=20)
QUICK = Limits(seconds=0.5, gap=1e-3)
SOLVED = {Rung.OPTIMAL, Rung.FEASIBLE, Rung.ROUNDED}


@MANY
@given(problem=homes())
def test_every_home_has_a_plan_from_the_solver(problem: HomeProblem) -> None:
    plan = Planner(QUICK).plan(problem)
    assert plan.rung in SOLVED, plan.reason
    assert plan.horizon == problem.horizon


@SOME
@given(problem=homes(scenarios_max=3))
def test_every_home_has_a_plan_for_several_scenarios(problem: HomeProblem) -> None:
    plan = Planner(QUICK).plan(problem)
    assert plan.rung in SOLVED, plan.reason


@MANY
@given(problem=homes())
def test_energy_is_neither_made_nor_lost(problem: HomeProblem) -> None:
    plan = Planner(QUICK).plan(problem)
    expected = problem.scenarios[0]
    for step, net_w in enumerate(plan.net_export_w):
        produced, load = expected.production_w[step], expected.load_w[step]
        assert produced is not None
        assert load is not None
        given_w = sum(asset.power_w[step] for asset in plan.assets)
        assert net_w == produced - plan.curtailed_w[step] - load + given_w


@MANY
@given(problem=homes(traded=False))
def test_the_solver_counts_what_recomputing_counts(problem: HomeProblem) -> None:
    """Two independent accounts of the same plan: the objective, and the simulation."""
    checked = check(problem)
    assert checked is not None
    case = case_of(checked)
    exclusions = Exclusions.needed(case)
    model = model_of(case, exclusions)
    found = search(model, QUICK)
    assert found is not None
    if cheats(model, found.point.x).any:
        model = model_of(case, Exclusions.everywhere(case))
        found = search(model, QUICK)
        assert found is not None
    x = found.point.x
    tree = case.tree
    ties = TIE_PER_STEP * x[model.grid.buy] * tree.leaf_step @ case.hours
    # When to do without, once that cannot be helped, is nobody's plan.
    assume(all(x[store.rescue].sum() < 0.001 for store in model.storages.values()))
    result = recompute(case, actions_of(model, x))
    assert result.violations == ()
    watts = 0.001 * (1 + len(model.storages) + len(model.machines))
    penalties = 120 * case.scale * watts * float(case.hours.sum()) + 0.02
    assert result.cost == pytest.approx(found.point.objective - ties, abs=penalties)


@SOME
@given(problem=homes())
def test_the_same_home_gets_the_same_plan(problem: HomeProblem) -> None:
    """Unless the clock has a say in it: a search that was stopped is no promise."""
    patient = Limits(seconds=5, gap=1e-3)
    first, second = Planner(patient).plan(problem), Planner(patient).plan(problem)
    assume(first.rung is Rung.OPTIMAL is second.rung)
    assert first == second


@SOME
@given(problem=homes(traded=False))
def test_planning_again_costs_no_more(problem: HomeProblem) -> None:
    planner = Planner(QUICK)
    first, again = planner.plan(problem), planner.plan(problem)
    assert {first.rung, again.rung} <= SOLVED
    tolerance = 20_000_000 + abs(first.cost_nano) // 400
    assert again.cost_nano <= first.cost_nano + tolerance


@SOME
@given(problem=homes(traded=False))
def test_a_memory_never_misleads_the_solver(problem: HomeProblem) -> None:
    checked = check(problem)
    assert checked is not None
    case = case_of(checked)
    model = model_of(case, Exclusions.everywhere(case))
    found = search(model, QUICK)
    assert found is not None
    memory = Memory(model=model, basis=found.basis, x=found.point.x)
    again = search(model, QUICK, memory)
    assert again is not None
    tolerance = QUICK.gap * abs(found.point.objective) + 1e-6
    assert again.point.objective <= found.point.objective + tolerance


@pytest.mark.parametrize("later_ms", [0, 1, 7 * MINUTE_MS, 43 * MINUTE_MS])
def test_a_rolling_horizon_keeps_to_the_clock(later_ms: int) -> None:
    now = Instant(START + later_ms)
    horizon = Horizon.rolling(now)
    assert horizon.start <= now < horizon.start + 5 * MINUTE_MS
    assert horizon.end >= horizon.start + 48 * HOUR_MS
    for start, end in pairwise(horizon.boundaries):
        length = end - start
        assert length in {5 * MINUTE_MS, PERIOD_MS, HOUR_MS}
        assert start % length == 0
