"""What is left at the end is worth what plans said of that time of day."""

from dataclasses import replace

import pytest

from custom_components.commonwatt.engine.dispatch.home import (
    Battery,
    HomePlan,
    HomeProblem,
    Horizon,
    Worth,
)
from custom_components.commonwatt.engine.dispatch.solving import Planner
from custom_components.commonwatt.engine.dispatch.solving.end_values import EndValues
from custom_components.commonwatt.engine.model.period import HOUR_MS, Instant
from tests.engine.dispatch.planning import BATTERY, START, battery, home

OPEN = replace(battery(2_000), worth=None)


def two_days(store: Battery = OPEN) -> HomeProblem:
    """Return a home at 30 cents, whose battery is worth nothing but what it saves."""
    return home([30] * 48, store, load_w=500)


def said(problem: HomeProblem, micro: int, *, later_h: int = 0) -> HomePlan:
    """Return a plan that says a kWh is worth so much at any time."""
    plan = Planner().plan(problem)
    horizon = Horizon.uniform(
        Instant(START + later_h * HOUR_MS), step_ms=HOUR_MS, count=48
    )
    assets = tuple(
        replace(asset, value_micro_per_kwh=(micro,) * 48) for asset in plan.assets
    )
    return replace(plan, horizon=horizon, assets=assets)


def worth(ends: EndValues, problem: HomeProblem) -> tuple[Worth, ...] | None:
    """Return what the battery's end is worth to the next plan."""
    (store,) = ends.put_into(problem).storages
    assert isinstance(store, Battery)
    return store.worth


def price(ends: EndValues) -> int:
    """Return the same for a kWh in the lower half."""
    known = worth(ends, two_days())
    assert known is not None
    return known[0].price_micro_per_kwh


def test_a_first_plan_estimates_the_end_from_prices() -> None:
    assert worth(EndValues(), two_days()) is None


def test_the_next_plan_knows_what_a_kwh_was_worth_a_day_before_its_end() -> None:
    ends = EndValues()
    ends.learn(two_days(), said(two_days(), 200_000))
    assert worth(ends, two_days()) == (
        Worth(energy_wh=2_000, price_micro_per_kwh=200_000),
        Worth(energy_wh=2_000, price_micro_per_kwh=160_000),
    )


def test_one_plan_changes_that_slowly() -> None:
    ends = EndValues()
    ends.learn(two_days(), said(two_days(), 200_000))
    ends.learn(two_days(), said(two_days(), 100_000))
    assert price(ends) == 200_000
    ends.learn(two_days(), said(two_days(), 100_000, later_h=12))
    assert price(ends) == pytest.approx(100_000 + 100_000 / 2.71828, rel=1e-3)


def test_nothing_is_worth_more_than_the_dearest_import() -> None:
    ends = EndValues()
    ends.learn(two_days(), said(two_days(), 9_000_000))
    assert price(ends) == 300_000


def test_what_the_owner_says_a_kwh_is_worth_stays() -> None:
    fixed = replace(OPEN, worth=(Worth(energy_wh=1_000, price_micro_per_kwh=7),))
    ends = EndValues()
    ends.learn(two_days(), said(two_days(), 200_000))
    assert worth(ends, two_days(fixed)) == fixed.worth


def test_planning_twice_at_the_same_time_gives_the_same_plan() -> None:
    planner = Planner()
    first, again = planner.plan(two_days()), planner.plan(two_days())
    third = planner.plan(two_days())
    assert again == third
    assert first.asset(BATTERY) is not None


def test_a_horizon_of_less_than_a_day_teaches_nothing() -> None:
    short = home([30] * 6, OPEN, load_w=500)
    ends = EndValues()
    ends.learn(short, Planner().plan(short))
    assert worth(ends, short) is None
