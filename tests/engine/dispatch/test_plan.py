"""Plans by rule, and steering towards what was traded."""

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.commonwatt.engine.dispatch import (
    AssetId,
    ChargingPoint,
    Generator,
    Problem,
    Store,
    plan_by_rule,
    steer,
)
from custom_components.commonwatt.engine.model.period import PERIOD_MS
from tests.engine.dispatch.homes import (
    BATTERY,
    CAR,
    ENGINE,
    car,
    outlook,
    problems,
    store,
)


def test_a_sale_beyond_the_surplus_comes_from_the_battery() -> None:
    problem = Problem(
        outlooks=(outlook(load_wh=200, production_wh=300),), stores=(store(5_000),)
    )

    assert steer(plan_by_rule(problem), 500) == {BATTERY: 400}


def test_what_is_not_sold_goes_into_the_battery() -> None:
    problem = Problem(outlooks=(outlook(production_wh=900),), stores=(store(5_000),))

    assert steer(plan_by_rule(problem), 300) == {BATTERY: -600}


def test_the_cheapest_asset_gives_first() -> None:
    engine = Generator(id=ENGINE, power_w_max=2_000, cost_micro_per_kwh=100_000)
    problem = Problem(
        outlooks=(outlook(),), stores=(store(5_000),), generators=(engine,)
    )

    assert steer(plan_by_rule(problem), 800) == {ENGINE: 500, BATTERY: 300}


def test_the_asset_that_values_energy_most_takes_first() -> None:
    problem = Problem(
        outlooks=(outlook(),),
        stores=(store(9_000),),
        cars=(car(8_000, periods=9),),
    )

    assert steer(plan_by_rule(problem), -2_500) == {CAR: -2_000, BATTERY: -500}


def test_a_car_that_can_wait_waits() -> None:
    problem = Problem(outlooks=(outlook(),), cars=(car(8_000, periods=20),))

    assert steer(plan_by_rule(problem), 0) == {CAR: 0}


def test_a_car_that_cannot_wait_charges_whatever_was_traded() -> None:
    problem = Problem(outlooks=(outlook(),), cars=(car(7_000, periods=4),))

    assert steer(plan_by_rule(problem), 0) == {CAR: -2_000}


def test_a_car_gone_before_the_period_ends_takes_what_it_can() -> None:
    problem = Problem(outlooks=(outlook(),), cars=(car(900, periods=1),))

    assert steer(plan_by_rule(problem), 0) == {CAR: -900}


@settings(max_examples=200, deadline=None)
@given(problem=problems(), target_wh=st.integers(-20_000, 20_000))
def test_steering_comes_as_close_as_the_devices_can(
    problem: Problem, target_wh: int
) -> None:
    plan = plan_by_rule(problem)
    energies = steer(plan, target_wh)
    reached_wh = plan.net_wh + sum(energies.values())
    highest = plan.fixed_wh + sum(max(b.energy_wh, 0) for b in plan.blocks)
    lowest = plan.fixed_wh + sum(min(b.energy_wh, 0) for b in plan.blocks)

    assert reached_wh == min(max(target_wh, lowest), highest)


@settings(max_examples=200, deadline=None)
@given(
    problem=problems(),
    net_w=st.integers(-20_000, 20_000),
    left_ms=st.integers(1, PERIOD_MS),
)
def test_the_rest_of_a_plan_needs_no_more_power_of_any_device(
    problem: Problem, net_w: int, left_ms: int
) -> None:
    plan = plan_by_rule(problem)
    rest = plan.rest(net_w=net_w, left_ms=left_ms)

    for whole, part in zip(plan.blocks, rest.blocks, strict=True):
        assert abs(part.energy_wh) * PERIOD_MS <= abs(whole.energy_wh) * left_ms
        assert part.energy_wh * whole.energy_wh >= 0


@pytest.mark.parametrize("efficiency_ppm", [0, 1_000_001])
def test_a_store_that_gains_energy_or_swallows_it_is_refused(
    efficiency_ppm: int,
) -> None:
    with pytest.raises(ValueError, match="efficiency"):
        Store(
            id=AssetId("odd"),
            capacity_wh=1,
            charge_w_max=1,
            discharge_w_max=1,
            efficiency_ppm=efficiency_ppm,
        )


def test_a_store_of_negative_size_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        Store(id=AssetId("odd"), capacity_wh=-1, charge_w_max=1, discharge_w_max=1)


def test_a_plan_needs_a_period() -> None:
    with pytest.raises(ValueError, match="period"):
        Problem(outlooks=())


def test_a_charging_point_starts_without_wishes() -> None:
    assert ChargingPoint(id=CAR).needed_wh is None
