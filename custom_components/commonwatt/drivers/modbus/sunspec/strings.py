"""The modules of model 160: strings of solar panels, and what else hangs there.

Fronius and its kin show the battery as two modules, one that charges and one that
discharges, told apart by their names only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from modbus_connection.model import Component

from ....engine.devices import PointValue
from .components import value_of


class ModuleRole(StrEnum):
    """What is behind a module."""

    SUN = "sun"
    CHARGING = "charging"
    DISCHARGING = "discharging"
    BATTERY = "battery"
    """Either direction; another model has to tell which."""


_ROLES = (
    ("discha", ModuleRole.DISCHARGING),
    ("stdis", ModuleRole.DISCHARGING),
    ("charge", ModuleRole.CHARGING),
    ("stcha", ModuleRole.CHARGING),
    ("bat", ModuleRole.BATTERY),
)
"""Parts of names; the first that fits decides."""


def role_of(name: PointValue) -> ModuleRole:
    """Return what a module's name says; without a name it is solar."""
    text = str(name or "").lower().replace(" ", "")
    return next((role for part, role in _ROLES if part in text), ModuleRole.SUN)


@dataclass(frozen=True, slots=True)
class Modules:
    """The modules of one device as they answered."""

    sun: Sequence[Component]
    charging: Sequence[Component]
    discharging: Sequence[Component]
    battery: Sequence[Component]

    @classmethod
    def of(cls, modules: Sequence[Component]) -> Modules:
        """Sort modules by their names."""
        roles = [(module, role_of(value_of(module, "IDStr"))) for module in modules]
        return cls(*([m for m, r in roles if r is role] for role in ModuleRole))

    @property
    def tell_direction(self) -> bool:
        """Tell whether charging and discharging are told apart."""
        return bool(self.charging and self.discharging)

    @property
    def battery_w(self) -> float | None:
        """Power of the battery, + discharging; None where unknown."""
        charging = total(self.charging, "DCW")
        discharging = total(self.discharging, "DCW")
        if charging is None and discharging is None:
            return None
        return (discharging or 0) - (charging or 0)


def total(modules: Sequence[Component], name: str) -> float | None:
    """Return the sum over the modules that know it; None where none does."""
    values = [value_of(module, name) for module in modules]
    known = [value for value in values if isinstance(value, int | float)]
    return sum(known) if known else None
