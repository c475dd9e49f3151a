"""Divisions say what they do with a remainder; apportioning loses nothing."""

from hypothesis import given, strategies as st
import pytest

from custom_components.commonwatt.engine.model.units import (
    apportion,
    cost_nano,
    div_exact,
    div_floor,
    div_round,
)


@pytest.mark.parametrize(
    ("dividend", "divisor", "floor", "nearest"),
    [(7, 2, 3, 4), (-7, 2, -4, -3), (6, 3, 2, 2), (1, 3, 0, 0), (-1, 3, -1, 0)],
)
def test_divisions_treat_negative_numbers_like_positive_ones(
    dividend: int, divisor: int, floor: int, nearest: int
) -> None:
    assert div_floor(dividend, divisor) == floor
    assert div_round(dividend, divisor) == nearest


def test_a_division_that_must_be_exact_refuses_a_remainder() -> None:
    assert div_exact(-6, 3) == -2
    with pytest.raises(AssertionError, match="7 is not a multiple of 2"):
        div_exact(7, 2)


def test_a_kilowatt_hour_at_thirty_cents_costs_thirty_cents() -> None:
    assert cost_nano(energy_wh=1000, price_micro_per_kwh=300_000) == 300_000_000


shares = st.lists(st.tuples(st.integers(0, 10**9), st.binary(min_size=4, max_size=4)))


@given(shares.filter(lambda s: sum(w for w, _ in s) > 0), st.integers(0, 10**9))
def test_shares_add_up_and_stay_within_one_unit_of_their_quota(
    claims: list[tuple[int, bytes]], total: int
) -> None:
    weights = [weight for weight, _ in claims]
    split = apportion(total, weights, [key for _, key in claims])
    assert sum(split) == total
    for share, weight in zip(split, weights, strict=True):
        quota_floor = weight * total // sum(weights)
        assert quota_floor <= share <= quota_floor + 1


@given(
    st.lists(
        st.tuples(st.integers(1, 50), st.binary(min_size=4, max_size=4)),
        min_size=1,
        max_size=8,
        unique_by=lambda claim: claim[1],
    ),
    st.integers(0, 1000),
    st.randoms(),
)
def test_shares_do_not_depend_on_the_order_of_the_claims(
    claims: list[tuple[int, bytes]], total: int, order: object
) -> None:
    shuffled = claims.copy()
    order.shuffle(shuffled)  # type: ignore[attr-defined]  # a random.Random
    straight = apportion(total, [w for w, _ in claims], [k for _, k in claims])
    mixed = apportion(total, [w for w, _ in shuffled], [k for _, k in shuffled])
    by_key = dict(zip((k for _, k in claims), straight, strict=True))
    assert by_key == dict(zip((k for _, k in shuffled), mixed, strict=True))


def test_nothing_is_shared_out_without_claims() -> None:
    assert apportion(0, [], []) == []
    with pytest.raises(AssertionError, match="somebody has to take it"):
        apportion(1, [0], [b""])
