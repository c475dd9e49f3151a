"""Machines that stay on for a while and off for a while."""

from hypothesis import given, strategies as st

from custom_components.commonwatt.engine.dispatch.control import (
    MachineCourse,
    PowerRange,
)
from custom_components.commonwatt.engine.dispatch.control.switching import (
    Switching,
    switched,
)
from custom_components.commonwatt.engine.model.period import MINUTE_MS, after
from tests.engine.dispatch.control.courses import MACHINE, START


def machine(planned_w: int) -> MachineCourse:
    """Return a hydrogen plant: 1 to 5 kW in, 0.5 to 2 kW out."""
    return MachineCourse(
        id=MACHINE,
        planned_w=planned_w,
        gives=PowerRange(w_min=500, w_max=2_000),
        takes=PowerRange(w_min=1_000, w_max=5_000),
    )


def test_a_machine_starts_where_the_plan_says() -> None:
    assert switched(None, machine(-3_000), START).issued_w == -3_000
    assert switched(None, machine(0), START).issued_w == 0


def test_a_machine_runs_at_its_least_power_or_not_at_all() -> None:
    assert switched(None, machine(-200), START).issued_w == -1_000
    assert switched(None, machine(9_000), START).issued_w == 2_000


def test_a_running_machine_is_turned_down_before_it_may_stop() -> None:
    running = Switching(issued_w=-3_000, switched_at=START)

    kept = switched(running, machine(0), after(START, 14 * MINUTE_MS))
    stopped = switched(running, machine(0), after(START, 15 * MINUTE_MS))

    assert kept == Switching(issued_w=-1_000, switched_at=START)
    assert stopped.issued_w == 0


def test_a_stopped_machine_rests() -> None:
    resting = Switching(issued_w=0, switched_at=START)

    assert switched(resting, machine(-3_000), after(START, 9 * MINUTE_MS)) == resting
    assert (
        switched(resting, machine(-3_000), after(START, 10 * MINUTE_MS)).issued_w
        == -3_000
    )


def test_what_turns_round_stops_in_between() -> None:
    running = Switching(issued_w=-3_000, switched_at=None)

    stopped = switched(running, machine(1_500), START)

    assert stopped == Switching(issued_w=0, switched_at=START)
    assert switched(stopped, machine(1_500), after(START, 10 * MINUTE_MS)).issued_w == (
        1_500
    )


def test_a_small_change_is_not_handed_on() -> None:
    running = Switching(issued_w=-3_000, switched_at=START)

    assert switched(running, machine(-3_200), START) is running
    assert switched(running, machine(-3_300), START).issued_w == -3_300


@given(st.lists(st.tuples(st.integers(-9_000, 9_000), st.integers(0, 20)), max_size=40))
def test_no_machine_is_switched_sooner_than_it_may(
    turns: list[tuple[int, int]],
) -> None:
    state = switched(None, machine(0), START)
    now = START
    for planned_w, minutes in turns:
        before, now = state, after(now, minutes * MINUTE_MS)
        state = switched(before, machine(planned_w), now)
        assert state.issued_w == 0 or (
            500 <= state.issued_w <= 2_000 or -5_000 <= state.issued_w <= -1_000
        )
        assert before.issued_w * state.issued_w >= 0
        if (state.issued_w == 0) != (before.issued_w == 0) and before.switched_at:
            least = 15 if before.issued_w else 10
            assert now - before.switched_at >= least * MINUTE_MS
