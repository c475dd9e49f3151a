"""Homes to plan two days for: made by hand, or at random."""

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import HealthCheck, Phase, settings, strategies as st

from custom_components.commonwatt.engine.dispatch.assets import AssetId
from custom_components.commonwatt.engine.dispatch.checks import check
from custom_components.commonwatt.engine.dispatch.home import (
    Autonomy,
    Battery,
    CapacityTariff,
    Car,
    Converter,
    CycleAppliance,
    DepthWear,
    Dwell,
    FlexibleAppliance,
    Generator,
    Goal,
    Grid,
    HomePlan,
    HomeProblem,
    Horizon,
    HydrogenStore,
    Position,
    Prices,
    Scenario,
    Storage,
    Tank,
    Taper,
    Tranche,
    Trip,
    Weights,
)
from custom_components.commonwatt.engine.dispatch.linear import Case, case_of
from custom_components.commonwatt.engine.model.order import Side
from custom_components.commonwatt.engine.model.period import (
    HOUR_MS,
    DeliveryPeriod,
    Instant,
)

START = Instant(1_798_761_600_000)
"""2027-01-01T00:00Z."""

SOLVING = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
"""For tests that solve: an example takes tens of milliseconds, shrinking minutes."""

BATTERY, CAR, TANK = AssetId("battery"), AssetId("car"), AssetId("tank")
GAS, ENGINE, WASHER, POOL = (
    AssetId("hydrogen"),
    AssetId("engine"),
    AssetId("washer"),
    AssetId("pool"),
)


DEPTHS = (
    DepthWear(share_ppm=300_000, micro_per_kwh=10_000),
    DepthWear(share_ppm=700_000, micro_per_kwh=60_000),
)
"""Cycles of up to 30 % of the capacity, and deeper ones."""


def at(hour: float) -> Instant:
    """Return the instant so many hours after the start."""
    return Instant(START + round(hour * HOUR_MS))


def home(
    prices_cent: Sequence[float],
    *storages: Storage,
    feed_in_cent: Sequence[float] | float = 0.0,
    load_w: Sequence[int] | int = 0,
    production_w: Sequence[int] | int = 0,
    step_ms: int = HOUR_MS,
    limit_w: int = 10_000,
) -> HomeProblem:
    """Return a home with these import prices, a step for each of them."""
    count = len(prices_cent)
    return HomeProblem(
        horizon=Horizon.uniform(START, step_ms=step_ms, count=count),
        scenarios=(
            Scenario(
                load_w=tuple(_each(load_w, count)),
                production_w=tuple(_each(production_w, count)),
            ),
        ),
        grid=Grid(
            import_w_max=limit_w,
            export_w_max=limit_w,
            prices=Prices(
                import_micro_per_kwh=_micro(prices_cent),
                export_micro_per_kwh=_micro(_each(feed_in_cent, count)),
            ),
        ),
        storages=storages,
    )


def battery(stored_wh: int | None = 0, *, power_w: int = 4_000) -> Battery:
    """Return a lossless battery of 4 kWh whose content is worth nothing at the end."""
    return Battery(
        id=BATTERY,
        stored_wh=stored_wh,
        capacity_wh=4_000,
        charge_w_max=power_w,
        discharge_w_max=power_w,
        charge_ppm=1_000_000,
        discharge_ppm=1_000_000,
        worth=(),
    )


def car(*trips: Trip, stored_wh: int | None = 0) -> Car:
    """Return a car that charges with 2 to 8 kW, without losses."""
    return Car(
        id=CAR,
        stored_wh=stored_wh,
        capacity_wh=40_000,
        charge_w_min=2_000,
        charge_w_max=8_000,
        charge_ppm=1_000_000,
        worth=(),
        trips=trips,
    )


def powers_w(plan: HomePlan, asset: AssetId) -> list[int]:
    """Return what an asset does in each step."""
    found = plan.asset(asset)
    assert found is not None, f"{asset} is not part of the plan"
    return list(found.power_w)


def case(problem: HomeProblem) -> Case:
    """Return the floats of a problem that can be planned."""
    checked = check(problem)
    assert checked is not None
    return case_of(checked)


def _each[T: (int, float)](values: Sequence[T] | T, count: int) -> list[T]:
    return [values] * count if isinstance(values, int | float) else list(values)


def _micro(cents: Sequence[float]) -> tuple[int, ...]:
    return tuple(round(cent * 10_000) for cent in cents)


@st.composite
def homes(
    draw: st.DrawFn, *, scenarios_max: int = 1, traded: bool = True
) -> HomeProblem:
    """Return any home, sensible or not."""
    horizon = draw(_horizons())
    count = len(horizon)
    level = draw(st.sampled_from([-60_000, 50_000, 250_000, 5_000_000]))
    spread = st.integers(-100_000, 150_000)
    scenarios = draw(
        st.lists(_scenarios(count), min_size=1, max_size=scenarios_max).map(tuple)
    )
    return HomeProblem(
        horizon=horizon,
        scenarios=scenarios,
        grid=Grid(
            import_w_max=draw(st.sampled_from([0, 2_000, 9_000, 30_000])),
            export_w_max=draw(st.sampled_from([0, 2_000, 9_000, 30_000])),
            prices=Prices(
                import_micro_per_kwh=_series(draw, spread, count, level),
                export_micro_per_kwh=_series(draw, spread, count, level // 3),
                carbon_g_per_kwh=draw(st.sampled_from([(), (400,) * count])),
            ),
            capacity=draw(
                st.none()
                | st.just(CapacityTariff(price_micro_per_kw=2_000_000, peak_w=1_000))
            ),
            tranches=draw(_tranches()) if traded else (),
            positions=draw(_positions()) if traded else (),
        ),
        curtailable=draw(st.booleans()),
        storages=draw(_storages(count)),
        generators=draw(st.lists(_generators(), max_size=1).map(tuple)),
        appliances=draw(_appliances()),
        autonomy=draw(
            st.none()
            | st.builds(
                lambda hours, watts: Autonomy(
                    hours_ms=hours * HOUR_MS, critical_w=(watts,) * count
                ),
                st.integers(1, 12),
                st.integers(0, 1_000),
            )
        ),
        keep_wh=draw(st.sampled_from([0, 0, 2_000])),
        weights=draw(st.sampled_from([Weights(), Weights(carbon_ppm=1_000_000)])),
        decided_ms=2 * HOUR_MS,
    )


def _series(
    draw: st.DrawFn, values: st.SearchStrategy[int], count: int, level: int
) -> tuple[int, ...]:
    few = draw(st.lists(values, min_size=1, max_size=6))
    return tuple(level + few[step % len(few)] for step in range(count))


@st.composite
def _horizons(draw: st.DrawFn) -> Horizon:
    if draw(st.booleans()):
        return Horizon.rolling(
            Instant(START + draw(st.integers(0, 3_600_000))), length_ms=3 * HOUR_MS
        )
    step_ms = draw(st.sampled_from([HOUR_MS // 4, HOUR_MS]))
    return Horizon.uniform(START, step_ms=step_ms, count=draw(st.integers(1, 10)))


@st.composite
def _scenarios(draw: st.DrawFn, count: int) -> Scenario:
    watts = st.integers(0, 12_000)
    return Scenario(
        load_w=_series(draw, watts, count, 0),
        production_w=_series(draw, watts, count, 0),
        weight_ppm=draw(st.integers(1, 1_000_000)),
    )


@st.composite
def _storages(draw: st.DrawFn, count: int) -> tuple[Storage, ...]:
    makers: tuple[st.SearchStrategy[Storage], ...] = (
        _batteries(),
        _cars(),
        _tanks(count),
        _hydrogen(),
    )
    chosen: list[Storage] = [draw(maker) for maker in makers if draw(st.booleans())]
    return tuple(chosen)


@st.composite
def _batteries(draw: st.DrawFn) -> Battery:
    stored = st.sampled_from([0, 500, 3_000, 5_000, 9_000])
    return Battery(
        id=BATTERY,
        stored_wh=draw(stored),
        capacity_wh=5_000,
        reserve_wh=draw(st.sampled_from([0, 1_000])),
        charge_w_max=draw(st.sampled_from([0, 2_500])),
        discharge_w_max=2_500,
        loss_ppm_per_hour=draw(st.sampled_from([0, 5_000])),
        wear_micro_per_kwh=draw(st.sampled_from([0, 20_000])),
        depth_wear=draw(st.sampled_from([(), DEPTHS])),
        taper=draw(st.none() | st.just(Taper(from_ppm=800_000, power_w=500))),
        goals=draw(st.just(()) | st.just((Goal(at=at(3), stored_wh=4_000),))),
        charges_from_grid=draw(st.booleans()),
        discharges_to_grid=draw(st.booleans()),
    )


@st.composite
def _cars(draw: st.DrawFn) -> Car:
    leaves = draw(st.integers(0, 6))
    back = draw(st.none() | st.integers(1, 4).map(lambda hours: at(leaves + hours)))
    trip = Trip(
        leaves_at=at(leaves),
        returns_at=back,
        energy_wh=draw(st.integers(0, 30_000)),
        stored_wh_goal=draw(st.integers(0, 60_000)),
    )
    return Car(
        id=CAR,
        stored_wh=draw(st.integers(-5_000, 60_000)),
        capacity_wh=50_000,
        reserve_wh=draw(st.sampled_from([0, 10_000])),
        charge_w_max=draw(st.sampled_from([3_700, 11_000])),
        discharge_w_max=draw(st.sampled_from([0, 7_000])),
        trips=draw(st.sampled_from([(), (trip,)])),
    )


@st.composite
def _tanks(draw: st.DrawFn, count: int) -> Tank:
    return Tank(
        id=TANK,
        stored_wh=draw(st.integers(0, 10_000)),
        capacity_wh=10_000,
        reserve_wh=2_000,
        power_w_max=3_000,
        power_w_min=draw(st.sampled_from([0, 800])),
        cop_ppm=_series(draw, st.integers(2_000_000, 4_500_000), count, 0),
        draw_w=_series(draw, st.integers(0, 9_000), count, 0),
        dwell=draw(_dwells()),
    )


def _dwells() -> st.SearchStrategy[Dwell]:
    times = st.sampled_from([0, HOUR_MS // 2, 2 * HOUR_MS])
    since = st.none() | st.integers(0, 2 * HOUR_MS)
    return st.just(Dwell()) | st.builds(
        Dwell, on_ms_min=times, off_ms_min=times, is_on=st.booleans(), since_ms=since
    )


@st.composite
def _hydrogen(draw: st.DrawFn) -> HydrogenStore:
    start = draw(st.sampled_from([0, 50_000]))
    return HydrogenStore(
        id=GAS,
        stored_wh=draw(st.integers(0, 100_000)),
        capacity_wh=100_000,
        electrolyser=Converter(
            power_w_max=5_000,
            power_w_min=1_000,
            efficiency_ppm=620_000,
            start_micro=start,
            heat_ppm=200_000,
            dwell=draw(_dwells()),
        ),
        fuel_cell=Converter(
            power_w_max=2_000, efficiency_ppm=500_000, heat_ppm=300_000
        ),
        warms=draw(st.sampled_from([None, TANK])),
    )


@st.composite
def _generators(draw: st.DrawFn) -> Generator:
    return Generator(
        id=ENGINE,
        power_w_max=6_000,
        power_w_min=draw(st.sampled_from([0, 3_000])),
        cost_micro_per_kwh=draw(st.integers(50_000, 300_000)),
        start_micro=draw(st.sampled_from([0, 100_000])),
        heat_ppm=1_500_000,
        warms=draw(st.sampled_from([None, TANK])),
        dwell=draw(_dwells()),
    )


@st.composite
def _appliances(
    draw: st.DrawFn,
) -> tuple[CycleAppliance | FlexibleAppliance, ...]:
    washer = CycleAppliance(
        id=WASHER,
        profile_w=(2_000, 300, 1_000),
        profile_step_ms=HOUR_MS // 4,
        earliest=at(draw(st.integers(-1, 3))),
        done_by=at(draw(st.integers(0, 8))),
    )
    pool = FlexibleAppliance(
        id=POOL,
        power_w=800,
        runtime_ms=draw(st.integers(0, 4)) * HOUR_MS,
        earliest=at(0),
        done_by=at(draw(st.integers(1, 8))),
    )
    return tuple(a for a in (washer, pool) if draw(st.booleans()))


@st.composite
def _tranches(draw: st.DrawFn) -> tuple[Tranche, ...]:
    first = DeliveryPeriod.containing(START)
    tranche = st.builds(
        lambda later, side, price, energy: Tranche(
            period=first.next(later),
            side=side,
            price_micro_per_kwh=price,
            energy_wh=energy,
        ),
        st.integers(0, 6),
        st.sampled_from(Side),
        st.integers(0, 300_000),
        st.integers(0, 3_000),
    )
    return tuple(draw(st.lists(tranche, max_size=2)))


@st.composite
def _positions(draw: st.DrawFn) -> tuple[Position, ...]:
    first = DeliveryPeriod.containing(START)
    sold = draw(st.lists(st.integers(-1_500, 1_500), max_size=2))
    return tuple(
        Position(period=first.next(later), sold_wh=energy)
        for later, energy in enumerate(sold)
    )


def with_expected(problem: HomeProblem, scenario: Scenario) -> HomeProblem:
    """Return the same home with another forecast."""
    return replace(problem, scenarios=(scenario,))
