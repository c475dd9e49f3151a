"""A simulated home, its devices on loopback, and a client that knows neither."""

from collections.abc import Sequence
import struct
from typing import Final, Self

from pymodbus.client import AsyncModbusTcpClient
from pymodbus.pdu import ModbusPDU

from custom_components.commonwatt.drivers.simulated import SimulatedDevices
from custom_components.commonwatt.engine.model.period import (
    DAY_MS,
    HOUR_MS,
    MINUTE_MS,
    Instant,
)
from custom_components.commonwatt.engine.simulation.homes import (
    HOME,
    HomeModel,
    HomeSpec,
    HomeState,
    neighbourhood_specs,
)

SPEC = next(spec for spec in neighbourhood_specs() if spec.key == HOME)
SEED: Final = 1
"""Its first day is sunny."""

MIDNIGHT = Instant(20_500 * DAY_MS)

INVERTER, EASTRON, METER, CHARGER = 1, 2, 200, 255

# Where the models of the inverter begin: 2 registers of marker, then each model with
# its header (lengths from the tables of the SunSpec Alliance).
COMMON = 40_002
M103 = COMMON + 68
M120 = M103 + 52
M121 = M120 + 28
M123 = M121 + 32
M124 = M123 + 26
M160 = M124 + 26
M802 = M160 + 90
END = M802 + 64
M203 = COMMON + 68


def at(hour: float, *, day: int = 0) -> Instant:
    """Return the instant of that hour (UTC) of the demo."""
    return Instant(MIDNIGHT + day * DAY_MS + round(hour * HOUR_MS))


class Loopback:
    """The home, its devices and one client, for a test to let time pass."""

    def __init__(self, spec: HomeSpec = SPEC, *, started_at: Instant) -> None:
        self.model = HomeModel(spec, seed=SEED, started_at=started_at)
        self.devices = SimulatedDevices(spec)
        self._client: AsyncModbusTcpClient | None = None

    @property
    def state(self) -> HomeState:
        """The home as it is."""
        return self.model.state

    @property
    def client(self) -> AsyncModbusTcpClient:
        """The client, connected."""
        assert self._client is not None
        return self._client

    async def __aenter__(self) -> Self:
        """Start serving and connect."""
        await self.devices.start(self.model.state)
        self._client = AsyncModbusTcpClient(
            self.devices.host, port=self.devices.port, timeout=2, retries=0
        )
        assert await self._client.connect()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Hang up and stop serving."""
        self.client.close()
        await self.devices.stop()

    def advance(self, to: Instant) -> HomeState:
        """Let time pass; the model obeys what was written, the registers follow."""
        state = self.model.advance(to, self.devices.commands())
        self.devices.show(state)
        return state

    def wait(self, minutes: float) -> HomeState:
        """Let minutes pass."""
        return self.advance(Instant(self.state.at + round(minutes * MINUTE_MS)))

    async def holding(self, unit: int, address: int, count: int = 1) -> list[int]:
        """Read holding registers, which must succeed."""
        answer = await self.client.read_holding_registers(
            address, count=count, device_id=unit
        )
        assert not answer.isError(), answer
        return list(answer.registers)

    async def signed(self, unit: int, address: int) -> int:
        """Read one signed register."""
        (register,) = await self.holding(unit, address)
        return register - 0x10000 if register & 0x8000 else register

    async def long(self, unit: int, address: int) -> int:
        """Read an unsigned number of two registers."""
        high, low = await self.holding(unit, address, 2)
        return high << 16 | low

    async def real(self, address: int) -> float:
        """Read one value of the Eastron meter."""
        answer = await self.client.read_input_registers(
            address, count=2, device_id=EASTRON
        )
        assert not answer.isError(), answer
        (value,) = struct.unpack(">f", struct.pack(">HH", *answer.registers))
        assert isinstance(value, float)
        return value

    async def write(self, unit: int, address: int, *values: int) -> None:
        """Write one register with FC6 or several with FC16, which must succeed."""
        answer = await self._write(unit, address, values)
        assert not answer.isError(), answer

    async def refusal(self, unit: int, address: int, *values: int) -> int:
        """Write, and return the exception code of the refusal."""
        answer = await self._write(unit, address, values)
        assert answer.isError()
        return answer.exception_code

    async def _write(self, unit: int, address: int, values: Sequence[int]) -> ModbusPDU:
        words = [value & 0xFFFF for value in values]
        if len(words) == 1:
            return await self.client.write_register(address, words[0], device_id=unit)
        return await self.client.write_registers(address, words, device_id=unit)
