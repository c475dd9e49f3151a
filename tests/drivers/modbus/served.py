"""A Modbus device in this process: real frames over a real socket on loopback."""

import asyncio
from collections.abc import AsyncIterator, Callable
import contextlib
from dataclasses import dataclass, field
import socket

from modbus_connection import ModbusTcpParams
from modbus_connection.tmodbus import ModbusConnection
from tmodbus.exceptions import (
    IllegalDataAddressError,
    ModbusResponseError,
    SuppressResponseError,
)
from tmodbus.pdu import (
    ReadHoldingRegistersPDU,
    ReadInputRegistersPDU,
    WriteMultipleRegistersPDU,
    WriteSingleRegisterPDU,
)
from tmodbus.server import AsyncTcpServer, ModbusRequestRouter

type OnWrite = Callable[[int, list[int]], None]
"""Told of a write before it is stored; raises to refuse it."""


def accept(address: int, values: list[int]) -> None:
    """Take every write as it comes."""


@dataclass(kw_only=True)
class ServedUnit:
    """Registers behind one unit id, and how they misbehave."""

    holding: dict[int, int] = field(default_factory=dict)
    input: dict[int, int] = field(default_factory=dict)
    on_write: OnWrite = accept
    silent: bool = False
    answer_s: float = 0
    """How long it thinks about every read."""

    span_max: int = 125
    """Longest read it answers."""

    refuses: ModbusResponseError | None = None
    """What every request ends with."""

    reads: list[tuple[int, int]] = field(default_factory=list)
    """Address and count of every read it answered or refused."""

    writes: list[tuple[int, list[int]]] = field(default_factory=list)

    async def read_holding(
        self, unit_id: int, request: ReadHoldingRegistersPDU
    ) -> list[int]:
        """Answer function 3."""
        await asyncio.sleep(self.answer_s)
        return self._read(unit_id, self.holding, request)

    async def read_input(
        self, unit_id: int, request: ReadInputRegistersPDU
    ) -> list[int]:
        """Answer function 4."""
        await asyncio.sleep(self.answer_s)
        return self._read(unit_id, self.input, request)

    async def write_one(self, unit_id: int, request: WriteSingleRegisterPDU) -> int:
        """Answer function 6."""
        self._write(unit_id, request.address, [request.value])
        return request.value

    async def write_many(self, unit_id: int, request: WriteMultipleRegistersPDU) -> int:
        """Answer function 16."""
        self._write(unit_id, request.start_address, list(request.values))
        return len(request.values)

    def _read(
        self, unit_id: int, space: dict[int, int], request: ReadHoldingRegistersPDU
    ) -> list[int]:
        self._misbehave(unit_id)
        first, count = request.start_address, request.quantity
        self.reads.append((first, count))
        wanted = range(first, first + count)
        if count > self.span_max or any(address not in space for address in wanted):
            raise IllegalDataAddressError(3)
        return [space[address] for address in wanted]

    def _write(self, unit_id: int, address: int, values: list[int]) -> None:
        self._misbehave(unit_id)
        self.on_write(address, values)
        self.writes.append((address, values))
        for offset, value in enumerate(values):
            if address + offset not in self.holding:
                raise IllegalDataAddressError(6)
            self.holding[address + offset] = value

    def _misbehave(self, unit_id: int) -> None:
        if self.silent:
            raise SuppressResponseError(f"unit {unit_id} says nothing")
        if self.refuses is not None:
            raise self.refuses


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.asynccontextmanager
async def serving(port: int, **units: ServedUnit) -> AsyncIterator[None]:
    """Serve units named ``u1``, ``u255`` ... on a port."""
    router = ModbusRequestRouter()
    for name, unit in units.items():
        unit_id = int(name.removeprefix("u"))
        router.register(ReadHoldingRegistersPDU, unit_id=unit_id)(unit.read_holding)
        router.register(ReadInputRegistersPDU, unit_id=unit_id)(unit.read_input)
        router.register(WriteSingleRegisterPDU, unit_id=unit_id)(unit.write_one)
        router.register(WriteMultipleRegistersPDU, unit_id=unit_id)(unit.write_many)
    server = AsyncTcpServer("127.0.0.1", router, port=port)
    await server.start()
    try:
        yield
    finally:
        assert server._server is not None
        server._server.close_clients()
        await server.stop()
        await asyncio.sleep(0)


@contextlib.asynccontextmanager
async def connected(port: int) -> AsyncIterator[ModbusConnection]:
    """Yield a connection, as Home Assistant's modbus integration would make it."""
    connection = ModbusConnection(ModbusTcpParams(host="127.0.0.1", port=port))
    try:
        yield connection
    finally:
        await connection.close()


@contextlib.asynccontextmanager
async def served(**units: ServedUnit) -> AsyncIterator[ModbusConnection]:
    """Serve units and yield a connection to them."""
    port = free_port()
    async with serving(port, **units), connected(port) as connection:
        yield connection
