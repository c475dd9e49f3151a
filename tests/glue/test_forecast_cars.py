"""Cars: what their stays and charges teach, and what plans expect of them."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import numpy as np
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)

from custom_components.commonwatt.engine.devices import (
    ChargerState,
    DeviceId,
    DeviceKind,
    ProcessImage,
)
from custom_components.commonwatt.engine.forecast.cars import CarScenario, Stated
from custom_components.commonwatt.engine.forecast.series import Series
from custom_components.commonwatt.engine.model.period import (
    HOUR_MS,
    MINUTE_MS,
    DeliveryPeriod,
    Instant,
    after,
    instant_from_datetime,
)
from custom_components.commonwatt.forecasting.calendar import HomeCalendar
from custom_components.commonwatt.forecasting.cars import (
    CarBook,
    CarPast,
    Stay,
    as_json,
    charging_w,
    draw,
    from_json,
    going_on_w,
    habits_of,
)
from custom_components.commonwatt.planning.expectation import LoneCar, _of_car
from tests.glue.homes import add_home, adopted, settle
from tests.glue.pasts import by_hour, flow, utc

WALLBOX: Final = DeviceId("wallbox")
PARIS: Final = HomeCalendar(ZoneInfo("Europe/Paris"), country="FR")
NOW: Final = utc(2026, 6, 17, 10)
"""A Wednesday, noon in Paris."""


def look(
    past: CarPast, hours: float, *, connected: bool | None, wh: int, power_w: int = 0
) -> CarPast:
    """Look at the charging point some hours after midnight."""
    at = after(instant_from_datetime(NOW.replace(hour=0)), round(hours * HOUR_MS))
    state = ChargerState(
        measured_at=at, connected=connected, energy_wh=wh, power_w=power_w
    )
    return past.observe(state, at)


def test_a_stay_is_what_lies_between_arrival_and_departure() -> None:
    past = CarPast(watched_since=instant_from_datetime(NOW))
    past = look(past, 1, connected=False, wh=100_000)
    past = look(past, 2, connected=True, wh=100_000, power_w=7200)
    past = look(past, 3, connected=None, wh=104_000)
    past = look(past, 9, connected=True, wh=109_000)
    past = look(past, 10, connected=False, wh=109_000)

    (stay,) = past.stays
    assert (stay.until - stay.since) == 8 * HOUR_MS
    assert stay.energy_wh == 9_000
    assert past.power_w == 7200


def test_a_car_that_was_here_first_has_not_arrived() -> None:
    past = CarPast(watched_since=instant_from_datetime(NOW))
    past = look(past, 1, connected=True, wh=100_000)
    past = look(past, 4, connected=True, wh=108_000)
    past = look(past, 5, connected=False, wh=108_000)

    assert past.stays == ()


def test_a_plug_that_was_only_tried_is_no_charge() -> None:
    past = CarPast(watched_since=instant_from_datetime(NOW))
    past = look(past, 1, connected=False, wh=100_000)
    past = look(past, 2, connected=True, wh=100_000)
    past = look(past, 2.1, connected=False, wh=100_050)

    assert past.stays == ()


def test_a_restart_forgets_no_stay() -> None:
    start = instant_from_datetime(NOW)
    stay = Stay(since=start, until=after(start, 8 * HOUR_MS), energy_wh=9_000)
    cars = {WALLBOX: CarPast(watched_since=start, stays=(stay,), power_w=11_000)}

    assert from_json(as_json(cars)) == cars


def evenings(weeks: int) -> Series:
    """Return 8 kWh from seven in the evening on working days, in Paris."""
    first = datetime(2026, 6, 16, tzinfo=ZoneInfo("Europe/Paris"))
    known: dict[DeliveryPeriod, float] = {}
    for ago in range(7 * weeks):
        day = first - timedelta(days=ago)
        for quarter in range(96):
            at = instant_from_datetime(day) + quarter * 15 * MINUTE_MS
            charging = day.weekday() < 5 and 19 * 4 <= quarter < 21 * 4
            period = DeliveryPeriod.containing(Instant(at))
            known[period] = 1000.0 if charging else 0.0
    return Series.of(known)


def book() -> CarBook:
    """Return what eight weeks of statistics teach."""
    found = CarBook()
    found.fill({WALLBOX: evenings(8)}, PARIS)
    return found


def test_statistics_show_when_and_how_much_a_car_charges() -> None:
    past = book().cars[WALLBOX]

    assert len(past.stays) == 40
    assert {stay.energy_wh for stay in past.stays} == {8_000}
    # Longer than it charged: nobody unplugs a car the moment it is full.
    assert all(stay.until - stay.since > 2 * HOUR_MS for stay in past.stays)


def test_a_car_of_habits_is_expected_in_the_evening() -> None:
    coming = book().coming(WALLBOX, PARIS, instant_from_datetime(NOW))

    evening = sum(s.probability for s in coming if s.arrives_h == 19.5)
    assert evening > 0.7
    assert sum(s.probability for s in coming) == pytest.approx(1)
    assert all(s.arrives_h is None or s.arrives_h >= 12 for s in coming)


def test_a_car_that_did_not_come_by_midnight_comes_no_more() -> None:
    late = utc(2026, 6, 17, 21) + timedelta(minutes=50)

    coming = book().coming(WALLBOX, PARIS, instant_from_datetime(late))

    assert coming
    assert coming[0].arrives_h is None


def test_what_is_stated_is_not_guessed() -> None:
    stated = Stated(arrives_h=15.0)

    coming = book().coming(WALLBOX, PARIS, instant_from_datetime(NOW), stated)

    assert {s.arrives_h for s in coming} == {15.0}


def test_nothing_is_expected_of_a_car_nobody_knows() -> None:
    assert CarBook().coming(WALLBOX, PARIS, instant_from_datetime(NOW)) == ()


def test_an_unsteered_car_takes_all_it_wants_as_it_arrives() -> None:
    midnight = DeliveryPeriod(1_000_000)
    scenario = CarScenario(
        probability=1.0, arrives_h=18.0, departs_h=31.0, energy_wh=4_500.0
    )

    taken = charging_w(scenario, power_w=4_000, midnight=midnight)

    first = midnight.next(72)
    assert taken == {
        **{first.next(index): 4_000 for index in range(4)},
        first.next(4): 2_000,
    }


def test_ways_differ_in_what_a_car_wants() -> None:
    coming = book().coming(WALLBOX, PARIS, instant_from_datetime(NOW))

    least, middle, most = draw(coming, 0.02), draw(coming, 0.5), draw(coming, 0.98)

    assert least is not None
    assert middle is not None
    assert most is not None
    assert least.energy_wh < middle.energy_wh < most.energy_wh


def test_who_wants_nothing_takes_nothing() -> None:
    absent = CarScenario(probability=1, arrives_h=None, departs_h=None, energy_wh=0.0)

    assert charging_w(absent, power_w=4_000, midnight=DeliveryPeriod(1)) == {}
    assert draw((), 0.5) is None


def test_a_car_that_charges_goes_on_until_it_has_what_it_usually_wants() -> None:
    now, past = instant_from_datetime(NOW), book().cars[WALLBOX]
    habits = habits_of(past, PARIS, now)
    wanted_wh = habits.energy_wh[1]
    assert wanted_wh == pytest.approx(8_000, rel=0.05)
    given_wh = round(wanted_wh) - 1_000

    rest = going_on_w(replace(past, given_wh=given_wh), habits, now)

    period = DeliveryPeriod.containing(now)
    assert [*rest] == [period.next(index) for index in range(len(rest))]
    assert sum(rest.values()) / 4 == pytest.approx(1_000, abs=1)
    assert (
        going_on_w(replace(past, given_wh=9_000), habits_of(past, PARIS, now), now)
        == {}
    )


@dataclass(frozen=True)
class Known:
    """What a home knows of its cars."""

    cars: CarBook
    calendar: HomeCalendar = PARIS


def lone(
    connected: bool | None,  # noqa: FBT001  # a column of the table
    power_w: int | None = None,
    back_at: Instant | None = None,
    device: DeviceId = WALLBOX,
) -> LoneCar:
    """Return a car nobody steers."""
    now = instant_from_datetime(NOW)
    state = ChargerState(measured_at=now, connected=connected, power_w=power_w)
    return LoneCar(device=device, state=state, back_at=back_at)


@pytest.mark.parametrize(
    ("car", "first_hour"),
    [
        (lone(connected=True, power_w=7_000), 12),
        (lone(connected=True, power_w=0), None),
        (lone(connected=True), None),
        (lone(connected=None), None),
        (lone(connected=False), 19.5),
        (
            lone(
                connected=False,
                back_at=after(instant_from_datetime(NOW), 3 * HOUR_MS),
            ),
            15,
        ),
        (lone(connected=False, device=DeviceId("another")), None),
    ],
)
def test_a_car_nobody_steers_is_expected_where_it_is(
    car: LoneCar, first_hour: float | None
) -> None:
    now = instant_from_datetime(NOW)

    taken = _of_car(Known(book()), car, now, 0.5)  # type: ignore[arg-type]  # no more is asked of it

    midnight = PARIS.midnight(PARIS.day_of(now))
    begins = min(taken, default=None)
    hour = None if begins is None else (begins.start - midnight.start) / HOUR_MS
    assert hour == first_hour


def test_what_was_watched_is_believed_before_statistics() -> None:
    start = instant_from_datetime(NOW)
    stay = Stay(since=start, until=after(start, 8 * HOUR_MS), energy_wh=9_000)
    watched = CarPast(watched_since=start, stays=(stay,))
    found = CarBook(cars={WALLBOX: watched})

    found.fill({WALLBOX: evenings(8)}, PARIS)

    assert found.cars[WALLBOX] is watched


@pytest.mark.parametrize("wh", [0.0, 140.0])
def test_energy_that_fills_no_car_is_no_charge(wh: float) -> None:
    start = DeliveryPeriod.containing(instant_from_datetime(NOW))
    found = CarBook()
    found.fill({WALLBOX: Series.of({start: wh, start.next(): 0.0})}, PARIS)
    assert found.cars[WALLBOX].stays == ()

    found = CarBook()
    found.fill({WALLBOX: Series(start, np.array([]))}, PARIS)
    assert found.cars == {}


def test_a_look_takes_in_every_charging_point() -> None:
    now, found = instant_from_datetime(NOW), CarBook()
    state = ChargerState(measured_at=now, connected=False, energy_wh=5, power_w=0)

    found.observe(ProcessImage(taken_at=now, chargers={WALLBOX: state}))

    assert found.cars[WALLBOX].is_away


@pytest.fixture
async def entry(
    recorder_mock: object,  # noqa: ARG001  # first of all
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
) -> MockConfigEntry:
    """Return a home whose car comes at five (UTC) every evening, and is away now."""
    freezer.move_to(NOW)
    await hass.config.async_set_time_zone("Europe/Paris")
    first = NOW - timedelta(days=40)
    car = by_hour({17: 4000, 18: 4000}, 0)
    flow(hass, "sensor.car", car, first=first, end=NOW)
    flow(
        hass,
        "sensor.grid",
        lambda at: 400 + (car(at) or 0),
        first=first,
        end=NOW,
    )
    await async_wait_recording_done(hass)
    hass.states.async_set("sensor.grid", "400", {"unit_of_measurement": "W"})
    hass.states.async_set("sensor.car", "0", {"unit_of_measurement": "W"})
    hass.states.async_set("binary_sensor.plug", "off")
    entry = await add_home(
        hass,
        [
            adopted(DeviceKind.METER, {"power": "sensor.grid"}),
            adopted(
                DeviceKind.CHARGER,
                {"power": "sensor.car", "connected": "binary_sensor.plug"},
            ),
        ],
    )
    freezer.tick(timedelta(seconds=11))
    async_fire_time_changed(hass)
    await settle(hass)
    return entry


async def test_a_car_is_no_part_of_the_usual_load(entry: MockConfigEntry) -> None:
    expected = entry.runtime_data.forecasts.foresight.expected

    evening = DeliveryPeriod.containing(instant_from_datetime(NOW.replace(hour=17)))
    assert expected.load.at(evening) == pytest.approx(100, rel=0.05)


async def test_plans_expect_the_car_when_it_usually_comes(
    entry: MockConfigEntry,
) -> None:
    problem = entry.runtime_data.plans.problem

    usual = problem.scenarios[0]
    starts = problem.horizon.boundaries
    half_past_five = instant_from_datetime(NOW.replace(hour=17, minute=30))
    step = problem.horizon.step_at(half_past_five)
    assert starts[step] <= half_past_five
    assert usual.load_w[step] == pytest.approx(400 + 3_700, rel=0.05)
    assert usual.load_w[problem.horizon.step_at(starts[0])] < 600
