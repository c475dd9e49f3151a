"""The words of armed control: what a device allows, what it reports, what went wrong.

Values are W for a battery (+ discharging) and mA for a charging point.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ..model.period import Instant
from .point import DeviceKind


class Persistence(StrEnum):
    """Where a device keeps what is written to it."""

    VOLATILE = "volatile"
    """In memory: may be written as often as the device likes."""

    FLASH = "flash"
    """In cells that wear out: written rarely and within a daily budget."""


class WatchdogKind(StrEnum):
    """How a device notices that its controller has died."""

    REWRITE = "rewrite"
    """The value lapses unless it is written again in time."""

    ANY_WRITE = "any_write"
    """Any write is a sign of life."""

    ANY_READ = "any_read"
    """Any request is a sign of life."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlFacts:
    """What must be known of a device before it may be driven."""

    kind: DeviceKind
    value_min: int
    value_max: int
    value_step: int
    """Resolution: a read-back this close to the value counts as equal."""

    pause: int | None
    """The one value below ``value_min`` that is allowed: 0 pauses a charger."""

    persistence: Persistence
    write_interval_ms: int
    """Least time between two changes of the value."""

    writes_per_day_max: int
    """Most changes of the value in a day (UTC)."""

    watchdog: WatchdogKind
    watchdog_ms: int
    """Silence after which the device falls back."""

    fallback: int | None
    """The value it falls back to; None: its own normal operation."""

    effect_ms: int
    """Time until the measured value must follow the setpoint."""

    effect_tolerance: int
    """How far the measured value may be off."""

    @property
    def is_limit(self) -> bool:
        """Tell whether staying below the value fulfils it, as for a charging point."""
        return self.kind is DeviceKind.CHARGER

    def clamp(self, value: int) -> int | None:
        """Return the nearest value the device allows; None: it is too small for it.

        A charging point takes 0 or at least 6 A: to give it more than was asked for is
        not ours to decide.
        """
        if value == self.pause:
            return value
        if self.pause is not None and value < self.value_min:
            return None
        return min(max(value, self.value_min), self.value_max)

    def fulfils(self, *, actual: int, asked: int, tolerance: int) -> bool:
        """Tell whether ``actual`` is what was asked for."""
        excess = actual - asked if self.is_limit else abs(actual - asked)
        return excess <= tolerance


class ControlPhase(StrEnum):
    """Where armed control stands."""

    DISARMED = "disarmed"
    """Advice only: nothing is written."""

    CHECKING = "checking"
    """Finding out what the device is doing before anything is written."""

    ARMED = "armed"
    """Ready; nothing of ours is in force."""

    ACTIVE = "active"
    """A setpoint of ours is in force, or being written."""

    RELEASING = "releasing"
    """Giving the device back; tried until the device confirms."""

    BLOCKED = "blocked"
    """Somebody else controls the device: it is left alone."""


class ControlFault(StrEnum):
    """Why armed control is not doing what was asked."""

    OTHER_CONTROLLER = "other_controller"
    WRITE_REFUSED = "write_refused"
    """The device rejects the write: often control is not enabled in its menu."""

    NOT_TAKEN = "not_taken"
    """The write was accepted, yet the read-back shows something else."""

    NO_EFFECT = "no_effect"
    """The value is in force, yet the measured power does not follow."""

    UNREACHABLE = "unreachable"
    """The device does not answer; its own watchdog ends the setpoint."""


class Refusal(StrEnum):
    """Why a setpoint was not accepted at all."""

    WRONG_KIND = "wrong_kind"
    NOT_ARMED = "not_armed"
    BLOCKED = "blocked"
    EXPIRED = "expired"
    TOO_LONG = "too_long"
    TOO_SMALL = "too_small"
    """A current between a pause and what the device can do."""

    BUDGET_SPENT = "budget_spent"
    """The device has been written to often enough today."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlReading:
    """What the control registers of a device say."""

    active: bool
    """A limit is in force, whoever set it."""

    value: int | None
    """The value in force; None where the device does not tell."""

    alien: bool = False
    """The registers hold a pattern our driver never writes."""

    registers: Mapping[str, int]
    """Raw contents of everything a release must restore."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlClaim:
    """Proof, kept across restarts, that a limit in a device is ours to release."""

    values: tuple[int, ...]
    """What may be in the device: one value, or two while a write is under way."""

    written_at: Instant
    expires_at: Instant
    found: Mapping[str, int]
    """Raw registers as they were before us."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlStatus:
    """What to show of armed control."""

    phase: ControlPhase
    asked: int | None
    """The value that was asked for, within the device's limits."""

    in_force: int | None
    """The value the device confirmed."""

    expires_at: Instant | None
    fault: ControlFault | None
    writes_today: int
    """Changes of the value on the (UTC) day of the last one."""
