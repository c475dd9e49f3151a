"""Recordings are played at their own time of day, in whole weeks, without inventing."""

from dataclasses import replace

from hypothesis import given, strategies as st
import pytest

from custom_components.commonwatt.engine.model.period import DAY_MS, HOUR_MS, Instant
from custom_components.commonwatt.engine.simulation.homes import (
    HOME,
    HomeKey,
    Traces,
    TraceSeries,
    assign_recordings,
    common_days,
    neighbourhood_specs,
    open_neighbourhood,
)
from custom_components.commonwatt.engine.simulation.homes.traces import played_days
from tests.engine.simulation.homes.imagined import NOON, hours

MONDAY = 18_673
"""15 February 2021, in days since the epoch."""


def series(
    days: int,
    *,
    first_day: int = MONDAY,
    name: str = "hh_1.csv",
    gaps: tuple[int, ...] = (),
    factor: int = 1,
) -> TraceSeries:
    """Return a series whose sample number n is ``n * factor``; six-hourly."""
    return TraceSeries(
        name=name,
        starts_at=Instant(first_day * DAY_MS),
        interval_ms=6 * HOUR_MS,
        values=tuple(None if n in gaps else n * factor for n in range(4 * days)),
    )


def played(*households: TraceSeries) -> Traces:
    """Return the recordings, with a dull sun."""
    sun = replace(households[0], name="pv_1_pu.csv")
    return Traces.of(households=households, solar=[sun])


def test_a_recording_keeps_its_time_of_day_and_starts_again() -> None:
    recording = played(series(7)).households[0]

    def at(day: int, hour: int) -> int:
        return recording.at(day=day, since_midnight_ms=hour * HOUR_MS).value

    assert [at(0, 0), at(0, 5), at(0, 6), at(1, 0), at(6, 23)] == [0, 0, 1, 4, 27]
    assert at(7, 12) == at(0, 12) == 2


@pytest.mark.parametrize(
    ("first", "days", "expected"),
    [
        (MONDAY, 7, range(MONDAY, MONDAY + 7)),
        (MONDAY, 20, range(MONDAY, MONDAY + 14)),
        (MONDAY + 3, 20, range(MONDAY + 7, MONDAY + 21)),
        (MONDAY + 3, 9, range(MONDAY + 3, MONDAY + 12)),
        (MONDAY, 1, range(MONDAY, MONDAY + 1)),
        (MONDAY, 0, range(MONDAY, MONDAY)),
    ],
)
def test_whole_weeks_from_monday_are_played_where_there_are_any(
    first: int, days: int, expected: range
) -> None:
    assert played_days(range(first, first + days)) == expected


def test_only_days_that_all_series_cover_are_played() -> None:
    long, short = series(21), series(7, first_day=MONDAY + 7, name="hh_2.csv")

    traces = played(long, short)

    assert common_days([long, short]) == range(MONDAY + 7, MONDAY + 14)
    assert traces.households[0].days[0][0].value == 28
    assert traces.households[1].days[0][0].value == 0


def test_half_days_at_the_ends_are_left_out() -> None:
    one = replace(series(4), starts_at=Instant(MONDAY * DAY_MS + 6 * HOUR_MS))

    assert one.whole_days == range(MONDAY + 1, MONDAY + 4)
    assert one.day(MONDAY + 1) == (3, 4, 5, 6)


def test_series_without_a_common_day_share_none() -> None:
    assert not common_days([series(2), series(2, first_day=MONDAY + 9)])
    assert not common_days([])


def test_a_gap_is_filled_from_another_day_and_says_so() -> None:
    recording = played(series(3, gaps=(5, 9))).households[0]

    samples = [recording.at(day=day, since_midnight_ms=6 * HOUR_MS) for day in range(3)]

    assert [(sample.value, sample.is_estimated) for sample in samples] == [
        (1, False),
        (1, True),
        (1, True),
    ]


def test_a_time_of_day_that_was_never_recorded_gets_the_mean() -> None:
    recording = played(series(2, gaps=(1, 5))).households[0]

    sample = recording.at(day=1, since_midnight_ms=6 * HOUR_MS)

    assert (sample.value, sample.is_estimated) == ((0 + 2 + 3 + 4 + 6 + 7) // 6, True)


def test_nothing_recorded_is_refused_rather_than_taken_for_zero() -> None:
    with pytest.raises(ValueError, match="hh_2"):
        played(series(2), series(2, name="hh_2", gaps=tuple(range(8))))


@pytest.mark.parametrize("interval_ms", [0, -1, 7 * HOUR_MS, 2 * DAY_MS])
def test_intervals_that_make_no_day_are_refused(interval_ms: int) -> None:
    with pytest.raises(ValueError, match="do not make a day"):
        replace(series(1), interval_ms=interval_ms)


def test_intervals_beside_the_clock_are_refused() -> None:
    with pytest.raises(ValueError, match="not aligned"):
        replace(series(1), starts_at=Instant(MONDAY * DAY_MS + 1))


@given(days=st.integers(1, 30), turn=st.integers(0, 60), day=st.integers(0, 60))
def test_a_later_recording_is_the_same_one_ahead_in_time(
    days: int, turn: int, day: int
) -> None:
    recording = played(series(days)).households[0]

    assert recording.later(turn).at(day=day, since_midnight_ms=0) == recording.at(
        day=day + turn, since_midnight_ms=0
    )


def test_neighbours_follow_and_the_user_does_not() -> None:
    traces = played(*(series(21, name=f"hh_{n}.csv", factor=n) for n in (1, 2)))

    loads, suns = assign_recordings(neighbourhood_specs(), traces)

    assert HOME not in loads
    assert HOME in suns
    assert {"school", "cafe", "turbine", "workshop", "farm"}.isdisjoint(loads)
    assert len(loads) == 6
    firsts = [recording.days for recording in loads.values()]
    assert all(a != b for n, a in enumerate(firsts) for b in firsts[:n])


def test_without_recordings_nobody_follows() -> None:
    assert assign_recordings(neighbourhood_specs(), None) == ({}, {})


def test_homes_show_what_was_recorded_and_what_was_not() -> None:
    traces = played(series(7, gaps=(3,), factor=100))
    homes = open_neighbourhood(seed=1, started_at=NOON, traces=traces)
    family, school = homes[HomeKey("family")], homes[HomeKey("school")]

    assert family.state.load_w == 200
    assert not family.state.is_estimated
    evening = family.advance(hours(7))
    assert (evening.load_w, evening.is_estimated) == (2_700, True)
    assert evening.at > school.state.at
    assert family.advance(hours(13)).load_w == 400


def test_modules_deliver_their_size_times_the_recorded_sun() -> None:
    sun = replace(series(7, factor=10_000), name="pv_1_pu.csv")
    traces = Traces.of(households=[series(7)], solar=[sun])
    homes = open_neighbourhood(seed=1, started_at=NOON, traces=traces)

    assert homes[HomeKey("school")].state.pv_w == 20_000 * 2 // 100
    assert homes[HOME].state.pv_w == 9_600 * 2 // 100
