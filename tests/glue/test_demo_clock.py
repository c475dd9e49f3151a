"""The simulated clock: hurries, keeps to the grid, never passes the real now."""

from hypothesis import given, strategies as st
import pytest

from custom_components.commonwatt.demo.clock import (
    SPEED_MAX,
    START_DAYS_BACK,
    STEPS_MS,
    DemoClock,
    first_instant,
)
from custom_components.commonwatt.engine.model.period import (
    DAY_MS,
    HOUR_MS,
    MINUTE_MS,
    PERIOD_MS,
    SECOND_MS,
    Instant,
    after,
)

NOW = Instant(1_742_986_812_345)
SPEEDS = st.integers(min_value=1, max_value=SPEED_MAX)
BEHIND = st.integers(min_value=0, max_value=3 * DAY_MS)


def test_the_start_is_the_same_all_day_long() -> None:
    midnight = Instant(NOW // DAY_MS * DAY_MS)
    day = range(0, DAY_MS, HOUR_MS)

    starts = {first_instant(after(midnight, since)) for since in day}

    assert len(starts) == 1
    assert START_DAYS_BACK * DAY_MS > midnight - starts.pop() > DAY_MS


@pytest.mark.parametrize("step_ms", STEPS_MS)
def test_every_step_ends_on_the_boundaries_of_periods(step_ms: int) -> None:
    assert PERIOD_MS % step_ms == 0


@given(speed=SPEEDS, behind_ms=BEHIND)
def test_the_clock_moves_on_and_keeps_to_the_grid(speed: int, behind_ms: int) -> None:
    clock = DemoClock(speed=speed)
    simulated = after(NOW, -behind_ms)

    until = clock.next_instant(simulated, real_now=NOW)

    assert 0 < until - simulated <= STEPS_MS[-1]
    assert until % STEPS_MS[0] == 0
    boundary = (simulated // PERIOD_MS + 1) * PERIOD_MS
    assert until <= boundary


@given(speed=SPEEDS, behind_ms=BEHIND, spent_ms=st.integers(0, 10 * MINUTE_MS))
def test_the_clock_is_never_faster_than_asked_nor_ahead_of_now(
    speed: int, behind_ms: int, spent_ms: int
) -> None:
    clock = DemoClock(speed=speed)
    simulated = after(NOW, -behind_ms)
    until = clock.next_instant(simulated, real_now=NOW)

    delay_ms = clock.delay_ms(simulated, until, real_now=NOW, spent_ms=spent_ms)

    assert delay_ms >= 0
    assert until <= NOW + delay_ms
    assert (delay_ms + spent_ms + 1) * speed >= until - simulated


def test_at_full_speed_a_period_takes_a_second() -> None:
    clock = DemoClock(speed=SPEED_MAX)
    at = first_instant(NOW)
    spent_ms = 0

    for _ in range(3):
        until = clock.next_instant(at, real_now=NOW)
        spent_ms += clock.delay_ms(at, until, real_now=NOW, spent_ms=0)
        at = until

    assert at - first_instant(NOW) == PERIOD_MS
    assert spent_ms == pytest.approx(SECOND_MS, abs=3)


def test_time_passes_like_real_time_once_now_is_reached() -> None:
    clock = DemoClock(speed=SPEED_MAX)
    simulated = after(NOW, -3 * SECOND_MS)

    until = clock.next_instant(simulated, real_now=NOW)
    delay_ms = clock.delay_ms(simulated, until, real_now=NOW, spent_ms=0)

    assert until - simulated <= STEPS_MS[0]
    assert NOW + delay_ms >= until
