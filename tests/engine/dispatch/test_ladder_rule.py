"""The last rung of the ladder: a rule that has a plan for every home."""

from dataclasses import replace

from custom_components.commonwatt.engine.dispatch.fallback import fall_back
from custom_components.commonwatt.engine.dispatch.home import (
    Battery,
    CycleAppliance,
    HomePlan,
    HomeProblem,
    PlanReason,
    Rung,
    Scenario,
    Tank,
    Trip,
)
from custom_components.commonwatt.engine.dispatch.rule_day import plan_day_by_rule
from custom_components.commonwatt.engine.dispatch.solving import (
    Planner,
)
from custom_components.commonwatt.engine.model.period import HOUR_MS
from tests.engine.dispatch.planning import (
    BATTERY,
    CAR,
    TANK,
    WASHER,
    at,
    battery,
    car,
    home,
    powers_w,
)
from tests.engine.dispatch.test_ladder import EVENING


def rule(problem: HomeProblem) -> HomePlan:
    """Return what the rule does."""
    return plan_day_by_rule(problem, reason=PlanReason.SOLVER_MISSING)


def test_by_the_rule_a_battery_follows_the_load() -> None:
    problem = home(
        [30, 30, 30], battery(), load_w=[0, 3_000, 3_000], production_w=[5_000, 0, 0]
    )
    assert powers_w(rule(problem), BATTERY) == [-4_000, 3_000, 1_000]


def test_by_the_rule_a_reserve_is_kept() -> None:
    careful = replace(battery(2_000), reserve_wh=1_500)
    assert powers_w(rule(home([30], careful, load_w=3_000)), BATTERY) == [500]


def test_by_the_rule_a_car_starts_as_late_as_it_safely_can() -> None:
    trip = Trip(leaves_at=at(4), returns_at=None, stored_wh_goal=8_000)
    problem = home([1, 1, 1, 1, 1], car(trip))
    assert powers_w(rule(problem), CAR) == [0, 0, -8_000, 0, 0]


def test_by_the_rule_a_programme_starts_as_soon_as_it_may() -> None:
    washer = CycleAppliance(
        id=WASHER,
        profile_w=(2_000, 1_000),
        profile_step_ms=HOUR_MS,
        earliest=at(1),
        done_by=at(4),
    )
    problem = replace(home([1, 1, 1, 1]), appliances=(washer,))
    assert powers_w(rule(problem), WASHER) == [0, -2_000, -1_000, 0]


def test_by_the_rule_water_is_warm() -> None:
    tank = Tank(
        id=TANK,
        stored_wh=0,
        capacity_wh=4_000,
        power_w_max=1_000,
        cop_ppm=(3_000_000,) * 3,
        draw_w=(0, 0, 3_000),
    )
    assert powers_w(rule(home([1, 1, 1], tank)), TANK) == [-1_000, 0, -1_000]


def test_a_plan_for_other_devices_is_no_plan() -> None:
    last = Planner().plan(EVENING)
    without = replace(EVENING, storages=())
    assert fall_back(without, last, PlanReason.WORKER_DIED).rung is Rung.RULE
    assert fall_back(EVENING, last, PlanReason.WORKER_DIED).rung is Rung.PREVIOUS


def test_everything_that_can_be_unknown_at_once() -> None:
    nothing = Battery(
        id=BATTERY,
        stored_wh=None,
        capacity_wh=0,
        charge_w_max=0,
        discharge_w_max=0,
    )
    problem = replace(
        EVENING,
        storages=(nothing, car(stored_wh=None)),
        scenarios=(Scenario(load_w=(None, 1), production_w=()),),
    )
    assert Planner().plan(problem).rung is Rung.OPTIMAL
