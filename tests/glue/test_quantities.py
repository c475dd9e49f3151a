"""States of Home Assistant as integers, or a reason why not."""

from homeassistant.core import State
import pytest

from custom_components.commonwatt.quantities import (
    StateProblem,
    energy_wh,
    power_w,
    price_micro_per_kwh,
    share_ppm,
)
from custom_components.commonwatt.settings import micro_from_units, ppm_from_percent


def shown(value: str, unit: str | None) -> State:
    """Return a state as another integration would show it."""
    return State("sensor.it", value, {"unit_of_measurement": unit} if unit else {})


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        ("1.2345", "kW", 1234),
        ("-3", "MW", -3_000_000),
        ("12", "W", 12),
        ("12", "kWh", StateProblem.WRONG_UNIT),
        ("12", None, StateProblem.WRONG_UNIT),
        ("unknown", "W", StateProblem.NOT_A_NUMBER),
        ("nan", "W", StateProblem.NOT_A_NUMBER),
        ("inf", "W", StateProblem.NOT_A_NUMBER),
    ],
)
def test_a_power_is_in_w(value: str, unit: str | None, expected: object) -> None:
    assert power_w(shown(value, unit)) == expected


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [("12.3456", "MWh", 12_345_600), ("3.6", "MJ", 1000), ("7", "Wh", 7)],
)
def test_an_energy_is_in_wh(value: str, unit: str, expected: int) -> None:
    assert energy_wh(shown(value, unit)) == expected


def test_a_share_is_in_ppm() -> None:
    assert share_ppm(shown("55.55", "%")) == 555_500
    assert share_ppm(shown("55.55", None)) is StateProblem.WRONG_UNIT


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        ("0.2531", "EUR/kWh", 253_100),
        ("0.2531", "€/kWh", 253_100),
        ("-91.5", "EUR/MWh", -91_500),
        ("25.31", "ct/kWh", 253_100),
        ("25.31", "¢/kWh", 253_100),
        ("0.25", "USD/kWh", StateProblem.WRONG_UNIT),
        ("0.25", "EUR/km", StateProblem.WRONG_UNIT),
        ("0.25", "EUR", StateProblem.WRONG_UNIT),
        ("cheap", "EUR/kWh", StateProblem.NOT_A_NUMBER),
    ],
)
def test_a_price_is_in_micro_per_kwh(value: str, unit: str, expected: object) -> None:
    assert price_micro_per_kwh(shown(value, unit), currency="EUR") == expected


def test_no_state_is_no_zero() -> None:
    assert power_w(None) is StateProblem.NOT_FOUND
    assert price_micro_per_kwh(None, currency="EUR") is StateProblem.NOT_FOUND


def test_what_people_type_is_decimal() -> None:
    assert micro_from_units(0.0023) == 2300
    assert micro_from_units(0.2675) == 267_500
    assert micro_from_units(-0.0000005) == -1
    assert ppm_from_percent(5.5) == 55_000
    assert ppm_from_percent(20) == 200_000
