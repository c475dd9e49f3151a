"""Each device of a home does what it is there for, and obeys."""

from dataclasses import replace

import pytest

from custom_components.commonwatt.engine.model.period import Instant, after
from custom_components.commonwatt.engine.simulation.homes import (
    HOME,
    BatteryCommand,
    BatteryMode,
    BatterySpec,
    ChargerCommand,
    Habit,
    HomeCommands,
    HomeKey,
    HomeModel,
    HomeSpec,
    HomeState,
    Place,
    PowerCommand,
    PVSpec,
)
from tests.engine.simulation.homes.imagined import (
    EVERYTHING,
    MIDNIGHT,
    NOON,
    SPECS,
    home,
    hours,
    minutes,
)

SOLAR = HomeSpec(
    key=HomeKey("solar"),
    habit=Habit.FAMILY,
    load_kwh_per_year=3_500,
    pv=PVSpec(peak_w=6_000),
    battery=BatterySpec(capacity_wh=8_000, power_w_max=3_000, soc_ppm_start=500_000),
)
FARM = SPECS[HomeKey("farm")]
HEAT_PUMP = SPECS[HomeKey("heat_pump")]
RETIRED = SPECS[HomeKey("retired")]
NIGHT_SHIFT = SPECS[HomeKey("night_shift")]


def every_minute(
    model: HomeModel, count: int, commands: HomeCommands | None = None
) -> list[HomeState]:
    """Return the states after each of the next minutes."""
    begin = model.state.at
    return [
        model.advance(minutes(n, since=begin), commands or HomeCommands())
        for n in range(1, count + 1)
    ]


def soc(state: HomeState) -> int:
    """Return the battery's state of charge."""
    assert state.battery is not None
    return state.battery.soc_ppm


def test_a_battery_left_alone_keeps_the_meter_at_zero() -> None:
    states = every_minute(home(SOLAR, started_at=hours(-6)), 240)

    within_reach = [
        state
        for state in states
        if abs(state.load_w - state.pv_w) < 2_900 and 60_000 < soc(state) < 990_000
    ]
    assert len(within_reach) > 100
    assert all(state.grid_w == 0 for state in within_reach)


def test_a_setpoint_is_met_exactly_and_ends_on_time() -> None:
    model = home(SOLAR)
    ends_at = Instant(NOON + 90_500)
    commands = HomeCommands(battery=BatteryCommand.setpoint(-1_234, expires_at=ends_at))

    commanded = model.advance(Instant(ends_at - 1), commands)
    released = model.advance(ends_at, commands)

    assert commanded.battery_w == -1_234
    assert commanded.battery is not None
    assert commanded.battery.mode is BatteryMode.COMMANDED
    assert released.battery_w != -1_234
    assert released.battery is not None
    assert released.battery.mode is BatteryMode.SELF_CONSUMPTION


def test_an_expiry_in_the_middle_of_a_long_step_is_kept_to_the_millisecond() -> None:
    dark = replace(SOLAR, pv=PVSpec(peak_w=1))
    model = home(dark)
    command = BatteryCommand.setpoint(-3_000, expires_at=hours(0.25))

    state = model.advance(hours(2), HomeCommands(battery=command))

    assert state.counters.battery_charged_wh == 750


def test_limits_let_the_battery_balance_inside_them() -> None:
    night = home(SOLAR, started_at=hours(-10))
    hold = HomeCommands(battery=BatteryCommand(power_w_min=-3_000, power_w_max=0))

    states = every_minute(night, 30, hold)

    assert all(state.battery_w == 0 for state in states)
    assert all(state.grid_w == state.load_w > 0 for state in states)


@pytest.mark.parametrize(("allowed", "charges"), [(True, True), (False, False)])
def test_charging_from_the_grid_needs_permission(
    *, allowed: bool, charges: bool
) -> None:
    command = BatteryCommand(
        power_w_min=-2_000, power_w_max=-2_000, charging_from_grid_allowed=allowed
    )

    state = home(SOLAR, started_at=hours(-10)).advance(
        hours(-9), HomeCommands(battery=command)
    )

    assert (state.battery_w == -2_000) is charges
    assert (state.battery_w == 0) is not charges


def test_the_reserve_is_not_discharged() -> None:
    night = home(SOLAR, started_at=hours(-12))
    commands = HomeCommands(
        battery=BatteryCommand.setpoint(3_000), battery_reserve_ppm=300_000
    )

    state = night.advance(hours(-6), commands)

    assert 300_000 <= soc(state) < 301_000
    assert state.battery_w == 0


def test_a_limited_inverter_charges_first_and_curtails_the_rest() -> None:
    model = home(SOLAR)
    limit = HomeCommands(inverter_limit=PowerCommand(power_w=500))

    state = model.advance(NOON, limit)

    assert state.pv_available_w > 4_000
    assert state.battery_w < 0
    assert state.inverter_w == 500
    assert state.pv_w == 500 - state.battery_w < state.pv_available_w


def test_a_full_battery_leaves_the_sun_to_the_grid() -> None:
    full = replace(SOLAR.battery, soc_ppm_start=1_000_000) if SOLAR.battery else None

    state = home(replace(SOLAR, battery=full)).state

    assert state.battery_w == 0
    assert state.grid_w == state.load_w - state.pv_w < 0


@pytest.mark.parametrize(
    ("current_ma", "power_w"), [(0, 0), (5_999, 0), (6_000, 4_140), (16_000, 11_040)]
)
def test_the_charger_gives_the_current_it_is_told(
    current_ma: int, power_w: int
) -> None:
    commands = HomeCommands(charger=ChargerCommand(current_ma=current_ma))

    state = home(SPECS[HOME], started_at=hours(-10)).advance(hours(-10), commands)

    assert state.charger_w == power_w
    assert state.car is not None
    assert state.car.offered_ma == (current_ma if power_w else 0)


def test_a_charger_that_hears_nothing_falls_back() -> None:
    command = ChargerCommand(
        current_ma=16_000, expires_at=minutes(1, since=hours(-10)), fallback_ma=6_000
    )
    model = home(SPECS[HOME], started_at=hours(-10))

    states = every_minute(model, 2, HomeCommands(charger=command))

    assert [state.charger_w for state in states] == [4_140, 4_140]
    assert states[-1].counters.charger_wh == 11_040 // 60 + 4_140 // 60


def test_the_car_of_the_night_shift_leaves_in_the_evening_with_what_it_needs() -> None:
    model = home(NIGHT_SHIFT)
    at_noon = model.state.car
    assert at_noon is not None
    assert at_noon.departs_at is not None
    assert at_noon.needed_wh > 15_000

    before = model.advance(after(at_noon.departs_at, -60_000)).car
    gone = model.advance(after(at_noon.departs_at, 60_000)).car
    at_work = model.advance(hours(14)).car

    assert before is not None
    assert gone is not None
    assert at_work is not None
    assert hours(7) < at_noon.departs_at < hours(8.5)
    assert (before.place, before.is_connected) == (Place.HOME, True)
    assert before.needed_wh == 0
    assert before.soc_ppm >= 700_000
    assert before.session_wh > 15_000
    assert (gone.place, gone.session_wh) == (Place.ROAD, 0)
    assert gone.departs_at is not None
    assert gone.departs_at > at_noon.departs_at
    assert at_work.place is Place.AWAY
    assert at_work.soc_ppm < before.soc_ppm


def test_the_users_car_is_a_guest_at_work_on_workdays_only() -> None:
    model = home(SPECS[HOME], started_at=MIDNIGHT)
    weekdays = [model.advance(hours(24 * day + 10, since=MIDNIGHT)) for day in range(5)]
    weekend = [model.advance(hours(24 * day + 10, since=MIDNIGHT)) for day in (5, 6)]

    for state in weekdays:
        assert state.car is not None
        assert state.car.place is Place.WORK
        assert state.charger_w == 0
    assert weekdays[-1].counters.guest_wh > 10_000
    saturday, sunday = weekend
    assert sunday.counters.guest_wh == saturday.counters.guest_wh
    for state in weekend:
        assert state.car is not None
        assert state.car.place is Place.HOME


def test_a_guest_charges_as_commanded_and_not_through_the_homes_meter() -> None:
    model = home(SPECS[HOME], started_at=hours(-2))
    commands = HomeCommands(guest=PowerCommand(power_w=7_000))

    state = model.advance(hours(-2), commands)

    assert state.car is not None
    assert state.car.guest_w == 7_000
    assert state.consumption_w == state.load_w
    assert model.advance(hours(-1), commands).counters.guest_wh == 7_000


@pytest.mark.parametrize(
    ("wanted_w", "power_w"),
    [(5_000, 1_500), (400, 400), (299, 0), (-399, 0), (-400, -400), (-9_000, -2_000)],
)
def test_hydrogen_machines_run_between_part_load_and_rated_power(
    wanted_w: int, power_w: int
) -> None:
    commands = HomeCommands(hydrogen=PowerCommand(power_w=wanted_w))

    state = home(EVERYTHING).advance(NOON, commands)

    assert state.hydrogen_w == power_w


def test_hydrogen_takes_a_days_surplus_and_gives_it_back_with_losses() -> None:
    commands = HomeCommands(hydrogen=PowerCommand(power_w=-2_000))
    model = home(EVERYTHING)
    before = model.state.hydrogen
    after_hour = model.advance(hours(1), commands).hydrogen
    assert before is not None
    assert after_hour is not None

    emptied = model.advance(
        hours(9), HomeCommands(hydrogen=PowerCommand(power_w=1_500))
    )

    assert after_hour.stored_wh - before.stored_wh == 1_240
    assert emptied.hydrogen is not None
    assert emptied.hydrogen.stored_wh < 600
    assert emptied.hydrogen_w == 0


def test_the_biogas_engine_runs_for_heat_and_never_below_its_minimum() -> None:
    spec = FARM.chp
    assert spec is not None
    states = every_minute(home(FARM, started_at=MIDNIGHT), 24 * 60)

    powers = {state.chp_w for state in states}
    assert powers == {0, spec.power_w_max}
    running = [state.chp_w > 0 for state in states]
    assert running[6 * 60]
    assert running[18 * 60]
    assert not running[2 * 60]


def test_the_biogas_engine_obeys_but_wastes_no_gas() -> None:
    off = HomeCommands(chp=PowerCommand(power_w=0))
    model = home(FARM, started_at=MIDNIGHT)

    states = every_minute(model, 36 * 60, off)

    fills = [state.biogas.fill_ppm for state in states if state.biogas]
    first_run = next(n for n, state in enumerate(states) if state.chp_w > 0)
    assert fills[first_run - 1] > 890_000
    assert max(fills) < 910_000
    relieved = next(
        n for n, state in enumerate(states) if n > first_run and state.chp_w == 0
    )
    assert fills[relieved] < 705_000


def test_the_heat_pump_keeps_people_comfortable() -> None:
    model = home(HEAT_PUMP, started_at=MIDNIGHT)
    states = every_minute(model, 3 * 24 * 60)

    indoor = [state.indoor_millic for state in states if state.indoor_millic]
    assert len(indoor) == len(states)
    assert min(indoor) > 18_500
    assert max(indoor) < 21_500
    assert 5_000 < states[-1].counters.heat_pump_wh / 3 < 25_000


@pytest.mark.parametrize("power_w", [0, 9_000])
def test_no_command_makes_the_house_cold_or_hot(power_w: int) -> None:
    model = home(HEAT_PUMP, started_at=MIDNIGHT)
    commands = HomeCommands(heat_pump=PowerCommand(power_w=power_w))

    states = every_minute(model, 4 * 24 * 60, commands)

    indoor = [state.indoor_millic for state in states if state.indoor_millic]
    assert min(indoor) > 17_900
    assert max(indoor) < 23_100


def test_hot_water_is_heated_in_its_hours_and_stays_warm() -> None:
    states = every_minute(home(RETIRED, started_at=MIDNIGHT), 5 * 24 * 60)

    by_night = sum(
        state.hot_water_w for state in states if _local_hour(state) in range(1, 6)
    )
    water = [state.hot_water_millic for state in states if state.hot_water_millic]
    assert by_night > 0.7 * sum(state.hot_water_w for state in states)
    assert min(water) > 33_000
    assert max(water) < 62_500


def test_hot_water_takes_surplus_on_command_until_it_is_hot_enough() -> None:
    commands = HomeCommands(hot_water=PowerCommand(power_w=2_200))
    states = every_minute(home(RETIRED), 5 * 60, commands)

    water = [state.hot_water_millic for state in states if state.hot_water_millic]
    assert states[0].hot_water_w == 2_200
    assert max(water) > 69_000
    assert max(water) < 71_000


def _local_hour(state: HomeState) -> int:
    return (state.at - MIDNIGHT) // 3_600_000 % 24 + 1
