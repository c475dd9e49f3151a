"""What a plan does at its limits, and what it is worth."""

from dataclasses import replace

from custom_components.commonwatt.engine.dispatch.home import (
    Autonomy,
    Position,
    Scenario,
    Tranche,
    Weights,
)
from custom_components.commonwatt.engine.model.order import Side
from custom_components.commonwatt.engine.model.period import HOUR_MS, DeliveryPeriod
from tests.engine.dispatch.planning import (
    BATTERY,
    START,
    battery,
    home,
    powers_w,
)
from tests.engine.dispatch.test_home_economics import plan


def test_production_is_turned_down_rather_than_paid_for() -> None:
    problem = replace(
        home([30, 30], feed_in_cent=[-5, 5], load_w=1_000, production_w=4_000),
        curtailable=True,
    )
    found = plan(problem)
    assert found.curtailed_w == (3_000, 0)
    assert found.net_export_w == (0, 3_000)


def test_what_does_not_fit_through_the_connection_is_turned_down() -> None:
    problem = replace(
        home([30], feed_in_cent=8, production_w=9_000, limit_w=5_000), curtailable=True
    )
    assert plan(problem).curtailed_w == (4_000,)


def test_carbon_counts_as_much_as_its_weight() -> None:
    problem = home([20, 22], battery(), load_w=[0, 4_000])
    dirty = replace(problem.grid.prices, carbon_g_per_kwh=(900, 100))
    problem = replace(problem, grid=replace(problem.grid, prices=dirty))
    assert powers_w(plan(problem), BATTERY) == [-4_000, 4_000]
    green = replace(problem, weights=Weights(carbon_ppm=1_000_000))
    assert powers_w(plan(green), BATTERY) == [0, 0]


def test_hours_of_autonomy_are_kept_unless_something_is_worth_more() -> None:
    """An hour of the critical 2 kW is kept: 2 kWh of the 4."""
    problem = home([60, 60, 60], battery(4_000), load_w=[4_000, 0, 0])
    careful = replace(
        problem,
        autonomy=Autonomy(
            hours_ms=HOUR_MS, critical_w=(2_000,) * 3, outages_ppm_per_hour=100_000
        ),
    )
    assert powers_w(plan(problem), BATTERY) == [4_000, 0, 0]
    found = plan(careful)
    assert powers_w(found, BATTERY) == [2_000, 0, 0]
    assert found.autonomy_ms == (HOUR_MS,) * 3


def test_nobody_takes_what_the_owner_keeps() -> None:
    problem = home([60], battery(4_000), load_w=4_000)
    assert powers_w(plan(replace(problem, keep_wh=3_000)), BATTERY) == [1_000]


def test_neighbours_are_asked_before_the_retailer() -> None:
    problem = home([30, 30], load_w=[4_000, 0], step_ms=HOUR_MS // 4)
    period = DeliveryPeriod.containing(START)
    cheap = Tranche(
        period=period, side=Side.BUY, price_micro_per_kwh=50_000, energy_wh=750
    )
    problem = replace(problem, grid=replace(problem.grid, tranches=(cheap,)))
    found = plan(problem)
    assert found.net_export_w == (-4_000, 0)
    assert found.cost_nano == 750 * 50_000 + 250 * 300_000


def test_what_is_sold_is_delivered_while_buying_it_back_is_dearer() -> None:
    problem = home([30], battery(1_000), feed_in_cent=5, step_ms=HOUR_MS // 4)
    position = Position(period=DeliveryPeriod.containing(START), sold_wh=800)
    problem = replace(problem, grid=replace(problem.grid, positions=(position,)))
    found = plan(problem)
    assert found.net_export_w == (4_000,)
    assert found.cost_nano == -200 * 50_000


def test_a_battery_behind_the_meter_neither_buys_nor_sells() -> None:
    inside = replace(battery(), charges_from_grid=False, discharges_to_grid=False)
    problem = home(
        [1, 99, 99],
        inside,
        feed_in_cent=[0, 90, 90],
        load_w=[0, 500, 0],
        production_w=[500, 0, 0],
    )
    assert powers_w(plan(problem), BATTERY) == [-500, 500, 0]


def test_the_first_hour_is_decided_for_all_scenarios() -> None:
    """Sun in half of the cases: charging is worth it only for the other half."""
    problem = home([20, 60], battery(), load_w=[0, 4_000])
    cloudy = problem.scenarios[0]
    sunny = Scenario(load_w=(0, 4_000), production_w=(0, 4_000))
    both = replace(problem, scenarios=(sunny, cloudy), decided_ms=HOUR_MS)
    assert powers_w(plan(both), BATTERY)[0] == -4_000
    likely = replace(sunny, weight_ppm=9_000_000)
    both = replace(both, scenarios=(likely, cloudy))
    assert powers_w(plan(both), BATTERY)[0] == 0


def test_one_more_kwh_is_worth_what_it_replaces() -> None:
    problem = home([20, 60], battery(), load_w=[0, 5_000])
    found = plan(problem)
    assert [round(value, -2) for value in found.value_micro_per_kwh] == [
        200_000,
        600_000,
    ]


def test_one_more_stored_kwh_is_worth_what_it_replaces() -> None:
    """First an import into the battery, then half a kWh of the load, twice."""
    lossy = replace(battery(1_000), discharge_ppm=500_000)
    found = plan(home([20, 60, 30], lossy, load_w=[5_000, 5_000, 5_000]))
    stored = found.asset(BATTERY)
    assert stored is not None
    assert [round(value, -3) for value in stored.value_micro_per_kwh] == [
        200_000,
        300_000,
        150_000,
    ]
