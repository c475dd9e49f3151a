"""Energies of periods laid over each other, and days half measured, half forecast."""

import numpy as np
import pytest

from custom_components.commonwatt.engine.forecast.energy_forecast import EnergyForecast
from custom_components.commonwatt.engine.forecast.series import Floats, Series
from custom_components.commonwatt.engine.model.period import DeliveryPeriod
from custom_components.commonwatt.forecasting.series import energy_between, overlay

FIRST = DeliveryPeriod(2_000_000)
EMPTY = Series(FIRST, np.array([]))
NAN = float("nan")


def series(*energy_wh: float, ahead: int = 0) -> Series:
    """Return a series that begins some periods later."""
    return Series(FIRST.next(ahead), np.array(energy_wh))


def forecast(*mean_wh: float, ahead: int = 0) -> EnergyForecast:
    """Return a forecast that is off by at most a tenth."""
    mean: Floats = np.array(mean_wh)
    return EnergyForecast(
        first=FIRST.next(ahead),
        mean_wh=mean,
        p10_wh=0.9 * mean,
        p50_wh=mean,
        p90_wh=1.1 * mean,
    )


def test_what_is_known_better_takes_the_place_of_the_rest() -> None:
    assert overlay(EMPTY, series(1)).energy_wh.tolist() == [1]
    assert overlay(series(1), EMPTY).energy_wh.tolist() == [1]

    both = overlay(series(1, 2, 3), series(20, NAN, 40, ahead=1))

    assert both.first == FIRST
    assert both.energy_wh.tolist() == [1, 20, 3, 40]


def test_a_day_is_what_was_measured_and_what_is_forecast_of_the_rest() -> None:
    day = energy_between(
        series(100, 100), forecast(50, 50, ahead=2), FIRST, FIRST.next(4)
    )

    assert day is not None
    assert day.wh == pytest.approx(300)
    assert day.low_wh == pytest.approx(290)
    assert day.high_wh == pytest.approx(310)


def test_what_little_was_not_measured_counts_as_the_rest() -> None:
    day = energy_between(
        series(100, 100, NAN, 100), forecast(0, ahead=4), FIRST, FIRST.next(4)
    )

    assert day is not None
    assert day.wh == pytest.approx(400)


def test_a_day_is_unknown_where_too_much_of_it_is() -> None:
    half = series(100, NAN)

    assert energy_between(half, forecast(5, ahead=2), FIRST, FIRST.next(3)) is None
    short = forecast(5, 5)
    assert energy_between(EMPTY, short, FIRST, FIRST.next(3)) is None
    tomorrow = energy_between(EMPTY, short, FIRST, FIRST.next(2))
    assert tomorrow is not None
    assert tomorrow.wh == pytest.approx(10)
