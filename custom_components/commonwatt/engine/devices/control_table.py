"""Armed control as a table: phases, events, and what a driver is asked to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from .control import ControlPhase


class ControlEvent(StrEnum):
    """What moves armed control from one phase to the next."""

    CHECK = "check"
    """The owner arms the device, or a limit of an earlier run may be left in it."""

    FREE = "free"
    """Nothing of ours is in the device, and the owner lets us drive."""

    OURS = "ours"
    """The limit in the device is ours and still wanted."""

    FOREIGN = "foreign"
    """A limit of somebody else is in force, and the owner lets us drive."""

    REQUEST = "request"
    """A setpoint was accepted."""

    LET_GO = "let_go"
    """Something of ours is in the device and must leave it."""

    STAND_DOWN = "stand_down"
    """Nothing of ours is in the device, and the owner does not let us drive."""


TRANSITIONS: Final[Mapping[tuple[ControlPhase, ControlEvent], ControlPhase]] = {
    (ControlPhase.DISARMED, ControlEvent.CHECK): ControlPhase.CHECKING,
    (ControlPhase.CHECKING, ControlEvent.CHECK): ControlPhase.CHECKING,
    (ControlPhase.CHECKING, ControlEvent.FREE): ControlPhase.ARMED,
    (ControlPhase.CHECKING, ControlEvent.OURS): ControlPhase.ACTIVE,
    (ControlPhase.CHECKING, ControlEvent.FOREIGN): ControlPhase.BLOCKED,
    (ControlPhase.CHECKING, ControlEvent.LET_GO): ControlPhase.RELEASING,
    (ControlPhase.CHECKING, ControlEvent.STAND_DOWN): ControlPhase.DISARMED,
    (ControlPhase.ARMED, ControlEvent.REQUEST): ControlPhase.ACTIVE,
    (ControlPhase.ARMED, ControlEvent.STAND_DOWN): ControlPhase.DISARMED,
    (ControlPhase.ACTIVE, ControlEvent.REQUEST): ControlPhase.ACTIVE,
    (ControlPhase.ACTIVE, ControlEvent.FREE): ControlPhase.ARMED,
    (ControlPhase.ACTIVE, ControlEvent.FOREIGN): ControlPhase.BLOCKED,
    (ControlPhase.ACTIVE, ControlEvent.LET_GO): ControlPhase.RELEASING,
    (ControlPhase.ACTIVE, ControlEvent.STAND_DOWN): ControlPhase.DISARMED,
    (ControlPhase.RELEASING, ControlEvent.REQUEST): ControlPhase.ACTIVE,
    (ControlPhase.RELEASING, ControlEvent.FREE): ControlPhase.ARMED,
    (ControlPhase.RELEASING, ControlEvent.FOREIGN): ControlPhase.BLOCKED,
    (ControlPhase.RELEASING, ControlEvent.LET_GO): ControlPhase.RELEASING,
    (ControlPhase.RELEASING, ControlEvent.STAND_DOWN): ControlPhase.DISARMED,
    (ControlPhase.BLOCKED, ControlEvent.FREE): ControlPhase.ARMED,
    (ControlPhase.BLOCKED, ControlEvent.FOREIGN): ControlPhase.BLOCKED,
    (ControlPhase.BLOCKED, ControlEvent.STAND_DOWN): ControlPhase.DISARMED,
}
"""Every move there is; anything else would be a bug of ours."""


@dataclass(frozen=True, slots=True)
class Inspect:
    """Read the control registers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Apply:
    """Bring a value into force (timer, value, enable) and read it back."""

    value: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """Restore the registers as they were before us and read them back."""

    found: Mapping[str, int]


type ControlAction = Inspect | Apply | Release
