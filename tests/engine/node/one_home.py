"""One home with its devices, for tests that look inside a node."""

from custom_components.commonwatt.engine.devices import (
    BatteryState,
    ChargerState,
    DeviceId,
    InverterState,
    MeterState,
    ProcessImage,
)
from custom_components.commonwatt.engine.dispatch import (
    AssetId,
    Assets,
    ChargingPoint,
)
from custom_components.commonwatt.engine.model.order import Side
from custom_components.commonwatt.engine.model.period import (
    HOUR_MS,
    DeliveryPeriod,
    Instant,
    after,
)
from custom_components.commonwatt.engine.model.tariff import Tariff
from custom_components.commonwatt.engine.node.household import Household

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
    """Return the energy a home wants to buy or sell in a period."""
    steps = home.wish(period, energy_wh_max=10**9) or ()
    return sum(step.energy_wh for step in steps if step.side is side)


def wallbox(*, needed_wh: int | None, leaves_in_ms: int | None) -> Assets:
    """Return a charging point of 11 kW and what its car needs by when."""
    leaves_at = None if leaves_in_ms is None else after(PERIOD.start, leaves_in_ms)
    point = ChargingPoint(
        id=AssetId(WALLBOX),
        power_w_min=4_140,
        power_w_max=11_000,
        needed_wh=needed_wh,
        leaves_at=leaves_at,
    )
    return Assets(charging_points=(point,))
