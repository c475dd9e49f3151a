"""Our panels beside the neighbours': what is told, and when somebody should look."""

import numpy as np
import pytest

from custom_components.commonwatt.engine.forecast.series import (
    PERIODS_PER_DAY,
    Floats,
    Series,
)
from custom_components.commonwatt.engine.forecast.solar import (
    latest_shortfall,
    shares_of_day,
)
from custom_components.commonwatt.engine.model.period import DeliveryPeriod

FIRST = 20_000
DAYS = 20
LAST = FIRST + DAYS - 1
HOURS = np.arange(PERIODS_PER_DAY) / 4
SHAPE = np.where((HOURS > 6) & (HOURS < 18), np.sin((HOURS - 6) / 12 * np.pi), 0.0)


def weather() -> Floats:
    return np.random.default_rng(6).uniform(0.3, 1.0, DAYS)


def roof(last_day: float = 1.0) -> Series:
    """Return a roof of 800 Wh a quarter, in the shade before ten."""
    shade = np.where(HOURS < 10, 0.4, 1.0)
    energy_wh = 800 * weather()[:, None] * SHAPE * shade
    energy_wh[-1] *= last_day
    return Series(DeliveryPeriod(FIRST * PERIODS_PER_DAY), energy_wh.ravel())


def neighbours() -> dict[int, Floats]:
    return {FIRST + n: clear * SHAPE for n, clear in enumerate(weather())}


def test_a_healthy_roof_keeps_up_with_its_neighbours_shade_and_all() -> None:
    found = latest_shortfall(roof(), neighbours(), homes=5)

    assert found is not None
    assert found.share == pytest.approx(0.0, abs=0.01)
    assert not found.is_fault


def test_forty_per_cent_less_than_the_neighbours_is_said() -> None:
    found = latest_shortfall(roof(last_day=0.6), neighbours(), homes=5)

    assert found is not None
    assert found.share == pytest.approx(0.4, abs=0.01)
    assert found.is_fault


def test_a_dull_day_for_everybody_is_no_fault() -> None:
    ours, theirs = roof(last_day=0.2), neighbours()
    theirs[LAST] *= 0.2

    found = latest_shortfall(ours, theirs, homes=5)

    assert found is not None
    assert not found.is_fault


def test_nothing_is_said_of_few_roofs_few_days_or_none() -> None:
    few_days = {day: mean for day, mean in neighbours().items() if day > LAST - 5}

    assert latest_shortfall(roof(), neighbours(), homes=4) is None
    assert latest_shortfall(roof(), few_days, homes=5) is None
    assert latest_shortfall(roof(), {}, homes=5) is None


def test_a_day_is_told_in_shares_that_hide_the_size() -> None:
    small = roof()
    large = Series(small.first, 10 * small.energy_wh)

    found = shares_of_day(small, LAST)

    assert found is not None
    assert 0.2 < found.max() <= 1
    twin = shares_of_day(large, LAST)
    assert twin is not None
    np.testing.assert_allclose(found, twin)


def test_a_day_with_gaps_is_not_told_but_a_quarter_may_be_missing() -> None:
    holes = roof()
    noon = DeliveryPeriod(LAST * PERIODS_PER_DAY + 48)
    one = Series(holes.first, holes.energy_wh.copy()).put(noon, np.nan)
    half_a_day = holes.energy_wh.copy()
    half_a_day[-48:] = np.nan

    whole, mended = shares_of_day(holes, LAST), shares_of_day(one, LAST)
    assert whole is not None
    assert mended is not None
    np.testing.assert_allclose(mended, whole, atol=0.02)
    assert shares_of_day(Series(holes.first, half_a_day), LAST) is None
    assert shares_of_day(Series.of({}), LAST) is None
