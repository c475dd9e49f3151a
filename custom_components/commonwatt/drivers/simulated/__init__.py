"""Simulated devices on loopback: the registers of a home that does not exist.

Knows the home only by its state, and tells it only by commands; the clock is theirs.
"""

from .server import (
    CHARGER_UNIT,
    EASTRON_UNIT,
    INVERTER_UNIT,
    LOOPBACK,
    METER_UNIT,
    ListenError,
    SimulatedDevices,
)

__all__ = [
    "CHARGER_UNIT",
    "EASTRON_UNIT",
    "INVERTER_UNIT",
    "LOOPBACK",
    "METER_UNIT",
    "ListenError",
    "SimulatedDevices",
]
