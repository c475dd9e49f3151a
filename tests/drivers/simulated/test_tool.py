"""``script/simulated-devices`` serves until it is told to stop."""

import asyncio
from asyncio.subprocess import PIPE
from pathlib import Path
import re
import signal
import sys

from pymodbus.client import AsyncModbusTcpClient

from tests.drivers.simulated.loopback import (
    CHARGER,
    EASTRON,
    INVERTER,
    METER,
    Loopback,
    at,
)

ROOT = Path(__file__).resolve().parents[3]
TOOL = (sys.executable, "-m", "tools.simulated_devices", "--port")


async def test_the_command_tells_its_port_and_units_and_serves_them() -> None:
    tool = await asyncio.create_subprocess_exec(*TOOL, "0", cwd=ROOT, stdout=PIPE)
    assert tool.stdout is not None
    try:
        said = (await tool.stdout.readuntil(b"stops.\n")).decode()
        port = int(re.findall(r"port (\d+)", said)[0])
        client = AsyncModbusTcpClient("127.0.0.1", port=port)
        assert await client.connect()
        try:
            answer = await client.read_holding_registers(40_000, count=2, device_id=1)
        finally:
            client.close()
    finally:
        tool.send_signal(signal.SIGINT)
        code = await tool.wait()

    units = {int(unit) for unit in re.findall(r"unit +(\d+)", said)}
    assert units == {INVERTER, EASTRON, METER, CHARGER}
    assert answer.registers == [0x5375, 0x6E53]
    assert code == 0


async def test_the_command_says_when_the_port_is_taken() -> None:
    async with Loopback(started_at=at(12)) as home:
        port = home.devices.port
        tool = await asyncio.create_subprocess_exec(
            *TOOL, str(port), cwd=ROOT, stdout=PIPE, stderr=PIPE
        )
        _, complaint = await tool.communicate()

    assert tool.returncode == 1
    assert f"127.0.0.1:{port}; choose another with --port" in complaint.decode()
