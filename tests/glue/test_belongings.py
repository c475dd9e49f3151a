"""Tanks, hydrogen, generators, cars and the connection: in the plan, and shown."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import (
    ConfigSubentryData,
    ConfigSubentryDataWithId,
)
from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import HomeAssistant, ServiceCall, SupportsResponse
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import entity_registry as er
from homeassistant.util.json import JsonValueType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.commonwatt.engine.devices import DeviceKind
from custom_components.commonwatt.engine.dispatch.home import (
    Car,
    Generator,
    HomeProblem,
    HydrogenStore,
    Tank,
)
from custom_components.commonwatt.engine.model.period import (
    Instant,
    instant_from_datetime,
)
from custom_components.commonwatt.planning.cars import SUBENTRY_CAR, PlannedCar
from custom_components.commonwatt.planning.connection import (
    SUBENTRY_GRID,
    GridSettings,
)
from custom_components.commonwatt.planning.machines import (
    SUBENTRY_GENERATOR,
    SUBENTRY_HYDROGEN,
    SUBENTRY_TANK,
)
from custom_components.commonwatt.planning.machines.generator import (
    GeneratorSettings,
)
from custom_components.commonwatt.planning.machines.hydrogen import (
    HydrogenSettings,
)
from custom_components.commonwatt.planning.machines.tank import TankSettings
from tests.glue.homes import add_home, adopted, settle
from tests.glue.test_plan import MORNING, later, plans_of, show, state_of

TANK: Final = TankSettings(
    temperature="water_heater.boiler",
    volume_l=300,
    lowest_mk=313_150,
    highest_mk=333_150,
    power_w_max=2_000,
    power_w_min=0,
    cop_ppm=3_500_000,
    cop_frost_ppm=2_100_000,
    outdoor="weather.home",
    daily_wh=8_000,
)
HYDROGEN: Final = HydrogenSettings(
    capacity_wh=100_000,
    stored="sensor.gas",
    make_w_max=3_000,
    make_w_min=500,
    make_ppm=620_000,
    use_w_max=2_000,
    use_w_min=200,
    use_ppm=500_000,
    value_micro_per_kwh=100_000,
    forms_island=True,
)
ENGINE: Final = GeneratorSettings(
    power_w_max=5_000,
    power_w_min=2_000,
    cost_micro_per_kwh=50_000,
    start_micro=10_000,
    heat_ppm=0,
    warms=None,
)


def belonging(kind: str, data: Mapping[str, object], title: str) -> ConfigSubentryData:
    """Return something as its subentry keeps it."""
    return ConfigSubentryData(
        data=data, subentry_type=kind, title=title, unique_id=None
    )


@pytest.fixture(autouse=True)
async def morning(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """Begin on a morning in Paris, with everything that can be read."""
    freezer.move_to(MORNING)
    await hass.config.async_set_time_zone("Europe/Paris")
    hass.config.currency = "EUR"
    show(hass, "sensor.grid", "2500")
    show(hass, "sensor.gas", "40", "%")
    show(hass, "sensor.peak", "4.5", "kW")
    hass.states.async_set("water_heater.boiler", "eco", {"current_temperature": 50})
    hass.states.async_set("weather.home", "sunny", {"temperature": 7})


async def home_with(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *belongings: ConfigSubentryData,
) -> MockConfigEntry:
    """Return a home that has planned once."""
    meter = adopted(DeviceKind.METER, {"power": "sensor.grid"})
    entry = await add_home(hass, [meter, *belongings])
    await later(hass, freezer, 11)
    return entry


def problem_of(entry: MockConfigEntry) -> HomeProblem:
    """Return what the last plan was made for."""
    problem = plans_of(entry).problem
    assert problem is not None
    return problem


async def test_a_tank_is_planned_with_the_weather(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    tank = belonging(SUBENTRY_TANK, TANK.as_data(), "Boiler")
    entry = await home_with(hass, freezer, tank)

    (seen,) = problem_of(entry).storages
    assert isinstance(seen, Tank)
    assert seen.capacity_wh == 300 * 20 * 1163 // 1000
    assert seen.stored_wh == 300 * 10 * 1163 // 1000
    assert seen.cop_ppm[0] == 3_500_000
    assert max(seen.draw_w) > 4 * min(seen.draw_w)
    assert state_of(hass, "binary_sensor.boiler_good_time_to_heat").state in {
        STATE_ON,
        STATE_OFF,
    }
    plan = plans_of(entry).plan
    assert plan is not None
    assert min(plan.assets[0].power_w) < 0


@pytest.mark.parametrize(
    ("outdoor_c", "cop"), [(7, 3.5), (-7, 2.1), (0, 2.8), (21, 4.9), (-40, 1.0)]
)
def test_the_cop_follows_the_weather(outdoor_c: int, cop: float) -> None:
    assert TANK.cop_at(273_150 + outdoor_c * 1000) == pytest.approx(cop * 1e6, abs=1)


def test_without_weather_it_is_mild() -> None:
    assert TANK.cop_at(None) == TANK.cop_ppm


async def test_a_tank_of_unknown_temperature_is_left_out(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    hass.states.async_remove("water_heater.boiler")
    hass.states.async_remove("weather.home")
    tank = belonging(SUBENTRY_TANK, TANK.as_data(), "Boiler")
    entry = await home_with(hass, freezer, tank)

    (seen,) = problem_of(entry).storages
    assert seen.stored_wh is None
    assert state_of(hass, "sensor.home_plan_state").attributes["flaws"] == [
        "stored_unknown"
    ]


async def test_hydrogen_is_worth_what_its_owner_says(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    show(hass, "sensor.gas", "100", "%")
    small = replace(HYDROGEN, use_w_max=1_000)
    entry = await home_with(
        hass, freezer, belonging(SUBENTRY_HYDROGEN, small.as_data(), "Gas")
    )

    (seen,) = problem_of(entry).storages
    assert isinstance(seen, HydrogenStore)
    assert seen.stored_wh == 100_000
    # Gas at 0.10 makes electricity at 0.20: cheaper than 0.25 from the grid, all day.
    assert state_of(hass, "binary_sensor.gas_good_time_to_use_hydrogen").state == (
        STATE_ON
    )
    assert state_of(hass, "binary_sensor.gas_good_time_to_make_hydrogen").state == (
        STATE_OFF
    )
    assert state_of(hass, "sensor.gas_planned_start").state == (
        "2026-03-26T08:00:00+00:00"
    )


async def test_dear_gas_is_kept(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    dear = replace(HYDROGEN, value_micro_per_kwh=130_000)
    await home_with(hass, freezer, belonging(SUBENTRY_HYDROGEN, dear.as_data(), "Gas"))

    assert state_of(hass, "sensor.gas_planned_start").state == "unknown"


async def test_stored_hydrogen_may_be_an_energy(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    show(hass, "sensor.gas", "12.5", "kWh")
    gas = belonging(SUBENTRY_HYDROGEN, HYDROGEN.as_data(), "Gas")
    entry = await home_with(hass, freezer, gas)
    assert problem_of(entry).storages[0].stored_wh == 12_500

    show(hass, "sensor.gas", "unavailable", "kWh")
    assert plans_of(entry).problem_now().storages[0].stored_wh is None


async def test_a_generator_runs_while_it_is_cheaper_than_the_grid(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    engine = belonging(SUBENTRY_GENERATOR, ENGINE.as_data(), "Engine")
    entry = await home_with(hass, freezer, engine)

    (seen,) = problem_of(entry).generators
    assert isinstance(seen, Generator)
    assert state_of(hass, "binary_sensor.engine_good_time_to_run").state == STATE_ON
    plan = await hass.services.async_call(
        "commonwatt", "get_plan", {}, blocking=True, return_response=True
    )
    assert plan is not None
    assets = plan["assets"]
    assert isinstance(assets, list)
    assert [a["name"] for a in assets if isinstance(a, dict)] == ["Engine"]


async def test_without_a_plan_nobody_says_when_to_run(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    engine = belonging(SUBENTRY_GENERATOR, ENGINE.as_data(), "Engine")
    entry = await home_with(hass, freezer, engine)

    plans_of(entry).plan = None
    plans_of(entry)._tell()

    assert state_of(hass, "binary_sensor.engine_good_time_to_run").state == "unknown"
    assert state_of(hass, "sensor.engine_planned_start").state == "unknown"


async def test_the_connection_limits_the_plan(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    settings = GridSettings(
        import_w_max=9_000,
        export_w_max=0,
        capacity_micro_per_kw=4_000_000,
        peak="sensor.peak",
    )
    grid = belonging(SUBENTRY_GRID, settings.as_data(), "Connection")
    entry = await home_with(hass, freezer, grid)

    seen = problem_of(entry).grid
    assert (seen.import_w_max, seen.export_w_max) == (9_000, 0)
    assert seen.capacity is not None
    assert seen.capacity.peak_w == 4_500

    hass.states.async_set("sensor.peak", "unavailable")
    capacity = plans_of(entry).problem_now().grid.capacity
    assert capacity is not None
    assert capacity.peak_w == 0


CAR: Final[Mapping[str, object]] = {
    "charger": "charger",
    "soc": "sensor.zoe",
    "capacity_wh": 50_000,
    "week": [
        {
            "days": ["thu", "fri"],
            "leaves": "17:00:00",
            "back": "19:00:00",
            "target_ppm": 800_000,
        },
        {
            "days": [],
            "leaves": "18:00:00",
            "back": "18:30:00",
            "target_ppm": 900_000,
        },
        {
            "days": ["fri"],
            "leaves": "22:00:00",
            "back": "06:00:00",
            "target_ppm": 600_000,
        },
    ],
    "calendar": "calendar.family",
    "target_ppm": 700_000,
    "discharge_w_max": 3_000,
    "reserve_ppm": 300_000,
}


def instant(text: str) -> Instant:
    """Return a time of the end of March 2026, in UTC."""
    moment = datetime.fromisoformat(f"2026-03-{text}:00")
    return instant_from_datetime(moment.replace(tzinfo=UTC))


async def home_with_car(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, **changes: object
) -> MockConfigEntry:
    """Return a home with a car at its charger."""
    show(hass, "sensor.charger", "0")
    show(hass, "sensor.zoe", "55", "%")
    hass.states.async_set("binary_sensor.plug", STATE_ON)
    charger = adopted(
        DeviceKind.CHARGER,
        {"power": "sensor.charger", "connected": "binary_sensor.plug"},
    )
    car = belonging(SUBENTRY_CAR, {**CAR, **changes}, "Zoe")
    named = ConfigSubentryDataWithId(**charger, subentry_id="charger")
    return await home_with(hass, freezer, named, car)


def car_of(entry: MockConfigEntry) -> PlannedCar:
    """Return the only car of a home."""
    (car,) = plans_of(entry).belongings.cars
    return car


async def test_a_car_is_planned_by_what_it_says_and_by_its_week(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    entry = await home_with_car(hass, freezer)

    (car,) = problem_of(entry).storages
    assert isinstance(car, Car)
    assert car.stored_wh == 27_500
    assert (car.discharge_w_max, car.reserve_wh) == (3_000, 15_000)
    assert [(t.leaves_at, t.returns_at, t.stored_wh_goal) for t in car.trips] == [
        (instant("26T16:00"), instant("26T18:00"), 40_000),
        (instant("27T16:00"), instant("27T18:00"), 40_000),
        (instant("27T21:00"), instant("28T05:00"), 30_000),
        (instant("28T17:00"), instant("28T17:30"), 45_000),
    ]
    registry = er.async_get(hass)
    assert registry.async_get("number.charger_energy_for_the_car") is None
    assert registry.async_get("time.charger_departure_of_the_car") is None
    assert plans_of(entry).names["charger"] == "Zoe"


async def test_a_car_that_gives_nothing_back_needs_no_reserve(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    entry = await home_with_car(hass, freezer, discharge_w_max=0)

    (car,) = problem_of(entry).storages
    assert isinstance(car, Car)
    assert car.reserve_wh == 0
    assert car.worth == ()


async def test_after_a_trip_without_an_end_nothing_is_known(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    week: list[Mapping[str, object]] = [
        {"days": [], "leaves": "17:00:00", "back": None, "target_ppm": 800_000},
    ]
    entry = await home_with_car(hass, freezer, week=week)

    (trip,) = car_of(entry).trips(plans_of(entry).now)
    assert trip.returns_at is None


async def test_a_car_that_does_not_tell_is_left_out(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    entry = await home_with_car(hass, freezer)

    hass.states.async_set("sensor.zoe", "unavailable")

    assert plans_of(entry).problem_now().storages[0].stored_wh is None


async def test_a_car_whose_charger_is_gone_is_forgotten(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    entry = await home_with_car(hass, freezer, charger="another")

    assert plans_of(entry).belongings.cars == ()


async def test_events_of_a_calendar_are_trips(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    events: list[JsonValueType] = [
        {"start": "2026-03-26T12:00:00+01:00", "end": "2026-03-26T14:00:00+01:00"},
        {"start": "2026-03-27", "end": "2026-03-28"},
        {"start": "soon", "end": "later"},
    ]

    async def get_events(call: ServiceCall) -> dict[str, JsonValueType]:
        assert call.data["entity_id"] == "calendar.family"
        if not events:
            raise ServiceValidationError("gone")
        return {"calendar.family": {"events": list(events)}}

    entry = await home_with_car(hass, freezer, week=())
    assert car_of(entry).trips(plans_of(entry).now) == ()
    # Calendars are there by now, since ours is; this one answers for the family's.
    hass.services.async_register(
        "calendar", "get_events", get_events, supports_response=SupportsResponse.ONLY
    )
    hass.states.async_set("calendar.family", STATE_OFF)
    await settle(hass)

    (trip,) = car_of(entry).trips(plans_of(entry).now)
    assert trip.leaves_at == instant("26T11:00")
    assert trip.returns_at == instant("26T13:00")
    assert trip.stored_wh_goal == 35_000

    events.clear()
    hass.states.async_set("calendar.family", STATE_ON)
    await settle(hass)
    assert len(car_of(entry).booked) == 1

    events.append({"start": "2026-03-26T15:00:00Z", "end": "2026-03-26T16:00:00Z"})
    freezer.move_to("2026-03-26T08:22:00+00:00")
    await later(hass, freezer, 0)
    (trip,) = car_of(entry).trips(plans_of(entry).now)
    assert trip.leaves_at == instant("26T15:00")
