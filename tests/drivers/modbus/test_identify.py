"""Whatever is behind an address, the answer is quick and has a reason."""

import asyncio
import time
from typing import override

from modbus_connection import ModbusProtocolError, ModbusTcpParams, ModbusTimeoutError
from modbus_connection.mock import MockModbusConnection
from modbus_connection.tmodbus import ModbusConnection
import pytest
from tmodbus.exceptions import (
    GatewayPathUnavailableError,
    IllegalFunctionError,
    ModbusResponseError,
    ServerDeviceFailureError,
)

from custom_components.commonwatt.drivers.modbus import (
    IdentifyError,
    IdentifyReason,
    identify,
    open_device,
)
from custom_components.commonwatt.drivers.modbus.identify import SILENCE_S
from custom_components.commonwatt.engine.devices import DeviceKind
from tests.drivers.modbus.driven import KebaP30
from tests.drivers.modbus.maps import COMMON, HYBRID, METER, Model, build_map
from tests.drivers.modbus.served import ServedUnit, free_port, served


async def reason_for(
    unit: ServedUnit, kind: DeviceKind, *, unit_id: int = 1
) -> IdentifyReason:
    async with served(u1=unit) as connection:
        with pytest.raises(IdentifyError) as failure:
            await identify(connection.for_unit(unit_id), kind)
    return failure.value.reason


@pytest.mark.parametrize("kind", [DeviceKind.INVERTER, DeviceKind.BATTERY])
async def test_a_hybrid_can_play_both_parts(kind: DeviceKind) -> None:
    unit = ServedUnit(holding=build_map(*HYBRID))
    async with served(u1=unit) as connection:
        identity = await identify(connection.for_unit(1), kind)
    assert identity.driver == "sunspec"
    assert identity.serial == "H-0001"
    assert kind in identity.kinds


async def test_a_charging_point_is_found() -> None:
    async with served(u255=KebaP30()) as connection:
        identity = await identify(connection.for_unit(255), DeviceKind.CHARGER)
    assert identity.driver == "keba_p30"


async def test_a_meter_in_an_inverters_map_has_a_name_of_its_own() -> None:
    unit = ServedUnit(holding=build_map(*HYBRID, *METER))
    async with served(u1=unit) as connection:
        meter = await identify(connection.for_unit(1), DeviceKind.METER)
        inverter = await identify(connection.for_unit(1), DeviceKind.INVERTER)
        device = await open_device(
            connection.for_unit(1), "sunspec", serial=meter.serial
        )
    assert (meter.model, meter.serial) == ("Smart Meter", "M-0001")
    assert inverter.serial == "H-0001"
    assert device.identity.model == "Smart Meter"


@pytest.mark.slow
@pytest.mark.parametrize("kind", [DeviceKind.METER, DeviceKind.BATTERY])
async def test_a_silent_unit_is_given_up_within_three_seconds(kind: DeviceKind) -> None:
    started = time.monotonic()
    assert await reason_for(ServedUnit(silent=True), kind) is IdentifyReason.NO_ANSWER
    assert time.monotonic() - started < 3


@pytest.mark.slow
async def test_a_device_may_need_longer_for_all_it_has_to_say() -> None:
    slow = KebaP30(answer_s=0.18)
    async with served(u255=slow) as connection:
        started = time.monotonic()
        identity = await identify(connection.for_unit(255), DeviceKind.CHARGER)
    assert identity.driver == "keba_p30"
    assert time.monotonic() - started > SILENCE_S


@pytest.mark.slow
async def test_a_dead_device_on_the_line_does_not_silence_another() -> None:
    dead, alive = ServedUnit(silent=True), ServedUnit(holding=build_map(*HYBRID))
    async with served(u1=dead, u2=alive) as connection:
        first = asyncio.create_task(open_device(connection.for_unit(1), "sunspec"))
        await asyncio.sleep(0)
        device = await open_device(connection.for_unit(2), "sunspec", patience_s=10)
        with pytest.raises(IdentifyError) as failure:
            await first
    assert device.identity.serial == "H-0001"
    assert failure.value.reason is IdentifyReason.NO_ANSWER


@pytest.mark.slow
async def test_a_host_that_accepts_and_never_speaks_is_given_up_too() -> None:
    async def never(
        _reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await closed.wait()
        writer.close()

    closed = asyncio.Event()
    port = free_port()
    server = await asyncio.start_server(never, "127.0.0.1", port)
    connection = ModbusConnection(ModbusTcpParams(host="127.0.0.1", port=port))
    started = time.monotonic()
    with pytest.raises(IdentifyError) as failure:
        await identify(connection.for_unit(1), DeviceKind.INVERTER)
    assert failure.value.reason is IdentifyReason.NO_ANSWER
    assert time.monotonic() - started < 3
    await connection.close()
    closed.set()
    server.close()


class Unreachable(MockModbusConnection):
    """A host that swallows every packet."""

    @override
    async def _connect_client(self) -> object:
        raise ModbusTimeoutError("could not connect")


async def test_a_host_that_swallows_every_packet_is_no_connection() -> None:
    with pytest.raises(IdentifyError) as failure:
        await identify(Unreachable().for_unit(1), DeviceKind.METER)
    assert failure.value.reason is IdentifyReason.NO_CONNECTION


async def test_something_that_speaks_another_protocol_is_not_supported() -> None:
    unit = MockModbusConnection().for_unit(1)
    unit.fail_requests(ModbusProtocolError("HTTP/1.1 400 Bad Request"))
    with pytest.raises(IdentifyError) as failure:
        await identify(unit, DeviceKind.INVERTER)
    assert failure.value.reason is IdentifyReason.NOT_SUPPORTED


async def test_a_wrong_port_is_no_connection() -> None:
    connection = ModbusConnection(ModbusTcpParams(host="127.0.0.1", port=free_port()))
    with pytest.raises(IdentifyError) as failure:
        await identify(connection.for_unit(1), DeviceKind.METER)
    assert failure.value.reason is IdentifyReason.NO_CONNECTION
    await connection.close()


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (GatewayPathUnavailableError(3), IdentifyReason.WRONG_UNIT),
        (ServerDeviceFailureError(3), IdentifyReason.WRONG_UNIT),
        (IllegalFunctionError(3), IdentifyReason.NOT_SUPPORTED),
    ],
)
@pytest.mark.parametrize("kind", [DeviceKind.INVERTER, DeviceKind.CHARGER])
async def test_a_device_that_refuses_everything_says_why(
    error: ModbusResponseError, reason: IdentifyReason, kind: DeviceKind
) -> None:
    assert await reason_for(ServedUnit(refuses=error), kind) is reason


async def test_a_unit_that_is_not_there_is_the_wrong_unit() -> None:
    unit = ServedUnit(holding=build_map(*HYBRID))
    reason = await reason_for(unit, DeviceKind.INVERTER, unit_id=9)
    assert reason is IdentifyReason.WRONG_UNIT


@pytest.mark.parametrize("kind", list(DeviceKind))
async def test_a_device_that_is_nothing_we_know_is_not_supported(
    kind: DeviceKind,
) -> None:
    unit = ServedUnit(
        holding=dict.fromkeys(range(60_000), 7), input=dict.fromkeys(range(400), 7)
    )
    assert await reason_for(unit, kind) is IdentifyReason.NOT_SUPPORTED


async def test_a_device_of_another_kind_is_refused() -> None:
    unit = ServedUnit(holding=build_map(*HYBRID))
    assert await reason_for(unit, DeviceKind.METER) is IdentifyReason.WRONG_KIND
    only_common = ServedUnit(holding=build_map(COMMON))
    assert (
        await reason_for(only_common, DeviceKind.INVERTER) is IdentifyReason.WRONG_KIND
    )


async def test_a_map_without_an_end_is_damaged() -> None:
    registers = build_map(*METER)
    del registers[max(registers)]
    assert (
        await reason_for(ServedUnit(holding=registers), DeviceKind.METER)
        is IdentifyReason.DAMAGED_MAP
    )


async def test_a_map_that_does_not_say_who_it_is_is_damaged() -> None:
    nameless: list[Model] = [(103, {"W": 5.0})]
    unit = ServedUnit(holding=build_map(*nameless))
    assert await reason_for(unit, DeviceKind.INVERTER) is IdentifyReason.DAMAGED_MAP


async def test_a_model_that_does_not_fit_its_length_is_left_out() -> None:
    strings: Model = (160, {"1.IDStr": "MPPT 1", "1.DCW": 500})
    registers = build_map(COMMON, (103, {"W": 500}), strings)
    end = max(registers) - 1
    header = end - 30
    assert registers[header] == 160
    registers[header + 1] -= 2
    moved = {k - 2 if k >= end else k: v for k, v in registers.items()}
    async with served(u1=ServedUnit(holding=moved)) as connection:
        device = await open_device(connection.for_unit(1), "sunspec")
    assert {point.family for point in device.points} == {
        "inverter_power",
        "inverter_energy",
    }


async def test_another_device_under_the_same_address_is_refused() -> None:
    unit = ServedUnit(holding=build_map(*METER))
    async with served(u1=unit) as connection:
        with pytest.raises(IdentifyError) as failure:
            await open_device(connection.for_unit(1), "sunspec", serial="M-0002")
    assert failure.value.reason is IdentifyReason.OTHER_DEVICE
    assert "M-0001" in str(failure.value)


async def test_another_charging_point_under_the_same_address_is_refused() -> None:
    async with served(u255=KebaP30()) as connection:
        with pytest.raises(IdentifyError) as failure:
            await open_device(connection.for_unit(255), "keba_p30", serial="1")
    assert failure.value.reason is IdentifyReason.OTHER_DEVICE


async def test_a_driver_nobody_knows_is_not_supported() -> None:
    async with served(u1=ServedUnit()) as connection:
        with pytest.raises(IdentifyError) as failure:
            await open_device(connection.for_unit(1), "abacus")
    assert failure.value.reason is IdentifyReason.NOT_SUPPORTED
    assert str(failure.value).startswith("not_supported: ")


def test_a_reason_speaks_for_itself() -> None:
    assert str(IdentifyError(IdentifyReason.NO_ANSWER)) == "no_answer"
