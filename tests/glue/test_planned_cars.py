"""Electric cars in the plan: what they say, their week, their calendar."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import (
    ConfigSubentryDataWithId,
)
from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import HomeAssistant, ServiceCall, SupportsResponse
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import entity_registry as er
from homeassistant.util.json import JsonValueType
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.commonwatt.engine.devices import DeviceKind
from custom_components.commonwatt.engine.dispatch.home import (
    Car,
)
from custom_components.commonwatt.engine.model.period import (
    Instant,
    instant_from_datetime,
)
from custom_components.commonwatt.planning.cars import SUBENTRY_CAR, PlannedCar
from tests.glue.homes import adopted, settle
from tests.glue.test_belongings import (
    belonging,
    home_with,
    morning,  # noqa: F401  # a fixture
    problem_of,
)
from tests.glue.test_plan import later, plans_of, show

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
