"""Reading the registers of a profile, without those a device does not have today.

Firmware differs: a station may lack a datapoint its successors have.  What is refused
as an illegal address is left out for a while, longer each time, but never for ever.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from modbus_connection import IllegalDataAddressError, ModbusUnit
from modbus_connection.model import ManualComponent, RegisterField

from .schema import Profile

SKIPS_MAX: Final = 64
"""Most reads a register is left out for."""


@dataclass(slots=True)
class _Absence:
    skips: int = 1
    length: int = 1

    def prolong(self) -> None:
        self.length = self.skips = min(2 * self.length, SKIPS_MAX)


class ProfileReader:
    """Reads all points of a profile in as few requests as the device allows."""

    def __init__(self, unit: ModbusUnit, profile: Profile) -> None:
        requests = profile.requests
        self._space: Final = requests.space.value
        self._fields: Final[Mapping[str, RegisterField[float]]] = {
            point.key: register.field() for point, register in profile.registers.items()
        }
        self._absences: dict[str, _Absence] = {}
        self._component: Final = ManualComponent(
            unit, max_gap=requests.gap_max, max_span=requests.registers_max
        )
        for key in self._fields:
            self._add(key)

    async def read(self) -> Mapping[str, object]:
        """Return what the device has, by key; what it has not is absent.

        Raises:
            ModbusError: it does not answer, or refuses everything.
        """
        self._readmit()
        while len(self._absences) < len(self._fields):
            try:
                decoded = await self._component.async_update()
            except IllegalDataAddressError as err:
                self._leave_out(self._refused(err))
            else:
                for key in decoded:
                    self._absences.pop(key, None)
                return decoded
        self._absences.clear()
        for key in self._fields:
            self._add(key)
        raise IllegalDataAddressError(message="every register was refused")

    async def read_raw(self) -> Mapping[str, Mapping[int, int | bool]]:
        """Return all registers by space and address, for diagnostics."""
        return await self._component.async_read_raw()

    def _add(self, key: str) -> None:
        self._component.add(key, self._fields[key], space=self._space)

    def _readmit(self) -> None:
        for key, absence in self._absences.items():
            absence.skips -= 1
            if absence.skips < 0:
                self._add(key)

    def _refused(self, error: IllegalDataAddressError) -> list[str]:
        """Return the registers of the block that was refused."""
        block = error.block
        assert block is not None, "a planned read names its block"
        span = range(block.address, block.address + block.count)
        return [key for key, field in self._fields.items() if field.address in span]

    def _leave_out(self, keys: list[str]) -> None:
        for key in keys:
            self._component.remove(key)
            if key in self._absences:
                self._absences[key].prolong()
            else:
                self._absences[key] = _Absence()
