"""Asking a Modbus device who it is, before anything is saved."""

from dataclasses import dataclass
from typing import Final

from homeassistant.components.modbus import async_get_temporary_unit
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
from modbus_connection import ModbusUnit

from .device_settings import ModbusAddress
from .drivers.modbus import (
    IdentifyError,
    IdentifyReason,
    Identity,
    PollError,
    PollFault,
    identify,
    open_device,
)
from .engine.devices import DeviceKind, DeviceSnapshot
from .engine.model.period import instant_from_datetime

LINK_IN_USE: Final = "link_in_use"
"""The same device is in use over other link settings; both cannot be honoured."""

NO_READINGS: Final = "no_readings"
"""It was recognised, but does not give its readings."""


class ProbeError(Exception):
    """The device cannot be used; ``reason`` is a key of the flow's errors."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason: Final = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDevice:
    """Who answered, and what it says just now."""

    identity: Identity
    snapshot: DeviceSnapshot


async def find_device(
    hass: HomeAssistant, address: ModbusAddress, kind: DeviceKind, driver: str | None
) -> FoundDevice:
    """Return what answers at ``address``; without a driver it is found out.

    Raises:
        ProbeError: with the reason to show.
    """
    try:
        async with async_get_temporary_unit(
            hass, address.params, address.unit_id
        ) as unit:
            return await _ask(unit, kind, driver)
    except HomeAssistantError as err:
        raise ProbeError(LINK_IN_USE) from err


async def _ask(unit: ModbusUnit, kind: DeviceKind, driver: str | None) -> FoundDevice:
    try:
        if driver is None:
            driver = (await identify(unit, kind)).driver
        device = await open_device(unit, driver)
    except IdentifyError as err:
        raise ProbeError(err.reason) from err
    if kind not in device.identity.kinds:
        raise ProbeError(IdentifyReason.WRONG_KIND)
    try:
        snapshot = await device.poll(instant_from_datetime(dt_util.utcnow()))
    except PollError as err:
        silent = err.fault is PollFault.SILENT
        raise ProbeError(IdentifyReason.NO_ANSWER if silent else NO_READINGS) from err
    return FoundDevice(identity=device.identity, snapshot=snapshot)
