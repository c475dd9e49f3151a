"""Prices and intensities: learned from the days before, never mixed."""

from hypothesis import given, strategies as st
import pytest

from custom_components.commonwatt.engine.forecast import (
    CarbonBasis,
    CarbonForecast,
    expect,
    expect_carbon,
    for_steering,
    for_the_books,
)
from custom_components.commonwatt.engine.model.period import DeliveryPeriod

NOON = DeliveryPeriod(2_000_000)
DAY = 96


def series(basis: CarbonBasis, *values: int) -> CarbonForecast:
    known = {NOON.next(-DAY * (n + 1)): value for n, value in enumerate(values)}
    return CarbonForecast(basis=basis, mg_per_kwh=known)


@given(
    prices=st.dictionaries(
        st.integers(-40 * DAY, -1).map(NOON.next), st.integers(-(10**8), 10**8)
    ),
    later=st.dictionaries(
        st.integers(0, 40 * DAY).map(NOON.next), st.integers(-(10**8), 10**8)
    ),
)
def test_what_comes_later_never_counts(
    prices: dict[DeliveryPeriod, int], later: dict[DeliveryPeriod, int]
) -> None:
    assert expect(prices | later, NOON) == expect(prices, NOON)


def test_the_same_period_of_the_days_before_counts_recent_days_most() -> None:
    prices = {
        NOON.next(-DAY * days): 100 if days <= 7 else 300 for days in range(1, 15)
    }
    prices |= {NOON.next(-DAY + 1): 9_999}

    assert expect(prices, NOON) == 100
    assert expect({}, NOON) is None


def test_the_weekday_counts_double() -> None:
    prices = {NOON.next(-DAY * days): 50 if days % 7 == 0 else 100 for days in (6, 7)}

    assert expect(prices, NOON) == 50


def test_expected_intensities_keep_their_basis() -> None:
    known = series(CarbonBasis.MARGINAL, 700_000, 720_000, 710_000)

    found = expect_carbon(known, (NOON, NOON.next()))

    assert found.basis is CarbonBasis.MARGINAL
    assert found.mg_per_kwh == {NOON: 710_000}


def test_books_are_kept_by_the_average_and_plans_made_by_the_margin() -> None:
    average = series(CarbonBasis.AVERAGE, 300_000)
    marginal = series(CarbonBasis.MARGINAL, 700_000)

    assert for_the_books(average) is average
    assert for_steering(average, marginal) is marginal
    assert for_steering(average, None) is average
    assert for_steering(average, series(CarbonBasis.MARGINAL)) is average


def test_the_two_never_meet() -> None:
    average = series(CarbonBasis.AVERAGE, 300_000)
    marginal = series(CarbonBasis.MARGINAL, 700_000)

    with pytest.raises(ValueError, match="average belongs"):
        for_the_books(marginal)
    with pytest.raises(ValueError, match="average belongs"):
        for_steering(marginal, marginal)
    with pytest.raises(ValueError, match="marginal belongs"):
        for_steering(average, average)
