"""What a home tells its devices, once it has traded."""

from dataclasses import replace

import pytest

from custom_components.commonwatt.engine.devices import (
    CurrentSetpoint,
    PowerSetpoint,
)
from custom_components.commonwatt.engine.dispatch import (
    AssetId,
    Assets,
    ChargingPoint,
    Generator,
)
from custom_components.commonwatt.engine.forecast import PeriodEnergy
from custom_components.commonwatt.engine.model.period import (
    HOUR_MS,
    MINUTE_MS,
    PERIOD_MS,
    after,
)
from custom_components.commonwatt.engine.node.assets_now import (
    AGE_MS_MAX,
    charging_current_ma,
)
from custom_components.commonwatt.engine.node.household import Household
from tests.engine.node.one_home import (
    BATTERY,
    ENGINE,
    PERIOD,
    WALLBOX,
    household,
    image,
    wallbox,
)


@pytest.mark.parametrize(
    ("needed_wh", "leaves_in_ms"),
    [(0, HOUR_MS), (None, HOUR_MS), (5_000, None), (5_000, 0)],
)
def test_a_car_without_a_wish_is_not_planned_for(
    needed_wh: int | None, leaves_in_ms: int | None
) -> None:
    home = household()
    home.assets = wallbox(needed_wh=needed_wh, leaves_in_ms=leaves_in_ms)
    home.learn(PERIOD.next(-1), PeriodEnergy(load_wh=0, production_wh=0))
    home.observe(image(PERIOD.start, charger_w=0))
    home.wish(PERIOD, energy_wh_max=10**9)

    assert home.advice(PERIOD.start, position_wh=0) == ()


def test_a_car_that_can_wait_is_told_to() -> None:
    home = household()
    home.assets = wallbox(needed_wh=5_000, leaves_in_ms=8 * HOUR_MS)
    home.learn(PERIOD.next(-1), PeriodEnergy(load_wh=0, production_wh=0))
    home.observe(image(PERIOD.start, charger_w=11_000))
    home.wish(PERIOD, energy_wh_max=10**9)

    assert home.advice(PERIOD.start, position_wh=0) == (
        CurrentSetpoint(device=WALLBOX, current_ma=0, expires_at=PERIOD.end),
    )


def test_a_car_charges_with_what_was_bought() -> None:
    home = household()
    home.assets = wallbox(needed_wh=9_000, leaves_in_ms=8 * HOUR_MS)
    home.learn(PERIOD.next(-1), PeriodEnergy(load_wh=0, production_wh=0))
    home.observe(image(PERIOD.start, charger_w=0))
    home.wish(PERIOD, energy_wh_max=10**9)

    [setpoint] = home.advice(PERIOD.start, position_wh=-1_725)
    assert setpoint == CurrentSetpoint(
        device=WALLBOX, current_ma=10_000, expires_at=PERIOD.end
    )


def planned(*, grid_w: int) -> Household:
    """Return a home with a half-full battery that has bid for the period."""
    home = household()
    home.learn(PERIOD.next(-1), PeriodEnergy(load_wh=100, production_wh=0))
    home.observe(image(PERIOD.start, battery_w=0, grid_w=grid_w))
    home.wish(PERIOD, energy_wh_max=10**9)
    return home


def test_without_a_position_the_battery_minds_its_own_business() -> None:
    assert planned(grid_w=400).advice(PERIOD.start, position_wh=0) == ()


def test_without_a_plan_there_is_no_advice() -> None:
    assert household().advice(PERIOD.start, position_wh=500) == ()


def test_the_battery_makes_up_for_what_was_sold() -> None:
    home = planned(grid_w=400)

    assert home.advice(PERIOD.start, position_wh=500) == (
        PowerSetpoint(device=BATTERY, power_w=2_400, expires_at=PERIOD.end),
    )


def test_halfway_through_only_the_rest_is_to_be_delivered() -> None:
    home = planned(grid_w=400)
    half = after(PERIOD.start, PERIOD_MS // 2)
    home.observe(image(half, grid_w=-1_600, battery_w=2_000))

    # 200 Wh are delivered; 300 Wh and a load of 400 W are left for the other half.
    assert home.advice(half, position_wh=500) == (
        PowerSetpoint(device=BATTERY, power_w=2_800, expires_at=PERIOD.end),
    )


def test_without_a_meter_reading_the_plan_is_followed_by_the_clock() -> None:
    home = household()
    home.learn(PERIOD.next(-1), PeriodEnergy(load_wh=100, production_wh=0))
    blind = replace(image(PERIOD.start, battery_w=0), meters={})
    home.observe(blind)
    home.wish(PERIOD, energy_wh_max=10**9)

    [setpoint] = home.advice(after(PERIOD.start, PERIOD_MS // 2), position_wh=500)
    assert isinstance(setpoint, PowerSetpoint)
    assert setpoint.power_w == 2_400


def test_a_meter_without_power_or_gone_silent_leaves_the_forecast() -> None:
    for seen in (
        image(PERIOD.start, battery_w=0, grid_w=None),
        replace(
            image(after(PERIOD.start, -AGE_MS_MAX - MINUTE_MS), battery_w=0, grid_w=0),
            taken_at=PERIOD.start,
            batteries=image(PERIOD.start, battery_w=0).batteries,
        ),
    ):
        home = household()
        home.learn(PERIOD.next(-1), PeriodEnergy(load_wh=100, production_wh=0))
        home.observe(seen)
        home.wish(PERIOD, energy_wh_max=10**9)
        [setpoint] = home.advice(PERIOD.start, position_wh=500)

        assert isinstance(setpoint, PowerSetpoint)
        assert setpoint.power_w == 2_400


def test_an_engine_runs_at_its_least_power_or_not_at_all() -> None:
    home = household()
    engine = Generator(
        id=AssetId(ENGINE),
        power_w_max=8_000,
        power_w_min=3_000,
        cost_micro_per_kwh=100_000,
    )
    home.assets = Assets(generators=(engine,))
    home.learn(PERIOD.next(-1), PeriodEnergy(load_wh=0, production_wh=0))
    home.observe(image(PERIOD.start, engine_w=0))
    home.wish(PERIOD, energy_wh_max=10**9)

    [setpoint] = home.advice(PERIOD.start, position_wh=100)
    assert setpoint == PowerSetpoint(
        device=ENGINE, power_w=3_000, expires_at=PERIOD.end
    )


@pytest.mark.parametrize(
    ("power_w", "phases", "current_ma"),
    [
        (11_040, 3, 16_000),
        (4_140, 3, 6_000),
        (4_139, 3, 0),
        (1_380, 1, 6_000),
        (0, 1, 0),
    ],
)
def test_a_current_is_what_gives_the_power_or_a_pause(
    power_w: int, phases: int, current_ma: int
) -> None:
    point = ChargingPoint(id=AssetId(WALLBOX), phases=phases)

    assert charging_current_ma(point, power_w) == current_ma
