"""Prices and intensities: learned from the days before, never mixed."""

from hypothesis import given, strategies as st
import pytest

from custom_components.commonwatt.engine.forecast import (
    CarbonBasis,
    CarbonForecast,
    NeighbourMarket,
    NeighbourTrade,
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


def traded(ago: int, price: int, energy_wh: int) -> NeighbourTrade:
    """Return noon of a day as it was traded, twice as much sold as bought by a home."""
    return NeighbourTrade(
        period=NOON.next(-ago * DAY),
        price_micro_per_kwh=price,
        bought_wh=energy_wh,
        sold_wh=2 * energy_wh,
    )


def learned(*days: tuple[int, int]) -> NeighbourMarket:
    """Return a market that knows noon on so many days: price and energy."""
    market = NeighbourMarket()
    market.learn(traded(ago, *day) for ago, day in enumerate(days, start=1))
    return market


def test_neighbours_are_expected_to_trade_as_they_did() -> None:
    market = learned((100, 400), (120, 500), (110, 600))

    assert market.expect(NOON) == traded(0, 110, 500)
    assert market.expect(NOON.next(5)) is None


def test_where_there_is_no_trade_on_most_days_none_is_expected() -> None:
    assert learned((100, 0), (0, 0), (110, 600)).expect(NOON) is None


def test_a_price_at_which_nothing_was_traded_is_no_price() -> None:
    found = learned((100, 400), (9, 0), (100, 400)).expect(NOON)

    assert found is not None
    assert found.price_micro_per_kwh == 100


def test_markets_of_months_ago_are_forgotten() -> None:
    market = learned((100, 400))

    market.learn([traded(-60, 1, 1)])

    assert market.expect(NOON) is None
    assert market.trades == (traded(-60, 1, 1),)


def test_what_was_kept_is_known_again() -> None:
    before = learned((100, 400), (120, 500))
    after = NeighbourMarket()

    after.learn(before.trades)
    after.learn([traded(1, 999, 1)])

    assert after.trades == before.trades
