"""Chance follows from seed and position alone."""

from itertools import pairwise
from statistics import mean, pstdev

from hypothesis import given, strategies as st
import pytest

from custom_components.commonwatt.engine.simulation.homes.dice import (
    Dice,
    derive_seed,
    smooth_noise,
    unit,
)

seeds = st.integers(0, 2**64 - 1)


def test_seeds_of_different_uses_differ() -> None:
    labels = [(1, "load"), (1, "loads"), (11, "load"), ("1", "l", "oad"), (2, "load")]

    assert len({derive_seed(*label) for label in labels}) == len(labels)


def test_numbers_are_spread_evenly() -> None:
    numbers = [unit(derive_seed("spread"), index) for index in range(4_000)]

    assert mean(numbers) == pytest.approx(0.5, abs=0.02)
    assert pstdev(numbers) == pytest.approx(1 / 12**0.5, abs=0.02)
    assert 0 <= min(numbers) < max(numbers) < 1


@given(seed=seeds, low=st.integers(-50, 50), size=st.integers(0, 9))
def test_throws_stay_within_their_bounds(seed: int, low: int, size: int) -> None:
    dice = Dice(seed, "bounds")

    assert {dice.between(low, low + size) for _ in range(20)} <= set(
        range(low, low + size + 1)
    )


def test_counts_are_right_on_the_average() -> None:
    dice = Dice("counts")

    assert mean(dice.count(2.3) for _ in range(3_000)) == pytest.approx(2.3, abs=0.05)


@given(
    seed=seeds,
    first=st.integers(-5_000, 5_000),
    count=st.integers(1, 60),
    spacing=st.integers(1, 40),
    cut=st.integers(0, 60),
)
def test_noise_does_not_depend_on_where_one_begins(
    seed: int, first: int, count: int, spacing: int, cut: int
) -> None:
    whole = smooth_noise(seed, first=first, count=count, spacing=spacing)
    rest = smooth_noise(seed, first=first + cut, count=count, spacing=spacing)

    assert whole[cut:] == rest[: max(0, count - cut)]
    assert all(-1 <= sample < 1 for sample in whole)


def test_noise_moves_slowly() -> None:
    noise = smooth_noise(3, first=0, count=1_000, spacing=50)

    # The steepest slope of smoothstep is 1.5, over a rise of at most 2.
    assert max(abs(b - a) for a, b in pairwise(noise)) <= 3 / 50
