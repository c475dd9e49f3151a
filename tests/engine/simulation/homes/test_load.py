"""Loads add up over the year and follow the character of those who live there."""

from statistics import mean

import pytest

from custom_components.commonwatt.engine.simulation.homes import (
    Habit,
    HomeKey,
    HomeSpec,
)
from custom_components.commonwatt.engine.simulation.homes.load import LoadProfile
from tests.engine.simulation.homes.imagined import SPECS

WEEKS = 6


def profile(spec: HomeSpec, seed: int = 2) -> LoadProfile:
    """Return the load of a home."""
    return LoadProfile(spec, seed=seed)


def hourly(key: str, *, days: tuple[int, ...]) -> list[float]:
    """Return the mean load of each local hour on those days."""
    load = profile(SPECS[HomeKey(key)])
    tables = [load.day(day) for day in days]
    return [
        mean(mean(table[60 * hour : 60 * hour + 60]) for table in tables)
        for hour in range(24)
    ]


WORKDAYS = tuple(week * 7 + day for week in range(WEEKS) for day in range(5))
SUNDAYS = tuple(week * 7 + 6 for week in range(WEEKS))


@pytest.mark.parametrize("spec", SPECS.values(), ids=str)
def test_a_year_of_load_is_what_the_specification_says(spec: HomeSpec) -> None:
    load = profile(spec)
    used_kwh = sum(sum(load.day(day)) for day in range(7 * WEEKS)) / 60_000

    assert used_kwh / (7 * WEEKS) * 365 == pytest.approx(
        spec.load_kwh_per_year, rel=0.08
    )


def test_a_family_uses_most_in_the_evening_and_least_at_night() -> None:
    load = hourly("family", days=WORKDAYS)

    assert max(range(24), key=load.__getitem__) in range(18, 22)
    assert max(load) > 4 * min(load[1:5])
    assert load[7] > 1.5 * load[3]


def test_a_school_is_quiet_at_night_and_on_sundays() -> None:
    workday, sunday = hourly("school", days=WORKDAYS), hourly("school", days=SUNDAYS)

    assert mean(workday[9:15]) > 8 * mean(sunday[9:15])
    assert mean(workday[9:15]) > 8 * mean(workday[0:5])


def test_a_cafe_peaks_at_lunch_and_rests_on_sundays() -> None:
    workday, sunday = hourly("cafe", days=WORKDAYS), hourly("cafe", days=SUNDAYS)

    assert max(range(24), key=workday.__getitem__) in (11, 12)
    assert mean(sunday) < 0.4 * mean(workday)


def test_a_workshop_stops_for_lunch() -> None:
    load = hourly("workshop", days=WORKDAYS)

    assert load[10] > 1.15 * load[12]
    assert load[14] > 1.1 * load[12]


def test_cows_are_milked_twice() -> None:
    load = hourly("farm", days=WORKDAYS)

    assert load[6] > 1.5 * load[11]
    assert load[17] > 1.5 * load[21]


def test_days_differ_but_are_reproducible() -> None:
    spec = SPECS[HomeKey("flat")]

    assert profile(spec).day(3) == profile(spec).day(3)
    assert profile(spec).day(3) != profile(spec).day(10)
    assert profile(spec).day(3) != profile(spec, seed=3).day(3)


def test_appliances_that_need_more_than_the_year_are_a_mistake_of_ours() -> None:
    tiny = HomeSpec(key=HomeKey("x"), habit=Habit.FAMILY, load_kwh_per_year=500)

    with pytest.raises(AssertionError, match="exceed the yearly energy"):
        profile(tiny)
