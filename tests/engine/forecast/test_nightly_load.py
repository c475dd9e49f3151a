"""The load of a home in delivery periods, learned by night and asked by day."""

from datetime import UTC, datetime
from math import isnan

import numpy as np
import pytest

from custom_components.commonwatt.engine.forecast.load import (
    LearnedLoad,
    forecast_load,
    learn_load,
)
from custom_components.commonwatt.engine.forecast.series import (
    PERIODS_PER_DAY,
    Series,
)
from custom_components.commonwatt.engine.model.period import (
    DAY_MS,
    HOUR_MS,
    DeliveryPeriod,
    Instant,
    after,
    instant_from_datetime,
)
from tests.engine.forecast.calendars import Zoned
from tests.engine.forecast.homes import home

MIDNIGHT = instant_from_datetime(datetime(2026, 6, 1, tzinfo=UTC))
MONDAY = DeliveryPeriod.containing(MIDNIGHT)


def past_of(days: int, *, seed: int = 5) -> Series:
    energy_wh = home(seed, days=days, steps=PERIODS_PER_DAY).energy_wh.ravel()
    return Series(MONDAY.next(-len(energy_wh)), energy_wh / 4)


def learned(days: int = 35, calendar: Zoned = Zoned()) -> LearnedLoad:  # noqa: B008  # frozen
    return learn_load(past_of(days), calendar, now=MIDNIGHT)


@pytest.mark.parametrize("days", [1, 4, 9, 120])
def test_two_days_are_forecast_from_any_history(days: int) -> None:
    past = past_of(days)

    found = forecast_load(
        learn_load(past, Zoned(), now=MIDNIGHT), past, Zoned(), now=MIDNIGHT
    )

    assert found is not None
    assert found.first == MONDAY
    assert len(found.mean_wh) == 2 * PERIODS_PER_DAY
    for low, high in (("p10_wh", "p50_wh"), ("p50_wh", "p90_wh")):
        assert (getattr(found, low) <= getattr(found, high)).all()
    per_day = past.energy_wh.sum() / days
    assert found.mean_wh.sum() == pytest.approx(2 * per_day, rel=0.5)


def test_of_nothing_nothing_is_said() -> None:
    nothing = Series.of({})

    taught = learn_load(nothing, Zoned(), now=MIDNIGHT)

    assert forecast_load(taught, nothing, Zoned(), now=MIDNIGHT) is None
    assert taught.accuracy is None
    assert taught.experience is None


def test_a_forecast_is_not_made_for_days_nobody_has_learned_for() -> None:
    taught, past = learned(), past_of(35)

    late = after(MIDNIGHT, 5 * DAY_MS)

    assert forecast_load(taught, past, Zoned(), now=late) is None
    evening = forecast_load(taught, past, Zoned(), now=after(MIDNIGHT, 3 * DAY_MS))
    assert evening is not None
    assert len(evening.mean_wh) == PERIODS_PER_DAY


def test_an_hour_above_what_was_expected_lifts_the_next_and_then_wears_off() -> None:
    taught, past = learned(), past_of(35)
    noon = after(MIDNIGHT, 12 * HOUR_MS)
    expected = forecast_load(taught, past, Zoned(), now=noon)
    assert expected is not None

    for ago in range(4, 0, -1):
        past = past.put(DeliveryPeriod.containing(noon).next(-ago), 5_000.0)
    lifted = forecast_load(taught, past, Zoned(), now=noon)

    assert lifted is not None
    added = lifted.mean_wh - expected.mean_wh
    assert added[0] > 100
    assert (np.diff(added) <= 0).all()
    assert added[0] > 10 * added[90]
    assert (lifted.p90_wh - lifted.p10_wh >= 0).all()


def test_one_known_quarter_is_not_enough_to_change_a_forecast() -> None:
    taught, past = learned(), past_of(35)
    noon = after(MIDNIGHT, 12 * HOUR_MS)

    one = past.put(DeliveryPeriod.containing(noon).next(-1), 5_000.0)

    before = forecast_load(taught, past, Zoned(), now=noon)
    after_one = forecast_load(taught, one, Zoned(), now=noon)
    assert before is not None
    assert after_one is not None
    np.testing.assert_array_equal(before.mean_wh, after_one.mean_wh)


def test_what_is_known_of_today_never_teaches() -> None:
    past = past_of(35)
    today = past
    for index in range(40):
        today = today.put(MONDAY.next(index), 9_000.0)

    now = after(MIDNIGHT, 11 * HOUR_MS)

    np.testing.assert_array_equal(
        learn_load(past, Zoned(), now=now).mean_wh,
        learn_load(today, Zoned(), now=now).mean_wh,
    )


@pytest.mark.parametrize("day", [datetime(2026, 3, 29), datetime(2026, 10, 25)])  # noqa: DTZ001  # local days
def test_days_of_23_and_25_hours_have_a_forecast_for_each_period(day: datetime) -> None:
    vienna = Zoned("Europe/Vienna")
    now = instant_from_datetime(day.replace(tzinfo=UTC))
    energy_wh = home(3, days=30, steps=PERIODS_PER_DAY).energy_wh.ravel() / 4
    past = Series(DeliveryPeriod.containing(now).next(-len(energy_wh)), energy_wh)

    taught = learn_load(past, vienna, now=now)
    found = forecast_load(taught, past, vienna, now=now)

    assert found is not None
    assert len(found.mean_wh) == 2 * PERIODS_PER_DAY
    assert np.isfinite(found.mean_wh).all()


def test_a_public_holiday_is_forecast_like_a_sunday() -> None:
    today = MIDNIGHT // DAY_MS + 719_163  # ordinal of 1970-01-01
    working = learned()
    resting = learned(calendar=Zoned(holidays=frozenset({today})))

    assert not np.allclose(working.mean_wh[0], resting.mean_wh[0])


def test_the_accuracy_tells_of_days_the_model_had_not_seen() -> None:
    found = learned(60).accuracy

    assert found is not None
    assert found.days == 14
    for one in (found.ours, found.yesterday, found.climatology):
        assert one is not None
        assert not isnan(one.nmae)
    assert found.ours is not None
    assert found.yesterday is not None
    assert found.ours.nmae < found.yesterday.nmae
    assert found.ours.coverage == pytest.approx(0.8, abs=0.1)


def test_the_last_fortnight_is_judged_without_having_been_learned() -> None:
    """A home that changes its ways two weeks ago must show it in its accuracy."""
    past = past_of(60)
    changed = past.energy_wh.copy()
    last = 7 * PERIODS_PER_DAY
    noise = np.random.default_rng(1).permutation(changed[-last:])
    changed[-last:] = noise
    usual = learn_load(past, Zoned(), now=MIDNIGHT).accuracy

    found = learn_load(Series(past.first, changed), Zoned(), now=MIDNIGHT).accuracy

    assert usual is not None
    assert found is not None
    assert usual.ours is not None
    assert found.ours is not None
    assert found.ours.nmae > 1.3 * usual.ours.nmae


def test_periods_are_kept_in_order_and_gaps_stay_gaps() -> None:
    series = Series.of({MONDAY: 1.0, MONDAY.next(3): 4.0})

    assert series.at(MONDAY.next(1)) is None
    assert series.at(MONDAY.next(3)) == pytest.approx(4.0)
    assert series.at(MONDAY.next(9)) is None
    longer = series.put(MONDAY.next(-2), 7.0).put(MONDAY.next(6), 8.0)
    assert longer.first == MONDAY.next(-2)
    assert longer.at(MONDAY.next(6)) == pytest.approx(8.0)
    assert longer.at(MONDAY) == pytest.approx(1.0)
    hours = Series.of_hours(MONDAY, [4.0, None, 8.0])
    assert hours.energy_wh[[0, 3, 8]] == pytest.approx([1.0, 1.0, 2.0])
    assert hours.at(MONDAY.next(5)) is None


def test_a_series_forgets_what_is_older_than_models_look() -> None:
    series = Series.of({MONDAY: 1.0})

    grown = series.put(MONDAY.next(300 * PERIODS_PER_DAY), 2.0)

    assert grown.at(MONDAY) is None
    assert len(grown.energy_wh) == 200 * PERIODS_PER_DAY
    assert grown.put(MONDAY, 3.0).at(MONDAY) is None


def test_a_night_starts_anywhere_in_a_day() -> None:
    past = past_of(20)

    taught = learn_load(past, Zoned(), now=Instant(MIDNIGHT + 13 * HOUR_MS))

    assert taught.days.count == 20
