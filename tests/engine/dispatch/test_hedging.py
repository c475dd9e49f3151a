"""A battery that does not bet on one forecast."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.commonwatt.engine.dispatch.home import (
    AssetPlan,
    Autonomy,
    CapacityTariff,
    HomePlan,
    HomeProblem,
    Scenario,
    Tranche,
    Worth,
)
from custom_components.commonwatt.engine.dispatch.resimulation import (
    Actions,
    recompute,
)
from custom_components.commonwatt.engine.dispatch.solving import Limits, Planner
from custom_components.commonwatt.engine.model.order import Side
from custom_components.commonwatt.engine.model.period import (
    HOUR_MS,
    PERIOD_MS,
    DeliveryPeriod,
)
from tests.engine.dispatch.planning import (
    BATTERY,
    SOLVING,
    START,
    battery,
    case,
    home,
    homes,
)

CHEAP_NIGHT = [10, 10, 30, 30, 30, 30]
"""Cents; the sun may shine in the last two hours."""


def planned(problem: HomeProblem) -> HomePlan:
    """Return an exact plan."""
    return Planner(Limits(gap=0.0)).plan(problem)


def of_battery(plan: HomePlan) -> AssetPlan:
    """Return the battery's part."""
    found = plan.asset(BATTERY)
    assert found is not None
    return found


def unsure(
    *scenarios: Scenario, chances: tuple[int, ...] = (), step_ms: int = HOUR_MS
) -> HomeProblem:
    """Return a home that needs 2 kW in the last two steps, in several scenarios."""
    problem = home(
        CHEAP_NIGHT, battery(), load_w=[0, 0, 0, 0, 2_000, 2_000], step_ms=step_ms
    )
    weighted = [
        replace(scenario, weight_ppm=chance)
        for scenario, chance in zip(scenarios, chances, strict=False)
    ]
    return replace(problem, scenarios=tuple(weighted) or scenarios)


def day(sun_w: int) -> Scenario:
    """Return a scenario in which the sun gives so much when it is needed."""
    return Scenario(
        load_w=(0, 0, 0, 0, 2_000, 2_000), production_w=(0, 0, 0, 0, sun_w, sun_w)
    )


def test_one_scenario_leaves_nothing_to_hedge() -> None:
    assert of_battery(planned(unsure(day(0)))).values_micro_per_kwh == ()


def test_scenarios_that_agree_cost_what_one_costs() -> None:
    for sun_w in (0, 1_000, 3_000):
        alone, hedged = (
            planned(unsure(day(sun_w))),
            planned(unsure(day(sun_w), day(sun_w))),
        )
        assert of_battery(hedged).values_micro_per_kwh
        assert hedged.cost_nano == pytest.approx(alone.cost_nano, abs=2_000_000)


def test_a_night_is_bought_for_as_far_as_the_day_is_likely_to_need_it() -> None:
    """A kWh for 10 cents saves 30 on a dark day, and nothing on a bright one."""
    for chance, bought in ((500_000, True), (200_000, False)):
        problem = unsure(day(4_000), day(0), chances=(1_000_000 - chance, chance))
        night_w = of_battery(planned(problem)).power_w[:2]
        assert (sum(night_w) < -1_000) is bought


def test_a_bright_expectation_alone_would_buy_nothing() -> None:
    assert sum(of_battery(planned(unsure(day(4_000)))).power_w[:2]) == 0


def test_values_fall_from_empty_to_full() -> None:
    problem = unsure(day(4_000), day(1_000), day(0))
    for values in of_battery(planned(problem)).values_micro_per_kwh:
        assert all(a >= b - 1 for a, b in pairwise(values))


def test_a_price_on_the_peak_is_left_to_the_optimiser() -> None:
    problem = unsure(day(4_000), day(0))
    tariff = CapacityTariff(price_micro_per_kw=1_000_000)
    peaky = replace(problem, grid=replace(problem.grid, capacity=tariff))
    assert of_battery(planned(peaky)).values_micro_per_kwh == ()


def among_neighbours(
    *scenarios: Scenario, offers: tuple[tuple[int, Side, int, int], ...] = ()
) -> HomeProblem:
    """Return such a home in quarters of an hour; an offer is of one of them.

    Its number, our side, cents and Wh.
    """
    problem = unsure(*scenarios, step_ms=PERIOD_MS)
    first = DeliveryPeriod.containing(START)
    tranches = tuple(
        Tranche(
            period=first.next(step),
            side=side,
            price_micro_per_kwh=cents * 10_000,
            energy_wh=energy_wh,
        )
        for step, side, cents, energy_wh in offers
    )
    return replace(problem, grid=replace(problem.grid, tranches=tranches))


@pytest.mark.parametrize("sun_w", [0, 1_000, 3_000])
def test_with_neighbours_scenarios_that_agree_cost_what_one_costs(sun_w: int) -> None:
    # In hundreds of Wh, the parts in which a hedge looks at this battery.
    offers = (
        (0, Side.BUY, 4, 300),
        (3, Side.BUY, 8, 200),
        (2, Side.SELL, 28, 400),
        (5, Side.SELL, 27, 200),
    )
    alone = planned(among_neighbours(day(sun_w), offers=offers))
    hedged = planned(among_neighbours(day(sun_w), day(sun_w), offers=offers))
    without = planned(among_neighbours(day(sun_w), day(sun_w)))

    assert of_battery(hedged).values_micro_per_kwh
    assert hedged.cost_nano == pytest.approx(alone.cost_nano, abs=2_000_000)
    assert hedged.cost_nano < without.cost_nano


def test_what_neighbours_will_sell_cheaply_is_not_bought_at_night() -> None:
    alone, together = (
        of_battery(planned(among_neighbours(day(4_000), day(0), offers=offers)))
        for offers in ((), ((3, Side.BUY, 1, 800),))
    )

    assert alone.values_micro_per_kwh[1][0] > together.values_micro_per_kwh[1][0]
    assert sum(alone.power_w[:2]) < sum(together.power_w[:2])


def test_an_offer_for_a_part_of_a_step_is_of_use_for_that_part() -> None:
    """A quarter of what is bought in an hour can be bought in a quarter of it."""
    problem = unsure(day(0), day(0))
    cheap = Tranche(
        period=DeliveryPeriod.containing(START),
        side=Side.BUY,
        price_micro_per_kwh=20_000,
        energy_wh=700,
    )
    near = planned(replace(problem, grid=replace(problem.grid, tranches=(cheap,))))

    # 2.8 kW for an hour, a quarter of it for 2 cents, and the rest of 4 kWh for 10.
    assert near.cost_nano == pytest.approx(0.7 * 20e6 + 3.3 * 100e6)


def test_where_trading_in_circles_would_pay_the_optimiser_decides() -> None:
    problem = among_neighbours(day(4_000), day(0), offers=((1, Side.SELL, 90, 500),))
    assert of_battery(planned(problem)).values_micro_per_kwh == ()


def test_hours_without_the_grid_are_worth_keeping_energy_for() -> None:
    problem = unsure(day(0), day(0))
    storing = replace(battery(4_000), worth=())
    careless = replace(problem, storages=(storing,))
    critical = (1_000,) * 6
    # The loads are met anyway: what counts is what the last kWh is worth.
    careful = replace(
        careless,
        autonomy=Autonomy(
            hours_ms=3 * HOUR_MS, critical_w=critical, outages_ppm_per_hour=50_000
        ),
    )
    first, second = (
        of_battery(planned(p)).values_micro_per_kwh[0][10] for p in (careless, careful)
    )
    assert second > first


@settings(parent=SOLVING, max_examples=25)
@given(problem=homes(scenarios_max=3), chance=st.integers(1, 999_999))
def test_a_hedged_plan_stands_up_to_recomputing_it(
    problem: HomeProblem, chance: int
) -> None:
    other = replace(problem.scenarios[-1], weight_ppm=chance)
    problem = replace(problem, scenarios=(*problem.scenarios, other))
    plan = Planner(Limits(seconds=0.5, gap=1e-3)).plan(problem)
    found = plan.asset(BATTERY)
    if found is None or not found.values_micro_per_kwh:
        return
    assert len(found.values_micro_per_kwh) == len(problem.horizon)
    row = next(s for s in problem.storages if s.id == BATTERY)
    assert all(
        -1 <= stored <= max(row.capacity_wh, 9_000) for stored in found.stored_wh
    )


def test_what_is_left_at_the_end_is_worth_what_was_said() -> None:
    """Nothing is needed any more: a kWh is worth its price at the end."""
    worth = (Worth(energy_wh=2_000, price_micro_per_kwh=150_000),)
    storing = replace(battery(), worth=worth)
    problem = replace(unsure(day(0), day(0)), storages=(storing,))
    values = of_battery(planned(problem)).values_micro_per_kwh[-1]
    assert values[:20] == (150_000,) * 20
    assert values[20:] == (0,) * 20


def test_following_a_hedge_costs_what_its_account_says() -> None:
    problem = unsure(day(4_000), day(0))
    plan = planned(problem)
    power = {BATTERY: [w / 1000 for w in of_battery(plan).power_w]}
    ready = case(problem)
    zero = ready.hours * 0.0
    actions = Actions(
        power={BATTERY: zero + power[BATTERY]}, heat={}, curtailed=zero, run={}
    )
    assert recompute(ready, actions).cost == pytest.approx(plan.cost_nano / 1e9)
