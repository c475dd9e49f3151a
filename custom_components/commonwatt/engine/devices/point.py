"""What a device can tell: its identity, its kinds and the points it offers.

Knows no register, no protocol and no brand.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

DeviceId = NewType("DeviceId", str)
"""Stable name of one device of the home, given by whoever configured it."""


class DeviceKind(StrEnum):
    """The part a device plays.  A hybrid inverter is an inverter and a battery."""

    METER = "meter"
    """The grid's metering point: power is + for import."""

    INVERTER = "inverter"
    """Generation: power is + for production."""

    BATTERY = "battery"
    """Storage: power is + for discharging."""

    CHARGER = "charger"
    """A charging point for electric cars: power is + for charging."""


class Quantity(StrEnum):
    """What a point measures, which also fixes its unit."""

    POWER = "power"
    """W."""

    APPARENT_POWER = "apparent_power"
    """VA."""

    REACTIVE_POWER = "reactive_power"
    """var."""

    POWER_FACTOR = "power_factor"
    """A number from -1 to 1."""

    ENERGY = "energy"
    """Wh on a counter that only grows."""

    ENERGY_SESSION = "energy_session"
    """Wh on a counter that starts again from zero."""

    ENERGY_STORED = "energy_stored"
    """Wh that can rise and fall."""

    VOLTAGE = "voltage"
    """V."""

    CURRENT = "current"
    """A."""

    FREQUENCY = "frequency"
    """Hz."""

    STATE_OF_CHARGE = "state_of_charge"
    """Percent of the usable capacity."""

    SHARE = "share"
    """Percent of something else."""

    TEMPERATURE = "temperature"
    """Degrees Celsius."""

    STATUS = "status"
    """One of the point's ``options``."""

    CODE = "code"
    """A number only the manual explains."""


type PointValue = int | float | str | None
"""In the unit of its quantity; a status is one of the options; None: unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One value a device offers."""

    family: str
    """What it is, from the closed catalogue; also the key of its translated name."""

    kind: DeviceKind
    """The part of the device it belongs to."""

    quantity: Quantity
    number: int | None = None
    """Which phase or string it belongs to, from 1; None where there is only one."""

    diagnostic: bool = False
    """Tells about the device rather than about energy."""

    options: tuple[str, ...] = ()
    """Every value a status can have."""

    @property
    def key(self) -> str:
        """Name of the point, unique within its device and stable for ever."""
        return self.family if self.number is None else f"{self.family}_{self.number}"
