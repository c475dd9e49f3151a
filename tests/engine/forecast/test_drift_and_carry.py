"""Levels that move and errors that last."""

import numpy as np
import pytest

from custom_components.commonwatt.engine.forecast.carry import (
    LEADS,
    Carry,
    latest_error,
    measure_carry,
)
from custom_components.commonwatt.engine.forecast.load import (
    Days,
    forecast,
    train,
)
from custom_components.commonwatt.engine.forecast.load.drift import drift
from custom_components.commonwatt.engine.forecast.series import PERIODS_PER_DAY


def test_a_forecast_without_bias_is_left_alone() -> None:
    days = np.full((20, 24), 1.0)

    np.testing.assert_allclose(drift(days, days), 1.0)


def test_a_week_of_too_much_is_taken_back_and_its_own_day_does_not_count() -> None:
    mean = np.full((9, 24), 1.0)
    truth = np.full((9, 24), 0.8)
    changed = truth.copy()
    changed[-1] = 50.0

    factor = drift(truth, mean)

    assert factor[0] == pytest.approx(1.0)
    assert factor[8] == pytest.approx((7 * 0.8 + 5) / (7 + 5))
    assert drift(changed, mean)[-1] == pytest.approx(factor[-1])


def test_unknown_steps_and_unknown_forecasts_do_not_count() -> None:
    truth, mean = np.full((8, 24), 1.2), np.full((8, 24), 1.0)
    truth[3] = np.nan
    mean[5] = np.nan

    assert drift(truth, mean)[-1] == pytest.approx((5 * 1.2 + 5) / (5 + 5))


def test_the_sum_of_homes_follows_a_spring() -> None:
    """Homes that use 1 % less each day are not forecast as if it were winter."""
    random = np.random.default_rng(8)
    shape = 400 + 300 * np.sin(np.arange(24) / 24 * 2 * np.pi) ** 2
    level = 0.99 ** np.arange(60)[:, None]
    sums, truth = 0.0, 0.0
    for _ in range(4):
        energy = shape * level * random.gamma(8, 1 / 8, (60, 24))
        model = train(Days(energy_wh=energy[:45], kinds=np.arange(45) % 7))
        for day in range(45, 60):
            past = Days(energy_wh=energy[:day], kinds=np.arange(day) % 7)
            found = forecast(model, past, day % 7)
            assert found is not None
            sums += float(found.mean_wh.sum())
            truth += float(energy[day].sum())

    assert sums / truth == pytest.approx(1.0, abs=0.03)


@pytest.mark.parametrize(("share", "decay"), [(0.8, 20.0), (0.3, 8.0)])
def test_the_life_of_errors_is_measured(share: float, decay: float) -> None:
    """Errors that fade by a law of their own show that law."""
    random = np.random.default_rng(3)
    keep = np.exp(-1 / decay)
    state, errors = 0.0, []
    for _ in range(60 * PERIODS_PER_DAY):
        state = keep * state + random.normal(0, 10)
        errors.append(state)
    slow = np.array(errors)
    noise = random.normal(0, slow.std() * np.sqrt(1 / share - 1) * 2, len(slow))

    found = measure_carry(slow + noise)

    assert found.decay_periods == pytest.approx(decay, rel=0.7)
    assert 0.15 < found.share < 1
    assert found.share == pytest.approx(share, abs=0.25)


def test_errors_without_memory_carry_nearly_nothing() -> None:
    noise = np.random.default_rng(3).normal(0, 10, 60 * PERIODS_PER_DAY)

    assert measure_carry(noise).share < 0.1


def test_few_errors_are_carried_as_usual() -> None:
    assert measure_carry(np.empty(0)) == Carry()
    assert measure_carry(np.full(10 * LEADS, np.nan)) == Carry()
    assert latest_error(np.array([1.0, np.nan, np.nan, np.nan])) == 0
    assert latest_error(np.array([np.nan, np.nan, 1.0, 3.0])) == pytest.approx(2.0)
