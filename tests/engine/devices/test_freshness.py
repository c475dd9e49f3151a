"""Values grow old, and a device that repeats itself is dead."""

from hypothesis import given, strategies as st
import pytest

from custom_components.commonwatt.engine.devices import Repetition, is_stale
from custom_components.commonwatt.engine.devices.freshness import (
    FROZEN_MS,
    FROZEN_POLLS,
)
from custom_components.commonwatt.engine.model.period import Instant, after

START = Instant(1_800_000_000_000)


@pytest.mark.parametrize(
    ("age_ms", "stale"), [(-5, False), (0, False), (30_000, False), (30_001, True)]
)
def test_a_value_older_than_three_polls_is_stale(*, age_ms: int, stale: bool) -> None:
    now = after(START, age_ms)
    assert is_stale(START, now=now, interval_ms=10_000) is stale


def repeat(values: list[float], interval_ms: int) -> tuple[Repetition, Instant]:
    repetition: Repetition | None = None
    now = START
    for value in values:
        now = after(now, interval_ms)
        repetition = Repetition.of(repetition, {"frequency": value}, now=now)
    assert repetition is not None
    return repetition, now


def test_a_device_that_repeats_itself_for_long_is_frozen() -> None:
    repetition, now = repeat(
        [49.98] * (FROZEN_POLLS + 1), FROZEN_MS // FROZEN_POLLS + 1
    )
    assert repetition.is_frozen(now)


def test_a_fast_poll_of_a_slow_device_is_not_frozen() -> None:
    repetition, now = repeat([49.98] * 100, 1_000)
    assert not repetition.is_frozen(now)


def test_few_polls_prove_nothing_however_long_they_take() -> None:
    repetition, now = repeat([49.98] * FROZEN_POLLS, FROZEN_MS)
    assert not repetition.is_frozen(now)


@given(st.integers(0, FROZEN_POLLS - 1))
def test_one_changed_digit_proves_life(position: int) -> None:
    values = [49.98] * (2 * FROZEN_POLLS - 1)
    values[FROZEN_POLLS + position - 1] = 49.99
    repetition, now = repeat(values, FROZEN_MS)
    assert not repetition.is_frozen(now)
