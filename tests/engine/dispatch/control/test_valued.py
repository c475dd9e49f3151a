"""A battery that knows what each kWh in it is worth needs no planned watts."""

from dataclasses import replace

from hypothesis import given, strategies as st
import pytest

from custom_components.commonwatt.engine.dispatch.control import (
    BatteryCourse,
    Delivery,
    course_of,
)
from custom_components.commonwatt.engine.dispatch.control.valued import ValuedBattery
from custom_components.commonwatt.engine.dispatch.home import HomePlan, HomeProblem
from custom_components.commonwatt.engine.dispatch.solving import Planner
from custom_components.commonwatt.engine.model.period import HOUR_MS
from tests.engine.dispatch.planning import BATTERY, START, battery, home

STORE = replace(battery(), charge_ppm=900_000, discharge_ppm=900_000)
"""4 kWh, 4 kW."""

FALLING = (300_000, 250_000, 200_000, 150_000)
"""What each of its kWh is worth."""


def valued(stored_wh: int, *, wear: int = 0) -> ValuedBattery:
    """Return the battery with so much in it."""
    return ValuedBattery(
        battery=replace(STORE, wear_micro_per_kwh=wear),
        stored_wh=stored_wh,
        values_micro_per_kwh=FALLING,
    )


@pytest.mark.parametrize(
    ("stored_wh", "price", "bought_w"),
    [
        (0, 300_000, 0),
        (0, 240_000, 1_111),
        (0, 200_000, 2_222),
        (1_500, 200_000, 555),
        (2_500, 200_000, 0),
        (0, -10_000, 4_000),
    ],
)
def test_it_buys_until_the_next_kwh_is_worth_no_more(
    stored_wh: int, price: int, bought_w: int
) -> None:
    assert valued(stored_wh).bought_w(price, left_ms=HOUR_MS) == bought_w


@pytest.mark.parametrize(
    ("stored_wh", "price", "sold_w"),
    [(4_000, 100_000, 0), (4_000, 200_000, 900), (4_000, 400_000, 3_600)],
)
def test_it_sells_while_the_last_kwh_is_worth_less(
    stored_wh: int, price: int, sold_w: int
) -> None:
    assert valued(stored_wh).sold_w(price, left_ms=HOUR_MS) == sold_w


def test_wear_makes_it_buy_and_sell_less() -> None:
    assert valued(0, wear=60_000).bought_w(240_000, left_ms=HOUR_MS) == 0
    assert valued(4_000, wear=60_000).sold_w(200_000, left_ms=HOUR_MS) == 0


@given(
    stored_wh=st.integers(-100, 4_200),
    buy=st.integers(-100_000, 600_000),
    spread=st.integers(0, 300_000),
    left_ms=st.integers(1, 2 * HOUR_MS),
)
def test_it_never_buys_what_it_would_sell(
    stored_wh: int, buy: int, spread: int, left_ms: int
) -> None:
    battery_now = valued(stored_wh)
    bought_w = battery_now.bought_w(buy, left_ms=left_ms)
    sold_w = battery_now.sold_w(buy - spread, left_ms=left_ms)
    assert 0 <= bought_w <= STORE.charge_w_max
    assert 0 <= sold_w <= STORE.discharge_w_max
    assert not (bought_w and sold_w)


def hedged_home(values: tuple[int, ...]) -> tuple[HomeProblem, HomePlan]:
    """Return a home and a plan that values its battery like that at all times."""
    problem = home([20, 20], STORE, feed_in_cent=5, load_w=1_000)
    plan = Planner().plan(problem)
    assets = tuple(
        replace(asset, values_micro_per_kwh=(values,) * 2) for asset in plan.assets
    )
    return problem, replace(plan, assets=assets)


def course(
    values: tuple[int, ...], stored_wh: int, delivery: Delivery | None = None
) -> BatteryCourse:
    """Return what such a battery may do at the start."""
    problem, plan = hedged_home(values)
    found = course_of(
        problem, plan, START, delivery=delivery, stored_wh={BATTERY: stored_wh}
    )
    assert found is not None
    return found.batteries[0]


def test_a_battery_worth_more_than_the_import_price_is_charged() -> None:
    assert course(FALLING, 500).forced_w == -1_666


def test_a_battery_in_the_middle_balances_the_meter_as_its_values_say() -> None:
    rich, poor = course(FALLING, 3_500), course(FALLING, 2_500)
    assert (rich.forced_w, poor.forced_w) == (None, None)
    assert rich.may_discharge
    assert not poor.may_discharge
    assert rich.may_charge
    assert poor.may_charge


def test_a_battery_worth_less_than_feed_in_sells() -> None:
    assert course((300_000, 20_000), 4_000).forced_w == 1_800


def test_what_is_owed_comes_before_what_is_worth_buying() -> None:
    owing = Delivery(sold_wh=200, delivered_wh=0, left_ms=HOUR_MS)
    assert course(FALLING, 500, owing).forced_w is None
    assert course(FALLING, 500, owing).may_discharge
