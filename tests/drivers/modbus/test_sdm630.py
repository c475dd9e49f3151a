"""The SDM630 profile: input registers, floats, and time to breathe."""

import struct
import time

import pytest

from custom_components.commonwatt.drivers.modbus import (
    IdentifyError,
    IdentifyReason,
    PollError,
    PollFault,
    identify,
    open_device,
)
from custom_components.commonwatt.engine.devices import (
    DeviceId,
    DeviceKind,
    MeterState,
)
from custom_components.commonwatt.engine.model.period import Instant, after
from tests.drivers.modbus.served import ServedUnit, served

NOW = Instant(1_800_000_000_000)
READINGS = {
    0x00: 230.5,
    0x02: 231.25,
    0x04: 229.75,
    0x06: 1.5,
    0x08: 2.5,
    0x0A: 3.5,
    0x0C: -100.5,
    0x0E: -200.25,
    0x10: -300.25,
    0x34: -601.0,
    0x38: 650.0,
    0x3C: 12.5,
    0x46: 49.98,
    0x48: 1234.5,
    0x4A: 2345.5,
}


def meter(**changed: float) -> ServedUnit:
    readings = READINGS | {int(key[1:], 16): value for key, value in changed.items()}
    registers = dict.fromkeys(range(0x0180), 0)
    for address, value in readings.items():
        high, low = struct.unpack(">2H", struct.pack(">f", value))
        registers[address], registers[address + 1] = high, low
    return ServedUnit(input=registers, span_max=80)


async def test_it_is_recognised_and_read() -> None:
    unit = meter()
    async with served(u1=unit) as connection:
        identity = await identify(connection.for_unit(1), DeviceKind.METER)
        assert (identity.driver, identity.manufacturer) == ("sdm630", "Eastron")
        device = await open_device(connection.for_unit(1), identity.driver)
        snapshot = await device.poll(NOW)
        raw = await device.read_raw()
    assert MeterState.of(snapshot) == MeterState(
        measured_at=NOW, power_w=-601, import_wh=1_234_500, export_wh=2_345_500
    )
    assert snapshot.values["meter_phase_power_2"] == -200.25
    assert snapshot.values["meter_phase_voltage_1"] == 230.5
    assert raw["input"][0x34] == unit.input[0x34]
    assert device.control(DeviceKind.METER, DeviceId("m")) is None


async def test_it_is_given_time_between_requests() -> None:
    unit = meter()
    async with served(u1=unit) as connection:
        device = await open_device(connection.for_unit(1), "sdm630")
        await device.poll(NOW)
        unit.reads.clear()
        started = time.monotonic()
        await device.poll(after(NOW, 5_000))
        elapsed_s = time.monotonic() - started
    assert elapsed_s >= 0.1 * len(unit.reads)
    assert len(unit.reads) <= 3
    assert max(count for _, count in unit.reads) <= 80


async def test_power_can_be_turned_round() -> None:
    async with served(u1=meter()) as connection:
        device = await open_device(
            connection.for_unit(1), "sdm630", reversed_power=True
        )
        values = (await device.poll(NOW)).values
    assert values["meter_power"] == 601
    assert values["meter_phase_power_3"] == 300.25
    assert values["meter_import"] == 1_234_500


@pytest.mark.parametrize(
    "changed",
    [
        {"x46": 0.0},
        {"x46": 440.0},
        {"x00": 12.0},
        {"x00": 400.0},
        {"x46": float("nan")},
    ],
)
async def test_what_does_not_look_like_a_grid_is_no_meter(
    changed: dict[str, float],
) -> None:
    async with served(u1=meter(**changed)) as connection:
        with pytest.raises(IdentifyError) as failure:
            await open_device(connection.for_unit(1), "sdm630")
    assert failure.value.reason is IdentifyReason.NOT_SUPPORTED


async def test_a_value_that_is_no_number_is_unknown() -> None:
    unit = meter()
    async with served(u1=unit) as connection:
        device = await open_device(connection.for_unit(1), "sdm630")
        unit.input[0x34] = 0x7FC0
        assert (await device.poll(NOW)).values["meter_power"] is None


async def test_a_hole_in_the_map_costs_what_is_in_it_and_not_for_ever() -> None:
    unit = meter()
    async with served(u1=unit) as connection:
        device = await open_device(connection.for_unit(1), "sdm630")
        kept = unit.input.pop(0x34)
        values = (await device.poll(NOW)).values
        assert values["meter_power"] is None
        assert values["meter_phase_power_1"] == -100.5
        unit.input[0x34] = kept
        assert (await device.poll(after(NOW, 1))).values["meter_power"] == -601


async def test_a_hole_that_stays_is_looked_into_less_and_less_often() -> None:
    unit = meter()
    async with served(u1=unit) as connection:
        device = await open_device(connection.for_unit(1), "sdm630")
        del unit.input[0x34]
        looks = []
        for step in range(20):
            unit.reads.clear()
            await device.poll(after(NOW, step * 1_000))
            looks.append(any(address == 0x34 for address, _ in unit.reads))
    assert sum(looks) <= 6


async def test_a_meter_that_refuses_everything_fails_the_poll() -> None:
    unit = meter()
    async with served(u1=unit) as connection:
        device = await open_device(connection.for_unit(1), "sdm630")
        unit.input.clear()
        with pytest.raises(PollError) as failure:
            await device.poll(NOW)
        assert failure.value.fault is PollFault.ILLEGAL
