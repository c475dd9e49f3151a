"""What every Modbus device offers, whichever driver speaks to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from ...engine.devices import (
    ControlClaim,
    ControlFacts,
    ControlStatus,
    DeviceId,
    DeviceKind,
    DeviceSnapshot,
    Point,
    Refusal,
    Setpoint,
)
from ...engine.model.period import Instant
from .driving import KeepClaim, keep_nothing

SUNSPEC = "sunspec"
"""Name of the generic SunSpec driver; any other name is that of a profile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who a device says it is."""

    driver: str
    """``"sunspec"`` or the name of a profile: what :func:`open_device` needs again."""

    kinds: tuple[DeviceKind, ...]
    """The parts it can play; a hybrid inverter is an inverter and a battery."""

    manufacturer: str
    model: str
    serial: str | None = None
    version: str | None = None
    """Of its firmware."""


class DeviceControl(Protocol):
    """Armed control of one device.  Starts disarmed; never raises for a device's fault.

    Call :meth:`tick` at :meth:`deadline` at the latest.  Keep :attr:`claim` across
    restarts: without it a limit left over from a crash is taken for somebody else's.
    """

    @property
    def facts(self) -> ControlFacts:
        """What the device allows."""

    @property
    def status(self) -> ControlStatus:
        """What to show."""

    @property
    def claim(self) -> ControlClaim | None:
        """What to hand to the next start; None while nothing of ours is in force."""

    def deadline(self) -> Instant | None:
        """Return when to tick next; None: not before something happens."""

    async def arm(self, now: Instant) -> None:
        """Let the owner's decision take effect; reads first, writes nothing."""

    async def disarm(self, now: Instant) -> None:
        """Restore what was found and write nothing more.  Also for unloading."""

    async def request(
        self, setpoint: Setpoint, now: Instant, *, at_once: bool = False
    ) -> Refusal | None:
        """Bring a setpoint into force, or say why not.

        The value is clamped to the device's limits.  A newer setpoint replaces it, in
        its turn, or ``at_once`` where a person waits for it.
        """

    async def tick(self, now: Instant) -> None:
        """Do what is due: signs of life, read-back, expiry, retries."""

    def observe(self, measured: int, now: Instant) -> None:
        """Tell the measured value (W or mA) so that a missing effect is noticed."""


class ModbusDevice(Protocol):
    """A device behind a ``ModbusUnit``, opened and ready to be polled."""

    @property
    def identity(self) -> Identity:
        """Who it is."""

    @property
    def points(self) -> tuple[Point, ...]:
        """Everything it offers; fixed while it is open."""

    async def poll(self, now: Instant) -> DeviceSnapshot:
        """Read everything once.

        Energy counters are gated (monotonic, plausible rate), sentinels are None.

        Raises:
            PollError: the poll brought nothing; after ``MAP_SHIFTED`` the device must
                be opened again, after anything else it may simply be polled again.
        """

    def control(
        self,
        kind: DeviceKind,
        device: DeviceId,
        claim: ControlClaim | None = None,
        keep: KeepClaim = keep_nothing,
        *,
        watchdog_s: int | None = None,
    ) -> DeviceControl | None:
        """Return armed control of a part of the device; None: it is read-only.

        ``claim`` is what an earlier run left; ``keep`` is told of every new one, before
        anything is written on its strength.  ``watchdog_s`` replaces the time the
        device waits for a sign of life, within what the device allows.
        """

    async def read_raw(self) -> Mapping[str, Mapping[int, int | bool]]:
        """Return all registers by space and address, for diagnostics.

        Raises:
            PollError: as :meth:`poll`.
        """
