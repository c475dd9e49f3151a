"""Registers recorded from real devices: they decode, or are refused with a reason."""

from collections.abc import Mapping
import json
from pathlib import Path

from modbus_connection.mock import MockModbusConnection, MockModbusUnit
import pytest

from custom_components.commonwatt.drivers.modbus import (
    IdentifyError,
    IdentifyReason,
    identify,
    open_device,
)
from custom_components.commonwatt.engine.devices import DeviceKind, DeviceSnapshot
from custom_components.commonwatt.engine.model.period import Instant

NOW = Instant(1_800_000_000_000)
SOLAREDGE = (
    "issue565_u1",
    "issue565_u3",
    "issue755_u1",
    "issue768_u125",
    "issue827_u1",
    "issue827_u2",
)
INVERTER_AT = 40_069
METERS_AT = (40_188, 40_362, 40_536)
COMMON_SPAN = 67


def recorded(data_dir: Path, name: str) -> dict[int, int]:
    file = data_dir / "devices" / f"{name}.json"
    if not file.is_file():
        pytest.skip(f"recorded data: there is no {file}")
    holding = json.loads(file.read_text("utf-8"))["holding"]
    return {int(address): int(word) for address, word in holding.items()}


def unit_with(registers: Mapping[int, int]) -> MockModbusUnit:
    unit = MockModbusConnection().for_unit(1)
    unit.holding.update(registers)
    return unit


async def read(registers: Mapping[int, int], kind: DeviceKind) -> DeviceSnapshot:
    unit = unit_with(registers)
    identity = await identify(unit, kind)
    device = await open_device(unit, identity.driver, serial=identity.serial)
    return await device.poll(NOW)


def without(registers: Mapping[int, int], *models: int) -> dict[int, int]:
    """Rename models so that nobody knows them: their places stay taken."""
    renamed, address = dict(registers), 40_002
    while registers[address] != 0xFFFF:
        if registers[address] in models:
            renamed[address] = 64_999
        address += registers[address + 1] + 2
    return renamed


async def test_a_real_inverter_says_the_same_in_integers_and_in_floats(
    data_dir: Path,
) -> None:
    registers = recorded(data_dir, "kaco/blueplanet_86tl3")
    floats = await read(without(registers, 103), DeviceKind.INVERTER)
    integers = await read(without(registers, 113), DeviceKind.INVERTER)
    for key, step in (
        ("inverter_power", 10),
        ("inverter_frequency", 0.001),
        ("inverter_phase_voltage_1", 0.1),
        ("inverter_phase_voltage_3", 0.1),
        ("inverter_phase_current_2", 0.01),
        ("inverter_energy", 1_000),
    ):
        exact, coarse = floats.number(key), integers.number(key)
        assert exact is not None, key
        assert coarse is not None, key
        assert abs(exact - coarse) <= step, key
    assert floats.values["inverter_status"] == integers.values["inverter_status"]


async def test_a_real_inverter_is_read_in_few_blocks(data_dir: Path) -> None:
    unit = unit_with(recorded(data_dir, "kaco/blueplanet_86tl3"))
    device = await open_device(unit, "sunspec")
    await device.poll(NOW)
    unit.read_events.clear()
    snapshot = await device.poll(NOW)
    assert len(unit.read_events) <= 5
    assert device.identity.manufacturer == "KACO new energy"
    assert snapshot.values["inverter_power_rating"] == 8600
    powers = [snapshot.number(f"inverter_string_power_{n}") or 0 for n in (1, 2)]
    total = snapshot.number("inverter_dc_power")
    assert total is not None
    assert abs(sum(powers) - total) < 20


@pytest.mark.parametrize("name", SOLAREDGE)
async def test_a_capture_without_headers_is_refused_with_a_reason(
    data_dir: Path, name: str
) -> None:
    unit = unit_with(recorded(data_dir, f"solaredge/{name}"))
    with pytest.raises(IdentifyError) as failure:
        await identify(unit, DeviceKind.INVERTER)
    assert failure.value.reason is IdentifyReason.DAMAGED_MAP


def completed(registers: Mapping[int, int]) -> dict[int, int]:
    """Add the headers the recorder left out; the maker's map has a fixed layout."""
    meters = [address for address in METERS_AT if address in registers]
    headers = {40_002: 1, 40_003: 65, INVERTER_AT + 1: 50}
    end = INVERTER_AT + 52
    for address in meters:
        headers |= {address - COMMON_SPAN: 1, address - COMMON_SPAN + 1: 65}
        headers[address + 1] = 105
        end = address + 107
    return {**headers, **registers, end: 0xFFFF, end + 1: 0}


@pytest.mark.parametrize("name", SOLAREDGE)
async def test_a_completed_capture_of_an_inverter_decodes(
    data_dir: Path, name: str
) -> None:
    registers = completed(recorded(data_dir, f"solaredge/{name}"))
    snapshot = await read(registers, DeviceKind.INVERTER)
    power, dc_power = (
        snapshot.number(key) for key in ("inverter_power", "inverter_dc_power")
    )
    assert (power is None) is (dc_power is None)
    if power is None or dc_power is None:
        return
    assert abs(power) <= abs(dc_power) <= 1.05 * abs(power) + 1
    frequency = snapshot.number("inverter_frequency")
    assert frequency is not None
    assert 49 < frequency < 61
    voltage = snapshot.number("inverter_phase_voltage_1")
    assert voltage is not None
    assert 110 < voltage < 260
    assert (snapshot.integer("inverter_energy") or 0) > 1_000_000


@pytest.mark.parametrize("name", ["issue565_u1", "issue827_u1"])
async def test_a_completed_capture_of_a_meter_decodes(
    data_dir: Path, name: str
) -> None:
    registers = completed(recorded(data_dir, f"solaredge/{name}"))
    snapshot = await read(registers, DeviceKind.METER)
    power = snapshot.number("meter_power")
    assert power is not None
    raw = registers[METERS_AT[0] + 18]
    exponent = registers[METERS_AT[0] + 22]
    signed = raw - 0x10000 if raw & 0x8000 else raw
    scale = exponent - 0x10000 if exponent & 0x8000 else exponent
    assert power == pytest.approx(-signed * 10.0**scale), "export is positive there"
    for key in ("meter_import", "meter_export"):
        assert (snapshot.integer(key) or 0) >= 0
