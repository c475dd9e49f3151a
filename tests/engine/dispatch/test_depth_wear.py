"""Deep cycles wear a battery more than shallow ones."""

from dataclasses import replace

import pytest

from custom_components.commonwatt.engine.dispatch.home import (
    Battery,
    DepthWear,
    HomePlan,
)
from custom_components.commonwatt.engine.dispatch.solving import Limits, Planner
from tests.engine.dispatch.planning import BATTERY, battery, home, powers_w

SHALLOW = DepthWear(share_ppm=500_000, micro_per_kwh=20_000)
DEEP = DepthWear(share_ppm=500_000, micro_per_kwh=150_000)


def worn(*depths: DepthWear, stored_wh: int = 0) -> Battery:
    """Return a battery of 4 kWh that wears by depth."""
    return replace(battery(stored_wh), depth_wear=depths)


def plan(prices_cent: list[float], store: Battery) -> HomePlan:
    """Return the best plan of a home that could use 4 kW at any time."""
    return Planner(Limits(gap=0.0)).plan(home(prices_cent, store, load_w=4_000))


def test_a_deep_cycle_is_left_out_where_it_wears_more_than_it_earns() -> None:
    """Ten cents are to be earned: enough for the upper half, not for the lower."""
    cheap = plan([10, 20], worn(SHALLOW, DEEP))
    assert powers_w(cheap, BATTERY) == [-2_000, 2_000]
    dear = plan([10, 40], worn(SHALLOW, DEEP))
    assert powers_w(dear, BATTERY) == [-4_000, 4_000]


def test_two_shallow_cycles_cost_less_than_a_deep_one() -> None:
    made = plan([10, 20, 10, 20], worn(SHALLOW, DEEP))
    assert powers_w(made, BATTERY) == [-2_000, 2_000, -2_000, 2_000]
    bought = 6 * 0.10 + 2 * 0.20 + 6 * 0.10 + 2 * 0.20
    assert made.cost_nano / 1e9 == pytest.approx(bought + 4 * 0.02)


def test_what_is_stored_already_lies_deep() -> None:
    assert powers_w(plan([10], worn(SHALLOW, DEEP, stored_wh=2_000)), BATTERY) == [0]
    assert powers_w(plan([20], worn(SHALLOW, DEEP, stored_wh=2_000)), BATTERY) == [
        2_000
    ]
    assert powers_w(plan([10], worn(SHALLOW, stored_wh=2_000)), BATTERY) == [2_000]


def test_deeper_cycles_never_wear_less() -> None:
    with pytest.raises(ValueError, match="deeper"):
        worn(DEEP, SHALLOW)
