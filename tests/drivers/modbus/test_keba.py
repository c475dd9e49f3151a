"""The KEBA P30: one datapoint per request, a failsafe, and nothing below 6 A."""

from collections.abc import AsyncIterator
import contextlib

import pytest

from custom_components.commonwatt.drivers.modbus import (
    DeviceControl,
    ModbusDevice,
    open_device,
)
from custom_components.commonwatt.engine.devices import (
    ChargerState,
    ControlClaim,
    ControlFault,
    ControlPhase,
    CurrentSetpoint,
    DeviceId,
    DeviceKind,
    Refusal,
)
from custom_components.commonwatt.engine.model.period import Instant, after
from tests.drivers.modbus.driven import MINUTE, START, KebaP30
from tests.drivers.modbus.served import served

CHARGER = DeviceId("charger")
LATER = after(START, 60 * MINUTE)


def phase(control: DeviceControl) -> ControlPhase:
    return control.status.phase


def current(current_ma: int, until: Instant = LATER) -> CurrentSetpoint:
    return CurrentSetpoint(device=CHARGER, current_ma=current_ma, expires_at=until)


@contextlib.asynccontextmanager
async def opened(station: KebaP30) -> AsyncIterator[ModbusDevice]:
    async with served(u255=station) as connection:
        yield await open_device(connection.for_unit(255), "keba_p30")


@contextlib.asynccontextmanager
async def controlled(
    station: KebaP30, claim: ControlClaim | None = None
) -> AsyncIterator[DeviceControl]:
    async with opened(station) as device:
        control = device.control(DeviceKind.CHARGER, CHARGER, claim)
        assert control is not None
        yield control


async def live(
    control: DeviceControl, station: KebaP30, start: Instant, until: Instant
) -> None:
    now = start
    while (due := control.deadline()) is not None and due <= until:
        now = station.now = max(after(now, 1), due)
        await control.tick(now)
    station.now = until


async def test_values_come_in_the_units_of_the_catalogue() -> None:
    station = KebaP30()
    async with opened(station) as device:
        snapshot = await device.poll(START)
        identity = device.identity
    assert snapshot.values == {
        "charger_status": "charging",
        "charger_cable": "locked_at_car",
        "charger_error": 0,
        "charger_phase_current_1": 10.01,
        "charger_phase_current_2": 10.02,
        "charger_phase_current_3": 9.99,
        "charger_power": 6900.5,
        "charger_energy": 12_345,
        "charger_session_energy": 500.5,
        "charger_phase_voltage_1": 230,
        "charger_phase_voltage_2": 231,
        "charger_phase_voltage_3": 229,
        "charger_current_max": 16.0,
    }
    assert ChargerState.of(snapshot).connected
    assert identity.serial == "17619300"
    assert identity.version == "3.10.16"
    assert identity.kinds == (DeviceKind.CHARGER,)


async def test_every_request_is_for_one_datapoint() -> None:
    station = KebaP30()
    async with opened(station) as device:
        await device.poll(START)
    assert {count for _, count in station.reads} == {2}


@pytest.mark.parametrize(
    ("register", "value", "key"),
    [
        (1000, 9, "charger_status"),
        (1004, 2, "charger_cable"),
        (1020, 0xFFFF_FFFF, "charger_power"),
    ],
)
async def test_what_nobody_can_know_is_unknown(
    register: int, value: int, key: str
) -> None:
    station = KebaP30()
    async with opened(station) as device:
        station.values[register] = value
        assert (await device.poll(START)).values[key] is None


async def test_the_failsafe_comes_first_and_enabling_last() -> None:
    station = KebaP30()
    async with controlled(station) as control:
        await control.arm(START)
        assert station.writes == []
        assert await control.request(current(10_000), START) is None
        assert station.writes == [
            (5018, [59]),
            (5016, [6_000]),
            (5004, [10_000]),
            (5014, [1]),
        ]
        assert station.limit_ma == 10_000
        assert control.status.in_force == 10_000


async def test_the_range_is_what_the_station_can_do() -> None:
    station = KebaP30(hardware_ma=16_000)
    async with controlled(station) as control:
        assert (control.facts.value_min, control.facts.value_max) == (6_000, 16_000)
        await control.arm(START)
        await control.request(current(40_000), START)
        assert station.set_ma == 16_000


async def test_zero_pauses_and_a_current_resumes() -> None:
    station = KebaP30()
    async with controlled(station) as control:
        await control.arm(START)
        await control.request(current(0), START)
        assert station.limit_ma == 0
        assert phase(control) is ControlPhase.ACTIVE
        assert control.status.fault is None
        soon = after(START, MINUTE)
        station.now = soon
        await control.request(current(8_000), soon)
        assert station.enabled
        assert station.limit_ma == 8_000


async def test_three_amperes_are_refused_before_they_reach_the_wire() -> None:
    station = KebaP30()
    async with controlled(station) as control:
        await control.arm(START)
        assert await control.request(current(3_000), START) is Refusal.TOO_SMALL
        assert station.writes == []


async def test_a_station_that_refuses_a_current_is_reported() -> None:
    station = KebaP30()
    async with controlled(station) as control:
        await control.arm(START)
        original = station._write

        def refuse_5004(unit_id: int, address: int, values: list[int]) -> None:
            original(unit_id, address, [3_000] if address == 5004 else values)

        station._write = refuse_5004  # type: ignore[method-assign]  # a station in a mood
        await control.request(current(8_000), START)
        assert control.status.fault is ControlFault.WRITE_REFUSED
        del station._write  # it calms down
        await live(control, station, START, after(START, MINUTE))
        assert station.failsafe_s == 0, "nothing of ours stays behind"


async def test_writes_keep_the_failsafe_away_until_the_setpoint_expires() -> None:
    station = KebaP30()
    async with controlled(station) as control:
        await control.arm(START)
        await control.request(current(10_000, after(START, 30 * MINUTE)), START)
        await live(control, station, START, after(START, 20 * MINUTE))
        assert station.limit_ma == 10_000
        assert control.status.fault is None
        await live(control, station, after(START, 20 * MINUTE), LATER)
        assert station.limit_ma == 16_000
        assert (station.failsafe_s, station.failsafe_ma) == (0, 0)


async def test_the_failsafe_takes_over_when_the_controller_dies() -> None:
    station = KebaP30()
    async with controlled(station) as control:
        await control.arm(START)
        await control.request(current(10_000), START)
    station.now = after(START, 58_999)
    assert station.limit_ma == 10_000
    station.now = after(START, 59_000)
    assert station.limit_ma == 6_000


async def test_release_restores_what_was_found() -> None:
    station = KebaP30(set_ma=13_000)
    async with controlled(station) as control:
        await control.arm(START)
        await control.request(current(7_000), START)
        await control.disarm(after(START, MINUTE))
        assert station.limit_ma == 13_000
        assert station.failsafe_s == 0
        assert phase(control) is ControlPhase.DISARMED
        assert control.claim is None


async def test_a_station_found_paused_is_released_to_all_it_can() -> None:
    station = KebaP30(enabled=False)
    async with controlled(station) as control:
        await control.arm(START)
        await control.request(current(7_000), START)
        await control.disarm(after(START, MINUTE))
        assert station.enabled
        assert station.limit_ma == 16_000


async def test_what_a_crash_left_behind_is_given_back() -> None:
    station = KebaP30()
    async with controlled(station) as control:
        await control.arm(START)
        await control.request(current(7_000), START)
        claim = control.claim
    station.now = after(START, 2 * MINUTE)
    async with controlled(station, claim) as control:
        await control.tick(station.now)
        assert station.limit_ma == 16_000
        assert phase(control) is ControlPhase.DISARMED


async def test_a_pause_that_a_crash_left_behind_is_adopted_when_armed() -> None:
    station = KebaP30()
    async with controlled(station) as control:
        await control.arm(START)
        await control.request(current(0), START)
        claim = control.claim
    async with controlled(station, claim) as control:
        await control.arm(after(START, 1000))
        assert phase(control) is ControlPhase.ACTIVE
        assert not station.enabled


async def test_another_controller_is_known_by_its_watchdog() -> None:
    station = KebaP30(failsafe_s=30, failsafe_ma=6_000, set_ma=9_000)
    async with controlled(station) as control:
        await control.arm(START)
        assert phase(control) is ControlPhase.BLOCKED
        assert station.writes == []
        station.now = after(START, 10 * MINUTE)
        await control.tick(station.now)
        assert phase(control) is ControlPhase.ARMED, "its failsafe says it died"


async def test_another_controller_that_takes_over_is_given_way() -> None:
    station = KebaP30()
    async with controlled(station) as control:
        await control.arm(START)
        await control.request(current(7_000), START)
        station.failsafe_s, station.set_ma = 30, 9_000
        station.writes.clear()
        await live(control, station, START, after(START, MINUTE))
        assert phase(control) is ControlPhase.BLOCKED
        assert station.writes == []


async def test_a_failsafe_set_by_the_owner_is_no_other_controller() -> None:
    station = KebaP30(failsafe_s=300, failsafe_ma=6_000)
    async with controlled(station) as control:
        await control.arm(START)
        assert phase(control) is ControlPhase.ARMED
        await control.request(current(7_000), START)
        await control.disarm(after(START, MINUTE))
        assert (station.failsafe_s, station.failsafe_ma) == (300, 6_000)


async def test_a_station_that_forgets_its_watchdog_is_not_driven() -> None:
    station = KebaP30()
    async with controlled(station) as control:
        await control.arm(START)
        original = station._write

        def forgetful(unit_id: int, address: int, values: list[int]) -> None:
            original(unit_id, address, values)
            station.failsafe_s = 0

        station._write = forgetful  # type: ignore[method-assign]  # a broken station
        await control.request(current(7_000), START)
        assert control.status.fault is ControlFault.WRITE_REFUSED


async def test_the_watchdog_stays_within_what_the_station_allows() -> None:
    station = KebaP30()
    async with opened(station) as device:
        control = device.control(DeviceKind.CHARGER, CHARGER, watchdog_s=5_000)
        assert control is not None
        assert control.facts.watchdog_ms == 600_000
        assert device.control(DeviceKind.METER, CHARGER) is None
