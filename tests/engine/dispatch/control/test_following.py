"""From plans to courses: what stored energy is worth decides what a battery may do."""

from dataclasses import replace

import pytest

from custom_components.commonwatt.engine.dispatch import AssetId
from custom_components.commonwatt.engine.dispatch.control import (
    BatteryCourse,
    Course,
    Delivery,
    PowerRange,
    course_of,
)
from custom_components.commonwatt.engine.dispatch.home import (
    AssetPlan,
    Battery,
    Car,
    Converter,
    Generator,
    Grid,
    HomePlan,
    HomeProblem,
    Horizon,
    HydrogenStore,
    PlanReason,
    Prices,
    Rung,
    Scenario,
    Tank,
    Trip,
)
from custom_components.commonwatt.engine.model.period import (
    HOUR_MS,
    MINUTE_MS,
    after,
)
from tests.engine.dispatch.control.courses import BATTERY, CAR, MACHINE, START

HORIZON = Horizon.uniform(START, step_ms=15 * MINUTE_MS, count=4)
STORE = Battery(
    id=BATTERY,
    stored_wh=5_000,
    capacity_wh=10_000,
    reserve_wh=1_000,
    charge_w_max=3_000,
    discharge_w_max=3_000,
    charge_ppm=950_000,
    discharge_ppm=950_000,
    wear_micro_per_kwh=20_000,
)
VEHICLE = Car(
    id=CAR,
    stored_wh=20_000,
    capacity_wh=60_000,
    charge_w_min=4_140,
    charge_w_max=11_040,
    trips=(
        Trip(
            leaves_at=after(START, 10 * HOUR_MS),
            returns_at=None,
            stored_wh_goal=29_200,
        ),
    ),
)


def problem(
    *, imports: int | None = 300_000, exports: int | None = 80_000
) -> HomeProblem:
    """Return a home with a battery and a car at constant prices."""
    return HomeProblem(
        horizon=HORIZON,
        scenarios=(Scenario(load_w=(500,) * 4, production_w=(0,) * 4),),
        grid=Grid(
            import_w_max=10_000,
            export_w_max=8_000,
            prices=Prices(
                import_micro_per_kwh=(imports,) * 4,
                export_micro_per_kwh=(exports,) * 4,
            ),
        ),
        storages=(STORE, VEHICLE),
    )


def plan(
    *,
    battery_w: int = 0,
    car_w: int = 0,
    net_export_w: int = 0,
    value: int | None = 200_000,
    stored_wh: int = 5_000,
) -> HomePlan:
    """Return a plan that is the same in every step."""
    values = () if value is None else (value,) * 4
    return HomePlan(
        horizon=HORIZON,
        rung=Rung.OPTIMAL,
        reason=PlanReason.NONE,
        made_at=START,
        assets=(
            AssetPlan(
                asset=BATTERY,
                power_w=(battery_w,) * 4,
                stored_wh=(stored_wh,) * 4,
                value_micro_per_kwh=values,
            ),
            AssetPlan(asset=CAR, power_w=(car_w,) * 4, value_micro_per_kwh=values),
        ),
        net_export_w=(net_export_w,) * 4,
        curtailed_w=(0,) * 4,
        cost_nano=0,
        gap_ppm=None,
    )


def steered(made: HomePlan, asked: HomeProblem | None = None) -> Course:
    course = course_of(asked or problem(), made, START)
    assert course is not None
    return course


def battery_of(made: HomePlan, asked: HomeProblem | None = None) -> BatteryCourse:
    return steered(made, asked).batteries[0]


@pytest.mark.parametrize(
    ("value", "may_charge", "may_discharge"),
    [
        (400_000, True, False),  # worth more than any import: it is kept
        (266_000, True, True),  # 0.28 from the battery, and 0.02 of wear: a tie
        (200_000, True, True),
        (106_000, True, True),  # 0.1007 once in, less 0.02 of wear: a tie with 0.08
        (90_000, False, True),  # feeding in earns more
        (None, True, True),  # a rule without values: balance the meter
    ],
)
def test_the_value_of_stored_energy_decides(
    *, value: int | None, may_charge: bool, may_discharge: bool
) -> None:
    battery = battery_of(plan(value=value))

    assert (battery.may_charge, battery.may_discharge) == (may_charge, may_discharge)


def test_unknown_prices_let_a_battery_balance() -> None:
    battery = battery_of(plan(value=900_000), problem(imports=None, exports=None))

    assert battery.may_charge
    assert battery.may_discharge


@pytest.mark.parametrize(
    ("battery_w", "net_export_w", "forced_w"),
    [
        (-2_000, -2_500, -2_000),
        (2_000, 1_500, 2_000),
        (-2_000, 0, None),
        (2_000, -500, None),
        (-2_000, 700, None),
        (-50, -2_500, None),
    ],
)
def test_only_trading_with_the_battery_is_forced(
    battery_w: int, net_export_w: int, forced_w: int | None
) -> None:
    made = plan(battery_w=battery_w, net_export_w=net_export_w)

    assert battery_of(made).forced_w == forced_w


def test_what_is_sold_already_is_delivered_not_forced() -> None:
    delivery = Delivery(sold_wh=500, delivered_wh=125, left_ms=10 * MINUTE_MS)
    made = plan(battery_w=2_000, net_export_w=2_250)

    course = course_of(problem(), made, START, delivery=delivery)

    assert course is not None
    assert course.grid_w_target == -2_250
    assert course.batteries[0].forced_w is None


@pytest.mark.parametrize(("left_ms", "target_w"), [(1_000, -6_000), (60_000, -6_000)])
def test_the_last_minute_of_a_period_is_not_crammed(
    left_ms: int, target_w: int
) -> None:
    delivery = Delivery(sold_wh=500, delivered_wh=400, left_ms=left_ms)

    course = course_of(problem(), plan(), START, delivery=delivery)

    assert course is not None
    assert course.grid_w_target == target_w


def test_a_delivery_keeps_to_the_connection() -> None:
    delivery = Delivery(sold_wh=-9_000, delivered_wh=0, left_ms=15 * MINUTE_MS)

    course = course_of(problem(), plan(), START, delivery=delivery)

    assert course is not None
    assert course.grid_w_target == 10_000


@pytest.mark.parametrize(("stored_wh", "floor_wh"), [(5_000, 4_000), (1_500, 1_000)])
def test_a_battery_far_below_its_plan_gives_no_more(
    stored_wh: int, floor_wh: int
) -> None:
    assert battery_of(plan(stored_wh=stored_wh)).floor_wh == floor_wh


def test_a_car_gets_what_is_planned_and_what_it_still_needs() -> None:
    charger = steered(plan(car_w=-6_900)).chargers[0]

    assert charger.planned_w == 6_900
    assert charger.takes_surplus
    assert charger.phases == 3
    assert charger.current_ma_max == 16_000
    assert charger.needed_wh == 10_000
    assert charger.leaves_at == after(START, 10 * HOUR_MS)


def test_a_plan_that_has_run_out_is_not_followed() -> None:
    assert course_of(problem(), plan(), HORIZON.end) is None


def test_machines_keep_to_what_they_can_do() -> None:
    gas, tank = AssetId("gas"), AssetId("tank")
    machine = Converter(power_w_max=2_000, power_w_min=400, efficiency_ppm=600_000)
    asked = replace(
        problem(),
        storages=(
            HydrogenStore(
                id=gas,
                stored_wh=0,
                capacity_wh=50_000,
                electrolyser=machine,
                fuel_cell=machine,
            ),
            Tank(
                id=tank,
                stored_wh=None,
                capacity_wh=8_000,
                power_w_max=2_500,
                cop_ppm=(3_000_000,) * 4,
                draw_w=(0,) * 4,
            ),
        ),
        generators=(
            Generator(id=MACHINE, power_w_max=5_000, cost_micro_per_kwh=100_000),
        ),
    )
    made = replace(
        plan(),
        assets=tuple(
            AssetPlan(asset=asset, power_w=(power_w,) * 4)
            for asset, power_w in ((gas, -1_000), (MACHINE, 3_000))
        ),
    )

    first, second = steered(made, asked).machines

    assert (first.id, first.planned_w, first.gives.w_max) == (MACHINE, 3_000, 5_000)
    assert (second.id, second.planned_w) == (gas, -1_000)
    assert second.takes == PowerRange(w_min=400, w_max=2_000)


def delivering(made: HomePlan, *, sold_wh: int) -> BatteryCourse:
    delivery = Delivery(sold_wh=sold_wh, delivered_wh=0, left_ms=15 * MINUTE_MS)
    course = course_of(problem(), made, START, delivery=delivery)
    assert course is not None
    return course.batteries[0]


def test_what_was_sold_is_delivered_whatever_the_energy_is_worth() -> None:
    precious = plan(value=5_000_000, stored_wh=9_000)

    assert not battery_of(precious).may_discharge
    assert delivering(precious, sold_wh=600).may_discharge
    assert delivering(precious, sold_wh=600).floor_wh == STORE.reserve_wh


def test_what_was_bought_is_taken_whatever_the_energy_is_worth() -> None:
    worthless = plan(value=0)

    assert not battery_of(worthless).may_charge
    assert delivering(worthless, sold_wh=-600).may_charge


def test_a_plan_that_stores_its_own_sun_buys_nothing_while_something_is_owed() -> None:
    storing = plan(battery_w=-2_000, net_export_w=0)

    assert delivering(storing, sold_wh=600).forced_w is None


def test_a_plan_that_feeds_its_own_load_sells_nothing_while_something_is_due() -> None:
    feeding = plan(battery_w=2_000, net_export_w=0)

    assert delivering(feeding, sold_wh=-600).forced_w is None
