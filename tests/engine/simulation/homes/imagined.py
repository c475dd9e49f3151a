"""Homes of every kind, and what they may be told, for tests to choose from."""

from hypothesis import strategies as st

from custom_components.commonwatt.engine.model.period import (
    DAY_MS,
    HOUR_MS,
    MINUTE_MS,
    Instant,
)
from custom_components.commonwatt.engine.simulation.homes import (
    BatteryCommand,
    BatterySpec,
    CarSpec,
    ChargerCommand,
    CHPSpec,
    Habit,
    HeatPumpSpec,
    HomeCommands,
    HomeKey,
    HomeModel,
    HomeSpec,
    HotWaterSpec,
    HydrogenSpec,
    PowerCommand,
    PVSpec,
    Trip,
    WindShare,
    WindSpec,
    neighbourhood_specs,
)

MIDNIGHT = Instant(20_500 * DAY_MS)
NOON = Instant(MIDNIGHT + 12 * HOUR_MS)
SPECS = {spec.key: spec for spec in neighbourhood_specs()}

EVERYTHING = HomeSpec(
    key=HomeKey("everything"),
    habit=Habit.FAMILY,
    load_kwh_per_year=4_000,
    pv=PVSpec(peak_w=9_000, inverter_w_max=7_000),
    battery=BatterySpec(capacity_wh=6_000, power_w_max=4_000),
    hydrogen=HydrogenSpec(
        tank_wh=9_000, electrolyser_w_max=2_000, fuel_cell_w_max=1_500
    ),
    wind=WindSpec(rated_w=3_000),
    wind_share=WindShare(turbine=WindSpec(rated_w=20_000), share_ppm=50_000),
    chp=CHPSpec(
        power_w_max=4_000, power_w_min=2_000, gas_wh_max=20_000, gas_inflow_w=4_000
    ),
    heat_pump=HeatPumpSpec(
        power_w_max=3_000, power_w_min=600, loss_w_per_k=180, capacity_wh_per_k=9_000
    ),
    hot_water=HotWaterSpec(volume_l=200, power_w=2_000, people=4),
    car=CarSpec(
        capacity_wh=40_000,
        trips=(
            Trip(
                weekdays=(0, 1, 2, 3, 4, 5, 6),
                departs_minute=9 * 60,
                returns_minute=15 * 60,
                energy_wh=9_000,
                soc_ppm_needed=600_000,
                is_to_work=True,
            ),
        ),
    ),
)


def home(spec: HomeSpec, *, seed: int = 1, started_at: Instant = NOON) -> HomeModel:
    """Return a home that has just begun to live."""
    return HomeModel(spec, seed=seed, started_at=started_at)


def minutes(count: int, *, since: Instant = NOON) -> Instant:
    """Return the instant so many minutes later."""
    return Instant(since + count * MINUTE_MS)


def hours(count: float, *, since: Instant = NOON) -> Instant:
    """Return the instant so many hours later."""
    return Instant(since + round(count * HOUR_MS))


specs = st.sampled_from([*SPECS.values(), EVERYTHING])
starts = st.integers(0, DAY_MS - 1).map(lambda ms: Instant(MIDNIGHT + ms))
powers = st.integers(-8_000, 8_000)


def commands(*, since: Instant, span_ms: int) -> st.SearchStrategy[HomeCommands]:
    """Return commands of all kinds, some of which expire within ``span_ms``."""
    expiry = st.none() | st.integers(0, span_ms).map(lambda ms: Instant(since + ms))
    power = st.none() | st.builds(PowerCommand, power_w=powers, expires_at=expiry)
    return st.builds(
        HomeCommands,
        battery=st.none()
        | st.builds(
            BatteryCommand,
            power_w_min=powers,
            power_w_max=powers,
            expires_at=expiry,
            charging_from_grid_allowed=st.booleans(),
        ),
        battery_reserve_ppm=st.integers(0, 1_000_000),
        inverter_limit=power,
        charger=st.none()
        | st.builds(
            ChargerCommand,
            current_ma=st.integers(0, 40_000),
            expires_at=expiry,
            fallback_ma=st.none() | st.integers(0, 40_000),
        ),
        guest=power,
        hydrogen=power,
        chp=power,
        heat_pump=power,
        hot_water=power,
    )
