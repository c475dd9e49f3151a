"""What surrounds the home on the walk: devices that can die, and what is none."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
import contextlib
from dataclasses import dataclass
import signal
import sys
from typing import Final

from pymodbus.client import AsyncModbusTcpClient

from tools.configuration import ROOT

from .diary import WalkError

LOOPBACK: Final = "127.0.0.1"
NIGHT: Final = 4
"""When the homes of the walk begin: what their batteries do changes nothing else then,
whenever somebody walks."""

SUNSPEC_AT: Final = 40_000
STORAGE_CONTROL: Final = 124
STORCTL_MOD: Final = 5
"""Place of the mode in model 124, counted from its id; 0: nobody limits the battery."""

END_OF_MAP: Final = 0xFFFF
KEBA_FAILSAFE: Final = 1602

type Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
"""What a server does with whoever connects."""


@dataclass(slots=True, kw_only=True)
class SimulatedHome:
    """``script/simulated-devices`` in a process of its own."""

    port: int
    seed: int
    process: asyncio.subprocess.Process | None = None

    async def switch_on(self) -> None:
        """Start it and wait until it listens."""
        self.process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "tools.simulated_devices"),
            *("--port", str(self.port), "--seed", str(self.seed)),
            *("--hour", str(NIGHT)),
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
        )
        assert self.process.stdout is not None, "piped"
        line = await self.process.stdout.readline()
        if str(self.port).encode() not in line:
            raise WalkError(f"the simulated devices do not start: {line!r}")

    async def kill(self) -> None:
        """Let all its devices die at once."""
        if self.process is not None and self.process.returncode is None:
            self.process.send_signal(signal.SIGKILL)
            await self.process.wait()

    async def battery_mode(self) -> int:
        """Return what the inverter itself says about limits on its battery."""
        async with self._client() as client:
            at = SUNSPEC_AT + 2
            while True:
                model, length = await _registers(client, at, 2, unit_id=1)
                if model == END_OF_MAP:
                    raise WalkError("the inverter has no storage model")
                if model == STORAGE_CONTROL:
                    break
                at += 2 + length
            (mode,) = await _registers(client, at + STORCTL_MOD, 1, unit_id=1)
            return mode

    async def failsafe_seconds(self) -> int:
        """Return after how much silence the charger goes its own way; 0: never."""
        async with self._client() as client:
            high, low = await _registers(client, KEBA_FAILSAFE, 2, unit_id=255)
            return (high << 16) + low

    @contextlib.asynccontextmanager
    async def _client(self) -> AsyncIterator[AsyncModbusTcpClient]:
        client = AsyncModbusTcpClient(LOOPBACK, port=self.port)
        await client.connect()
        try:
            yield client
        finally:
            client.close()


async def _registers(
    client: AsyncModbusTcpClient, address: int, count: int, *, unit_id: int
) -> list[int]:
    answer = await client.read_holding_registers(
        address, count=count, device_id=unit_id
    )
    registers: list[int] = answer.registers
    return registers


async def _say_nothing(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    while await reader.read(1024):
        pass
    writer.close()


async def _serve_pages(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    await reader.read(1024)
    writer.write(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
    writer.close()


@contextlib.asynccontextmanager
async def _server(answer: Answer) -> AsyncIterator[int]:
    server = await asyncio.start_server(answer, LOOPBACK, 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def silent_listener() -> contextlib.AbstractAsyncContextManager[int]:
    """Serve a port that accepts connections and never says a word."""
    return _server(_say_nothing)


def web_server() -> contextlib.AbstractAsyncContextManager[int]:
    """Serve a port where something answers, but not Modbus."""
    return _server(_serve_pages)
