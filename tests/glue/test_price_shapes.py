"""Every shape in which integrations show prices and carbon to come."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Final

from homeassistant.core import HomeAssistant
import pytest

from custom_components.commonwatt.engine.model.period import (
    HOUR_MS,
    DeliveryPeriod,
    instant_from_datetime,
)
from custom_components.commonwatt.planning.outlook.series import Series
from custom_components.commonwatt.planning.outlook.shapes import (
    series_in_answer,
    series_in_attributes,
)

TODAY: Final = date(2026, 3, 26)
MIDNIGHT: Final = instant_from_datetime(datetime(2026, 3, 25, 23, tzinfo=UTC))
"""Of the local day: Paris is an hour ahead until the 29th of March."""

HOUR: Final = "2026-03-26T08:00:00+01:00"
NEXT: Final = "2026-03-26T09:00:00+01:00"
LAST: Final = "2026-03-26T10:00:00+01:00"


@pytest.fixture(autouse=True)
async def paris(hass: HomeAssistant) -> None:
    """Live in Paris."""
    await hass.config.async_set_time_zone("Europe/Paris")


def at(series: Series, hours: float) -> float | None:
    """Return the value so many hours after local midnight."""
    return series.at(type(MIDNIGHT)(MIDNIGHT + int(hours * HOUR_MS)))


def read(attributes: Mapping[str, object]) -> Series:
    """Return the series in attributes that have one."""
    series = series_in_attributes(attributes, TODAY)
    assert series is not None
    return series


RECORDS: Final[Mapping[str, Mapping[str, object]]] = {
    "nord pool of hacs": {
        "raw_today": [
            {"start": HOUR, "end": NEXT, "value": 0.2},
            {"start": NEXT, "end": LAST, "value": 0.3},
        ],
        "raw_tomorrow": [],
        "today": [0.1] * 24,
    },
    "entso-e": {
        "prices_today": [
            {"time": "2026-03-26 08:00:00+01:00", "price": 0.2},
            {"time": "2026-03-26 09:00:00+01:00", "price": 0.3},
        ],
        "prices_tomorrow": [],
    },
    "epex spot": {
        "data": [
            {"start_time": HOUR, "end_time": NEXT, "price_per_kwh": 0.2},
            {"start_time": NEXT, "end_time": LAST, "price_per_kwh": 0.3},
        ]
    },
    "epex spot, older": {
        "data": [
            {"start_time": HOUR, "end_time": NEXT, "price_ct_per_kwh": 0.2},
            {"start_time": NEXT, "end_time": LAST, "price_ct_per_kwh": 0.3},
        ]
    },
    "octopus energy": {
        "rates": [
            {"start": HOUR, "end": NEXT, "value_inc_vat": 0.2, "is_capped": False},
            {"start": NEXT, "end": LAST, "value_inc_vat": 0.3, "is_capped": False},
        ]
    },
    "awattar": {
        "data": [
            {
                "start_timestamp": 1774508400000,
                "end_timestamp": 1774512000000,
                "marketprice": 0.2,
                "unit": "Eur/MWh",
            },
            {
                "start_timestamp": 1774512000000,
                "end_timestamp": 1774515600000,
                "marketprice": 0.3,
                "unit": "Eur/MWh",
            },
        ]
    },
    "energi data service": {
        "raw_today": [
            {"hour": datetime(2026, 3, 26, 7, tzinfo=UTC), "price": 0.2},
            {"hour": datetime(2026, 3, 26, 8, tzinfo=UTC), "price": 0.3},
        ],
        "tomorrow_valid": False,
    },
    "energi data service, as its interface answers": {
        "records": [
            {"HourUTC": "2026-03-26T07:00:00+00:00", "SpotPriceDKK": 0.2},
            {"HourUTC": "2026-03-26T08:00:00+00:00", "SpotPriceDKK": 0.3},
        ]
    },
    "frank energie": {
        "prices": [
            {"from": HOUR, "till": NEXT, "price": 0.2},
            {"from": NEXT, "till": LAST, "price": 0.3},
        ]
    },
    "amber": {
        "forecasts": [
            {"start_time": HOUR, "end_time": NEXT, "per_kwh": 0.2, "renewables": 40},
            {"start_time": NEXT, "end_time": LAST, "per_kwh": 0.3, "renewables": 39},
        ]
    },
    "tibber, as its interface answers": {
        "prices": [
            {"startsAt": HOUR, "total": "0.2", "energy": 0.1},
            {"startsAt": NEXT, "total": "0.3", "energy": 0.2},
        ]
    },
    "times to values": {"prices": {HOUR: 0.2, NEXT: 0.3}},
    "clock times of today": {"today_prices": {"08:00": 0.2, "9:00:00": 0.3}},
    "clock times in records": {
        "prices_today": [
            {"time": "08:00", "value": 0.2},
            {"time": "09:00", "value": 0.3},
        ]
    },
    "naive times": {
        "prices": [
            {"start": "2026-03-26T08:00:00", "value": 0.2},
            {"start": "2026-03-26T09:00:00", "value": 0.3},
        ]
    },
    "seconds since 1970": {
        "forecast": [
            {"timestamp": 1774508400, "price": 0.2},
            {"timestamp": 1774512000, "price": 0.3},
        ]
    },
    "pvpc": {
        "price_08h": 0.2,
        "price_09h": 0.3,
        "price_next_day_00h": 0.4,
        "min_price": 0.1,
    },
    "carbon intensity of great britain": {
        "forecast": [
            {"from": HOUR, "to": NEXT, "intensity": 0.2, "index": "low"},
            {"from": NEXT, "to": LAST, "intensity": 0.3, "index": "low"},
        ]
    },
    "carbon intensity, as its interface answers": {
        "data": [
            {"from": HOUR, "to": NEXT, "intensity": {"forecast": 0.2, "actual": None}},
            {"from": NEXT, "to": LAST, "intensity": {"forecast": 0.3}},
        ]
    },
    "electricity maps": {
        "forecast": [
            {"datetime": "2026-03-26T07:00:00.000Z", "carbonIntensity": 0.2},
            {"datetime": "2026-03-26T08:00:00.000Z", "carbonIntensity": 0.3},
        ]
    },
}


@pytest.mark.parametrize("shape", RECORDS)
def test_a_shape_is_read(shape: str) -> None:
    series = read(RECORDS[shape])

    assert at(series, 8.5) == 0.2
    assert at(series, 9.2) == 0.3


@pytest.mark.parametrize(
    ("shape", "unit"),
    [
        ("nord pool of hacs", None),
        ("epex spot", "/kWh"),
        ("epex spot, older", "ct/kWh"),
        ("awattar", "Eur/MWh"),
        ("energi data service, as its interface answers", "DKK/MWh"),
    ],
)
def test_a_key_may_name_its_unit(shape: str, unit: str | None) -> None:
    assert read(RECORDS[shape]).unit == unit


def test_plain_numbers_fill_the_day_and_the_next() -> None:
    series = read({"today": list(range(24)), "tomorrow": [50.0] * 96})

    assert at(series, 0) == 0
    assert at(series, 23.9) == 23
    assert at(series, 24) == 50.0
    assert at(series, 48) is None


def test_a_day_of_23_hours_is_a_day() -> None:
    series = series_in_attributes({"today": list(range(23))}, date(2026, 3, 29))

    assert series is not None
    spring = instant_from_datetime(datetime(2026, 3, 29, 1, 30, tzinfo=UTC))
    assert series.at(spring) == 2


def test_records_say_more_than_plain_numbers() -> None:
    assert at(read(RECORDS["nord pool of hacs"]), 8.5) == 0.2
    assert at(read(RECORDS["nord pool of hacs"]), 12) == 0.1


def test_the_next_day_has_numbers_of_its_own() -> None:
    assert at(read(RECORDS["pvpc"]), 24.5) == 0.4


@pytest.mark.parametrize(
    "attributes",
    [
        {},
        {"friendly_name": "Price", "options": ["a", "b"], "unit": "EUR/kWh"},
        {"today": [0.1, 0.2]},
        {"prices": [{"price": 0.1}]},
        {"prices": [{"start": "soon", "price": 0.1}]},
        {"prices": [{"start": HOUR, "price": "dear"}]},
        {"prices": [{"start": HOUR, "price": float("nan")}]},
        {"prices": [{"start": HOUR, "price": True}]},
        {"prices": [{"start": 12, "price": 0.1}]},
        {"prices": [{"start": HOUR, "colour": 0.1}]},
        {"prices": {"a": 1, "b": 2}},
        {"prices": {"08:00": 1}},
        {"prices": {HOUR: None}},
        {"forecast": [{"start": HOUR, "price": 0.1}] * 4_001},
        {"data": "x" * 50},
    ],
)
def test_what_is_no_series_is_passed_over(attributes: Mapping[str, object]) -> None:
    assert series_in_attributes(attributes, TODAY) is None


def test_a_series_without_ends_stops_after_its_usual_length() -> None:
    series = read(
        {"prices": [{"start": HOUR, "value": 1}, {"start": NEXT, "value": 2}]}
    )

    assert at(series, 9.9) == 2
    assert at(series, 10.1) is None


def test_quarters_and_halves_become_delivery_periods() -> None:
    series = read(
        {
            "prices": [
                {"start": HOUR, "end": "2026-03-26T08:30:00+01:00", "value": 0.1},
                {
                    "start": "2026-03-26T08:30:00+01:00",
                    "end": "2026-03-26T08:35:00+01:00",
                    "value": 0.1,
                },
                {
                    "start": "2026-03-26T08:35:00+01:00",
                    "end": "2026-03-26T08:45:00+01:00",
                    "value": 0.4,
                },
                {
                    "start": "2026-03-26T08:45:00+01:00",
                    "end": "2026-03-26T08:50:00+01:00",
                    "value": 0.9,
                },
            ]
        }
    )
    first = DeliveryPeriod.containing(instant_from_datetime(moment(HOUR)))

    values = series.by_period(1_000_000, around=first.start)

    assert values == {first: 100_000, first.next(): 100_000, first.next(2): 300_000}


def test_what_lies_far_away_is_no_forecast() -> None:
    series = read(RECORDS["frank energie"])
    far = instant_from_datetime(datetime(2027, 1, 1, tzinfo=UTC))

    assert series.by_period(1, around=far) == {}


def test_an_answer_may_hold_several_series() -> None:
    answer = {
        "prices": {
            "Home": [{"start_time": HOUR, "price": 0.2}],
            "Cabin": [{"start_time": HOUR, "price": 0.9}],
        },
        "note": "nothing",
    }

    assert [at(series, 8) for series in series_in_answer(answer)] == [0.2, 0.9]


def moment(text: str) -> datetime:
    """Return a time as a datetime."""
    return datetime.fromisoformat(text)
