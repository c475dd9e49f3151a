"""Counters only grow, whatever the wire delivers."""

from hypothesis import given, strategies as st
import pytest

from custom_components.commonwatt.engine.devices import CounterGate
from custom_components.commonwatt.engine.devices.counter import (
    CONFIRMATIONS,
    COUNTER_WH_MAX,
    STEP_WH,
)
from custom_components.commonwatt.engine.model.period import HOUR_MS, Instant, after

START = Instant(1_800_000_000_000)
SECOND = 1_000


def seen(*readings: int | None, interval_ms: int = 5 * SECOND) -> list[int | None]:
    gate, now, shown = CounterGate(), START, list[int | None]()
    for reading in readings:
        gate = gate.pass_on(reading, now)
        shown.append(gate.wh)
        now = after(now, interval_ms)
    return shown


def test_the_first_reading_counts_once_a_second_one_agrees() -> None:
    assert seen(5_000, 5_001, 5_002) == [None, 5_001, 5_002]


def test_a_first_reading_from_nowhere_is_never_shown() -> None:
    assert seen(9_113_000, 5_000, 5_000) == [None, None, 5_000]


@pytest.mark.parametrize("nonsense", [None, -1, COUNTER_WH_MAX + 1, 2**64 - 1])
def test_nonsense_changes_nothing(nonsense: int | None) -> None:
    assert seen(5_000, 5_000, nonsense, 5_001) == [None, 5_000, 5_000, 5_001]


def test_a_spike_is_held_back() -> None:
    assert seen(5_000, 5_000, 9_113_000, 5_001)[1:] == [5_000, 5_000, 5_001]


def test_a_dip_is_held_back() -> None:
    assert seen(50_000, 50_000, 0, 50_001)[1:] == [50_000, 50_000, 50_001]


@pytest.mark.parametrize("level", [0, 9_000_000])
def test_a_counter_that_insists_is_believed(level: int) -> None:
    shown = seen(50_000, 50_000, *[level] * (CONFIRMATIONS + 1), level + 1)
    assert shown[1:-2] == [50_000] * (CONFIRMATIONS + 1)
    assert shown[-2:] == [level, level + 1]


def test_a_jumping_counter_is_not_believed() -> None:
    noise = [1_000_000 * (step % 5 + 1) for step in range(20)]
    assert set(seen(50_000, 50_000, *noise)[1:]) == {50_000}


def test_growth_is_bounded_by_power_and_time() -> None:
    gate = CounterGate(power_w_max=10_000).pass_on(0, START).pass_on(0, START)
    hour = after(START, HOUR_MS)
    assert gate.pass_on(10_000 + STEP_WH, hour).wh == 10_000 + STEP_WH
    assert gate.pass_on(10_001 + STEP_WH, hour).wh == 0


def test_a_clock_set_back_does_not_stop_the_counter() -> None:
    gate = CounterGate().pass_on(500, START).pass_on(500, START)
    assert gate.pass_on(501, after(START, -HOUR_MS)).wh == 501


@given(
    st.lists(
        st.one_of(st.none(), st.integers(-10, 2**70), st.integers(0, 3_000)),
        max_size=40,
    )
)
def test_what_is_shown_never_falls_without_being_confirmed(
    readings: list[int | None],
) -> None:
    shown = seen(*readings)
    for index in range(1, len(shown)):
        before, value = shown[index - 1], shown[index]
        if before is None or value is None or value >= before:
            continue
        recent = [r for r in readings[: index + 1] if r is not None][-4:]
        assert all(0 <= r <= value for r in recent), "only what was confirmed"
