"""SunSpec devices that misbehave: honest failures, and a way back."""

import asyncio
from collections.abc import Mapping

import pytest
from tmodbus.exceptions import (
    GatewayTargetDeviceFailedToRespondError,
    IllegalDataAddressError,
    ServerDeviceBusyError,
)

from custom_components.commonwatt.drivers.modbus import (
    ModbusDevice,
    PollError,
    PollFault,
    open_device,
)
from custom_components.commonwatt.engine.devices import PointValue
from custom_components.commonwatt.engine.model.period import Instant, after
from tests.drivers.modbus.maps import HYBRID, METER, address_of, build_map
from tests.drivers.modbus.served import (
    ServedUnit,
    connected,
    free_port,
    served,
    serving,
)

NOW = Instant(1_800_000_000_000)


async def opened_and_spoilt(
    unit: ServedUnit, spoil: Mapping[int, int]
) -> tuple[PollFault, PointValue]:
    """Poll, spoil some registers, and return how it fails and how it recovers."""
    async with served(u1=unit) as connection:
        device = await open_device(connection.for_unit(1), "sunspec")
        await device.poll(NOW)
        good = dict(unit.holding)
        unit.holding.update(spoil)
        with pytest.raises(PollError) as failure:
            await device.poll(after(NOW, 5_000))
        unit.holding = good
        snapshot = await device.poll(after(NOW, 10_000))
    return failure.value.fault, snapshot.values["inverter_ac_power"]


async def test_a_map_that_moved_is_noticed_at_the_next_poll() -> None:
    registers = build_map(*HYBRID)
    header = address_of(registers, 103, "A") - 2
    spoil = {header: 113, header + 1: 60}
    fault, power = await opened_and_spoilt(ServedUnit(holding=registers), spoil)
    assert fault is PollFault.MAP_SHIFTED
    assert power == 3000


async def failing(
    unit: ServedUnit, fault: PollFault, device: ModbusDevice, *, polls: int = 1
) -> None:
    for _ in range(polls):
        with pytest.raises(PollError) as failure:
            await device.poll(NOW)
        assert failure.value.fault is fault, unit


async def test_a_dead_device_behind_a_gateway_is_told_apart() -> None:
    unit = ServedUnit(holding=build_map(*HYBRID))
    async with served(u1=unit) as connection:
        device = await open_device(connection.for_unit(1), "sunspec")
        unit.refuses = GatewayTargetDeviceFailedToRespondError(3)
        await failing(unit, PollFault.GATEWAY, device)
        unit.refuses = IllegalDataAddressError(3)
        await failing(unit, PollFault.ILLEGAL, device)
        unit.refuses = None
        assert (await device.poll(NOW)).values["inverter_ac_power"] == 3000


async def test_a_busy_device_is_asked_again() -> None:
    unit = ServedUnit(holding=build_map(*METER))
    async with served(u1=unit) as connection:
        device = await open_device(connection.for_unit(1), "sunspec")
        unit.refuses = ServerDeviceBusyError(3)
        poll = asyncio.create_task(device.poll(NOW))
        await asyncio.sleep(0.05)
        unit.refuses = None
        assert (await poll).values["meter_power"] == -1234


@pytest.mark.slow
async def test_a_device_that_falls_silent_comes_back_by_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        "custom_components.commonwatt.drivers.modbus.link.ANSWER_S", 0.2
    )
    unit = ServedUnit(holding=build_map(*METER))
    async with served(u1=unit) as connection:
        device = await open_device(connection.for_unit(1), "sunspec")
        await device.poll(NOW)
        unit.silent = True
        await failing(unit, PollFault.SILENT, device, polls=3)
        assert not connection.connected, "three silences in a row, and we hang up"
        unit.silent = False
        assert (await device.poll(NOW)).values["meter_power"] == -1234


async def test_a_device_that_was_switched_off_comes_back_by_itself() -> None:
    port = free_port()
    unit = ServedUnit(holding=build_map(*METER))
    async with connected(port) as connection:
        async with serving(port, u1=unit):
            device = await open_device(connection.for_unit(1), "sunspec")
            await device.poll(NOW)
            await connection.disconnect()
        await failing(unit, PollFault.LINK_DOWN, device, polls=5)
        async with serving(port, u1=unit):
            assert (await device.poll(NOW)).values["meter_power"] == -1234


async def test_a_model_that_is_refused_costs_only_its_own_values() -> None:
    registers = build_map(*HYBRID)
    unit = ServedUnit(holding=registers)
    async with served(u1=unit) as connection:
        device = await open_device(connection.for_unit(1), "sunspec")
        await device.poll(NOW)
        hole = address_of(registers, 123, "Conn")
        kept = unit.holding.pop(hole)
        values = (await device.poll(after(NOW, 5_000))).values
        assert values["inverter_power_limit"] is None
        assert values["inverter_ac_power"] == 3000
        assert values["battery_state_of_charge"] == 64.25
        unit.holding[hole] = kept
        unit.reads.clear()
        for step in range(2, 8):
            await device.poll(after(NOW, 5_000 * step))
        header = address_of(registers, 123, "Conn_WinTms") - 2
        assert any(first == header for first, _ in unit.reads), "it gets another chance"


async def test_an_inverter_that_falls_asleep_keeps_what_it_counted() -> None:
    registers = build_map(*HYBRID[:2])
    unit = ServedUnit(holding=registers)
    async with served(u1=unit) as connection:
        device = await open_device(connection.for_unit(1), "sunspec")
        await device.poll(NOW)
        for name, word in (("W", 0x8000), ("WH", 0), ("Hz", 0xFFFF)):
            unit.holding[address_of(registers, 103, name)] = word
        high = address_of(registers, 103, "WH")
        unit.holding[high + 1] = 0
        values = (await device.poll(after(NOW, 5_000))).values
    assert values["inverter_power"] is None
    assert values["inverter_energy"] == 4_200_000


async def test_a_meter_that_forgets_what_it_counted_is_not_believed() -> None:
    registers = build_map(*METER)
    unit = ServedUnit(holding=registers)
    async with served(u1=unit) as connection:
        device = await open_device(connection.for_unit(1), "sunspec")
        await device.poll(NOW)
        for name in ("TotWhImp", "TotWhExp"):
            address = address_of(registers, 203, name)
            unit.holding[address] = unit.holding[address + 1] = 0
        values = (await device.poll(after(NOW, 5_000))).values
    assert values["meter_import"] is None
    assert values["meter_export"] is None


async def test_a_device_that_repeats_itself_is_not_believed_for_ever() -> None:
    async with served(u1=ServedUnit(holding=build_map(*METER))) as connection:
        device = await open_device(connection.for_unit(1), "sunspec")
        for step in range(29):
            await device.poll(after(NOW, step * 60_000))
        with pytest.raises(PollError) as failure:
            await device.poll(after(NOW, 29 * 60_000))
        assert failure.value.fault is PollFault.FROZEN
