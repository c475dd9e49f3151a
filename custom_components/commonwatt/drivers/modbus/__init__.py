"""Devices that speak Modbus, behind a ``ModbusUnit`` of modbus-connection.

Takes a unit, never a host: in Home Assistant the unit belongs to the shared connection.
"""

from .device import SUNSPEC, DeviceControl, Identity, ModbusDevice
from .errors import IdentifyError, IdentifyReason, PollError, PollFault
from .identify import identify, open_device

__all__ = [
    "SUNSPEC",
    "DeviceControl",
    "IdentifyError",
    "IdentifyReason",
    "Identity",
    "ModbusDevice",
    "PollError",
    "PollFault",
    "identify",
    "open_device",
]
