"""Around the secure sum: numbers as words, cohorts, noise."""

from hypothesis import given, strategies as st
import numpy as np
import pytest

from custom_components.commonwatt.engine.forecast.federation import (
    COHORT_MAX,
    COHORT_MIN,
    NoiseRules,
    Remembered,
    divide,
    from_words,
    to_words,
    with_noise,
)
from custom_components.commonwatt.engine.forecast.load import Experience, Prior
from custom_components.commonwatt.engine.forecast.load.prior import first_coefficients
from tests.engine.forecast.circle import party
from tests.engine.forecast.homes import street

numbers = st.lists(st.floats(-10_000, 10_000), min_size=1, max_size=20)


@given(st.lists(st.floats(-10_000, 10_000), min_size=1, max_size=256))
def test_sums_of_words_are_sums_of_numbers(values: list[float]) -> None:
    total = np.zeros(1, dtype=np.uint64)
    for value in values:
        total += to_words(np.array([value]))

    found = from_words(total, count=len(values))

    assert found is not None
    assert found[0] == pytest.approx(sum(values), abs=len(values) * 2.0**-24)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e9, -1e9])
def test_what_is_no_contribution_is_never_sent(value: float) -> None:
    with pytest.raises(ValueError, match="finite and bounded"):
        to_words(np.array([value]))


def test_what_no_five_homes_can_have_sent_is_no_sum() -> None:
    assert from_words(np.array([1 << 62], dtype=np.uint64), count=5) is None


def test_a_prior_survives_the_way_through_words() -> None:
    homes = [Experience.of(days) for days in street(5)]
    vectors = [e.contribution(first_coefficients()) for e in homes if e is not None]
    total = np.zeros(len(vectors[0]), dtype=np.uint64)
    for vector in vectors:
        total += to_words(vector)

    words = from_words(total, count=5)
    assert words is not None
    a, b = Prior.from_sum(words), Prior.from_sum(np.sum(vectors, axis=0))

    assert a is not None
    assert b is not None
    np.testing.assert_allclose(a.coefficients, b.coefficients, atol=1e-3)


@pytest.mark.parametrize("count", [5, 14, 15, 50, 257, 900])
def test_cohorts_hold_everybody_once_and_are_of_a_good_size(count: int) -> None:
    members = [party(number) for number in range(count)]

    cohorts = divide(members[::-1], week=7)

    assert sorted(p for cohort in cohorts for p in cohort) == sorted(members)
    assert all(COHORT_MIN <= len(cohort) <= COHORT_MAX for cohort in cohorts)
    assert (len(cohorts) >= 3) is (count >= 15)
    assert cohorts == divide(members, week=7)


def test_nobody_stays_with_the_same_cohort_for_ever() -> None:
    members = [party(number) for number in range(30)]
    weeks = {frozenset(divide(members, week=week)[0]) for week in range(8)}

    assert len(weeks) == 8


def test_remembered_sums_are_bounded_and_kept_across_restarts() -> None:
    remembered = Remembered()
    for start in range(0, 400, 4):
        remembered.remember([party(start + n) for n in range(5)])
    remembered.remember([party(396 + n) for n in range(5)])

    assert len(remembered.past) == 64
    again = Remembered(remembered.past)
    assert again.allows([party(396 + n) for n in range(5)])
    assert not again.allows([party(396 + n) for n in range(6)])


def test_noise_of_all_members_adds_up_to_what_was_asked_for() -> None:
    rules = NoiseRules(epsilon=4.0, norm_max=2.0, members=200)
    nothing = np.zeros(400)

    total = np.sum(
        [with_noise(nothing, rules, seed=n.to_bytes(32)) for n in range(200)], axis=0
    )

    assert total.std() == pytest.approx(rules.deviation, rel=0.15)
    assert abs(total.mean()) < 3 * rules.deviation / 20


@given(numbers)
def test_noise_goes_onto_a_vector_cut_to_length(values: list[float]) -> None:
    rules = NoiseRules(epsilon=1e12, norm_max=1.0, members=200)

    found = with_noise(np.array(values), rules, seed=bytes(32))

    assert np.linalg.norm(found) <= 1.0 + 1e-6


def test_below_two_hundred_members_there_is_no_noise_to_choose() -> None:
    with pytest.raises(ValueError, match="200 members"):
        NoiseRules(epsilon=4.0, norm_max=1.0, members=199)
    with pytest.raises(ValueError, match="positive"):
        NoiseRules(epsilon=0.0, norm_max=1.0, members=200)
