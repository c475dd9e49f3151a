"""What a device is asked to do, and until when."""

from dataclasses import dataclass

from ..model.period import Instant
from .point import DeviceId


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerSetpoint:
    """Ask a battery for a power: + discharging, - charging, 0 holding still."""

    device: DeviceId
    power_w: int
    expires_at: Instant
    """From then on the device goes its own way again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentSetpoint:
    """Let a charging point give at most so much current per phase; 0 pauses it."""

    device: DeviceId
    current_ma: int
    expires_at: Instant
    """From then on the device goes its own way again."""


type Setpoint = PowerSetpoint | CurrentSetpoint


def setpoint_value(setpoint: Setpoint) -> int:
    """Return the bare number: W for a power, mA for a current."""
    match setpoint:
        case PowerSetpoint(power_w=power_w):
            return power_w
        case CurrentSetpoint(current_ma=current_ma):
            return current_ma
