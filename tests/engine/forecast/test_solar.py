"""Panels: the sky, a provider put right, and what neighbours tell."""

import csv
from datetime import UTC, datetime
import gzip
from itertools import batched
from math import nan
from pathlib import Path

import numpy as np
import pytest

from custom_components.commonwatt.engine.forecast.solar import (
    Shortfall,
    Site,
    SolarDay,
    clear_sky_day,
    forecast_from_past,
    learn_gains,
    nowcast_wh,
    shortfall,
    weigh_providers,
)
from custom_components.commonwatt.engine.forecast.solar.persistence import (
    shares_of_yesterday,
)
from custom_components.commonwatt.engine.model.period import (
    DAY_MS,
    HOUR_MS,
    after,
    instant_from_datetime,
)

FONTANA = Site(latitude_deg=34.1, longitude_deg=-117.4)
JUNE = instant_from_datetime(datetime(2026, 6, 21, tzinfo=UTC))
DECEMBER = instant_from_datetime(datetime(2026, 12, 21, tzinfo=UTC))


def test_the_sun_is_highest_at_local_noon_and_in_june() -> None:
    summer = clear_sky_day(FONTANA, midnight=JUNE, steps=24)
    winter = clear_sky_day(FONTANA, midnight=DECEMBER, steps=24)

    # Noon at 117 degrees west is a quarter to eight in the evening, UTC.
    assert summer.index(max(summer)) in {19, 20}
    assert 950 < max(summer) < 1080
    assert 450 < max(winter) < 620
    assert winter[8] == 0.0


@pytest.mark.parametrize("latitude", [90.0, -90.0])
def test_at_the_poles_a_day_is_all_light_or_all_dark(latitude: float) -> None:
    day = clear_sky_day(
        Site(latitude_deg=latitude, longitude_deg=0.0), midnight=JUNE, steps=96
    )

    assert all(sun > 0 for sun in day) or not any(day)


@pytest.mark.parametrize("place", [(91.0, 0.0), (0.0, 181.0), (nan, 0.0)])
def test_a_place_off_the_earth_is_refused(place: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="bounds"):
        Site(latitude_deg=place[0], longitude_deg=place[1])


def test_persistence_is_yesterday_and_the_usual_in_equal_parts() -> None:
    clear = [0.0, 500.0, 1000.0]
    past: list[SolarDay] = [[0.0, 100.0, 400.0]] * 6 + [[0.0, 50.0, None]]

    found = forecast_from_past(past, clear_past=[clear] * 7, clear_today=clear)

    assert found == pytest.approx((0.0, (50 + 100) / 2, 400.0))


@pytest.mark.parametrize(
    ("lasts_days", "shares"), [(1, {0.25}), (9, {0.75, 1.0})], ids=["fickle", "steady"]
)
def test_yesterday_has_as_much_say_as_the_weather_lasts(
    lasts_days: int, shares: set[float]
) -> None:
    random = np.random.default_rng(7)
    clear = np.tile(np.sin(np.linspace(0, np.pi, 24)) * 800, (40, 1))
    weather = np.repeat(random.uniform(0.2, 1.0, 40), lasts_days)[:40, None]
    measured = clear * weather

    found = shares_of_yesterday(measured, clear)

    assert len(found) == 41
    assert found[0] == found[1] == 0.5
    assert found[-1] in shares
    earlier = shares_of_yesterday(measured[:30], clear[:30])
    assert earlier.tolist() == found[:31].tolist(), "what comes later never counts"


def test_days_nobody_counted_teach_nothing_of_yesterday() -> None:
    clear = np.full((10, 4), 500.0)
    assert set(shares_of_yesterday(np.full((10, 4), np.nan), clear)) == {0.5}


def test_of_panels_nobody_has_seen_nothing_is_said() -> None:
    assert forecast_from_past([], clear_past=[], clear_today=[500.0]) is None
    unseen = forecast_from_past(
        [[None, 1.0]], clear_past=[[500.0, 0.0]], clear_today=[500.0, 0.0]
    )
    assert unseen is None


def test_a_step_that_no_day_knows_is_zero() -> None:
    found = forecast_from_past(
        [[None, 100.0]], clear_past=[[500.0] * 2], clear_today=[500.0] * 2
    )

    assert found == pytest.approx((0.0, 100.0))


def test_real_panels_are_forecast_better_than_by_yesterday(data_dir: Path) -> None:
    with np.load(data_dir / "homes" / "citylearn9_hourly.npz") as recorded:
        hours, panels = recorded["time"], recorded["pv_w_per_kwp"].astype(float)
    # Hours of local standard time, eight hours behind UTC.
    first = int(-hours[0] % 24)
    count = (len(hours) - first) // 24
    errors = {"ours": 0.0, "yesterday": 0.0}
    clear = [
        clear_sky_day(
            FONTANA,
            midnight=after(
                instant_from_datetime(datetime(1970, 1, 1, 8, tzinfo=UTC)),
                int(hours[first]) * HOUR_MS + day * DAY_MS,
            ),
            steps=24,
        )
        for day in range(count)
    ]
    for home in panels[:4]:
        days = home[first : first + count * 24].reshape(count, 24).tolist()
        for day in range(60, count, 3):
            found = forecast_from_past(
                days[day - 14 : day],
                clear_past=clear[day - 14 : day],
                clear_today=clear[day],
            )
            assert found is not None
            errors["ours"] += np.abs(np.subtract(found, days[day])).sum()
            errors["yesterday"] += np.abs(np.subtract(days[day - 1], days[day])).sum()

    assert errors["ours"] < 0.96 * errors["yesterday"]


def test_a_real_provider_loses_its_bias(data_dir: Path) -> None:
    path = data_dir / "homes" / "emhass_home_30min.csv.gz"
    with gzip.open(path, "rt", newline="") as file:
        rows = list(csv.reader(file))[1:]
    pairs = [
        (max(float(row[3]), 0.0), float(row[2])) if row[2] and row[3] else (None, None)
        for row in rows
    ]
    days = [list(day) for day in batched(pairs, 48, strict=False) if len(day) == 48]
    said = [[f for f, _ in day] for day in days]
    came = [[m for _, m in day] for day in days]
    bias = {"provider": 0.0, "corrected": 0.0, "measured": 0.0}
    for day in range(28, len(days)):
        gains = learn_gains(said[:day], came[:day])
        if gains is None:
            continue
        right = gains.correct(said[day])
        for f, g, m in zip(said[day], right, came[day], strict=True):
            if f is not None and g is not None and m is not None:
                bias["provider"] += f - m
                bias["corrected"] += g - m
                bias["measured"] += m

    assert bias["provider"] / bias["measured"] < -0.15
    assert abs(bias["corrected"] / bias["measured"]) < 0.03


def test_gains_follow_the_shade_of_a_roof() -> None:
    said: list[SolarDay] = [[0.0] * 6 + [100.0] * 12 + [0.0] * 6] * 10
    came: list[SolarDay] = [[0.0] * 6 + [20.0] * 4 + [90.0] * 8 + [0.0] * 6] * 10

    gains = learn_gains(said, came)

    assert gains is not None
    assert gains.gains[7] < 0.4
    assert gains.gains[14] == pytest.approx(0.9, abs=0.03)
    assert gains.correct([None] * 24) == (None,) * 24


def test_gains_need_a_week_and_stay_within_reason() -> None:
    day = [100.0] * 24

    assert learn_gains([day] * 6, [day] * 6) is None
    assert learn_gains([[0.0] * 24] * 9, [day] * 9) is None
    tenfold = learn_gains([day] * 7, [[1000.0] * 24] * 7)
    assert tenfold is not None
    assert set(tenfold.gains) == {2.0}


def test_the_better_provider_counts_more() -> None:
    came = [[100.0] * 4] * 10
    good, bad = [[110.0] * 4] * 10, [[140.0] * 4] * 10

    assert weigh_providers([good, bad], came) == pytest.approx((0.8, 0.2))
    assert weigh_providers([[[None] * 4], [[None] * 4]], [[1.0] * 4]) == (0.5, 0.5)


def roofs(share: float) -> tuple[list[SolarDay], list[SolarDay]]:
    random = np.random.default_rng(3)
    sky = random.uniform(0.2, 1.0, (20, 24)) * np.array(
        [0.0] * 6 + [500.0] * 12 + [0.0] * 6
    )
    return (share * sky).tolist(), (5 * sky).tolist()


def test_neighbours_tell_what_our_panels_give_now() -> None:
    own, theirs = roofs(0.8)

    found = nowcast_wh(own, theirs, neighbours_now_wh=1000.0, step=12, count=5)

    assert found == pytest.approx(160.0)
    few = nowcast_wh(own, theirs, neighbours_now_wh=1000.0, step=12, count=4)
    assert few is None
    night = nowcast_wh(own, theirs, neighbours_now_wh=0.0, step=0, count=5)
    assert night is None


@pytest.mark.parametrize(("clouds", "dirt"), [(1.0, 1.0), (0.1, 1.0), (1.0, 0.6)])
def test_dirt_is_told_from_clouds(clouds: float, dirt: float) -> None:
    own, theirs = roofs(0.8)
    today = [clouds * dirt * (wh or 0.0) for wh in own[0]]
    their_today = [clouds * (wh or 0.0) for wh in theirs[0]]

    found = shortfall(
        own[1:], theirs[1:], own_today=today, neighbours_today=their_today, count=5
    )

    if clouds * sum(wh or 0.0 for wh in own[0]) < 500:
        assert found is None
    else:
        assert found is not None
        assert found.share == pytest.approx(1 - dirt)
        assert found.is_fault is (dirt < 0.75)


def test_a_dark_day_says_nothing_about_panels() -> None:
    own, theirs = roofs(0.8)

    found = shortfall(
        own, theirs, own_today=[0.0] * 24, neighbours_today=[1.0] * 24, count=9
    )

    assert found is None


def test_more_than_expected_is_no_fault() -> None:
    assert not Shortfall(expected_wh=1000.0, measured_wh=1200.0).is_fault
