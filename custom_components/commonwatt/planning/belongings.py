"""Everything of a home that can be planned but is no device, as its entry says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from homeassistant.config_entries import ConfigEntry

from .appliances import PlannedAppliance, appliances_of
from .cars import PlannedCar, cars_of
from .connection import GridSettings, grid_of
from .machines import Machine, machines_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Belongings:
    """What the owner told of the home besides its devices."""

    appliances: tuple[PlannedAppliance, ...] = ()
    machines: tuple[Machine, ...] = ()
    cars: tuple[PlannedCar, ...] = ()
    grid: GridSettings = field(default_factory=GridSettings)

    @classmethod
    def of(cls, entry: ConfigEntry) -> Self:
        """Read the subentries of a home."""
        return cls(
            appliances=appliances_of(entry),
            machines=machines_of(entry),
            cars=cars_of(entry),
            grid=grid_of(entry),
        )

    @property
    def runnable(self) -> tuple[PlannedAppliance | Machine, ...]:
        """What has times at which it had better run."""
        return (*self.appliances, *self.machines)

    @property
    def names(self) -> Mapping[str, str]:
        """How people call what the plan speaks of."""
        names: dict[str, str] = {thing.id: thing.name for thing in self.runnable}
        return names | {car.charger: car.name for car in self.cars}
