"""The sky is plausible: bounded by physics, persistent, and one for all homes."""

from itertools import pairwise
from statistics import correlation, mean

import pytest

from custom_components.commonwatt.engine.simulation.homes import (
    HOME,
    HomeKey,
    PVSpec,
    Weather,
    WindSpec,
    open_neighbourhood,
)
from custom_components.commonwatt.engine.simulation.homes.calendar import (
    MINUTES_PER_DAY,
)
from custom_components.commonwatt.engine.simulation.homes.generators import (
    pv_powers_w,
    wind_powers_w,
)
from custom_components.commonwatt.engine.simulation.homes.weather import (
    CLEAR_SKY_W_PER_M2,
    SUN,
)
from tests.engine.simulation.homes.imagined import MIDNIGHT, NOON, hours

DAYS = range(40)
KILOWATT = PVSpec(peak_w=1_000)


@pytest.fixture(scope="module")
def weather() -> Weather:
    """Some weather."""
    return Weather(seed=5, started_at=MIDNIGHT)


def test_the_sun_rises_in_the_east_and_culminates_in_the_south_at_noon_utc() -> None:
    up = [sun.up for sun in SUN]
    sunrise = next(minute for minute, height in enumerate(up) if height > 0)
    sunset = next(minute for minute in range(720, 1440) if up[minute] < 0)

    assert up.index(max(up)) in (719, 720)
    assert SUN[sunrise].east > 0.99
    assert SUN[720].north < 0
    assert sunset - sunrise == pytest.approx(12 * 60 + 25, abs=15)
    assert all(
        sun.east**2 + sun.north**2 + sun.up**2 == pytest.approx(1) for sun in SUN
    )


def test_clouds_only_take_and_the_night_is_dark(weather: Weather) -> None:
    for number in DAYS[::5]:
        day = weather.day(number)
        for minute in range(0, MINUTES_PER_DAY, 7):
            total, diffuse = day.global_w_per_m2[minute], day.diffuse_w_per_m2[minute]
            direct = day.direct_w_per_m2[minute]
            assert 0 <= diffuse <= total <= CLEAR_SKY_W_PER_M2[minute] + 1e-9
            assert 0 <= direct < 1_361
            if SUN[minute].up <= 0:
                assert total == 0
            elif direct < 1_360:
                assert direct * SUN[minute].up + diffuse == pytest.approx(total)


def test_yields_are_those_of_a_roof_at_the_end_of_march(weather: Weather) -> None:
    yields = [sum(pv_powers_w(KILOWATT, weather.day(day))) / 60_000 for day in DAYS]

    assert 2.8 < mean(yields) < 4.5
    assert max(yields) < 6.2
    assert min(yields) < 2.0


def test_east_and_west_roofs_share_the_day(weather: Weather) -> None:
    day = max(map(weather.day, DAYS), key=lambda day: sum(day.global_w_per_m2))
    east = pv_powers_w(PVSpec(peak_w=5_000, azimuth_deg=90), day)
    west = pv_powers_w(PVSpec(peak_w=5_000, azimuth_deg=270), day)

    assert sum(east[:720]) > 1.3 * sum(west[:720])
    assert sum(west[720:]) > 1.3 * sum(east[720:])


def test_wind_persists_for_hours_and_dies_away_in_days(weather: Weather) -> None:
    speeds = [speed for day in DAYS for speed in weather.day(day).wind_m_per_s[::10]]

    def alike(steps: int) -> float:
        return correlation(speeds[:-steps], speeds[steps:])

    assert alike(6) > 0.85
    assert abs(alike(6 * 60)) < 0.3
    assert min(speeds) > 0
    assert 8 < max(speeds) < 25


def test_the_turbine_works_like_one(weather: Weather) -> None:
    spec = WindSpec(rated_w=10_000)
    powers = [power for day in DAYS for power in wind_powers_w(spec, weather.day(day))]

    assert 0.15 < mean(powers) / 10_000 < 0.4
    assert min(powers) == 0
    assert max(powers) <= 10_000


def test_days_join_without_a_jump(weather: Weather) -> None:
    for before, after in pairwise(DAYS):
        evening, morning = weather.day(before), weather.day(after)
        assert evening.temperature_c[-1] == pytest.approx(
            morning.temperature_c[0], abs=0.1
        )
        assert evening.wind_m_per_s[-1] == pytest.approx(
            morning.wind_m_per_s[0], rel=0.1
        )


def test_a_day_is_the_same_in_whatever_order_days_are_made() -> None:
    forwards = Weather(seed=3, started_at=MIDNIGHT)
    backwards = Weather(seed=3, started_at=MIDNIGHT)
    later = [backwards.day(day) for day in (9, 5, 0)]

    assert [forwards.day(day) for day in (0, 5, 9)] == later[::-1]


def test_neighbours_live_under_one_sky() -> None:
    homes = open_neighbourhood(seed=1, started_at=NOON)
    suns = [
        [homes[key].advance(hours(n / 4)).pv_available_w for n in range(16)]
        for key in (HOME, HomeKey("school"))
    ]

    assert correlation(*suns) > 0.95
