"""A SunSpec device: opened once, polled in a few block reads."""

from collections.abc import Mapping
from typing import Final, Self

from modbus_connection import ModbusError
from modbus_connection.model.sunspec import SunSpecMapShiftError, SunSpecModels

from ....engine.devices import (
    ControlClaim,
    DeviceId,
    DeviceKind,
    DeviceSnapshot,
    Point,
    PointValue,
    Quantity,
)
from ....engine.model.period import Instant
from ..device import SUNSPEC, DeviceControl, Identity
from ..doorkeeper import Doorkeeper
from ..driving import DrivenDevice, KeepClaim, keep_nothing
from ..errors import IdentifyError, IdentifyReason, PollError, poll_fault
from ..link import Link
from .battery import WATCHDOG_S, WATCHDOG_S_MAX, StoragePort
from .discovery import STORAGE
from .facts import load_facts
from .labels import choose_label, read_labels
from .layout import SunSpecMap
from .values import Reading, Values, kinds_of

_EXPORT_IS_POSITIVE: Final = ("solaredge",)
"""Makers whose meters count export as positive power; the standard leaves it open."""

_ALWAYS_OFFERED: Final = frozenset({"inverter_energy", "meter_import", "meter_export"})
"""A counter that stands at 0 counts as unknown, yet it will count."""


class SunSpecDevice:
    """A device behind a unit, read through its SunSpec models."""

    def __init__(
        self, device: SunSpecMap, identity: Identity, reading: Reading
    ) -> None:
        self._map: Final = device
        self._identity: Final = identity
        self._reading: Final = reading
        self._points: Final = offered(reading.values(device))
        self._doorkeeper: Final = Doorkeeper(self._points)

    @classmethod
    async def open(
        cls,
        link: Link,
        models: SunSpecModels,
        *,
        kind: DeviceKind | None = None,
        serial: str | None = None,
        reversed_power: bool = False,
    ) -> Self:
        """Open the device whose models were found.

        Raises:
            IdentifyError: it is of another kind, or another device altogether.
            ModbusError: it does not answer.
            SunSpecMapShiftError: its models moved while we were looking.
        """
        facts = await load_facts()
        device = SunSpecMap.of(link, models, facts)
        if device.components:
            await device.read()
        kinds = kinds_of(device)
        if not kinds or (kind is not None and kind not in kinds):
            found = f"it has the models {sorted(models)}"
            raise IdentifyError(IdentifyReason.WRONG_KIND, found)
        labels = await read_labels(link, models, facts)
        label = choose_label(labels, models, kind=kind, serial=serial)
        identity = Identity(
            driver=SUNSPEC,
            kinds=tuple(k for k in DeviceKind if k in kinds),
            manufacturer=label.manufacturer,
            model=label.model,
            serial=label.serial,
            version=label.version,
        )
        usual = label.manufacturer.lower().startswith(_EXPORT_IS_POSITIVE)
        reading = Reading(kinds=kinds, reversed_power=reversed_power is not usual)
        return cls(device, identity, reading)

    @property
    def identity(self) -> Identity:
        """Who it is."""
        return self._identity

    @property
    def points(self) -> tuple[Point, ...]:
        """Everything it offers."""
        return self._points

    async def poll(self, now: Instant) -> DeviceSnapshot:
        """Read everything once; see :meth:`~..device.ModbusDevice.poll`."""
        if not self._doorkeeper.has_met:
            self._doorkeeper.admit(await self._read(), now)
        return self._doorkeeper.admit(await self._read(), now)

    async def _read(self) -> Mapping[str, PointValue]:
        try:
            await self._map.read()
        except (ModbusError, SunSpecMapShiftError) as err:
            raise PollError(poll_fault(err), str(err)) from err
        values = self._reading.values(self._map)
        return {point.key: value for point, value in values.items()}

    async def read_raw(self) -> Mapping[str, Mapping[int, int | bool]]:
        """Return all registers by space and address."""
        try:
            return await self._map.read_raw()
        except (ModbusError, SunSpecMapShiftError) as err:
            raise PollError(poll_fault(err), str(err)) from err

    def control(
        self,
        kind: DeviceKind,
        device: DeviceId,
        claim: ControlClaim | None = None,
        keep: KeepClaim = keep_nothing,
        *,
        watchdog_s: int | None = None,
    ) -> DeviceControl | None:
        """Return armed control of the battery, if it can be driven safely."""
        component = self._map.components.get(STORAGE)
        if kind is not DeviceKind.BATTERY or component is None:
            return None
        values = self._reading.values(self._map)
        limits = {point.family: value for point, value in values.items()}
        port = StoragePort.of(
            self._map.link,
            component,
            charge_w_max=_number(limits.get("battery_charge_power_max")),
            discharge_w_max=_number(limits.get("battery_discharge_power_max")),
            watchdog_s=min(watchdog_s or WATCHDOG_S, WATCHDOG_S_MAX),
        )
        return None if port is None else DrivenDevice(device, port, claim, keep)


def offered(values: Values) -> tuple[Point, ...]:
    """Return the points a device has.

    Most models are larger than what a device fills in, so what it does not know it does
    not have; unless it is asleep and knows nothing.
    """
    powers = [v for p, v in values.items() if p.quantity is Quantity.POWER]
    asleep = all(power is None for power in powers)
    return tuple(
        point
        for point, value in values.items()
        if asleep or value is not None or point.family in _ALWAYS_OFFERED
    )


def _number(value: PointValue) -> float | None:
    return None if isinstance(value, str) else value
