"""A home and its devices: what is measured, wished for, and advised."""

from dataclasses import replace

import pytest

from custom_components.commonwatt.engine.devices import (
    BatteryState,
    ChargerState,
    CurrentSetpoint,
    DeviceId,
    InverterState,
    MeterState,
    PowerSetpoint,
    ProcessImage,
)
from custom_components.commonwatt.engine.dispatch import (
    AssetId,
    Assets,
    ChargingPoint,
    Generator,
    Store,
)
from custom_components.commonwatt.engine.forecast import PeriodEnergy
from custom_components.commonwatt.engine.model.order import Side
from custom_components.commonwatt.engine.model.period import (
    HOUR_MS,
    MINUTE_MS,
    PERIOD_MS,
    DeliveryPeriod,
    Instant,
    after,
)
from custom_components.commonwatt.engine.model.tariff import Tariff
from custom_components.commonwatt.engine.node.assets_now import (
    AGE_MS_MAX,
    charging_current_ma,
)
from custom_components.commonwatt.engine.node.household import Household, energy_of

PERIOD = DeliveryPeriod(2_000_000)
METER, ROOF, BATTERY = DeviceId("meter"), DeviceId("roof"), DeviceId("battery")
WALLBOX, ENGINE = DeviceId("wallbox"), DeviceId("engine")
TARIFF = Tariff(energy_micro_per_kwh=300_000, feed_in_micro_per_kwh=80_000)


def image(
    at: Instant,
    *,
    grid_w: int | None = 0,
    pv_w: int = 0,
    battery_w: int | None = None,
    soc_ppm: int | None = 500_000,
    charger_w: int | None = None,
    engine_w: int | None = None,
    counters: bool = True,
) -> ProcessImage:
    """Return a home whose powers have been the same since the period began."""
    ms = at - PERIOD.start

    def wh(power_w: int) -> int | None:
        return max(0, power_w) * ms // HOUR_MS if counters else None

    inverters = {ROOF: InverterState(measured_at=at, power_w=pv_w, energy_wh=wh(pv_w))}
    if engine_w is not None:
        inverters[ENGINE] = InverterState(
            measured_at=at, power_w=engine_w, energy_wh=wh(engine_w)
        )
    batteries, chargers = {}, {}
    if battery_w is not None:
        batteries[BATTERY] = BatteryState(
            measured_at=at,
            power_w=battery_w,
            soc_ppm=soc_ppm,
            capacity_wh=10_000,
            charge_power_w_max=4_000,
            discharge_power_w_max=4_000,
            discharged_wh=wh(battery_w),
            charged_wh=wh(-battery_w),
        )
    if charger_w is not None:
        chargers[WALLBOX] = ChargerState(
            measured_at=at, power_w=charger_w, energy_wh=wh(charger_w), connected=True
        )
    meter = MeterState(
        measured_at=at,
        power_w=grid_w,
        import_wh=(grid_w or 0) * ms // HOUR_MS if (grid_w or 0) > 0 else 0,
        export_wh=-(grid_w or 0) * ms // HOUR_MS if (grid_w or 0) < 0 else 0,
    )
    return ProcessImage(
        taken_at=at,
        meters={METER: meter},
        inverters=inverters,
        batteries=batteries,
        chargers=chargers,
    )


def household(*, tariff: Tariff | None = TARIFF) -> Household:
    """Return a home that avoids the whole import price with a neighbour's kWh."""
    home = Household(lambda tariff: tariff.import_micro_per_kwh)
    home.tariff = tariff
    return home


def wh_of(home: Household, period: DeliveryPeriod, side: Side) -> int:
    steps = home.wish(period, energy_wh_max=10**9) or ()
    return sum(step.energy_wh for step in steps if step.side is side)


@pytest.mark.parametrize("counters", [True, False])
def test_what_is_used_follows_from_all_counters(*, counters: bool) -> None:
    home = household()
    for at in (PERIOD.start, PERIOD.end):
        home.observe(
            image(
                at,
                grid_w=-400,
                pv_w=4_000,
                battery_w=-1_200,
                charger_w=800,
                counters=counters,
            )
        )
    measured = home.measured(PERIOD)

    assert measured is not None
    assert (measured.import_wh, measured.export_wh) == (0, 100)
    assert measured.production_wh == 1_000
    assert measured.consumption_wh == 600
    assert measured.car_wh == 200
    assert energy_of(measured) == PeriodEnergy(load_wh=400, production_wh=1_000)


def test_a_generator_that_is_steered_is_no_production_to_forecast() -> None:
    home = household()
    home.assets = Assets(
        generators=(
            Generator(id=AssetId(ENGINE), power_w_max=5_000, cost_micro_per_kwh=1),
        )
    )
    for at in (PERIOD.start, PERIOD.end):
        home.observe(image(at, grid_w=-2_000, pv_w=400, engine_w=4_000))
    measured = home.measured(PERIOD)

    assert measured is not None
    assert measured.production_wh == 100
    assert measured.consumption_wh == 600


def test_one_unknown_device_makes_the_sum_unknown_and_not_the_reading() -> None:
    home = household()
    for at in (PERIOD.start, PERIOD.end):
        seen = image(at, grid_w=400, pv_w=400)
        dark = replace(seen.inverters[ROOF], power_w=None, energy_wh=None)
        home.observe(replace(seen, inverters={ROOF: dark}))
    measured = home.measured(PERIOD)

    assert measured is not None
    assert measured.import_wh == 100
    assert measured.production_wh is measured.consumption_wh is None
    assert energy_of(measured) is None


def test_without_a_meter_nothing_is_measured() -> None:
    home = household()
    home.observe(ProcessImage(taken_at=PERIOD.start))

    assert home.measured(PERIOD) is None
    assert home.metering.exported_wh_since(PERIOD.start) is None


def test_the_first_meter_by_name_is_the_metering_point() -> None:
    home = household()
    for at in (PERIOD.start, PERIOD.end):
        seen = image(at, grid_w=400)
        sub = replace(seen.meters[METER], import_wh=7)
        home.observe(replace(seen, meters={DeviceId("sub"): sub, **seen.meters}))
    measured = home.measured(PERIOD)

    assert measured is not None
    assert (measured.meter, measured.import_wh) == (METER, 100)


def test_nothing_is_wished_for_before_anything_is_known() -> None:
    home = household()
    assert home.wish(PERIOD, energy_wh_max=1) is None
    home.learn(PERIOD.next(-1), PeriodEnergy(load_wh=100, production_wh=0))
    assert home.wish(PERIOD, energy_wh_max=1) is None
    home.observe(image(PERIOD.start))
    assert home.wish(PERIOD, energy_wh_max=10**9) is not None
    home.tariff = None
    assert home.wish(PERIOD, energy_wh_max=10**9) is None


def test_a_battery_is_found_without_being_told_of() -> None:
    home = household()
    home.learn(PERIOD.next(-1), PeriodEnergy(load_wh=0, production_wh=0))
    home.observe(image(PERIOD.start, battery_w=0))

    assert wh_of(home, PERIOD, Side.SELL) == 1_000


@pytest.mark.parametrize("soc_ppm", [None, 0])
def test_a_battery_of_unknown_or_no_content_offers_nothing(soc_ppm: int | None) -> None:
    home = household()
    home.learn(PERIOD.next(-1), PeriodEnergy(load_wh=0, production_wh=0))
    home.observe(image(PERIOD.start, battery_w=0, soc_ppm=soc_ppm))

    assert wh_of(home, PERIOD, Side.SELL) == 0


def test_a_battery_of_unknown_size_is_left_alone_unless_the_owner_told() -> None:
    home = household()
    home.learn(PERIOD.next(-1), PeriodEnergy(load_wh=0, production_wh=0))
    seen = image(PERIOD.start, battery_w=0)
    vague = replace(seen.batteries[BATTERY], capacity_wh=None)
    home.observe(replace(seen, batteries={BATTERY: vague}))
    assert wh_of(home, PERIOD, Side.SELL) == 0

    home.assets = Assets(
        stores=(
            Store(
                id=AssetId(BATTERY),
                capacity_wh=8_000,
                charge_w_max=2_000,
                discharge_w_max=2_000,
            ),
        )
    )
    assert wh_of(home, PERIOD, Side.SELL) == 500


def test_a_device_that_fell_silent_is_left_out() -> None:
    home = household()
    home.learn(PERIOD.next(-1), PeriodEnergy(load_wh=0, production_wh=0))
    seen = image(PERIOD.start, battery_w=0)
    home.observe(replace(seen, taken_at=after(PERIOD.start, AGE_MS_MAX + 1)))

    assert wh_of(home, PERIOD, Side.SELL) == 0


def test_a_car_nobody_plans_for_goes_on_charging() -> None:
    home = household()
    home.learn(PERIOD.next(-1), PeriodEnergy(load_wh=100, production_wh=0))
    home.observe(image(PERIOD.start, charger_w=4_000))

    assert wh_of(home, PERIOD, Side.BUY) == 1_100


def wallbox(*, needed_wh: int | None, leaves_in_ms: int | None) -> Assets:
    leaves_at = None if leaves_in_ms is None else after(PERIOD.start, leaves_in_ms)
    point = ChargingPoint(
        id=AssetId(WALLBOX),
        power_w_min=4_140,
        power_w_max=11_000,
        needed_wh=needed_wh,
        leaves_at=leaves_at,
    )
    return Assets(charging_points=(point,))


def test_a_car_that_leaves_soon_buys_what_it_needs() -> None:
    home = household()
    home.assets = wallbox(needed_wh=20_000, leaves_in_ms=3 * PERIOD_MS)
    home.learn(PERIOD.next(-1), PeriodEnergy(load_wh=0, production_wh=0))
    home.observe(image(PERIOD.start, charger_w=4_000))

    assert wh_of(home, PERIOD, Side.BUY) == 2_750


@pytest.mark.parametrize(
    ("needed_wh", "leaves_in_ms"),
    [(0, HOUR_MS), (None, HOUR_MS), (5_000, None), (5_000, 0)],
)
def test_a_car_without_a_wish_is_not_planned_for(
    needed_wh: int | None, leaves_in_ms: int | None
) -> None:
    home = household()
    home.assets = wallbox(needed_wh=needed_wh, leaves_in_ms=leaves_in_ms)
    home.learn(PERIOD.next(-1), PeriodEnergy(load_wh=0, production_wh=0))
    home.observe(image(PERIOD.start, charger_w=0))
    home.wish(PERIOD, energy_wh_max=10**9)

    assert home.advice(PERIOD.start, position_wh=0) == ()


def test_a_car_that_can_wait_is_told_to() -> None:
    home = household()
    home.assets = wallbox(needed_wh=5_000, leaves_in_ms=8 * HOUR_MS)
    home.learn(PERIOD.next(-1), PeriodEnergy(load_wh=0, production_wh=0))
    home.observe(image(PERIOD.start, charger_w=11_000))
    home.wish(PERIOD, energy_wh_max=10**9)

    assert home.advice(PERIOD.start, position_wh=0) == (
        CurrentSetpoint(device=WALLBOX, current_ma=0, expires_at=PERIOD.end),
    )


def test_a_car_charges_with_what_was_bought() -> None:
    home = household()
    home.assets = wallbox(needed_wh=9_000, leaves_in_ms=8 * HOUR_MS)
    home.learn(PERIOD.next(-1), PeriodEnergy(load_wh=0, production_wh=0))
    home.observe(image(PERIOD.start, charger_w=0))
    home.wish(PERIOD, energy_wh_max=10**9)

    [setpoint] = home.advice(PERIOD.start, position_wh=-1_725)
    assert setpoint == CurrentSetpoint(
        device=WALLBOX, current_ma=10_000, expires_at=PERIOD.end
    )


def planned(*, grid_w: int) -> Household:
    """Return a home with a half-full battery that has bid for the period."""
    home = household()
    home.learn(PERIOD.next(-1), PeriodEnergy(load_wh=100, production_wh=0))
    home.observe(image(PERIOD.start, battery_w=0, grid_w=grid_w))
    home.wish(PERIOD, energy_wh_max=10**9)
    return home


def test_without_a_position_the_battery_minds_its_own_business() -> None:
    assert planned(grid_w=400).advice(PERIOD.start, position_wh=0) == ()


def test_without_a_plan_there_is_no_advice() -> None:
    assert household().advice(PERIOD.start, position_wh=500) == ()


def test_the_battery_makes_up_for_what_was_sold() -> None:
    home = planned(grid_w=400)

    assert home.advice(PERIOD.start, position_wh=500) == (
        PowerSetpoint(device=BATTERY, power_w=2_400, expires_at=PERIOD.end),
    )


def test_halfway_through_only_the_rest_is_to_be_delivered() -> None:
    home = planned(grid_w=400)
    half = after(PERIOD.start, PERIOD_MS // 2)
    home.observe(image(half, grid_w=-1_600, battery_w=2_000))

    # 200 Wh are delivered; 300 Wh and a load of 400 W are left for the other half.
    assert home.advice(half, position_wh=500) == (
        PowerSetpoint(device=BATTERY, power_w=2_800, expires_at=PERIOD.end),
    )


def test_without_a_meter_reading_the_plan_is_followed_by_the_clock() -> None:
    home = household()
    home.learn(PERIOD.next(-1), PeriodEnergy(load_wh=100, production_wh=0))
    blind = replace(image(PERIOD.start, battery_w=0), meters={})
    home.observe(blind)
    home.wish(PERIOD, energy_wh_max=10**9)

    [setpoint] = home.advice(after(PERIOD.start, PERIOD_MS // 2), position_wh=500)
    assert isinstance(setpoint, PowerSetpoint)
    assert setpoint.power_w == 2_400


def test_a_meter_without_power_or_gone_silent_leaves_the_forecast() -> None:
    for seen in (
        image(PERIOD.start, battery_w=0, grid_w=None),
        replace(
            image(after(PERIOD.start, -AGE_MS_MAX - MINUTE_MS), battery_w=0, grid_w=0),
            taken_at=PERIOD.start,
            batteries=image(PERIOD.start, battery_w=0).batteries,
        ),
    ):
        home = household()
        home.learn(PERIOD.next(-1), PeriodEnergy(load_wh=100, production_wh=0))
        home.observe(seen)
        home.wish(PERIOD, energy_wh_max=10**9)
        [setpoint] = home.advice(PERIOD.start, position_wh=500)

        assert isinstance(setpoint, PowerSetpoint)
        assert setpoint.power_w == 2_400


def test_an_engine_runs_at_its_least_power_or_not_at_all() -> None:
    home = household()
    engine = Generator(
        id=AssetId(ENGINE),
        power_w_max=8_000,
        power_w_min=3_000,
        cost_micro_per_kwh=100_000,
    )
    home.assets = Assets(generators=(engine,))
    home.learn(PERIOD.next(-1), PeriodEnergy(load_wh=0, production_wh=0))
    home.observe(image(PERIOD.start, engine_w=0))
    home.wish(PERIOD, energy_wh_max=10**9)

    [setpoint] = home.advice(PERIOD.start, position_wh=100)
    assert setpoint == PowerSetpoint(
        device=ENGINE, power_w=3_000, expires_at=PERIOD.end
    )


@pytest.mark.parametrize(
    ("power_w", "phases", "current_ma"),
    [
        (11_040, 3, 16_000),
        (4_140, 3, 6_000),
        (4_139, 3, 0),
        (1_380, 1, 6_000),
        (0, 1, 0),
    ],
)
def test_a_current_is_what_gives_the_power_or_a_pause(
    power_w: int, phases: int, current_ma: int
) -> None:
    point = ChargingPoint(id=AssetId(WALLBOX), phases=phases)

    assert charging_current_ma(point, power_w) == current_ma
