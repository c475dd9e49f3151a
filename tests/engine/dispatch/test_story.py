"""A plan in words: what comes next, and the reason that is given for it."""

from dataclasses import replace

import pytest

from custom_components.commonwatt.engine.dispatch import AssetId
from custom_components.commonwatt.engine.dispatch.home import (
    AssetPlan,
    Battery,
    Car,
    FlexibleAppliance,
    Grid,
    HomePlan,
    HomeProblem,
    Horizon,
    PlanReason,
    Position,
    Prices,
    Rung,
    Scenario,
)
from custom_components.commonwatt.engine.dispatch.story import (
    ActionKind,
    ActionReason,
    actions_of,
    cost_nano_between,
    next_action,
)
from custom_components.commonwatt.engine.model.period import (
    HOUR_MS,
    MINUTE_MS,
    DeliveryPeriod,
    after,
)

PERIOD = DeliveryPeriod(2_000_000)
START = PERIOD.start
HORIZON = Horizon.uniform(START, step_ms=15 * MINUTE_MS, count=8)
BATTERY, CAR, PUMP = AssetId("battery"), AssetId("car"), AssetId("pump")

PROBLEM = HomeProblem(
    horizon=HORIZON,
    scenarios=(Scenario(load_w=(500,) * 8, production_w=(0,) * 8),),
    grid=Grid(
        import_w_max=10_000,
        export_w_max=10_000,
        prices=Prices(
            import_micro_per_kwh=(200_000,) * 4 + (400_000,) * 4,
            export_micro_per_kwh=(80_000,) * 8,
        ),
    ),
    storages=(
        Battery(
            id=BATTERY,
            stored_wh=5_000,
            capacity_wh=10_000,
            charge_w_max=3_000,
            discharge_w_max=3_000,
        ),
        Car(id=CAR, stored_wh=0, capacity_wh=60_000, charge_w_max=11_000),
    ),
    appliances=(
        FlexibleAppliance(
            id=PUMP,
            power_w=600,
            runtime_ms=HOUR_MS,
            earliest=START,
            done_by=HORIZON.end,
        ),
    ),
)


def plan(
    *assets: tuple[AssetId, tuple[int, ...]], net_export_w: tuple[int, ...] = (0,) * 8
) -> HomePlan:
    return HomePlan(
        horizon=HORIZON,
        rung=Rung.OPTIMAL,
        reason=PlanReason.NONE,
        made_at=START,
        assets=tuple(
            AssetPlan(asset=asset, power_w=power_w) for asset, power_w in assets
        ),
        net_export_w=net_export_w,
        curtailed_w=(0,) * 8,
        cost_nano=0,
        gap_ppm=None,
    )


def test_steps_of_one_direction_are_one_action() -> None:
    made = plan((BATTERY, (0, -1_000, -3_000, 0, 40, 2_000, 0, 0)))

    first, second = actions_of(PROBLEM, made, START)

    assert first.kind is ActionKind.CHARGE_BATTERY
    assert (first.starts_at, first.ends_at) == (PERIOD.end, PERIOD.next(3).start)
    assert first.power_w == 2_000
    assert second.kind is ActionKind.DISCHARGE_BATTERY
    assert second.starts_at == PERIOD.next(5).start


def test_what_begins_next_comes_before_what_goes_on() -> None:
    made = plan((BATTERY, (2_000,) * 8), (PUMP, (0, 0, -600, -600, 0, 0, 0, 0)))

    action = next_action(PROBLEM, made, START)

    assert action is not None
    assert action.kind is ActionKind.RUN_APPLIANCE


def test_what_goes_on_is_told_when_nothing_else_begins() -> None:
    action = next_action(PROBLEM, plan((BATTERY, (2_000,) * 8)), START)

    assert action is not None
    assert action.kind is ActionKind.DISCHARGE_BATTERY


@pytest.mark.parametrize("power_w", [0, 50, -50])
def test_a_home_that_rests_has_no_action(power_w: int) -> None:
    assert next_action(PROBLEM, plan((BATTERY, (power_w,) * 8)), START) is None


def test_a_plan_that_is_over_has_no_action() -> None:
    assert next_action(PROBLEM, plan((BATTERY, (2_000,) * 8)), HORIZON.end) is None


@pytest.mark.parametrize(
    ("asset", "step", "power_w", "net_w", "reason"),
    [
        (BATTERY, 1, -2_000, 0, ActionReason.SURPLUS),
        (BATTERY, 1, -2_000, -2_500, ActionReason.CHEAP),
        (BATTERY, 5, -2_000, -2_500, ActionReason.RESERVE),
        (CAR, 5, -7_000, -7_500, ActionReason.DEPARTURE),
        (CAR, 1, -7_000, -7_500, ActionReason.CHEAP),
        (PUMP, 5, -600, -1_100, ActionReason.IN_TIME),
        (PUMP, 5, -600, 100, ActionReason.SURPLUS),
        (BATTERY, 5, 500, 0, ActionReason.DEAR),
        (BATTERY, 1, 500, 0, ActionReason.OWN_USE),
        (BATTERY, 1, 2_500, 2_000, ActionReason.SALE),
    ],
)
def test_an_action_tells_why_then(
    asset: AssetId, step: int, power_w: int, net_w: int, reason: ActionReason
) -> None:
    powers = tuple(power_w if at == step else 0 for at in range(8))

    (action,) = actions_of(
        PROBLEM, plan((asset, powers), net_export_w=(net_w,) * 8), START
    )

    assert action.reason is reason


@pytest.mark.parametrize(("power_w", "sold_wh"), [(2_000, 500), (-2_000, -500)])
def test_what_is_traded_is_for_the_neighbours(power_w: int, sold_wh: int) -> None:
    position = Position(period=PERIOD.next(), sold_wh=sold_wh)
    traded = replace(PROBLEM, grid=replace(PROBLEM.grid, positions=(position,)))
    powers = (0, power_w, 0, 0, 0, 0, 0, 0)

    (action,) = actions_of(traded, plan((BATTERY, powers)), START)

    assert action.reason is ActionReason.NEIGHBOURS


def test_costs_are_counted_at_the_price_of_each_step() -> None:
    made = plan(net_export_w=(-1_000,) * 7 + (2_000,))

    cost_nano = cost_nano_between(
        PROBLEM, made, after(START, 45 * MINUTE_MS), HORIZON.end
    )

    expected_wh_price = 250 * 200_000 + 750 * 400_000 - 500 * 80_000
    assert cost_nano == expected_wh_price


def test_costs_at_unknown_prices_are_unknown() -> None:
    grid = replace(
        PROBLEM.grid,
        prices=Prices(
            import_micro_per_kwh=(None,) * 8, export_micro_per_kwh=(80_000,) * 8
        ),
    )

    unknown = cost_nano_between(
        replace(PROBLEM, grid=grid), plan(net_export_w=(-1,) * 8), START, HORIZON.end
    )

    assert unknown is None
