"""Between a simulated home and its node: what the devices show, and what they obey."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from ..devices import (
    BatteryState,
    ChargerState,
    CurrentSetpoint,
    DeviceId,
    InverterState,
    MeterState,
    PowerSetpoint,
    ProcessImage,
    Setpoint,
)
from ..dispatch import AssetId, Assets, ChargingPoint, Generator, Store
from ..model.units import PPM, div_floor
from .homes import (
    BatteryCommand,
    BatterySpec,
    CarSpec,
    ChargerCommand,
    CHPSpec,
    HomeCommands,
    HomeSpec,
    HomeState,
    HydrogenSpec,
    PowerCommand,
)

METER: Final = DeviceId("demo_meter")
INVERTER: Final = DeviceId("demo_inverter")
TURBINE: Final = DeviceId("demo_wind")
BATTERY: Final = DeviceId("demo_battery")
CHARGER: Final = DeviceId("demo_charger")
HYDROGEN: Final = DeviceId("demo_hydrogen")
CHP: Final = DeviceId("demo_chp")

CHARGER_W_MIN: Final = 1_380
"""6 A in one phase, the least a car charges with."""

BATTERY_WEAR_MICRO_PER_KWH: Final = 20_000
CHP_COST_MICRO_PER_KWH: Final = 150_000
"""Of biogas in an empty holder; in a full one gas would be flared, so it costs less."""

CHP_FULL_MICRO_PER_KWH: Final = 90_000


def image_of(spec: HomeSpec, state: HomeState) -> ProcessImage:
    """Return what the home's devices show, had it drivers for all of them."""
    at, counters = state.at, state.counters
    meter = MeterState(
        measured_at=at,
        power_w=state.grid_w,
        import_wh=counters.import_wh,
        export_wh=counters.export_wh,
    )
    image = ProcessImage(
        taken_at=at,
        meters={METER: meter},
        inverters=_inverters(spec, state),
        batteries=_batteries(spec, state),
        chargers=_chargers(spec, state),
    )
    return beyond_the_meter(image, spec, state)


def beyond_the_meter(
    image: ProcessImage, spec: HomeSpec, state: HomeState
) -> ProcessImage:
    """Add what no meter and no register of the house shows.

    The charging point at work is one more metering point of the same party; the
    hydrogen store speaks no protocol.
    """
    counters, batteries = state.counters, dict(image.batteries)
    if spec.hydrogen is not None and state.hydrogen is not None:
        batteries[HYDROGEN] = BatteryState(
            measured_at=state.at,
            power_w=state.hydrogen_w,
            soc_ppm=state.hydrogen.fill_ppm,
            charged_wh=counters.electrolyser_wh,
            discharged_wh=counters.fuel_cell_wh,
        )
    guest_w = 0 if state.car is None else state.car.guest_w
    meters = {
        device: replace(
            meter,
            power_w=_plus(meter.power_w, guest_w),
            import_wh=_plus(meter.import_wh, counters.guest_wh),
        )
        for device, meter in image.meters.items()
    }
    return replace(image, meters=meters, batteries=batteries)


def assets_of(spec: HomeSpec, state: HomeState) -> Assets:
    """Return what the home's owner has told its node."""
    stores = []
    if spec.battery is not None:
        stores.append(_battery_store(spec.battery))
    if spec.hydrogen is not None:
        stores.append(_hydrogen_store(spec.hydrogen))
    points = () if spec.car is None else (_charging_point(spec.car, state),)
    generators = () if spec.chp is None else (_generator(spec.chp, state),)
    return Assets(stores=tuple(stores), charging_points=points, generators=generators)


def obeying(commands: HomeCommands, setpoints: Iterable[Setpoint]) -> HomeCommands:
    """Return ``commands`` with what the setpoints ask for."""
    for setpoint in setpoints:
        commands = _obeying_one(commands, setpoint)
    return commands


def merged(outside: HomeCommands, inside: HomeCommands) -> HomeCommands:
    """Return what came over Modbus, and for the rest what the node asked for."""
    return replace(outside, hydrogen=inside.hydrogen, chp=inside.chp)


def _obeying_one(commands: HomeCommands, setpoint: Setpoint) -> HomeCommands:
    until = setpoint.expires_at
    match setpoint:
        case CurrentSetpoint(current_ma=current_ma):
            charger = ChargerCommand(current_ma=current_ma, expires_at=until)
            return replace(commands, charger=charger)
        case PowerSetpoint(device=device, power_w=power_w):
            if device == BATTERY:
                battery = BatteryCommand.setpoint(power_w, expires_at=until)
                return replace(commands, battery=battery)
            power = PowerCommand(power_w=power_w, expires_at=until)
            if device == HYDROGEN:
                return replace(commands, hydrogen=power)
            assert device == CHP, f"no home has a {device}"
            return replace(commands, chp=power)


def _inverters(spec: HomeSpec, state: HomeState) -> dict[DeviceId, InverterState]:
    counters = state.counters
    plants = (
        (INVERTER, spec.pv, state.pv_w, counters.pv_wh),
        (TURBINE, spec.wind, state.wind_w, counters.wind_wh),
        (CHP, spec.chp, state.chp_w, counters.chp_wh),
    )
    return {
        device: InverterState(
            measured_at=state.at, power_w=power_w, energy_wh=energy_wh
        )
        for device, plant, power_w, energy_wh in plants
        if plant is not None
    }


def _batteries(spec: HomeSpec, state: HomeState) -> dict[DeviceId, BatteryState]:
    if spec.battery is None or state.battery is None:
        return {}
    battery = BatteryState(
        measured_at=state.at,
        power_w=state.battery_w,
        soc_ppm=state.battery.soc_ppm,
        capacity_wh=spec.battery.capacity_wh,
        charged_wh=state.counters.battery_charged_wh,
        discharged_wh=state.counters.battery_discharged_wh,
    )
    return {BATTERY: battery}


def _chargers(spec: HomeSpec, state: HomeState) -> dict[DeviceId, ChargerState]:
    if spec.car is None or state.car is None:
        return {}
    charger = ChargerState(
        measured_at=state.at,
        power_w=state.charger_w,
        energy_wh=state.counters.charger_wh,
        session_wh=state.car.session_wh,
        connected=state.car.is_connected,
        charging=state.charger_w > 0,
    )
    return {CHARGER: charger}


def _battery_store(spec: BatterySpec) -> Store:
    out_ppm = spec.discharge_efficiency_ppm
    capacity_wh = div_floor(spec.capacity_wh * out_ppm, PPM)
    return Store(
        id=AssetId(BATTERY),
        capacity_wh=capacity_wh,
        reserve_wh=div_floor(capacity_wh * spec.soc_ppm_min, PPM),
        charge_w_max=spec.power_w_max,
        discharge_w_max=spec.power_w_max,
        efficiency_ppm=div_floor(spec.charge_efficiency_ppm * out_ppm, PPM),
        wear_micro_per_kwh=BATTERY_WEAR_MICRO_PER_KWH,
    )


def _hydrogen_store(spec: HydrogenSpec) -> Store:
    out_ppm = spec.fuel_cell_efficiency_ppm
    return Store(
        id=AssetId(HYDROGEN),
        capacity_wh=div_floor(spec.tank_wh * out_ppm, PPM),
        charge_w_max=spec.electrolyser_w_max,
        discharge_w_max=spec.fuel_cell_w_max,
        efficiency_ppm=div_floor(spec.electrolyser_efficiency_ppm * out_ppm, PPM),
    )


def _charging_point(spec: CarSpec, state: HomeState) -> ChargingPoint:
    car = state.car
    return ChargingPoint(
        id=AssetId(CHARGER),
        power_w_min=CHARGER_W_MIN * spec.phases,
        power_w_max=spec.power_w_max,
        phases=spec.phases,
        needed_wh=None if car is None else car.needed_wh,
        leaves_at=None if car is None else car.departs_at,
    )


def _generator(spec: CHPSpec, state: HomeState) -> Generator:
    fill_ppm = 0 if state.biogas is None else state.biogas.fill_ppm
    saving = (CHP_COST_MICRO_PER_KWH - CHP_FULL_MICRO_PER_KWH) * fill_ppm
    return Generator(
        id=AssetId(CHP),
        power_w_max=spec.power_w_max,
        power_w_min=spec.power_w_min,
        cost_micro_per_kwh=CHP_COST_MICRO_PER_KWH - div_floor(saving, PPM),
    )


def _plus(value: int | None, more: int) -> int | None:
    return None if value is None else value + more
