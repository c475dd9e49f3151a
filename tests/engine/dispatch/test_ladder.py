"""Rung by rung down the ladder, by making something go wrong on each."""

from collections.abc import Callable
from dataclasses import replace
from math import inf, nan

from hypothesis import given, settings, strategies as st
import numpy as np
import pytest

from custom_components.commonwatt.engine.dispatch.checks import check, whole
from custom_components.commonwatt.engine.dispatch.home import (
    Autonomy,
    CapacityTariff,
    CycleAppliance,
    Flaw,
    FlawKind,
    FlexibleAppliance,
    Goal,
    HomeProblem,
    PlanReason,
    Rung,
    Scenario,
    Tank,
    Trip,
)
from custom_components.commonwatt.engine.dispatch.rule_day import plan_day_by_rule
from custom_components.commonwatt.engine.dispatch.solving import (
    Limits,
    Planner,
    planner as planner_module,
)
from custom_components.commonwatt.engine.dispatch.solving.highs import Highs, Point
from custom_components.commonwatt.engine.dispatch.solving.search import search
from custom_components.commonwatt.engine.model.period import HOUR_MS
from tests.engine.dispatch.planning import (
    BATTERY,
    CAR,
    POOL,
    TANK,
    WASHER,
    at,
    battery,
    car,
    home,
    homes,
    powers_w,
    with_expected,
)

EVENING = home(
    [30, 20, 40, 25], battery(1_000), feed_in_cent=8, load_w=[500, 500, 3_000, 500]
)


def switched() -> HomeProblem:
    """Return a home with decisions no rounding gets right."""
    pool = FlexibleAppliance(
        id=POOL, power_w=3_000, runtime_ms=HOUR_MS, earliest=at(0), done_by=at(4)
    )
    washer = CycleAppliance(
        id=WASHER,
        profile_w=(2_000,),
        profile_step_ms=HOUR_MS,
        earliest=at(0),
        done_by=at(4),
    )
    trip = Trip(leaves_at=at(4), returns_at=None, stored_wh_goal=5_000)
    base = home(
        [30, 20, 40, 25],
        battery(1_000),
        car(trip),
        feed_in_cent=8,
        load_w=[500, 500, 3_000, 500],
        limit_w=4_000,
    )
    capacity = CapacityTariff(price_micro_per_kw=1_000_000)
    grid = replace(base.grid, capacity=capacity)
    return replace(base, appliances=(pool, washer), grid=grid)


# ------------------------------------------------------------- rung 0: inputs


def test_what_is_no_number_is_unknown() -> None:
    assert whole([1.4, nan, None, inf, -2.6]) == (1, None, None, None, -3)


def test_a_gap_in_a_forecast_holds_the_last_value() -> None:
    gappy = with_expected(
        EVENING,
        Scenario(load_w=(None, 500, None, 700), production_w=(0, None, 0, 0)),
    )
    checked = check(gappy)
    assert checked is not None
    assert checked.load_w == ((500, 500, 500, 700),)
    assert checked.flaws == (Flaw(kind=FlawKind.FORECAST_GAP),)
    assert Planner().plan(gappy).rung is Rung.OPTIMAL


@pytest.mark.parametrize("length", [0, 1, 3, 9])
def test_a_forecast_of_another_length_is_mended(length: int) -> None:
    other = Scenario(load_w=(500,) * 4, production_w=(100,) * length)
    plan = Planner().plan(with_expected(EVENING, other))
    assert plan.rung is Rung.OPTIMAL
    assert (Flaw(kind=FlawKind.FORECAST_GAP) in plan.flaws) == (length < 4)


def test_prices_not_known_yet_are_those_of_the_day_before() -> None:
    problem = home([float(hour) for hour in range(24)] + [5.0] * 24)
    known = (*range(24), *[None] * 24)
    prices = replace(problem.grid.prices, import_micro_per_kwh=known)
    checked = check(replace(problem, grid=replace(problem.grid, prices=prices)))
    assert checked is not None
    assert checked.import_micro_per_kwh == (*range(24), *range(24))
    assert checked.flaws == (Flaw(kind=FlawKind.PRICE_GAP),)


@pytest.mark.parametrize("absurd", [10**12, -(10**12), 135_000_000])
def test_an_absurd_price_is_no_price(absurd: int) -> None:
    prices = replace(
        EVENING.grid.prices, import_micro_per_kwh=(300_000, absurd, 400_000, 250_000)
    )
    problem = replace(EVENING, grid=replace(EVENING.grid, prices=prices))
    checked = check(problem)
    assert checked is not None
    assert checked.import_micro_per_kwh[1] == 300_000


@pytest.mark.parametrize(
    "missing",
    [
        with_expected(EVENING, Scenario(load_w=(None,) * 4, production_w=(0,) * 4)),
        replace(
            EVENING,
            grid=replace(
                EVENING.grid,
                prices=replace(EVENING.grid.prices, import_micro_per_kwh=(None,) * 4),
            ),
        ),
        replace(
            EVENING,
            grid=replace(
                EVENING.grid,
                prices=replace(EVENING.grid.prices, import_micro_per_kwh=()),
            ),
        ),
    ],
)
def test_without_prices_or_any_idea_of_the_load_the_rule_decides(
    missing: HomeProblem,
) -> None:
    plan = Planner().plan(missing)
    assert (plan.rung, plan.reason) == (Rung.RULE, PlanReason.INPUT_MISSING)


def test_a_store_nobody_knows_the_content_of_is_left_alone() -> None:
    plan = Planner().plan(replace(EVENING, storages=(battery(None), car())))
    assert plan.rung is Rung.OPTIMAL
    assert plan.asset(BATTERY) is None
    assert plan.asset(CAR) is not None
    assert Flaw(kind=FlawKind.STORED_UNKNOWN, asset=BATTERY) in plan.flaws


@pytest.mark.parametrize("stored_wh", [-500, 4_001, 10**9])
def test_a_content_outside_its_limits_is_the_nearest_limit(stored_wh: int) -> None:
    plan = Planner().plan(replace(EVENING, storages=(battery(stored_wh),)))
    assert plan.rung is Rung.OPTIMAL
    assert plan.flaws == (Flaw(kind=FlawKind.STORED_OUTSIDE, asset=BATTERY),)


def test_a_car_that_does_not_come_back_is_not_counted_on() -> None:
    v2g = replace(
        car(Trip(leaves_at=at(1), returns_at=None), stored_wh=20_000),
        discharge_w_max=8_000,
    )
    plan = Planner().plan(replace(EVENING, storages=(v2g,)))
    assert plan.rung is Rung.OPTIMAL
    assert powers_w(plan, CAR)[1:] == [0, 0, 0]


def test_goals_that_contradict_each_other_are_missed_not_refused() -> None:
    torn = replace(
        battery(4_000),
        reserve_wh=4_000,
        goals=(Goal(at=at(1), stored_wh=0), Goal(at=at(1), stored_wh=99_000)),
    )
    leaving = car(
        Trip(
            leaves_at=at(0), returns_at=at(1), energy_wh=90_000, stored_wh_goal=90_000
        ),
        Trip(leaves_at=at(0.5), returns_at=at(2), stored_wh_goal=10_000),
    )
    problem = replace(
        EVENING,
        storages=(torn, leaving),
        keep_wh=10**6,
        autonomy=Autonomy(hours_ms=99 * HOUR_MS, critical_w=(9_999,) * 4),
        grid=replace(EVENING.grid, import_w_max=0, export_w_max=0),
    )
    assert Planner().plan(problem).rung is Rung.OPTIMAL


def test_an_appliance_without_time_to_run_is_left_out() -> None:
    washer = CycleAppliance(
        id=WASHER, profile_w=(2_000,) * 9, earliest=at(0), done_by=at(1)
    )
    plan = Planner().plan(replace(EVENING, appliances=(washer,)))
    assert plan.rung is Rung.OPTIMAL
    assert plan.flaws == (Flaw(kind=FlawKind.WINDOW_TOO_SHORT, asset=WASHER),)


def test_series_of_a_tank_that_do_not_fit_are_stretched() -> None:
    tank = Tank(
        id=TANK,
        stored_wh=0,
        capacity_wh=5_000,
        power_w_max=2_000,
        cop_ppm=(3_000_000,),
        draw_w=(),
    )
    plan = Planner().plan(replace(EVENING, storages=(tank,)))
    assert plan.rung is Rung.OPTIMAL
    assert plan.flaws == (Flaw(kind=FlawKind.SERIES_LENGTH, asset=TANK),)


# ------------------------------------------------------ rungs of the search


def test_without_time_to_search_decisions_are_rounded() -> None:
    plan = Planner(Limits(seconds=0.0, gap=0.0)).plan(switched())
    assert (plan.rung, plan.reason) == (Rung.ROUNDED, PlanReason.TIME_LIMIT)
    assert plan.gap_ppm is not None
    best = Planner(Limits(seconds=20.0, gap=0.0)).plan(switched())
    assert best.rung is Rung.OPTIMAL
    assert best.cost_nano <= plan.cost_nano <= best.cost_nano * 1.6


def test_rounding_that_fails_falls_back_to_what_always_works() -> None:
    """An island without energy: the programme that has to run somewhere cannot."""
    island = replace(
        switched(),
        storages=(),
        grid=replace(EVENING.grid, import_w_max=0, export_w_max=0),
    )
    plan = Planner(Limits(seconds=0.0, gap=0.0)).plan(island)
    assert plan.rung in {Rung.ROUNDED, Rung.OPTIMAL}
    assert powers_w(plan, WASHER) == [0, 0, 0, 0]


type Run = Callable[..., Point | None]


@pytest.fixture
def highs_runs(monkeypatch: pytest.MonkeyPatch) -> Callable[[Run], None]:
    """Let HiGHS run as a test says."""

    def script(run: Run) -> None:
        monkeypatch.setattr(Highs, "run", run)

    return script


def test_a_solver_that_finds_nothing_leaves_the_rule(
    highs_runs: Callable[[Run], None],
) -> None:
    highs_runs(lambda *_, **__: None)
    plan = Planner().plan(EVENING)
    assert (plan.rung, plan.reason) == (Rung.RULE, PlanReason.SOLVER_ERROR)


def test_a_solver_that_raises_leaves_the_last_good_plan(
    highs_runs: Callable[[Run], None],
) -> None:
    def explode(*_: object, **__: object) -> None:
        raise RuntimeError("basis of doom")

    working = Planner()
    first = working.plan(EVENING)
    highs_runs(explode)
    later = replace(EVENING, horizon=replace(EVENING.horizon, start=at(1)))
    plan = working.plan(later)
    assert (plan.rung, plan.reason) == (Rung.PREVIOUS, PlanReason.SOLVER_ERROR)
    assert plan.net_export_w == first.net_export_w[1:]
    assert plan.horizon.boundaries == first.horizon.boundaries[1:]
    stale = replace(EVENING, horizon=replace(EVENING.horizon, start=at(5)))
    assert working.plan(stale).rung is Rung.RULE


@pytest.mark.parametrize(
    "garbage",
    [
        lambda x: x * np.nan,
        lambda x: x * 0.0 + 7.0,
        lambda x: x + 1.0,
        lambda x: -x,
        lambda x: x[::-1].copy(),
    ],
)
def test_garbage_is_recognised_and_not_used(
    garbage: Callable[[np.ndarray], np.ndarray], highs_runs: Callable[[Run], None]
) -> None:
    honest = Highs.run

    def lie(self: Highs, *, seconds: float, gap: float = 0.0) -> Point | None:
        point = honest(self, seconds=seconds, gap=gap)
        return None if point is None else replace(point, x=garbage(point.x))

    highs_runs(lie)
    plan = Planner().plan(EVENING)
    assert plan.rung is Rung.RULE
    assert plan.reason in {PlanReason.IMPLAUSIBLE, PlanReason.SOLVER_ERROR}


def test_a_memory_that_misleads_the_solver_is_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    working = Planner()
    working.plan(EVENING)

    honest = search

    def only_fresh(model: object, limits: Limits, memory: object = None) -> object:
        if memory is not None:
            raise RuntimeError("stuck at an old basis")
        return honest(model, limits)  # type: ignore[arg-type]  # passed through

    monkeypatch.setattr(planner_module, "search", only_fresh)
    assert working.plan(EVENING).rung is Rung.OPTIMAL


@pytest.mark.parametrize("price", [-3.0, -0.5, 0.0])
def test_on_a_day_with_negative_prices_nothing_goes_both_ways(price: float) -> None:
    """Paid to import: burning energy in a battery would pay, if it were possible."""
    v2g = replace(
        car(Trip(leaves_at=at(6), returns_at=None), stored_wh=10_000),
        discharge_w_max=8_000,
    )
    lossy = replace(battery(2_000), charge_ppm=900_000, discharge_ppm=900_000)
    problem = home(
        [20, price, price, price, price, 20],
        lossy,
        v2g,
        feed_in_cent=[5, price - 2, price - 2, price + 2, price, 5],
        load_w=500,
        production_w=[0, 3_000, 4_000, 3_000, 0, 0],
    )
    plan = Planner(Limits(seconds=20)).plan(problem)
    assert plan.rung is Rung.OPTIMAL, plan.reason
    stored = plan.asset(BATTERY)
    assert stored is not None
    energy = 2_000.0
    for power_w, stored_wh in zip(stored.power_w, stored.stored_wh, strict=True):
        energy += -power_w * 0.9 if power_w < 0 else -power_w / 0.9
        assert stored_wh == pytest.approx(energy, abs=2)


# ------------------------------------------------------------- the last rungs


@settings(max_examples=80, deadline=None)
@given(problem=homes(), reason=st.sampled_from(PlanReason))
def test_the_rule_has_a_plan_for_every_home(
    problem: HomeProblem, reason: PlanReason
) -> None:
    plan = plan_day_by_rule(problem, reason=reason)
    capacities = {storage.id: storage.capacity_wh for storage in problem.storages}
    assert len(plan.net_export_w) == len(problem.horizon)
    for asset in plan.assets:
        assert len(asset.power_w) == len(problem.horizon)
        assert all(0 <= e <= capacities[asset.asset] for e in asset.stored_wh)
    expected = problem.scenarios[0]
    for step, net_w in enumerate(plan.net_export_w):
        produced, load = expected.production_w[step], expected.load_w[step]
        assert produced is not None
        assert load is not None
        assert net_w == produced - load + sum(a.power_w[step] for a in plan.assets)
