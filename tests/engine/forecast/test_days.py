"""Local days: gaps, clock changes, and back to delivery periods."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from custom_components.commonwatt.engine.forecast.load import (
    Floats,
    LocalTimes,
    fold,
    unfold,
)

PARIS = ZoneInfo("Europe/Paris")


def local_times(start: datetime, count: int, minutes: int = 15) -> LocalTimes:
    moments = [
        (start + timedelta(minutes=minutes * n)).astimezone(PARIS) for n in range(count)
    ]
    first = moments[0].toordinal()
    return LocalTimes(
        day=np.array([moment.toordinal() - first for moment in moments]),
        minute=np.array([60 * moment.hour + moment.minute for moment in moments]),
    )


def test_quarters_become_hours() -> None:
    times = local_times(datetime(2026, 6, 1, tzinfo=PARIS).astimezone(UTC), 96)

    days = fold(np.full(96, 25.0), times, kinds=np.array([0]), steps=24)

    np.testing.assert_array_equal(days.energy_wh, np.full((1, 24), 100.0))
    assert days.days_known == 1


def test_an_hour_with_a_missing_quarter_is_unknown() -> None:
    times = local_times(datetime(2026, 6, 1, tzinfo=PARIS).astimezone(UTC), 96)
    energy = np.full(96, 25.0)
    energy[9] = np.nan

    days = fold(energy, times, kinds=np.array([0]), steps=24)

    assert np.isnan(days.energy_wh[0, 2])
    assert np.isfinite(days.energy_wh).sum() == 23


@pytest.mark.parametrize(
    ("day", "periods", "known"), [((2026, 3, 29), 92, 23), ((2026, 10, 25), 100, 24)]
)
def test_clock_changes_neither_make_nor_lose_energy_of_an_hour(
    day: tuple[int, int, int], periods: int, known: int
) -> None:
    start = datetime(*day, tzinfo=PARIS).astimezone(UTC)
    times = local_times(start, periods)

    days = fold(np.full(periods, 25.0), times, kinds=np.array([6]), steps=24)
    back = unfold(np.full((1, 24), 100.0), times, periods_per_step=4)

    hours = days.energy_wh[0]
    assert np.isfinite(hours).sum() == known
    assert np.nanmax(hours) == np.nanmin(hours) == 100.0
    np.testing.assert_array_equal(back, np.full(periods, 25.0))


def test_bands_can_be_spread_over_periods_too() -> None:
    times = local_times(datetime(2026, 6, 1, tzinfo=PARIS).astimezone(UTC), 96)
    deciles: Floats = np.arange(24 * 9, dtype=np.float64).reshape(1, 24, 9)

    found = unfold(deciles, times, periods_per_step=4)

    assert found.shape == (96, 9)
    np.testing.assert_allclose(found.sum(axis=0), deciles[0].sum(axis=0))


def test_nothing_known_is_a_day_of_gaps() -> None:
    nothing = LocalTimes(day=np.array([], dtype=int), minute=np.array([], dtype=int))

    days = fold(np.array([]), nothing, kinds=np.array([3]), steps=24)

    assert np.isnan(days.energy_wh).all()
    assert days.days_known == 0


@pytest.mark.parametrize(("day", "minute"), [(1, 0), (-1, 0), (0, 1440), (0, -1)])
def test_what_lies_outside_the_calendar_is_refused(day: int, minute: int) -> None:
    times = LocalTimes(day=np.array([day]), minute=np.array([minute]))

    with pytest.raises(ValueError, match="day"):
        fold(np.array([1.0]), times, kinds=np.array([0]), steps=24)


def test_the_latest_days_are_kept() -> None:
    times = local_times(datetime(2026, 6, 1, tzinfo=PARIS).astimezone(UTC), 96 * 3)
    days = fold(np.ones(288), times, kinds=np.array([0, 1, 2]), steps=96)

    assert days.last(2).kinds.tolist() == [1, 2]
    assert days.last(9).count == 3
    assert days.last(0).count == 0
