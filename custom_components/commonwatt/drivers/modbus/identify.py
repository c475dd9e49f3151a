"""Finding out what answers behind a Modbus unit."""

from collections.abc import Awaitable, Callable
from typing import Final

from modbus_connection import ModbusError, ModbusUnit
from modbus_connection.model.sunspec import SunSpecMapShiftError

from ...engine.devices import DeviceKind
from .device import SUNSPEC, Identity, ModbusDevice
from .errors import IdentifyError, IdentifyReason, nobody_there
from .link import Link
from .profiles import Profile, ProfileDevice, load_profiles
from .sunspec import SunSpecDevice, find_map

SILENCE_S: Final = 2.4
"""Longest time spent on a unit that never says anything."""

type Probe = Callable[[float], Awaitable[ModbusDevice | None]]
"""Opens the device if it is one it knows; gets the seconds to wait for a first word."""


async def identify(unit: ModbusUnit, kind: DeviceKind) -> Identity:
    """Return what answers, if it can play the part of ``kind``.

    A silent unit is given up within 3 seconds.

    Raises:
        IdentifyError: with the reason to show.
    """
    link = Link(unit)
    profiles = await load_profiles()
    fitting = [p for p in profiles.values() if kind in p.kinds]
    probes = [_sunspec_probe(link, kind), *(_profile_probe(link, p) for p in fitting)]
    if kind is DeviceKind.CHARGER:
        # Nobody makes SunSpec chargers, so the likelier answer is tried first.
        probes.reverse()
    device = await _first(unit, probes, SILENCE_S)
    return device.identity


async def open_device(
    unit: ModbusUnit,
    driver: str,
    *,
    serial: str | None = None,
    reversed_power: bool = False,
    patience_s: float = SILENCE_S,
) -> ModbusDevice:
    """Open a device that was identified before as ``driver`` (:attr:`Identity.driver`).

    ``serial`` is compared where the device tells one.  ``reversed_power`` is for meters
    that count export as positive power although their maker usually does not.
    ``patience_s`` includes waiting for others on the same line.

    Raises:
        IdentifyError: with the reason to show.
    """
    link = Link(unit)
    if driver == SUNSPEC:
        probe = _sunspec_probe(link, serial=serial, reversed_power=reversed_power)
    else:
        profile = (await load_profiles()).get(driver)
        if profile is None:
            raise IdentifyError(IdentifyReason.NOT_SUPPORTED, f"no profile {driver}")
        probe = _profile_probe(
            link, profile, serial=serial, reversed_power=reversed_power
        )
    return await _first(unit, [probe], patience_s)


def _sunspec_probe(
    link: Link,
    kind: DeviceKind | None = None,
    *,
    serial: str | None = None,
    reversed_power: bool = False,
) -> Probe:
    async def probe(patience_s: float) -> ModbusDevice | None:
        models = await find_map(link.unit, patience_s)
        if models is None:
            return None
        return await SunSpecDevice.open(
            link, models, kind=kind, serial=serial, reversed_power=reversed_power
        )

    return probe


def _profile_probe(
    link: Link,
    profile: Profile,
    *,
    serial: str | None = None,
    reversed_power: bool = False,
) -> Probe:
    async def probe(patience_s: float) -> ModbusDevice | None:
        return await ProfileDevice.open(
            link,
            profile,
            patience_s=patience_s,
            serial=serial,
            reversed_power=reversed_power,
        )

    return probe


async def _first(
    unit: ModbusUnit, probes: list[Probe], patience_s: float
) -> ModbusDevice:
    """Return the device of the first probe that knows it.

    A probe that hears nothing leaves the rest of the time to the others: some devices
    are silent about addresses they do not have.
    """
    silent = 0
    for probe in probes:
        try:
            device = await probe(patience_s / len(probes))
        except TimeoutError as err:
            if not unit.connected:
                raise IdentifyError(IdentifyReason.NO_CONNECTION, str(err)) from err
            silent += 1
        except (ModbusError, SunSpecMapShiftError) as err:
            raise IdentifyError(_reason(unit, err), str(err)) from err
        else:
            if device is not None:
                return device
    if silent == len(probes):
        raise IdentifyError(IdentifyReason.NO_ANSWER)
    raise IdentifyError(IdentifyReason.NOT_SUPPORTED, "nothing we know looks like this")


def _reason(unit: ModbusUnit, error: Exception) -> IdentifyReason:
    if nobody_there(error):
        return IdentifyReason.WRONG_UNIT
    if not unit.connected:
        return IdentifyReason.NO_CONNECTION
    return IdentifyReason.NOT_SUPPORTED
