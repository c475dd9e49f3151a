"""Cars: habits held up by neighbours, scenarios, what a trip takes."""

import csv
from datetime import UTC, datetime
import gzip
from math import log
from pathlib import Path

from hypothesis import given, strategies as st
import pytest

from custom_components.commonwatt.engine.forecast.cars import (
    Habits,
    PluggedIn,
    Profile,
    Stated,
    Trip,
    learn_consumption,
    profile_of,
    scenarios,
)

EVENING = PluggedIn(free_day=False, hour=18, stay_h=13.0, energy_wh=8_000.0)

charges = st.builds(
    PluggedIn,
    free_day=st.booleans(),
    hour=st.integers(0, 23),
    stay_h=st.floats(0.1, 100),
    energy_wh=st.floats(0, 80_000),
)


@given(
    own=st.lists(charges, max_size=40),
    free_day=st.booleans(),
    stated=st.none()
    | st.builds(
        Stated,
        arrives_h=st.none() | st.floats(0, 24),
        departs_h=st.none() | st.floats(24, 40),
        energy_wh=st.none() | st.floats(0, 50_000),
        away=st.booleans(),
    ),
)
def test_scenarios_add_up_to_one(
    own: list[PluggedIn],
    free_day: bool,  # noqa: FBT001  # Hypothesis hands it over by name
    stated: Stated | None,
) -> None:
    habits = Habits.learn(own, days=(20, 8))

    found = scenarios(habits, free_day=free_day, stated=stated)

    assert sum(s.probability for s in found) == pytest.approx(1.0)
    assert all(0 <= s.probability <= 1 and s.energy_wh >= 0 for s in found)
    assert all((s.arrives_h is None) == (s.departs_h is None) for s in found)


def test_a_new_car_is_like_the_neighbours_and_an_old_one_like_itself() -> None:
    morning = PluggedIn(free_day=False, hour=7, stay_h=8.0, energy_wh=20_000.0)
    community = profile_of([EVENING] * 60, days=(60, 20))

    new = Habits.learn([], days=(0, 0), community=community)
    old = Habits.learn([morning] * 100, days=(100, 0), community=community)

    assert new.arrival[0][18] == pytest.approx(1.0)
    assert new.energy_wh[1] == pytest.approx(8_000.0)
    assert new.stay_h[3] == pytest.approx(13.0)
    assert old.arrival[0][7] > 0.85
    assert old.arrival[0][18] < 0.15
    assert old.energy_wh[1] == pytest.approx(20_000.0, rel=0.03)


def test_energy_is_personal_after_few_charges() -> None:
    community = profile_of([EVENING] * 60, days=(60, 20))
    small = PluggedIn(free_day=False, hour=18, stay_h=2.0, energy_wh=2_000.0)

    known = Habits.learn([small] * 3, days=(7, 2), community=community)

    assert known.energy_wh[1] == pytest.approx(5_000.0)
    assert known.energy_wh[0] < known.energy_wh[1] < known.energy_wh[2]


def test_what_the_car_or_a_calendar_says_is_not_guessed() -> None:
    habits = Habits.learn([EVENING] * 20, days=(20, 8))
    stated = Stated(arrives_h=12.0, departs_h=18.0, energy_wh=5_000.0)

    only = scenarios(habits, free_day=False, stated=stated)
    away = scenarios(habits, free_day=False, stated=Stated(away=True))

    assert len(only) == 1
    assert (only[0].arrives_h, only[0].departs_h) == (12.0, 18.0)
    assert only[0].energy_wh == 5_000.0
    assert [s.arrives_h for s in away] == [None]


def test_a_car_that_never_came_is_not_expected() -> None:
    nobody = Profile(
        days=(50.0, 50.0), arrivals=(0.0,) * 48, stays=(0.0,) * 8, energy=(0.0, 0.0)
    )
    habits = Habits.learn([], days=(50, 20), community=nobody)

    (only,) = scenarios(habits, free_day=True)

    assert only.arrives_h is None
    assert habits.energy_wh[1] == pytest.approx(9_000.0)


def test_profiles_travel_as_numbers_and_add_up() -> None:
    one = profile_of([EVENING], days=(5, 2))
    total = [a + b for a, b in zip(one.numbers(), one.numbers(), strict=True)]

    assert Profile.from_numbers(one.numbers()) == one
    assert Profile.from_numbers(total) == profile_of([EVENING] * 2, days=(10, 4))
    assert Profile.from_numbers(total[:-1]) is None
    assert Profile.from_numbers([float("nan"), *total[1:]]) is None
    assert Profile.from_numbers([-1.0, *total[1:]]) is None


def recorded_charges(path: Path) -> list[tuple[int, PluggedIn]]:
    """Read a car's stays: the day of each, and the stay."""
    with gzip.open(path, "rt", newline="") as file:
        rows = list(csv.DictReader(file))
    found: list[tuple[int, PluggedIn]] = []
    start = None
    for index, row in enumerate(rows):
        there = float(row["availability"]) > 0
        if there and start is None:
            start = index
        elif not there and start is not None:
            at = datetime.fromtimestamp(float(rows[start]["timestamp"]), UTC)
            stay = PluggedIn(
                free_day=at.weekday() >= 5,
                hour=at.hour,
                stay_h=(index - start) / 4,
                energy_wh=float(rows[start]["energy_consumed"]),
            )
            found.append((at.toordinal(), stay))
            start = None
    return found


@pytest.mark.parametrize("days", [7, 28, 90])
def test_of_a_real_car_habits_say_more_than_bare_counts(
    data_dir: Path, days: int
) -> None:
    loss = {"habits": 0.0, "counts": 0.0}
    for path in sorted((data_dir / "ev" / "hamlet_15min").glob("ev_*.csv.gz")):
        car = recorded_charges(path)
        first = car[0][0]
        for start in range(first + 30, first + 500, 40):
            own = [stay for day, stay in car if start <= day < start + days]
            known = (days * 5 // 7, days * 2 // 7)
            habits, counts = Habits.learn(own, days=known), profile_of(own, days=known)
            for day, stay in car:
                if start + days <= day < start + days + 14:
                    hour = counts.arrivals[24 * stay.free_day + stay.hour]
                    bare = hour / known[stay.free_day]
                    loss["counts"] -= log(min(max(bare, 1e-3), 1.0))
                    loss["habits"] -= log(habits.arrival[stay.free_day][stay.hour])

    assert loss["habits"] < loss["counts"]


def test_a_short_trip_takes_more_per_kilometre() -> None:
    typical = learn_consumption([])

    assert typical.energy_wh(0.0) == 0.0
    assert typical.energy_wh(5.0) / 5 > 1.2 * typical.energy_wh(100.0) / 100
    assert typical.wh_per_km == pytest.approx(170.0, rel=0.05)


def test_consumption_becomes_the_cars_own() -> None:
    thirsty = [Trip(distance_km=km, energy_wh=500 + 260 * km) for km in (5, 12, 30, 80)]

    found = learn_consumption(thirsty * 20)

    assert found.wh_per_km == pytest.approx(260.0, rel=0.04)
    assert found.start_wh == pytest.approx(500.0, rel=0.15)


@given(
    st.lists(
        st.builds(Trip, distance_km=st.floats(0, 500), energy_wh=st.floats(0, 1e5)),
        max_size=30,
    )
)
def test_no_trip_gives_energy_back(trips: list[Trip]) -> None:
    found = learn_consumption(trips)

    assert found.start_wh >= 0
    assert found.wh_per_km >= 0
