"""Paths for the optimiser: real errors, the right mean, weights that add up."""

from hypothesis import given, settings, strategies as st
import numpy as np
import pytest

from custom_components.commonwatt.engine.forecast.energy_forecast import EnergyForecast
from custom_components.commonwatt.engine.forecast.errors import surprised, surprises
from custom_components.commonwatt.engine.forecast.paths import PPM, paths
from custom_components.commonwatt.engine.forecast.series import (
    PERIODS_PER_DAY,
    Floats,
    Series,
)
from custom_components.commonwatt.engine.model.period import DeliveryPeriod

NOW = DeliveryPeriod(2_000_000)


def forecast_of(mean_wh: Floats, share: float = 0.4) -> EnergyForecast:
    return EnergyForecast(
        first=NOW,
        mean_wh=mean_wh,
        p10_wh=(1 - share) * mean_wh,
        p50_wh=mean_wh,
        p90_wh=(1 + share) * mean_wh,
    )


def errors_of(seed: int, days: int = 28) -> Series:
    random = np.random.default_rng(seed)
    by_day = np.repeat(random.normal(0, 0.6, days), PERIODS_PER_DAY)
    return Series(NOW.next(-days * PERIODS_PER_DAY), by_day)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 99), count=st.integers(3, 5), hours=st.integers(1, 48))
def test_the_paths_weigh_a_million_and_mean_the_mean(
    seed: int, count: int, hours: int
) -> None:
    load = forecast_of(np.random.default_rng(seed).uniform(50, 400, 4 * hours))

    found = paths(load, errors_of(seed), count=count)

    assert len(found) == count
    assert sum(path.weight_ppm for path in found) == PPM
    np.testing.assert_array_equal(found[0].load_wh, load.mean_wh)
    mean = sum(path.weight_ppm / PPM * path.load_wh for path in found)
    np.testing.assert_allclose(mean, load.mean_wh, rtol=1e-4)
    assert all((path.load_wh >= 0).all() for path in found)


def test_paths_reach_from_a_frugal_day_to_a_thirsty_one() -> None:
    load = forecast_of(np.full(2 * PERIODS_PER_DAY, 100.0))

    found = paths(load, errors_of(4), count=5)

    totals = [path.load_wh[:PERIODS_PER_DAY].sum() for path in found[1:]]
    assert totals == sorted(totals)
    assert totals[-1] > 1.3 * totals[0]


def test_a_dull_day_is_dull_for_load_and_sun_together() -> None:
    load = forecast_of(np.full(PERIODS_PER_DAY, 100.0))
    sun = forecast_of(np.full(PERIODS_PER_DAY, 100.0))
    dull = errors_of(4)
    opposite = Series(dull.first, -dull.energy_wh)

    found = paths(load, dull, sun, opposite, count=3)

    for path in found[1:]:
        more = path.load_wh.sum() > load.mean_wh.sum()
        assert (path.production_wh.sum() < sun.mean_wh.sum()) == more


def test_without_a_week_of_errors_there_is_one_path() -> None:
    load = forecast_of(np.full(96, 100.0))
    sun = forecast_of(np.full(40, 7.0))

    found = paths(load, errors_of(1, days=5), sun, None)

    assert len(found) == 1
    assert found[0].weight_ppm == PPM
    assert found[0].production_wh.sum() == pytest.approx(280.0)


def test_errors_laid_back_on_their_own_band_give_the_truth_again() -> None:
    random = np.random.default_rng(2)
    truth = random.uniform(80, 120, 200)
    low, middle, high = np.full(200, 80.0), np.full(200, 100.0), np.full(200, 130.0)

    by = surprises(truth, low=low, middle=middle, high=high)

    again = surprised(by, low=low, middle=middle, high=high)
    np.testing.assert_allclose(again, truth)
