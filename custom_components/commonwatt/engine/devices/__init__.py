"""Devices as the engine sees them: points, snapshots, the process image, armed control.

Knows quantities and states; knows no register, no brand and no connection.
"""

from .catalogue import CATALOGUE
from .control import (
    ControlClaim,
    ControlFacts,
    ControlFault,
    ControlPhase,
    ControlReading,
    ControlStatus,
    Persistence,
    Refusal,
    WatchdogKind,
)
from .image import (
    BatteryState,
    ChargerState,
    DeviceState,
    InverterState,
    MeterState,
    ProcessImage,
)
from .point import DeviceId, DeviceKind, Point, PointValue, Quantity
from .setpoint import CurrentSetpoint, PowerSetpoint, Setpoint, setpoint_value
from .snapshot import DeviceSnapshot

__all__ = [
    "CATALOGUE",
    "BatteryState",
    "ChargerState",
    "ControlClaim",
    "ControlFacts",
    "ControlFault",
    "ControlPhase",
    "ControlReading",
    "ControlStatus",
    "CurrentSetpoint",
    "DeviceId",
    "DeviceKind",
    "DeviceSnapshot",
    "DeviceState",
    "InverterState",
    "MeterState",
    "Persistence",
    "Point",
    "PointValue",
    "PowerSetpoint",
    "ProcessImage",
    "Quantity",
    "Refusal",
    "Setpoint",
    "WatchdogKind",
    "setpoint_value",
]
