"""Imagined devices that can be driven, with the safety timers real ones have."""

import asyncio
from dataclasses import dataclass, field
import struct
from typing import override

from tmodbus.exceptions import (
    IllegalDataAddressError,
    IllegalDataValueError,
    IllegalFunctionError,
)
from tmodbus.pdu import ReadHoldingRegistersPDU, WriteMultipleRegistersPDU

from custom_components.commonwatt.engine.model.period import Instant, after
from tests.drivers.modbus.maps import HYBRID, Model, address_of, build_map
from tests.drivers.modbus.served import ServedUnit

START = Instant(1_800_000_000_000)
MINUTE = 60_000
UNLIMITED = 10_000
"""100 % with the scale of the imagined inverter."""


@dataclass(kw_only=True)
class HybridInverter(ServedUnit):
    """A hybrid whose rates lapse when nobody writes them again in time."""

    models: tuple[Model, ...] = HYBRID
    now: Instant = START
    refused: frozenset[str] = frozenset()
    """Points it does not let anybody write."""

    stuck: frozenset[str] = frozenset()
    """Points that stay as they are although the write succeeds."""

    names: dict[int, str] = field(init=False)
    ends_at: Instant | None = None

    def __post_init__(self) -> None:
        """Lay out the registers."""
        self.holding = build_map(*self.models)
        self.names = {
            address_of(self.holding, 124, name): name
            for name in (
                "StorCtl_Mod",
                "OutWRte",
                "InWRte",
                "InOutWRte_RvrtTms",
                "ChaGriSet",
            )
        }
        self.on_write = self._take

    def value(self, name: str) -> int:
        """Return a control register, with its sign."""
        word = self.holding[address_of(self.holding, 124, name)]
        return word - 0x10000 if word & 0x8000 else word

    def put(self, name: str, value: int) -> None:
        """Let somebody else write a control register."""
        self.holding[address_of(self.holding, 124, name)] = value & 0xFFFF

    @property
    def written(self) -> list[str]:
        """Names of the points that were written, in order."""
        return [self.names[address] for address, _ in self.writes]

    def pass_time(self, now: Instant) -> None:
        """Let the revert timer do its work."""
        self.now = now
        if self.ends_at is not None and now >= self.ends_at:
            self.ends_at = None
            self.put("StorCtl_Mod", 0)
            self.put("OutWRte", UNLIMITED)
            self.put("InWRte", UNLIMITED)

    def _take(self, address: int, values: list[int]) -> None:
        name = self.names.get(address)
        if name is None:
            raise IllegalDataAddressError(6)
        if name in self.refused:
            raise IllegalDataValueError(6)
        if name in self.stuck:
            values[:] = [self.holding[address]]
        if name != "InOutWRte_RvrtTms":
            seconds = self.value("InOutWRte_RvrtTms")
            self.ends_at = after(self.now, seconds * 1000) if seconds else None


@dataclass(kw_only=True)
class KebaP30(ServedUnit):
    """A charging point: one datapoint per request, and a failsafe current."""

    now: Instant = START
    written_at: Instant = START
    set_ma: int = 32_000
    enabled: bool = True
    failsafe_ma: int = 0
    failsafe_s: int = 0
    hardware_ma: int = 16_000
    values: dict[int, int] = field(
        default_factory=lambda: {
            1000: 3,
            1004: 7,
            1006: 0,
            1008: 10_010,
            1010: 10_020,
            1012: 9_990,
            1014: 17_619_300,
            1016: 304_111,
            1018: 0x030A_1000,
            1020: 6_900_500,
            1036: 123_456,
            1040: 230,
            1042: 231,
            1044: 229,
            1502: 5_005,
        }
    )

    @property
    def limit_ma(self) -> int:
        """What the car is offered at most."""
        if not self.enabled:
            return 0
        offered = min(self.set_ma, self.hardware_ma)
        waited_ms = self.now - self.written_at
        if self.failsafe_s and waited_ms >= self.failsafe_s * 1000:
            return min(offered, self.failsafe_ma)
        return offered

    @override
    async def read_holding(
        self, unit_id: int, request: ReadHoldingRegistersPDU
    ) -> list[int]:
        """Answer for exactly one datapoint."""
        await asyncio.sleep(self.answer_s)
        self._misbehave(unit_id)
        self.reads.append((request.start_address, request.quantity))
        values = self.values | {
            1100: self.limit_ma,
            1110: self.hardware_ma,
            1600: self.failsafe_ma,
            1602: self.failsafe_s,
        }
        if request.quantity != 2 or request.start_address not in values:
            raise IllegalDataAddressError(3)
        return list(
            struct.unpack(">2H", struct.pack(">I", values[request.start_address]))
        )

    @override
    async def write_many(self, unit_id: int, request: WriteMultipleRegistersPDU) -> int:
        """Refuse: it knows function 6 only."""
        raise IllegalFunctionError(16)

    @override
    def _write(self, unit_id: int, address: int, values: list[int]) -> None:
        self._misbehave(unit_id)
        value = values[0]
        match address:
            case 5004 if 6_000 <= value <= 63_000:
                self.set_ma = value
            case 5014 if value in {0, 1}:
                self.enabled = value == 1
            case 5016 if value == 0 or 6_000 <= value <= 32_000:
                self.failsafe_ma = value
            case 5018 if value == 0 or 10 <= value <= 600:
                self.failsafe_s = value
            case _:
                raise IllegalDataValueError(6)
        self.writes.append((address, values))
        self.written_at = self.now
