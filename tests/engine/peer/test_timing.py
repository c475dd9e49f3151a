"""The clock of a round."""

from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.commonwatt.engine.model.period import (
    DAY_MS,
    HOUR_MS,
    MINUTE_MS,
    SECOND_MS,
    DeliveryPeriod,
    Instant,
    after,
)
from custom_components.commonwatt.engine.peer import RoundTiming

PERIOD = DeliveryPeriod(2_000_000)
TIMING = RoundTiming()


def test_a_round_ends_four_minutes_before_delivery() -> None:
    assert TIMING.bidding(PERIOD) == after(PERIOD.start, -6 * MINUTE_MS)
    assert TIMING.gate_closure(PERIOD) == after(PERIOD.start, -5 * MINUTE_MS)
    assert TIMING.reveal_closure(PERIOD) == after(PERIOD.start, -4 * MINUTE_MS)
    assert TIMING.readings_due(PERIOD) == after(PERIOD.end, 5 * MINUTE_MS)


@pytest.mark.parametrize(
    ("before_start_ms", "attempt"),
    [
        (10 * MINUTE_MS, 0),
        (4 * MINUTE_MS, 0),
        (4 * MINUTE_MS - 30 * SECOND_MS + 1, 0),
        (4 * MINUTE_MS - 30 * SECOND_MS, 1),
        (1, 7),
        (0, 8),
        (-2 * MINUTE_MS + 1, 8),
        (-2 * MINUTE_MS, 9),
        (-HOUR_MS, 38),
    ],
)
def test_the_clock_alone_tells_whose_turn_it_is(
    before_start_ms: int, attempt: int
) -> None:
    assert TIMING.attempt(PERIOD, after(PERIOD.start, -before_start_ms)) == attempt


@given(
    offset_ms=st.integers(-4 * MINUTE_MS, DAY_MS),
    attempt_ms=st.integers(1, 4 * MINUTE_MS),
    open_attempt_ms=st.integers(SECOND_MS, HOUR_MS),
)
def test_an_attempt_ends_when_the_next_begins(
    offset_ms: int, attempt_ms: int, open_attempt_ms: int
) -> None:
    timing = RoundTiming(attempt_ms=attempt_ms, open_attempt_ms=open_attempt_ms)
    now = after(PERIOD.start, offset_ms)
    attempt = timing.attempt(PERIOD, now)
    ends = timing.attempt_ends(PERIOD, now)

    assert ends > now
    assert timing.attempt(PERIOD, Instant(ends - 1)) == attempt
    assert timing.attempt(PERIOD, ends) == attempt + 1


@given(members=st.integers(1, 800))
def test_hearts_beat_more_slowly_the_more_there_are(members: int) -> None:
    beats = members * 15 * MINUTE_MS / TIMING.heartbeat(members)

    assert TIMING.silence(members) > 2 * TIMING.heartbeat(members)
    assert TIMING.heartbeat(members) <= TIMING.heartbeat(members + 1)
    assert beats < 60, "in one period, from all together"


@pytest.mark.parametrize(
    "wrong",
    [
        {"bidding_ms": 5 * MINUTE_MS},
        {"reveal_closure_ms": 5 * MINUTE_MS},
        {"attempt_ms": 0},
        {"attempt_ms": 4 * MINUTE_MS + 1},
        {"open_attempt_ms": 0},
        {"readings_ms": 0},
        {"heartbeat_ms": 0},
        {"presence_ms": 5 * MINUTE_MS},
    ],
)
def test_a_clock_that_cannot_work_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"order|turn|time|silent"):
        RoundTiming(**wrong)
