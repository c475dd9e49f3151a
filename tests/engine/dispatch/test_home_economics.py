"""What a plan does with prices a child could plan for."""

from dataclasses import replace

import pytest

from custom_components.commonwatt.engine.dispatch.home import (
    CapacityTariff,
    Converter,
    CycleAppliance,
    FlexibleAppliance,
    Generator,
    Goal,
    HomePlan,
    HomeProblem,
    HydrogenStore,
    Rung,
    Tank,
    Taper,
    Trip,
    Worth,
)
from custom_components.commonwatt.engine.dispatch.solving import Limits, Planner
from custom_components.commonwatt.engine.model.period import HOUR_MS
from tests.engine.dispatch.planning import (
    BATTERY,
    CAR,
    ENGINE,
    GAS,
    POOL,
    TANK,
    WASHER,
    at,
    battery,
    car,
    home,
    powers_w,
)


def plan(problem: HomeProblem) -> HomePlan:
    """Return the best plan there is."""
    found = Planner(Limits(gap=0.0)).plan(problem)
    assert found.rung is Rung.OPTIMAL, found.reason
    return found


@pytest.mark.parametrize(
    ("prices", "battery_w"),
    [
        ([10, 50, 10, 5000, 10], [-4_000, 4_000, -4_000, 4_000, 0]),
        ([50, 10, 50], [0, -4_000, 4_000]),
        ([50, 50, 50], [0, 0, 0]),
        ([10, 20, 30, 40], [-4_000, 0, 0, 4_000]),
    ],
)
def test_a_battery_buys_low_and_sells_high(
    prices: list[float], battery_w: list[int]
) -> None:
    problem = home(prices, battery(), feed_in_cent=[p - 1 for p in prices])
    assert powers_w(plan(problem), BATTERY) == battery_w


@pytest.mark.parametrize(
    ("efficiency_ppm", "wear", "trades"),
    [
        (1_000_000, 0, True),
        (700_000, 0, True),
        (600_000, 0, False),
        (1_000_000, 50_000, True),
        (1_000_000, 60_000, False),
    ],
)
def test_a_battery_only_moves_energy_that_pays_for_losses_and_wear(
    efficiency_ppm: int, wear: int, *, trades: bool
) -> None:
    """From 20 to 31 cents: losses above 35 % or 5.5 cents each way are too much."""
    store = replace(battery(), discharge_ppm=efficiency_ppm, wear_micro_per_kwh=wear)
    found = plan(home([20, 31], store, load_w=[0, 4_000]))
    assert (powers_w(found, BATTERY)[1] > 0) is trades


def test_own_sun_is_kept_for_the_evening() -> None:
    problem = home(
        [30, 30], battery(), feed_in_cent=8, load_w=[0, 3_000], production_w=[5_000, 0]
    )
    assert powers_w(plan(problem), BATTERY) == [-3_000, 3_000]


def test_a_full_battery_tapers() -> None:
    """From 2 kWh on the line falls from 4 kW to nothing at full."""
    slow = replace(
        battery(2_000),
        taper=Taper(from_ppm=500_000, power_w=0),
        worth=(Worth(energy_wh=4_000, price_micro_per_kwh=990_000),),
    )
    found = plan(home([1, 1, 1], slow, step_ms=HOUR_MS // 4))
    assert powers_w(found, BATTERY) == [-4_000, -2_000, -1_000]


def test_an_end_worth_something_is_not_sold_below_it() -> None:
    store = replace(
        battery(4_000),
        worth=(
            Worth(energy_wh=1_000, price_micro_per_kwh=300_000),
            Worth(energy_wh=3_000, price_micro_per_kwh=100_000),
        ),
    )
    found = plan(home([20], store, load_w=4_000))
    assert powers_w(found, BATTERY) == [3_000]


def test_a_battery_below_its_reserve_is_charged_at_once() -> None:
    store = replace(battery(500), reserve_wh=2_000)
    found = plan(home([50, 10, 10], store))
    assert powers_w(found, BATTERY) == [-1_500, 0, 0]


def test_a_goal_is_reached_in_the_cheapest_hour() -> None:
    store = replace(battery(), goals=(Goal(at=at(3), stored_wh=3_000),))
    assert powers_w(plan(home([30, 10, 20], store)), BATTERY) == [0, -3_000, 0]


def test_a_goal_dearer_than_missing_it_is_missed() -> None:
    goal = Goal(at=at(2), stored_wh=3_000, miss_micro_per_kwh=50_000)
    store = replace(battery(), goals=(goal,))
    assert powers_w(plan(home([30, 10], store)), BATTERY) == [0, 0]


def test_a_car_is_full_enough_when_it_leaves() -> None:
    trip = Trip(leaves_at=at(3), returns_at=at(4), stored_wh_goal=10_000)
    found = plan(home([30, 10, 20, 1, 30], car(trip)))
    assert powers_w(found, CAR) == [0, -8_000, -2_000, 0, 0]


def test_a_car_never_charges_below_its_least_power() -> None:
    """One kWh more than an hour gives: 2 kW is the least for it."""
    trip = Trip(leaves_at=at(2), returns_at=None, stored_wh_goal=9_000)
    found = plan(home([30, 10], car(trip), limit_w=8_000))
    assert powers_w(found, CAR) == [-2_000, -7_000]


def test_a_trip_uses_energy_and_a_car_away_does_nothing() -> None:
    trip = Trip(leaves_at=at(1), returns_at=at(2), energy_wh=6_000)
    found = plan(home([10, 1, 10], car(trip, stored_wh=8_000)))
    stored = found.asset(CAR)
    assert stored is not None
    assert powers_w(found, CAR) == [0, 0, 0]
    assert stored.stored_wh == (8_000, 2_000, 2_000)


def test_a_car_that_can_gives_back_in_the_dearest_hour() -> None:
    v2g = replace(car(stored_wh=8_000), discharge_w_max=5_000, reserve_wh=4_000)
    found = plan(home([20, 60, 20], v2g, feed_in_cent=[10, 19, 10]))
    assert powers_w(found, CAR) == [0, 3_680, 0]


def test_a_heat_pump_runs_when_power_is_cheap_and_the_air_is_warm() -> None:
    """Two kWh of heat at 20 cents with a COP of 4, or at 12 cents with one of 2."""
    tank = Tank(
        id=TANK,
        stored_wh=0,
        capacity_wh=5_000,
        power_w_max=2_000,
        cop_ppm=(2_000_000, 4_000_000, 2_000_000),
        draw_w=(0, 0, 2_000),
        loss_ppm_per_hour=0,
        worth=(),
    )
    assert powers_w(plan(home([12, 20, 60], tank)), TANK) == [0, -500, 0]


def test_heat_nobody_can_make_is_missed_not_impossible() -> None:
    tank = Tank(
        id=TANK,
        stored_wh=0,
        capacity_wh=5_000,
        power_w_max=1_000,
        cop_ppm=(3_000_000,),
        draw_w=(9_000,),
        worth=(),
    )
    found = plan(home([10], tank))
    assert powers_w(found, TANK) == [-1_000]
    assert found.cost_nano == 100_000_000 + 6 * 2_000_000_000


def gas(worth_cent: int) -> HydrogenStore:
    """Return a hydrogen store whose gas has a value for the winter."""
    return HydrogenStore(
        id=GAS,
        stored_wh=50_000,
        capacity_wh=100_000,
        electrolyser=Converter(
            power_w_max=5_000, power_w_min=1_000, efficiency_ppm=600_000
        ),
        fuel_cell=Converter(power_w_max=2_000, efficiency_ppm=500_000),
        worth=(Worth(energy_wh=100_000, price_micro_per_kwh=worth_cent * 10_000),),
    )


@pytest.mark.parametrize(
    ("worth_cent", "gas_w"),
    [
        (5, [0, 2_000]),
        (10, [-5_000, 2_000]),
        (30, [-5_000, 0]),
    ],
)
def test_the_season_decides_what_hydrogen_is_for(
    worth_cent: int, gas_w: list[int]
) -> None:
    """A kWh of gas costs 5 / 0.6 cents and replaces half a kWh at 40 cents."""
    problem = home([5, 40], gas(worth_cent), load_w=2_000)
    assert powers_w(plan(problem), GAS) == gas_w


def test_a_programme_runs_without_a_break_where_it_costs_least() -> None:
    washer = CycleAppliance(
        id=WASHER,
        profile_w=(2_000, 1_000),
        profile_step_ms=HOUR_MS,
        earliest=at(0),
        done_by=at(5),
    )
    problem = replace(home([30, 10, 40, 12, 20]), appliances=(washer,))
    assert powers_w(plan(problem), WASHER) == [0, 0, 0, -2_000, -1_000]


def test_a_programme_may_start_between_the_steps_of_its_profile() -> None:
    washer = CycleAppliance(
        id=WASHER,
        profile_w=(4_000, 0, 0, 2_000),
        profile_step_ms=HOUR_MS // 4,
        earliest=at(0),
        done_by=at(2),
    )
    problem = replace(home([30, 10]), appliances=(washer,))
    assert powers_w(plan(problem), WASHER) == [0, -1_500]


def test_a_flexible_appliance_takes_the_cheapest_hours() -> None:
    pool = FlexibleAppliance(
        id=POOL, power_w=1_000, runtime_ms=2 * HOUR_MS, earliest=at(0), done_by=at(4)
    )
    problem = replace(home([30, 10, 40, 12, 1]), appliances=(pool,))
    assert powers_w(plan(problem), POOL) == [0, -1_000, 0, -1_000, 0]


def test_a_generator_runs_above_its_cost_and_never_below_its_least() -> None:
    engine = Generator(
        id=ENGINE, power_w_max=5_000, power_w_min=3_000, cost_micro_per_kwh=200_000
    )
    problem = replace(
        home([15, 29, 29], feed_in_cent=[0, 0, 25], load_w=2_000), generators=(engine,)
    )
    assert powers_w(plan(problem), ENGINE) == [0, 0, 5_000]


def test_starts_cost_so_a_generator_runs_through() -> None:
    engine = Generator(
        id=ENGINE,
        power_w_max=5_000,
        power_w_min=1_000,
        cost_micro_per_kwh=200_000,
        start_micro=300_000,
    )
    problem = replace(
        home([60, 19, 60], load_w=[5_000, 1_000, 5_000]), generators=(engine,)
    )
    assert powers_w(plan(problem), ENGINE) == [5_000, 1_000, 5_000]


def test_heat_of_a_generator_spares_the_heat_pump() -> None:
    tank = Tank(
        id=TANK,
        stored_wh=0,
        capacity_wh=9_000,
        power_w_max=2_000,
        cop_ppm=(1_000_000, 1_000_000),
        draw_w=(0, 4_000),
        loss_ppm_per_hour=0,
        worth=(),
    )
    engine = Generator(
        id=ENGINE,
        power_w_max=4_000,
        cost_micro_per_kwh=250_000,
        heat_ppm=1_000_000,
        warms=TANK,
    )
    problem = replace(home([30, 30], tank, load_w=[4_000, 0]), generators=(engine,))
    found = plan(problem)
    assert powers_w(found, TANK) == [0, 0]
    assert powers_w(found, ENGINE) == [4_000, 0]


def test_a_capacity_tariff_flattens_the_import() -> None:
    problem = home([30, 30], battery(4_000), load_w=[6_000, 2_000])
    capacity = CapacityTariff(price_micro_per_kw=10_000_000)
    problem = replace(problem, grid=replace(problem.grid, capacity=capacity))
    assert plan(problem).net_export_w == (-2_000, -2_000)


def test_a_peak_already_paid_for_is_used() -> None:
    problem = home([10, 30], battery(), load_w=[1_000, 4_000])
    capacity = CapacityTariff(price_micro_per_kw=10_000_000, peak_w=5_000)
    problem = replace(problem, grid=replace(problem.grid, capacity=capacity))
    assert plan(problem).net_export_w == (-5_000, 0)
