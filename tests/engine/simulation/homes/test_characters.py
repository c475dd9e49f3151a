"""The neighbourhood of the demo: twelve homes, all different, and quick to simulate."""

from pathlib import Path
import re
import time

import pytest

from custom_components.commonwatt.engine.simulation.homes import (
    HOME,
    Habit,
    HomeKey,
    HomeSpec,
    WindShare,
    WindSpec,
    neighbourhood_specs,
    open_neighbourhood,
)
from tests.engine.simulation.homes.imagined import MIDNIGHT, SPECS, hours

ROOT = Path(__file__).resolve().parents[4]
DAY_CPU_S_MAX = 0.6
"""Twice the target of 0.3 s, since a test machine has other things to do."""


def test_the_users_home_comes_first_and_has_everything() -> None:
    first, *others = neighbourhood_specs()

    assert first.key == HOME
    assert len(others) == 11
    assert None not in (
        first.pv,
        first.battery,
        first.hydrogen,
        first.wind_share,
        first.car,
    )
    assert any(trip.is_to_work for trip in (first.car.trips if first.car else ()))


def test_no_two_neighbours_are_alike() -> None:
    specs = neighbourhood_specs()

    assert len({spec.key for spec in specs}) == 12
    assert len({str(spec).partition("habit")[2] for spec in specs}) == 12


def test_the_documentation_lists_every_home_with_its_load() -> None:
    page = (ROOT / "docs" / "reference" / "demo-neighbourhood.md").read_text()
    rows = re.findall(r"^\| `(\w+)` \|[^|]*\| ([\d,]+) \|", page, re.MULTILINE)

    assert [(key, int(load.replace(",", ""))) for key, load in rows] == [
        (spec.key, spec.load_kwh_per_year) for spec in neighbourhood_specs()
    ]


def test_the_share_is_a_share_of_the_turbine_next_door() -> None:
    homes = open_neighbourhood(seed=4, started_at=MIDNIGHT)
    states = [homes[HomeKey(key)].advance(hours(6)) for key in ("home", "turbine")]
    share, turbine = states

    assert share.wind_w == 0
    assert turbine.wind_w > 0
    assert share.wind_share_w == turbine.wind_w // 10


@pytest.mark.parametrize("share_ppm", [0, -1, 1_000_001])
def test_a_share_of_nothing_or_of_too_much_is_refused(share_ppm: int) -> None:
    share = WindShare(turbine=WindSpec(rated_w=1_000), share_ppm=share_ppm)

    with pytest.raises(ValueError, match="whole turbine"):
        HomeSpec(
            key=HOME, habit=Habit.FAMILY, load_kwh_per_year=3_000, wind_share=share
        )


def test_the_neighbourhood_knows_surplus_and_scarcity_every_day() -> None:
    homes = open_neighbourhood(seed=1, started_at=MIDNIGHT)
    net_w = [
        sum(
            model.advance(hours(n / 4, since=MIDNIGHT)).grid_w
            for model in homes.values()
        )
        for n in range(3 * 96)
    ]

    for day in range(3):
        today = net_w[96 * day : 96 * day + 96]
        assert sum(power_w > 2_000 for power_w in today) > 8
        assert sum(power_w < -2_000 for power_w in today) > 8


def test_the_flat_has_nothing_but_a_meter() -> None:
    state = open_neighbourhood(seed=1, started_at=MIDNIGHT)[HomeKey("flat")].state

    assert state.grid_w == state.load_w
    assert (state.battery, state.car, state.hydrogen, state.biogas) == (None,) * 4
    assert (state.indoor_millic, state.hot_water_millic) == (None, None)


def test_a_day_of_the_neighbourhood_is_quick() -> None:
    best_s = min(_day_cpu_s(seed) for seed in range(3))

    assert best_s < DAY_CPU_S_MAX


def _day_cpu_s(seed: int) -> float:
    homes = open_neighbourhood(seed=seed, started_at=MIDNIGHT)
    begin = time.process_time()
    for key in SPECS:
        homes[key].advance(hours(24, since=MIDNIGHT))
    return time.process_time() - begin
