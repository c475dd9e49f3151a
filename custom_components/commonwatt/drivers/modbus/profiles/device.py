"""A device that is described by a profile."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Final, Self

from modbus_connection import ModbusExceptionError
from modbus_connection.model import ManualComponent

from ....engine.devices import (
    ControlClaim,
    DeviceId,
    DeviceKind,
    DeviceSnapshot,
    Point,
    PointValue,
)
from ....engine.model.period import Instant
from ..device import DeviceControl, Identity
from ..doorkeeper import Doorkeeper
from ..driving import DrivenDevice, KeepClaim, keep_nothing
from ..errors import IdentifyError, IdentifyReason, nobody_there
from ..link import Link
from .control import ProfilePort
from .reader import ProfileReader
from .schema import Profile

_VALUE_MAX: Final = "control.range.max"


class ProfileDevice:
    """A device behind a unit, read as its profile says."""

    def __init__(
        self,
        link: Link,
        profile: Profile,
        identity: Identity,
        *,
        value_max: int | None,
        reversed_power: bool,
    ) -> None:
        self._link: Final = link
        self._profile: Final = profile
        self._identity: Final = identity
        self._value_max: Final = value_max
        self._reversed: Final = reversed_power
        self._reader: Final = ProfileReader(link.unit, profile)
        self._doorkeeper: Final = Doorkeeper(self.points)

    @classmethod
    async def open(
        cls,
        link: Link,
        profile: Profile,
        *,
        patience_s: float | None = None,
        serial: str | None = None,
        reversed_power: bool = False,
    ) -> Self | None:
        """Open a device if it passes the profile's self-tests; None if it does not.

        Raises:
            TimeoutError: it does not answer the first request within ``patience_s``.
            ModbusError: the connection or the gateway fails.
            IdentifyError: it is not the device with that serial number.
        """
        link.unit.set_message_spacing(profile.requests.pause_s)
        try:
            decoded = await _probe(link, profile, patience_s)
        except ModbusExceptionError as err:
            if nobody_there(err):
                raise
            return None
        values = _values(profile, decoded)
        if not all(test.passes(values[test.key]) for test in profile.self_tests):
            return None
        identity = _identity(profile, decoded)
        if serial is not None and identity.serial not in {None, serial}:
            raise IdentifyError(IdentifyReason.OTHER_DEVICE, f"it is {identity.serial}")
        return cls(
            link,
            profile,
            identity,
            value_max=_value_max(profile, decoded),
            reversed_power=reversed_power,
        )

    @property
    def identity(self) -> Identity:
        """Who it is."""
        return self._identity

    @property
    def points(self) -> tuple[Point, ...]:
        """Everything it offers."""
        return tuple(self._profile.registers)

    async def poll(self, now: Instant) -> DeviceSnapshot:
        """Read everything once; see :meth:`~..device.ModbusDevice.poll`."""
        if not self._doorkeeper.has_met:
            self._doorkeeper.admit(await self._read(), now)
        return self._doorkeeper.admit(await self._read(), now)

    async def _read(self) -> Mapping[str, PointValue]:
        decoded = await self._link.poll(self._reader.read)
        values = _values(self._profile, decoded)
        if not self._reversed:
            return values
        return {key: _reversed(key, value) for key, value in values.items()}

    async def read_raw(self) -> Mapping[str, Mapping[int, int | bool]]:
        """Return all registers by space and address."""
        return await self._link.poll(self._reader.read_raw)

    def control(
        self,
        kind: DeviceKind,
        device: DeviceId,
        claim: ControlClaim | None = None,
        keep: KeepClaim = keep_nothing,
        *,
        watchdog_s: int | None = None,
    ) -> DeviceControl | None:
        """Return armed control, if the profile says all that is needed for it."""
        control = self._profile.control
        if control is None or kind is not control.facts.kind:
            return None
        facts = control.facts
        if watchdog_s is not None:
            limited_s = min(watchdog_s, control.watchdog_s_max)
            facts = replace(facts, watchdog_ms=limited_s * 1000)
        if self._value_max is not None:
            limited = min(facts.value_max, self._value_max)
            facts = replace(facts, value_max=max(limited, facts.value_min))
        port = ProfilePort(self._link, self._profile, control, facts)
        return DrivenDevice(device, port, claim, keep)


async def _probe(
    link: Link, profile: Profile, patience_s: float | None
) -> Mapping[str, object]:
    """Read all values, and what tells who the device is; be patient only once.

    Some devices give one value at a time, and share their line with others: what counts
    is whether they say anything at all.
    """
    async with asyncio.timeout(patience_s):
        await _first_word(link, profile)
    reader = ProfileReader(link.unit, profile)
    decoded: dict[str, object] = dict(await reader.read())
    about = ManualComponent(link.unit, max_gap=0, max_span=2)
    for key, register in profile.identity.items():
        about.add(key, register.field(), space="holding")
    control = profile.control
    if control is not None and control.value_max_from is not None:
        about.add(_VALUE_MAX, control.value_max_from.field(), space="holding")
    decoded.update(await about.async_update())
    return decoded


async def _first_word(link: Link, profile: Profile) -> None:
    """Wait for the answer to a small request: one for a value the device must have."""
    key = profile.self_tests[0].key
    registers = {point.key: facts for point, facts in profile.registers.items()}
    word = ManualComponent(link.unit, max_gap=0, max_span=2)
    word.add(key, registers[key].field(), space=profile.requests.space.value)
    await word.async_update()


def _values(
    profile: Profile, decoded: Mapping[str, object]
) -> Mapping[str, PointValue]:
    return {
        point.key: register.value(decoded.get(point.key))
        for point, register in profile.registers.items()
    }


def _identity(profile: Profile, decoded: Mapping[str, object]) -> Identity:
    told = {
        key: register.value(decoded[key]) for key, register in profile.identity.items()
    }
    serial, version = told.get("serial"), told.get("version")
    return Identity(
        driver=profile.name,
        kinds=profile.kinds,
        manufacturer=profile.manufacturer,
        model=profile.model,
        serial=None if serial is None else str(serial),
        version=None if version is None else str(version),
    )


def _value_max(profile: Profile, decoded: Mapping[str, object]) -> int | None:
    control = profile.control
    if control is None or control.value_max_from is None:
        return None
    value = control.value_max_from.value(decoded[_VALUE_MAX])
    return round(value) if isinstance(value, int | float) else None


def _reversed(key: str, value: PointValue) -> PointValue:
    turns = key == "meter_power" or key.startswith("meter_phase_power")
    return -value if turns and isinstance(value, int | float) else value
