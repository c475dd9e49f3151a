"""Armed control meets the wire: actions of the engine become requests to a device."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Final, Protocol

from modbus_connection import (
    IllegalDataAddressError,
    IllegalDataValueError,
    IllegalFunctionError,
    ModbusError,
    ServerDeviceFailureError,
)
from modbus_connection.model.sunspec import SunSpecMapShiftError

from ...engine.devices import (
    Apply,
    ArmedControl,
    ControlAction,
    ControlClaim,
    ControlFacts,
    ControlFault,
    ControlReading,
    ControlStatus,
    DeviceId,
    Inspect,
    Refusal,
    Release,
    Setpoint,
)
from ...engine.model.period import Instant

type KeepClaim = Callable[[ControlClaim | None], Awaitable[None]]
"""Puts a claim where a restart will find it, and returns once it is there."""

ACTIONS_MAX: Final = 16
"""Armed control comes to rest after a handful of actions; more is a bug of ours."""

_REFUSALS = (
    IllegalFunctionError,
    IllegalDataAddressError,
    IllegalDataValueError,
    ServerDeviceFailureError,
)


class ControlRefusedError(Exception):
    """The device took a write but not what makes it safe."""


class ControlPort(Protocol):
    """The control registers of one device.

    Every method may raise ``ModbusError`` or ``SunSpecMapShiftError``.
    """

    @property
    def facts(self) -> ControlFacts:
        """What the device allows."""

    async def inspect(self) -> ControlReading:
        """Read the control registers."""

    async def apply(self, value: int) -> ControlReading:
        """Write timer, value and enable, in this order, and read back.

        Raises:
            ControlRefusedError: the device would not end the value by itself.
        """

    async def release(self, found: Mapping[str, int]) -> ControlReading:
        """Restore what was found and read back."""


async def keep_nothing(claim: ControlClaim | None) -> None:
    """Forget a claim: what is left after a crash will be taken for somebody else's."""


class DrivenDevice:
    """One device under armed control; see :class:`~.device.DeviceControl`."""

    def __init__(
        self,
        device: DeviceId,
        port: ControlPort,
        claim: ControlClaim | None = None,
        keep: KeepClaim = keep_nothing,
    ) -> None:
        self._device: Final = device
        self._port: Final = port
        self._control: Final = ArmedControl(port.facts, claim)
        self._keep: Final = keep
        self._kept = claim
        self._lock: Final = asyncio.Lock()

    @property
    def facts(self) -> ControlFacts:
        """What the device allows."""
        return self._control.facts

    @property
    def status(self) -> ControlStatus:
        """What to show."""
        return self._control.status

    @property
    def claim(self) -> ControlClaim | None:
        """What to hand to the next start."""
        return self._control.claim

    def deadline(self) -> Instant | None:
        """Return when to tick next."""
        return self._control.deadline()

    async def arm(self, now: Instant) -> None:
        """Let the owner's decision take effect."""
        async with self._lock:
            self._control.arm()
            await self._run(now)

    async def disarm(self, now: Instant) -> None:
        """Restore what was found and write nothing more."""
        async with self._lock:
            self._control.disarm()
            await self._run(now)

    async def request(
        self, setpoint: Setpoint, now: Instant, *, at_once: bool = False
    ) -> Refusal | None:
        """Bring a setpoint into force, ``at_once`` or in its turn, or say why not."""
        assert setpoint.device == self._device, "a setpoint goes to its own device"
        async with self._lock:
            refusal = self._control.request(setpoint, now, at_once=at_once)
            await self._run(now)
            return refusal

    async def tick(self, now: Instant) -> None:
        """Do what is due."""
        async with self._lock:
            await self._run(now)

    def observe(self, measured: int, now: Instant) -> None:
        """Compare what the device does with what it confirmed."""
        self._control.observe(measured, now)

    async def _run(self, now: Instant) -> None:
        actions = 0
        while (action := self._control.next_action(now)) is not None:
            actions += 1
            assert actions <= ACTIONS_MAX, "armed control comes to rest"
            await self._keep_claim()
            await self._carry_out(action, now)
        await self._keep_claim()

    async def _keep_claim(self) -> None:
        """Keep the claim before anything is written on its strength."""
        if self._control.claim != self._kept:
            self._kept = self._control.claim
            await self._keep(self._kept)

    async def _carry_out(self, action: ControlAction, now: Instant) -> None:
        try:
            reading = await self._do(action)
        except (ModbusError, SunSpecMapShiftError, ControlRefusedError) as err:
            self._control.failed(_fault(action, err), now)
            return
        match action:
            case Inspect():
                self._control.inspected(reading, now)
            case Apply(value=value):
                self._control.applied(value, reading, now)
            case Release():
                self._control.released(reading, now)

    async def _do(self, action: ControlAction) -> ControlReading:
        match action:
            case Inspect():
                return await self._port.inspect()
            case Apply(value=value):
                return await self._port.apply(value)
            case Release(found=found):
                return await self._port.release(found)


def _fault(action: ControlAction, error: Exception) -> ControlFault:
    if isinstance(error, ControlRefusedError):
        return ControlFault.WRITE_REFUSED
    if isinstance(error, _REFUSALS) and not isinstance(action, Inspect):
        return ControlFault.WRITE_REFUSED
    return ControlFault.UNREACHABLE
