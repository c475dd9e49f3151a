"""What a day could have been: stores, cars, carbon, and the shares that follow."""

from itertools import product
from typing import Final

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.commonwatt.engine.model.period import DeliveryPeriod
from custom_components.commonwatt.engine.model.units import PPM
from custom_components.commonwatt.engine.scores.own.cars import at_best, at_once
from custom_components.commonwatt.engine.scores.own.hindsight import (
    LEVELS,
    Store,
    balanced,
    hindsight,
    least_carbon_mg,
)
from custom_components.commonwatt.engine.scores.own.periods import (
    HomeDay,
    Metered,
    Seen,
    shares_of,
)

FIRST: Final = DeliveryPeriod(96 * 20_000)
STORE: Final = Store(
    capacity_wh=4_000,
    charge_wh_max=1_000,
    discharge_wh_max=1_000,
    efficiency_ppm=PPM,
)
LOSSY: Final = Store(capacity_wh=4_000, charge_wh_max=1_000, discharge_wh_max=1_000)


def day_of_nets(nets: list[int]) -> list[Seen]:
    """Return periods with a use (net import) or a surplus (negative)."""
    return [
        Seen(period=FIRST.next(at), used_wh=max(0, net), made_wh=max(0, -net))
        for at, net in enumerate(nets)
    ]


def metered(nets: list[int]) -> list[Metered]:
    return [Metered(import_wh=max(0, net), export_wh=max(0, -net)) for net in nets]


def test_a_store_carries_the_sun_into_the_evening() -> None:
    nets = [300, -800, -800, 500, 600, 200]

    assert balanced(nets, STORE) == [0, 0, 0, 0, 0, 0]


nets_of_a_day = st.lists(st.integers(-2_000, 2_000), min_size=1, max_size=24)


@given(nets_of_a_day)
def test_a_store_never_makes_energy(nets: list[int]) -> None:
    after = balanced(nets, LOSSY)
    # A day begins with what the day before left: at most a store full.
    assert sum(after) >= sum(nets) - LOSSY.capacity_wh
    assert sum(max(0, wh) for wh in after) <= sum(max(0, wh) for wh in nets)
    assert all(
        abs(one - other) <= LOSSY.charge_wh_max
        for one, other in zip(after, nets, strict=True)
    )


@settings(max_examples=30)
@given(
    st.lists(st.integers(-1_500, 1_500), min_size=2, max_size=4),
    st.lists(st.integers(50, 600), min_size=4, max_size=4),
)
def test_the_least_carbon_is_no_more_than_any_way_found_by_trying(
    nets: list[int], prices: list[int]
) -> None:
    """Tries every move between five levels of the store, day after day the same."""
    prices = prices[: len(nets)]
    coarse = [STORE.capacity_wh * level // 4 for level in range(5)]
    best = min(
        sum(
            max(0, net + after - before) * price
            for net, price, before, after in zip(
                nets, prices, (start, *ends), ends, strict=False
            )
        )
        for start in coarse
        for ends in product(coarse, repeat=len(nets))
        if ends[-1] >= start
        and all(
            abs(after - before) <= 1_000
            for before, after in zip((start, *ends), ends, strict=False)
        )
    )
    assert LEVELS % 4 == 0, "the coarse levels are among the fine ones"
    assert least_carbon_mg(nets, prices, STORE) <= best


def test_carbon_is_saved_by_charging_when_the_grid_is_clean() -> None:
    nets, prices = [100, 100, 900, 900], [50, 50, 500, 500]
    found = hindsight(day_of_nets(nets), metered(nets), STORE, prices=prices)

    assert found.reached == found.without
    assert found.best.carbon_mg < found.without.carbon_mg // 4


def car(at: int, car_wh: int, *, made_wh: int = 0, here: bool = True) -> Seen:
    return Seen(
        period=FIRST.next(at),
        used_wh=200 + car_wh,
        made_wh=made_wh,
        car_wh=car_wh,
        car_here=here,
    )


def test_a_car_charges_at_once_or_when_it_is_cheapest() -> None:
    seen = [
        car(0, 0),
        car(1, 1_000),
        car(2, 0, made_wh=900),
        car(3, 500),
        car(4, 0, here=False),
    ]

    assert at_once(seen) == [1_000, 500, 0, 0, 0]
    assert at_best(seen, [300, 200, 400, 100, 1]) == [0, 0, 700, 800, 0]


@given(
    st.lists(
        st.tuples(st.integers(0, 2_000), st.booleans(), st.integers(0, 3_000)),
        min_size=1,
        max_size=30,
    )
)
def test_a_car_gets_what_it_needed_whenever_it_charges(
    periods: list[tuple[int, bool, int]],
) -> None:
    seen = [
        car(at, car_wh if here else 0, made_wh=made_wh, here=here)
        for at, (car_wh, here, made_wh) in enumerate(periods)
    ]
    needed_wh = sum(one.car_wh for one in seen)

    for taken in (at_once(seen), at_best(seen, [100] * len(seen))):
        assert sum(taken) == needed_wh
        assert min(taken) >= 0
        assert all(
            wh == 0 for wh, one in zip(taken, seen, strict=True) if not one.car_here
        )


@pytest.mark.parametrize(
    ("reached", "points"),
    [([300, -800, -800, 500, 600, 200], 0), ([0, 0, 0, 0, 0, 0], PPM)],
)
def test_a_home_is_measured_against_its_own_devices(
    reached: list[int], points: int
) -> None:
    nets = [300, -800, -800, 500, 600, 200]
    found = hindsight(day_of_nets(nets), metered(reached), STORE, prices=[1] * 6)
    day = HomeDay(day=1, periods=6, used_wh=1_600, made_wh=1_600, energy=found)
    shares = shares_of([day])

    assert shares.self_sufficiency is not None
    assert shares.self_sufficiency.points_ppm == points
    assert shares.self_consumption is not None
    assert shares.self_consumption.points_ppm == points
    assert shares.carbon is None


def test_without_devices_there_is_nothing_to_reach() -> None:
    nets = [300, -800, 500]
    found = hindsight(day_of_nets(nets), metered(nets), None, prices=[1] * 3)
    day = HomeDay(day=1, periods=3, used_wh=800, made_wh=800, energy=found)
    shares = shares_of([day])

    assert shares.self_sufficiency is not None
    assert shares.self_sufficiency.points_ppm is None
    assert shares_of([]).self_sufficiency is None
