"""Homes to plan for: made by hand, or at random."""

from hypothesis import strategies as st

from custom_components.commonwatt.engine.dispatch import (
    AssetId,
    CarNow,
    ChargingPoint,
    Generator,
    Outlook,
    Problem,
    Store,
    StoreNow,
)
from custom_components.commonwatt.engine.model.period import (
    PERIOD_MS,
    DeliveryPeriod,
    after,
)
from custom_components.commonwatt.engine.model.tariff import Tariff

PERIOD = DeliveryPeriod(2_000_000)
TARIFF = Tariff(energy_micro_per_kwh=300_000, feed_in_micro_per_kwh=80_000)
BATTERY, CAR, ENGINE = AssetId("battery"), AssetId("car"), AssetId("engine")
CAP_WH = 10_000_000


def outlook(
    *, load_wh: int = 0, production_wh: int = 0, avoided: int | None = None
) -> Outlook:
    """Return a period with a tariff of 0.30, feed-in 0.08."""
    return Outlook(
        period=PERIOD,
        load_wh=load_wh,
        production_wh=production_wh,
        tariff=TARIFF,
        avoided_micro_per_kwh=300_000 if avoided is None else avoided,
    )


def store(
    stored_wh: int, *, capacity_wh: int = 10_000, reserve_wh: int = 0
) -> StoreNow:
    """Return a battery of 4 kW."""
    return StoreNow(
        store=Store(
            id=BATTERY,
            capacity_wh=capacity_wh,
            reserve_wh=reserve_wh,
            charge_w_max=4_000,
            discharge_w_max=4_000,
            efficiency_ppm=900_000,
        ),
        stored_wh=stored_wh,
    )


def car(needed_wh: int, *, periods: int) -> CarNow:
    """Return a car at 8 kW that leaves so many periods from now."""
    return CarNow(
        point=ChargingPoint(id=CAR, power_w_min=1_400, power_w_max=8_000),
        needed_wh=needed_wh,
        leaves_at=after(PERIOD.start, periods * PERIOD_MS),
    )


prices = st.integers(-50_000, 500_000)
energies = st.integers(0, 5_000)


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Draw a home with up to two stores, a car and an engine, and any tariff."""
    import_price, feed_in = draw(prices), draw(prices)
    tariff = Tariff(energy_micro_per_kwh=import_price, feed_in_micro_per_kwh=feed_in)
    remaining = draw(st.integers(0, 100_000))
    stores = tuple(
        StoreNow(
            store=Store(
                id=AssetId(f"store {number}"),
                capacity_wh=draw(st.integers(0, 20_000)),
                reserve_wh=draw(st.integers(0, 3_000)),
                charge_w_max=draw(energies),
                discharge_w_max=draw(energies),
                efficiency_ppm=draw(st.integers(1, 1_000_000)),
                wear_micro_per_kwh=draw(st.integers(0, 50_000)),
            ),
            stored_wh=draw(st.integers(0, 25_000)),
        )
        for number in range(draw(st.integers(0, 2)))
    )
    cars = draw(
        st.lists(
            st.builds(car, st.integers(1, 40_000), periods=st.integers(1, 100)),
            max_size=1,
        )
    )
    engines = draw(
        st.lists(
            st.builds(
                Generator,
                id=st.just(ENGINE),
                power_w_max=energies,
                cost_micro_per_kwh=prices,
            ),
            max_size=1,
        )
    )
    period = Outlook(
        period=PERIOD,
        load_wh=draw(energies),
        production_wh=draw(energies),
        tariff=tariff,
        avoided_micro_per_kwh=import_price - remaining,
    )
    return Problem(
        outlooks=(period,), stores=stores, cars=tuple(cars), generators=tuple(engines)
    )
