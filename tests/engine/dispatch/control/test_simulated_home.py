"""The controller in a simulated home: its battery and its car, five seconds a turn."""

from dataclasses import replace
from itertools import pairwise

import pytest

from custom_components.commonwatt.engine.dispatch.control import (
    BatterySight,
    ChargerSight,
    Control,
    Course,
    Decision,
    GridSight,
    Sight,
    control,
)
from custom_components.commonwatt.engine.dispatch.control.balance import DEAD_BAND_W
from custom_components.commonwatt.engine.model.period import (
    DAY_MS,
    HOUR_MS,
    MINUTE_MS,
    Instant,
    after,
)
from custom_components.commonwatt.engine.simulation.homes import (
    BatteryCommand,
    ChargerCommand,
    HomeCommands,
    HomeModel,
    HomeState,
    neighbourhood_specs,
)
from tests.engine.dispatch.control.courses import (
    BATTERY,
    CAR,
    CYCLE_MS,
    battery,
    charger,
    course,
)

MIDNIGHT = Instant(1_800_000_000_000 // DAY_MS * DAY_MS)


def home(at: Instant) -> HomeModel:
    """Return the user's home without its hydrogen, which balances by itself."""
    spec = replace(neighbourhood_specs()[0], hydrogen=None)
    return HomeModel(spec, seed=1, started_at=at)


def seen(state: HomeState) -> Sight:
    assert state.battery is not None
    assert state.car is not None
    return Sight(
        grid=GridSight(measured_at=state.at, power_w=state.grid_w),
        batteries={
            BATTERY: BatterySight(
                measured_at=state.at,
                stored_wh=state.battery.stored_wh,
                power_w=state.battery_w,
            )
        },
        chargers={
            CAR: ChargerSight(
                measured_at=state.at,
                connected=state.car.is_connected,
                power_w=state.charger_w,
            )
        },
    )


def commands(decision: Decision, now: Instant) -> HomeCommands:
    told = {drive.asset: drive for drive in decision.drives}
    expires_at = after(now, MINUTE_MS)
    power_w = told[BATTERY].power_w if BATTERY in told else None
    current_ma = told[CAR].current_ma if CAR in told else None
    return HomeCommands(
        battery=None
        if power_w is None
        else BatteryCommand.setpoint(power_w, expires_at=expires_at),
        charger=None
        if current_ma is None
        else ChargerCommand(current_ma=current_ma, expires_at=expires_at),
    )


def lived(model: HomeModel, steered: Course, *, minutes: int) -> list[HomeState]:
    """Return what the home looked like at every turn."""
    state, memory = model.state, Control()
    past: list[HomeState] = []
    while len(past) < minutes * MINUTE_MS // CYCLE_MS:
        memory, decision = control(memory, seen(state), steered, state.at)
        state = model.advance(after(state.at, CYCLE_MS), commands(decision, state.at))
        past.append(state)
    return past


@pytest.mark.parametrize("hour", [3, 11, 18])
def test_the_exchange_of_a_home_stays_near_what_is_wanted(hour: int) -> None:
    model = home(after(MIDNIGHT, hour * HOUR_MS))

    past = lived(model, course(battery(floor_wh=0), chargers=(charger(),)), minutes=60)

    held = sum(abs(state.grid_w) <= 2 * DEAD_BAND_W for state in past)
    limited = sum(
        abs(state.grid_w) > 2 * DEAD_BAND_W and abs(state.battery_w) >= 2_900
        for state in past
    )
    assert held + limited > len(past) * 0.75


def test_a_battery_is_written_to_seldom_in_a_steady_home() -> None:
    model = home(after(MIDNIGHT, 3 * HOUR_MS))

    past = lived(model, course(battery(floor_wh=0), chargers=(charger(),)), minutes=60)

    powers = [state.battery_w for state in past]
    changes = sum(a != b for a, b in pairwise(powers))
    assert changes < 60 * 4


def test_a_car_charges_as_planned_and_the_battery_keeps_out_of_it() -> None:
    model = home(after(MIDNIGHT, 20 * HOUR_MS))
    assert model.state.car is not None
    assert model.state.car.is_connected
    steered = course(
        battery(may_discharge=False),
        chargers=(charger(6_900, phases=3),),
        import_w_max=11_000,
    )

    past = lived(model, steered, minutes=30)

    assert all(state.charger_w <= 6_900 for state in past)
    assert past[-1].charger_w > 6_000
    assert all(state.battery_w <= 0 for state in past)


def test_a_controller_that_falls_silent_gives_the_battery_back() -> None:
    model = home(after(MIDNIGHT, 3 * HOUR_MS))
    lived(model, course(battery(forced_w=-2_000)), minutes=2)
    assert model.state.battery_w < 0

    blind = replace(seen(model.state), grid=None)
    _, decision = control(Control(), blind, course(battery()), model.state.at)
    state = model.advance(
        after(model.state.at, MINUTE_MS), commands(decision, model.state.at)
    )

    assert decision.drives == ()
    assert state.battery is not None
    assert state.battery.mode == "self_consumption"
