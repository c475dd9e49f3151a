"""Finding out what answers behind a Modbus unit."""

from modbus_connection import ModbusUnit

from ...engine.devices import DeviceKind
from .device import Identity, ModbusDevice


async def identify(unit: ModbusUnit, kind: DeviceKind) -> Identity:
    """Return what answers, if it can play the part of ``kind``.

    A silent unit is given up within 3 seconds.

    Raises:
        IdentifyError: with the reason to show.
    """
    raise NotImplementedError


async def open_device(
    unit: ModbusUnit,
    driver: str,
    *,
    serial: str | None = None,
    reversed_power: bool = False,
) -> ModbusDevice:
    """Open a device that was identified before as ``driver`` (:attr:`Identity.driver`).

    ``serial`` is compared where the device tells one.  ``reversed_power`` is for meters
    that count export as positive power although their maker usually does not.

    Raises:
        IdentifyError: with the reason to show.
    """
    raise NotImplementedError
