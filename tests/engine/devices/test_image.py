"""From what a device said to what the engine decides on."""

import pytest

from custom_components.commonwatt.engine.devices import (
    CATALOGUE,
    BatteryState,
    ChargerState,
    CurrentSetpoint,
    DeviceId,
    DeviceKind,
    DeviceSnapshot,
    InverterState,
    MeterState,
    Point,
    PointValue,
    PowerSetpoint,
    ProcessImage,
    Quantity,
)
from custom_components.commonwatt.engine.model.period import Instant, after

START = Instant(1_800_000_000_000)


def snapshot(**values: PointValue) -> DeviceSnapshot:
    return DeviceSnapshot(measured_at=START, values=values)


def test_numbers_are_rounded_to_the_engines_integers() -> None:
    state = MeterState.of(
        snapshot(meter_power=-1234.5678, meter_import=10.4, meter_export=0)
    )
    assert state == MeterState(
        measured_at=START, power_w=-1235, import_wh=10, export_wh=0
    )


def test_unknown_is_not_zero() -> None:
    assert MeterState.of(snapshot(meter_power=None)) == MeterState(measured_at=START)
    assert InverterState.of(snapshot()) == InverterState(measured_at=START)
    assert BatteryState.of(snapshot()) == BatteryState(measured_at=START)
    assert ChargerState.of(snapshot()) == ChargerState(measured_at=START)


def test_a_text_is_no_number_and_a_number_no_text() -> None:
    said = snapshot(charger_status="charging", charger_power=7)
    assert said.number("charger_status") is None
    assert said.text("charger_power") is None
    assert said.text("charger_status") == "charging"


def test_a_hybrids_snapshot_feeds_inverter_and_battery() -> None:
    said = snapshot(
        inverter_power=3000.2,
        inverter_energy=5.0,
        inverter_power_rating=8000,
        battery_power=-2000.0,
        battery_state_of_charge=64.25,
        battery_capacity=9999,
        battery_charge_power_max=5000,
        battery_discharge_power_max=4000,
        battery_charged=100,
        battery_discharged=90,
    )
    assert InverterState.of(said) == InverterState(
        measured_at=START, power_w=3000, energy_wh=5, power_w_max=8000
    )
    battery = BatteryState.of(said)
    assert battery.power_w == -2000
    assert battery.soc_ppm == 642_500
    assert battery.stored_wh == 6424
    assert (battery.charged_wh, battery.discharged_wh) == (100, 90)
    assert (battery.charge_power_w_max, battery.discharge_power_w_max) == (5000, 4000)


@pytest.mark.parametrize(
    ("soc_ppm", "capacity_wh"), [(None, 10_000), (500_000, None), (None, None)]
)
def test_what_is_stored_takes_charge_and_capacity(
    soc_ppm: int | None, capacity_wh: int | None
) -> None:
    state = BatteryState(measured_at=START, soc_ppm=soc_ppm, capacity_wh=capacity_wh)
    assert state.stored_wh is None


@pytest.mark.parametrize(
    ("cable", "connected"),
    [
        ("unplugged", False),
        ("locked_at_station", False),
        ("plugged_at_car", True),
        ("locked_at_car", True),
    ],
)
def test_a_car_is_connected_when_the_cable_is_in_it(
    *, cable: str, connected: bool
) -> None:
    said = snapshot(
        charger_cable=cable, charger_status="ready", charger_current_max=16.0
    )
    state = ChargerState.of(said)
    assert state.connected is connected
    assert state.charging is False
    assert state.current_ma_max == 16_000


def test_the_image_knows_the_age_of_what_it_shows() -> None:
    meter = MeterState(measured_at=START, power_w=1)
    image = ProcessImage(taken_at=after(START, 700), meters={DeviceId("grid"): meter})
    assert image.age_ms(meter) == 700
    assert image.age_ms(MeterState(measured_at=after(START, 900))) == 0
    assert not image.batteries


def test_setpoints_know_who_understands_them() -> None:
    power = PowerSetpoint(device=DeviceId("b"), power_w=-5, expires_at=START)
    current = CurrentSetpoint(device=DeviceId("c"), current_ma=6000, expires_at=START)
    assert (power.kind, power.value) == (DeviceKind.BATTERY, -5)
    assert (current.kind, current.value) == (DeviceKind.CHARGER, 6000)


def test_the_catalogue_names_each_point_once_and_by_its_kind() -> None:
    for family, point in CATALOGUE.items():
        assert family == point.family
        assert family.startswith(f"{point.kind}_")
        assert bool(point.options) is (point.quantity is Quantity.STATUS)
        assert len(set(point.options)) == len(point.options)


def test_numbered_points_have_keys_of_their_own() -> None:
    plain = CATALOGUE["meter_power"]
    assert plain.key == "meter_power"
    phase = Point(
        family="meter_phase_power",
        kind=DeviceKind.METER,
        quantity=Quantity.POWER,
        number=2,
    )
    assert phase.key == "meter_phase_power_2"
