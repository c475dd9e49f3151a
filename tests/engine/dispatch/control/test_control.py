"""The controller against a meter that follows: what it reaches, what it never does."""

from collections import deque
from collections.abc import Callable, Iterator
from itertools import pairwise

from hypothesis import given, strategies as st
import pytest

from custom_components.commonwatt.engine.dispatch.control import (
    BatteryCourse,
    BatterySight,
    Control,
    Course,
    Decision,
    Drive,
    GridSight,
    Sight,
    control,
)
from custom_components.commonwatt.engine.dispatch.control.balance import (
    DEAD_BAND_W,
    RAMP_W_PER_S,
)
from custom_components.commonwatt.engine.model.period import SECOND_MS, after
from tests.engine.dispatch.control.courses import (
    BATTERY,
    CAR,
    CYCLE_MS,
    at,
    battery,
    charger,
    course,
    sight,
)


def powers(
    load_w: Callable[[int], int],
    steered: Course,
    *,
    cycles: int,
    delay: int = 0,
    stored_wh: int = 5_000,
) -> Iterator[tuple[int, int]]:
    """Yield grid and battery power of a loop in which the battery is ``delay`` late."""
    state, pipe = Control(), deque([0] * (delay + 1))
    for cycle in range(cycles):
        battery_w = pipe.popleft()
        grid_w = load_w(cycle) - battery_w
        seen = sight(at(cycle), grid_w, battery_w=battery_w, stored_wh=stored_wh)
        state, decision = control(state, seen, steered, at(cycle))
        pipe.append(power_w(decision))
        yield grid_w, battery_w


def power_w(decision: Decision) -> int:
    return next(d.power_w or 0 for d in decision.drives if d.asset == BATTERY)


@pytest.mark.parametrize("delay", [0, 1, 2])
@pytest.mark.parametrize("load_w", [1_500, -1_500, 60, -60])
def test_the_exchange_settles_inside_the_dead_band(delay: int, load_w: int) -> None:
    loop = list(powers(lambda _: load_w, course(battery()), cycles=60, delay=delay))

    assert all(abs(grid_w) <= DEAD_BAND_W for grid_w, _ in loop[-20:])
    assert len({battery_w for _, battery_w in loop[-20:]}) == 1


@given(
    st.lists(st.integers(-9_000, 9_000), min_size=1, max_size=8),
    st.lists(st.integers(-DEAD_BAND_W, DEAD_BAND_W), min_size=1, max_size=20),
)
def test_an_error_inside_the_dead_band_moves_nothing(
    moving_w: list[int], quiet_w: list[int]
) -> None:
    state, steered = Control(), course(battery())
    for cycle, grid_w in enumerate(moving_w):
        seen = sight(at(cycle), grid_w)
        state, _ = control(state, seen, steered, at(cycle))
    settled = {asset: b.issued_w for asset, b in state.batteries.items()}
    for cycle, grid_w in enumerate(quiet_w, start=len(moving_w)):
        seen = sight(at(cycle), grid_w)
        state, decision = control(state, seen, steered, at(cycle))
        assert power_w(decision) == settled[BATTERY]


def test_an_exchange_that_was_traded_is_held() -> None:
    steered = course(battery(), grid_w_target=-1_000)

    *_, (grid_w, battery_w) = powers(lambda _: 400, steered, cycles=60)

    assert abs(grid_w + 1_000) <= DEAD_BAND_W
    assert battery_w > 1_300


@pytest.mark.parametrize(
    ("steered", "load_w", "expected_w"),
    [
        (battery(may_discharge=False), 1_500, 0),
        (battery(may_charge=False), -1_500, 0),
        (battery(), 9_000, 3_000),
        (battery(), -9_000, -3_000),
        (battery(floor_wh=5_000), 1_500, 0),
        (battery(forced_w=-2_500), 500, -2_500),
        (battery(forced_w=2_500, may_discharge=False), 500, 2_500),
    ],
)
def test_a_battery_does_what_pays(
    steered: BatteryCourse, load_w: int, expected_w: int
) -> None:
    *_, (_, battery_w) = powers(lambda _: load_w, course(steered), cycles=80)

    assert battery_w == expected_w


def test_a_full_battery_takes_no_more() -> None:
    loop = powers(lambda _: -2_000, course(battery()), cycles=20, stored_wh=10_000)

    assert {battery_w for _, battery_w in loop} == {0}


def test_a_forced_power_is_approached_at_the_pace_of_the_ramp() -> None:
    steered = course(battery(forced_w=-3_000))

    loop = [battery_w for _, battery_w in powers(lambda _: 0, steered, cycles=10)]

    step_w = RAMP_W_PER_S * CYCLE_MS // SECOND_MS
    changes = [b - a for a, b in pairwise(loop)]
    assert min(changes) >= -step_w
    assert loop[-1] == -3_000


def test_forced_charging_gives_way_to_the_limit_of_the_connection() -> None:
    steered = course(battery(forced_w=-3_000), import_w_max=4_000)

    *_, (grid_w, _) = powers(lambda _: 2_500, steered, cycles=40)

    assert grid_w <= 4_000


@given(
    loads=st.lists(st.integers(-15_000, 15_000), min_size=5, max_size=40),
    stored_wh=st.integers(-100, 11_000),
    may=st.tuples(st.booleans(), st.booleans()),
    forced_w=st.none() | st.integers(-9_000, 9_000),
    target_w=st.integers(-5_000, 5_000),
)
def test_no_battery_is_driven_beyond_what_it_may(
    loads: list[int],
    stored_wh: int,
    may: tuple[bool, bool],
    forced_w: int | None,
    target_w: int,
) -> None:
    steered = battery(may_charge=may[0], may_discharge=may[1], forced_w=forced_w)
    loop = powers(
        lambda cycle: loads[cycle],
        course(steered, grid_w_target=target_w),
        cycles=len(loads),
        stored_wh=stored_wh,
    )

    for _, battery_w in loop:
        assert -3_000 <= battery_w <= 3_000
        assert battery_w <= 0 or stored_wh > steered.floor_wh
        assert battery_w >= 0 or stored_wh < 10_000
        if forced_w is None:
            assert battery_w <= 0 or may[1]
            assert battery_w >= 0 or may[0]


def test_a_silent_meter_leaves_every_device_to_itself() -> None:
    steered = course(battery(), chargers=(charger(3_000),))
    state, decision = control(Control(), sight(at(0), 1_000), steered, at(0))
    assert {drive.asset for drive in decision.drives} == {BATTERY, CAR}

    state, decision = control(state, sight(at(0), 1_000), steered, at(7))

    assert decision == Decision(drives=(), releases=(BATTERY, CAR))
    assert not state.batteries


def test_without_any_meter_nothing_is_driven() -> None:
    _, decision = control(Control(), Sight(grid=None), course(battery()), at(0))

    assert decision == Decision(drives=(), releases=(BATTERY,))


@pytest.mark.parametrize(
    "seen",
    [
        BatterySight(measured_at=at(0), stored_wh=5_000),
        BatterySight(measured_at=at(9), stored_wh=None),
        None,
    ],
    ids=["silent", "unknown charge", "never seen"],
)
def test_a_battery_that_cannot_be_seen_is_released(seen: BatterySight | None) -> None:
    eyes = Sight(
        grid=GridSight(measured_at=at(9), power_w=900),
        batteries={} if seen is None else {BATTERY: seen},
    )

    _, decision = control(Control(), eyes, course(battery()), at(9))

    assert decision.releases == (BATTERY,)


@pytest.mark.parametrize("connected", [False, None])
def test_a_charging_point_without_a_car_is_released(*, connected: bool | None) -> None:
    seen = sight(at(0), 0, connected=connected)

    _, decision = control(Control(), seen, course(chargers=(charger(3_000),)), at(0))

    assert decision.releases == (CAR,)


def test_one_reading_is_acted_on_once() -> None:
    steered, seen = course(battery()), sight(at(0), 1_000)
    state, first = control(Control(), seen, steered, at(0))

    for second in range(1, 5):
        state, again = control(state, seen, steered, after(at(0), second * SECOND_MS))
        assert again == first


def test_a_battery_under_way_is_taken_over_without_a_jolt() -> None:
    seen = sight(at(0), 10, battery_w=1_200)

    _, decision = control(Control(), seen, course(battery()), at(0))

    assert decision.drives == (Drive(asset=BATTERY, power_w=1_200),)
