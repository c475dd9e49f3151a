"""What a device is asked to do, and until when."""

from dataclasses import dataclass

from ..model.period import Instant
from .point import DeviceId, DeviceKind


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerSetpoint:
    """Ask a battery for a power: + discharging, - charging, 0 holding still."""

    device: DeviceId
    power_w: int
    expires_at: Instant
    """From then on the device goes its own way again."""

    @property
    def kind(self) -> DeviceKind:
        """The kind of device that understands it."""
        return DeviceKind.BATTERY

    @property
    def value(self) -> int:
        """The bare number."""
        return self.power_w


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentSetpoint:
    """Let a charging point give at most so much current per phase; 0 pauses it."""

    device: DeviceId
    current_ma: int
    expires_at: Instant
    """From then on the device goes its own way again."""

    @property
    def kind(self) -> DeviceKind:
        """The kind of device that understands it."""
        return DeviceKind.CHARGER

    @property
    def value(self) -> int:
        """The bare number."""
        return self.current_ma


type Setpoint = PowerSetpoint | CurrentSetpoint
