"""Currents for a car: in steps, seldom changed, in time for its journey."""

from hypothesis import given, strategies as st
import pytest

from custom_components.commonwatt.engine.dispatch.control.charging import (
    CHANGE_MS_MIN,
    SWITCH_MS_MIN,
    Charging,
    charged,
    is_urgent,
)
from custom_components.commonwatt.engine.model.period import HOUR_MS, MINUTE_MS, after
from tests.engine.dispatch.control.courses import START, charger


@pytest.mark.parametrize(
    ("planned_w", "current_ma"),
    [
        (0, 0),
        (600, 0),
        (690, 6_000),
        (1_380, 6_000),
        (1_700, 7_000),
        (3_680, 16_000),
        (9_000, 16_000),
    ],
)
def test_a_planned_power_becomes_whole_amperes(planned_w: int, current_ma: int) -> None:
    given_to_car = charged(None, charger(planned_w), START, surplus_w=0, excess_w=0)

    assert given_to_car.issued_ma == current_ma


def test_three_phases_share_a_power() -> None:
    point = charger(6_900, phases=3)

    assert charged(None, point, START, surplus_w=0, excess_w=0).issued_ma == 10_000


@pytest.mark.parametrize(("takes_surplus", "current_ma"), [(True, 10_000), (False, 0)])
def test_surplus_goes_into_the_car_if_it_is_worth_more_there(
    *, takes_surplus: bool, current_ma: int
) -> None:
    point = charger(0, takes_surplus=takes_surplus)

    assert charged(None, point, START, surplus_w=2_400, excess_w=0).issued_ma == (
        current_ma
    )


def test_a_change_waits_for_the_car_to_follow() -> None:
    before = Charging(issued_ma=6_000, changed_at=START)
    early, late = after(START, CHANGE_MS_MIN - 1), after(START, CHANGE_MS_MIN)

    assert charged(before, charger(3_680), early, surplus_w=0, excess_w=0) == before
    assert charged(before, charger(3_680), late, surplus_w=0, excess_w=0) == Charging(
        issued_ma=16_000, changed_at=late
    )


def test_a_pause_waits_longer_than_a_change() -> None:
    before = Charging(issued_ma=6_000, changed_at=START)
    early, late = after(START, SWITCH_MS_MIN - 1), after(START, SWITCH_MS_MIN)

    assert charged(before, charger(0), early, surplus_w=0, excess_w=0) == before
    assert charged(before, charger(0), late, surplus_w=0, excess_w=0).issued_ma == 0


def test_an_overloaded_connection_lowers_the_current_at_once() -> None:
    before = Charging(issued_ma=16_000, changed_at=START)

    relieved = charged(before, charger(3_680), START, surplus_w=0, excess_w=1_000)

    assert relieved.issued_ma == 11_000


def test_a_car_that_must_leave_charges_whatever_is_planned() -> None:
    leaves_at = after(START, HOUR_MS)
    point = charger(0, needed_wh=3_000, leaves_at=leaves_at)

    assert is_urgent(point, START)
    assert charged(None, point, START, surplus_w=0, excess_w=0).issued_ma == 16_000


@pytest.mark.parametrize("needed_wh", [None, 0, 500])
def test_a_car_with_time_is_not_hurried(needed_wh: int | None) -> None:
    point = charger(0, needed_wh=needed_wh, leaves_at=after(START, HOUR_MS))

    assert not is_urgent(point, START)


@given(
    turns=st.lists(
        st.tuples(
            st.integers(0, 12_000),
            st.integers(-9_000, 9_000),
            st.integers(1, 20),
            st.integers(-2_000, 2_000),
        ),
        min_size=1,
        max_size=30,
    ),
    takes_surplus=st.booleans(),
)
def test_no_car_gets_a_current_it_cannot_take(
    *, turns: list[tuple[int, int, int, int]], takes_surplus: bool
) -> None:
    state: Charging | None = None
    now = START
    for planned_w, surplus_w, minutes, excess_w in turns:
        before, now = state, after(now, minutes * MINUTE_MS)
        point = charger(planned_w, takes_surplus=takes_surplus)
        state = charged(before, point, now, surplus_w=surplus_w, excess_w=excess_w)
        assert state.issued_ma == 0 or 6_000 <= state.issued_ma <= 16_000
        rose = before is not None and state.issued_ma > before.issued_ma
        assert before is None or not rose or now - before.changed_at >= CHANGE_MS_MIN
