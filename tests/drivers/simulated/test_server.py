"""The server answers like real devices: by the book, and for its units only."""

import asyncio

from modbus_connection import GatewayTargetError, IllegalDataAddressError
from modbus_connection.tmodbus import connect_tcp
import pytest

from custom_components.commonwatt.drivers.simulated import (
    CHARGER_UNIT,
    EASTRON_UNIT,
    INVERTER_UNIT,
    METER_UNIT,
    ListenError,
    SimulatedDevices,
)
from custom_components.commonwatt.engine.simulation.homes import (
    HomeKey,
    HomeModel,
    neighbourhood_specs,
)
from tests.drivers.simulated.loopback import (
    CHARGER,
    COMMON,
    EASTRON,
    END,
    INVERTER,
    M103,
    M120,
    M121,
    M123,
    M124,
    M160,
    M802,
    METER,
    SEED,
    SPEC,
    Loopback,
    at,
)


def text(registers: list[int]) -> str:
    """Return the text in registers."""
    data = b"".join(register.to_bytes(2) for register in registers)
    return data.rstrip(b"\0").decode("ascii")


def test_the_units_are_where_the_documentation_says() -> None:
    assert (INVERTER_UNIT, EASTRON_UNIT, METER_UNIT, CHARGER_UNIT) == (
        INVERTER,
        EASTRON,
        METER,
        CHARGER,
    )


async def test_the_inverters_map_is_a_chain_of_models() -> None:
    async with Loopback(started_at=at(12)) as home:
        assert text(await home.holding(INVERTER, 40_000, 2)) == "SunS"
        chain = []
        address = COMMON
        while (header := await home.holding(INVERTER, address, 2))[0] != 0xFFFF:
            chain.append((header[0], address, header[1]))
            address += header[1] + 2

        assert chain == [
            (1, COMMON, 66),
            (103, M103, 50),
            (120, M120, 26),
            (121, M121, 30),
            (123, M123, 24),
            (124, M124, 24),
            (160, M160, 88),
            (802, M802, 62),
        ]
        assert address == END
        assert header == [0xFFFF, 0]


async def test_devices_introduce_themselves() -> None:
    async with Loopback(started_at=at(12)) as home:
        names = [
            text(await home.holding(unit, COMMON + 2, 16)) for unit in (INVERTER, METER)
        ]
        serials = {
            text(await home.holding(unit, COMMON + 50, 16))
            for unit in (INVERTER, METER)
        }
        modules = [
            text(await home.holding(INVERTER, M160 + 11 + 20 * n, 8)) for n in range(4)
        ]

        assert names == ["CommonWatt", "CommonWatt"]
        assert len(serials) == 2
        assert modules == ["String 1", "String 2", "StCha 3", "StDisCha 4"]
        assert await home.long(CHARGER, 1016) // 100_000 == 3
        assert await home.long(CHARGER, 1018) == 0x030A1000


async def test_points_the_inverter_does_not_have_hold_what_says_so() -> None:
    async with Loopback(started_at=at(12)) as home:
        assert await home.holding(INVERTER, M120 + 7) == [0x8000]  # VArRtgQ1, int16
        assert await home.holding(INVERTER, M121 + 3) == [0xFFFF]  # VRef, uint16
        assert await home.holding(INVERTER, M121 + 23) == [0x8000]  # VRef_SF
        assert await home.holding(INVERTER, M124 + 9) == [0xFFFF]  # StorAval
        assert await home.long(INVERTER, M802 + 24) == 0xFFFFFFFF  # WarrDt, uint32
        assert await home.long(METER, COMMON + 68 + 55) == 0  # TotVAhExp, acc32
        assert text(await home.holding(INVERTER, COMMON + 34, 8)) == ""


@pytest.mark.parametrize(
    ("unit", "address", "count", "code"),
    [
        (INVERTER, END + 1, 2, 2),
        (INVERTER, 39_999, 2, 2),
        (INVERTER, 0, 2, 2),
        (CHARGER, 1001, 2, 2),
        (CHARGER, 1000, 1, 2),
        (CHARGER, 1000, 4, 2),
        (CHARGER, 1002, 2, 2),
        (CHARGER, 5004, 1, 2),
        (EASTRON, 0x34, 2, 1),
        (7, 40_000, 2, 11),
        (7, 1000, 2, 11),
        (7, 0, 2, 11),
    ],
)
async def test_requests_beside_the_registers_are_refused(
    unit: int, address: int, count: int, code: int
) -> None:
    async with Loopback(started_at=at(12)) as home:
        answer = await home.client.read_holding_registers(
            address, count=count, device_id=unit
        )

        assert answer.isError()
        assert answer.exception_code == code


@pytest.mark.parametrize(
    ("unit", "address", "count", "code"),
    [
        (EASTRON, 0x35, 2, 2),
        (EASTRON, 0x34, 1, 2),
        (EASTRON, 0x00, 82, 2),
        (EASTRON, 0x200, 2, 2),
        (METER, 40_000, 2, 1),
        (INVERTER, 40_000, 2, 1),
        (CHARGER, 1000, 2, 1),
    ],
)
async def test_input_registers_belong_to_the_eastron_meter(
    unit: int, address: int, count: int, code: int
) -> None:
    async with Loopback(started_at=at(12)) as home:
        answer = await home.client.read_input_registers(
            address, count=count, device_id=unit
        )

        assert answer.isError()
        assert answer.exception_code == code


async def test_home_assistants_own_client_reads_and_writes() -> None:
    async with Loopback(started_at=at(18, day=5)) as home:
        connection = await connect_tcp("127.0.0.1", port=home.devices.port, timeout=2)
        try:
            inverter, charger = (connection.for_unit(n) for n in (INVERTER, CHARGER))
            marker = await inverter.read_holding_registers(40_000, 2)
            await inverter.write_registers(M124 + 12, [0, 0])
            await inverter.write_register(M124 + 5, 3)
            await charger.write_register(5004, 7_000)
            state = home.wait(0)
            with pytest.raises(IllegalDataAddressError):
                await charger.read_holding_registers(1000, 4)
            with pytest.raises(GatewayTargetError):
                await connection.for_unit(9).read_holding_registers(40_000, 2)
        finally:
            await connection.close()

        assert marker == [0x5375, 0x6E53]
        assert state.battery_w == 0
        assert state.charger_w == 4_830


async def test_many_clients_get_their_own_answers() -> None:
    async with Loopback(started_at=at(12)) as home:
        reads = [
            home.holding(unit, COMMON + 66)
            for _ in range(30)
            for unit in (INVERTER, METER)
        ]

        answers = await asyncio.gather(*reads)

        assert answers == [[INVERTER], [METER]] * 30


async def test_a_port_somebody_else_has_is_a_clear_error() -> None:
    async with Loopback(started_at=at(12)) as home:
        second = SimulatedDevices(SPEC, port=home.devices.port)

        with pytest.raises(ListenError, match=str(home.devices.port)) as caught:
            await second.start(home.state)

        await second.stop()
        assert caught.value.port == home.devices.port


async def test_devices_can_be_stopped_and_put_up_again_on_their_port() -> None:
    async with Loopback(started_at=at(12)) as home:
        port = home.devices.port
        await home.devices.stop()
        await home.devices.stop()
        again = SimulatedDevices(SPEC, port=port)
        await again.start(home.state)
        await again.stop()

        assert again.port == port


@pytest.mark.parametrize(
    ("key", "units"),
    [("flat", {METER, EASTRON}), ("night_shift", {METER, EASTRON, CHARGER})],
)
async def test_a_home_shows_the_devices_it_has(key: str, units: set[int]) -> None:
    spec = next(one for one in neighbourhood_specs() if one.key == HomeKey(key))
    async with Loopback(spec, started_at=at(12)) as home:
        answering = set()
        for unit, address in ((INVERTER, 40_000), (METER, 40_000), (CHARGER, 1000)):
            answer = await home.client.read_holding_registers(
                address, count=2, device_id=unit
            )
            if not answer.isError():
                answering.add(unit)
        await home.real(0x46)
        state = home.wait(30)

        assert answering | {EASTRON} == units
        assert state == HomeModel(spec, seed=SEED, started_at=at(12)).advance(at(12.5))
