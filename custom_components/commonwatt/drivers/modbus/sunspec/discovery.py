"""Finding the models of a SunSpec device."""

import asyncio
from collections.abc import Mapping
from typing import Final

from modbus_connection import (
    IllegalDataAddressError,
    ModbusExceptionError,
    ModbusUnit,
    ServerDeviceFailureError,
)
from modbus_connection.decode import decode_uint32
from modbus_connection.model.sunspec import (
    SunSpecError,
    SunSpecModels,
    scan,
)

from ....engine.devices import DeviceKind
from ..errors import IdentifyError, IdentifyReason, nobody_there

BASES: Final = (40_000, 50_000, 0)
"""Where a map may begin, in the order the standard tells to look."""

MARKER: Final = 0x53756E53
"""``SunS``."""

COMMON: Final = 1
INVERTERS: Final = (111, 112, 113, 101, 102, 103)
"""Floats first: where a device has both they resolve more."""

METERS: Final = (211, 212, 213, 214, 201, 202, 203, 204)
RATINGS: Final = 120
SETTINGS: Final = 121
STATUS: Final = 122
LIMITS: Final = 123
STORAGE: Final = 124
STRINGS: Final = 160
BATTERY: Final = 802
KIND_MODELS: Final[Mapping[DeviceKind, tuple[int, ...]]] = {
    DeviceKind.METER: METERS,
    DeviceKind.INVERTER: INVERTERS,
    DeviceKind.BATTERY: (BATTERY, STORAGE),
}


async def find_map(unit: ModbusUnit, patience_s: float) -> SunSpecModels | None:
    """Return the models of a unit; None if it answers but is not SunSpec.

    Raises:
        TimeoutError: it does not answer the first request within ``patience_s``.
        ModbusError: the connection or the gateway fails.
        IdentifyError: ``WRONG_UNIT`` or ``DAMAGED_MAP``.
    """
    failures = 0
    for base in BASES:
        try:
            async with asyncio.timeout(patience_s):
                words = await unit.read_holding_registers(base, 2)
        except ServerDeviceFailureError:
            failures += 1
        except ModbusExceptionError as err:
            if nobody_there(err):
                raise
        else:
            if decode_uint32(words) == MARKER:
                return await _scan(unit, base)
    if failures == len(BASES):
        raise IdentifyError(IdentifyReason.WRONG_UNIT, "the device fails everywhere")
    return None


async def _scan(unit: ModbusUnit, base: int) -> SunSpecModels:
    try:
        return await scan(unit, base)
    except (SunSpecError, IllegalDataAddressError) as err:
        raise IdentifyError(IdentifyReason.DAMAGED_MAP, str(err)) from err
