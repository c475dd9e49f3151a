"""Counters at the boundaries of delivery periods: exact, shared, or unknown."""

from hypothesis import given, strategies as st
import pytest

from custom_components.commonwatt.engine.model.period import (
    HOUR_MS,
    MINUTE_MS,
    PERIOD_MS,
    SECOND_MS,
    DeliveryPeriod,
    Instant,
    after,
)
from custom_components.commonwatt.engine.node.counters import (
    BOUNDARIES_KEPT,
    GAP_MS_MAX,
    BoundaryCounter,
    PowerIntegral,
)

PERIOD = DeliveryPeriod(2_000_000)


def counter(*samples: tuple[int, int]) -> BoundaryCounter:
    """Return a counter sampled so many ms after the period's start."""
    boundary_counter = BoundaryCounter()
    for offset_ms, value_wh in samples:
        boundary_counter.sample(after(PERIOD.start, offset_ms), value_wh)
    return boundary_counter


def test_samples_on_the_boundaries_are_exact() -> None:
    assert counter((0, 100), (PERIOD_MS, 350)).energy_wh(PERIOD) == 250


def test_between_two_close_samples_the_value_is_interpolated() -> None:
    sampled = counter(
        (-MINUTE_MS, 100),
        (2 * MINUTE_MS, 130),  # 110 at the start
        (PERIOD_MS - SECOND_MS, 400),
        (PERIOD_MS + SECOND_MS, 402),  # 401 at the end
    )

    assert sampled.at(PERIOD.start) == 110
    assert sampled.energy_wh(PERIOD) == 291


@pytest.mark.parametrize(
    ("gap_ms", "known"), [(GAP_MS_MAX, True), (GAP_MS_MAX + 1, False)]
)
def test_over_a_long_gap_nothing_is_guessed(*, gap_ms: int, known: bool) -> None:
    sampled = counter((0, 0), (PERIOD_MS - 1, 100), (PERIOD_MS - 1 + gap_ms, 200))

    assert (sampled.energy_wh(PERIOD) is not None) is known


def test_a_boundary_passed_in_one_leap_is_unknown() -> None:
    assert counter((0, 0), (3 * PERIOD_MS, 900)).energy_wh(PERIOD) is None


def test_a_counter_that_starts_anew_forgets() -> None:
    sampled = counter((0, 100), (MINUTE_MS, 5), (PERIOD_MS, 80))

    assert sampled.energy_wh(PERIOD) is None
    sampled.sample(PERIOD.next().end, 90)
    assert sampled.energy_wh(PERIOD.next()) == 10


def test_an_old_sample_changes_nothing() -> None:
    sampled = counter((0, 100), (MINUTE_MS, 160), (MINUTE_MS, 150), (30_000, 120))

    assert sampled.since(PERIOD.start) == 60


def test_the_energy_since_a_boundary_is_known_at_once() -> None:
    sampled = counter((0, 100), (MINUTE_MS, 160))

    assert sampled.since(PERIOD.start) == 60
    assert sampled.since(PERIOD.next().start) is None
    assert BoundaryCounter().since(PERIOD.start) is None


def test_what_the_journal_knows_counts_like_a_sample() -> None:
    sampled = BoundaryCounter()
    sampled.note(PERIOD.start, 40)
    sampled.sample(PERIOD.end, 100)

    assert sampled.energy_wh(PERIOD) == 60


def test_only_the_latest_boundaries_are_kept() -> None:
    sampled = BoundaryCounter()
    for number in range(100):
        sampled.sample(PERIOD.next(number).start, number)

    assert len(sampled._values) == BOUNDARIES_KEPT


@given(
    steps=st.lists(
        st.tuples(st.integers(1, 4 * MINUTE_MS), st.integers(0, 500)),
        min_size=20,
        max_size=120,
    )
)
def test_no_energy_falls_between_two_periods(steps: list[tuple[int, int]]) -> None:
    sampled = BoundaryCounter()
    at, value_wh = after(PERIOD.start, -1), 0
    known: dict[DeliveryPeriod, int] = {}
    for step_ms, rise_wh in steps:
        at, value_wh = after(at, step_ms), value_wh + rise_wh
        sampled.sample(at, value_wh)
        ended = DeliveryPeriod.containing(at).next(-1)
        energy_wh = sampled.energy_wh(ended)
        if energy_wh is not None:
            known[ended] = energy_wh
    first = sampled.at(min(known).start) if known else None

    assert all(energy_wh >= 0 for energy_wh in known.values())
    assert sum(known.values()) <= value_wh
    if known and first is not None:
        last = sampled.at(max(known).end)
        assert last is not None
        assert sum(known.values()) == last - first


def test_powers_add_up_to_energy() -> None:
    integral = PowerIntegral()
    integral.counted(Instant(0), 1_000)
    integral.counted(Instant(PERIOD_MS // 2), 3_000)

    assert integral.counted(Instant(PERIOD_MS), 3_000) == (2_000 + 3_000) // 8
    assert integral.counted(Instant(0), 99_999) == (2_000 + 3_000) // 8


def test_a_long_silence_adds_no_energy() -> None:
    integral = PowerIntegral()
    integral.counted(Instant(0), 1_000)

    assert integral.counted(Instant(HOUR_MS), 1_000) == 0
    assert integral.counted(Instant(HOUR_MS + PERIOD_MS), 1_000) == 250
