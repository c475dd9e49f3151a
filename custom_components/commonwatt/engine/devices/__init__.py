"""Devices as the engine sees them: points, snapshots, the process image, armed control.

Knows quantities and states; knows no register, no brand and no connection.
"""

from .armed_control import ArmedControl
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
from .control_table import Apply, ControlAction, Inspect, Release
from .counter import CounterGate
from .freshness import Repetition, is_stale
from .image import (
    BatteryState,
    ChargerState,
    DeviceState,
    InverterState,
    MeterState,
    ProcessImage,
)
from .point import DeviceId, DeviceKind, Point, PointValue, Quantity
from .setpoint import CurrentSetpoint, PowerSetpoint, Setpoint
from .snapshot import DeviceSnapshot

__all__ = [
    "CATALOGUE",
    "Apply",
    "ArmedControl",
    "BatteryState",
    "ChargerState",
    "ControlAction",
    "ControlClaim",
    "ControlFacts",
    "ControlFault",
    "ControlPhase",
    "ControlReading",
    "ControlStatus",
    "CounterGate",
    "CurrentSetpoint",
    "DeviceId",
    "DeviceKind",
    "DeviceSnapshot",
    "DeviceState",
    "Inspect",
    "InverterState",
    "MeterState",
    "Persistence",
    "Point",
    "PointValue",
    "PowerSetpoint",
    "ProcessImage",
    "Quantity",
    "Refusal",
    "Release",
    "Repetition",
    "Setpoint",
    "WatchdogKind",
    "is_stale",
]
