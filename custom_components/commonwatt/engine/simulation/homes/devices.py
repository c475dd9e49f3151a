"""The devices that stand in one home; what it does not have is None."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, Self

from .battery import Battery
from .biogas import BiogasCHP
from .calendar import Calendar
from .car import Car
from .heat import HeatPump, HotWater
from .hydrogen import HydrogenStore
from .journeys import Journeys
from .spec import HomeSpec


class Device(Protocol):
    """What all of them have in common, once they have decided."""

    def pass_time(self, span_ms: int) -> None:
        """Let the decided powers flow for ``span_ms``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Devices:
    """All of them; they keep their own state."""

    battery: Battery | None
    hydrogen: HydrogenStore | None
    chp: BiogasCHP | None
    heat_pump: HeatPump | None
    hot_water: HotWater | None
    car: Car | None

    @classmethod
    def of(cls, spec: HomeSpec, *, seed: int, calendar: Calendar) -> Self:
        """Put up what the specification names."""
        car = None
        if spec.car is not None:
            journeys = Journeys(
                spec.car.trips, key=spec.key, seed=seed, calendar=calendar
            )
            car = Car(spec.car, journeys)
        return cls(
            battery=where_given(spec.battery, Battery),
            hydrogen=where_given(spec.hydrogen, HydrogenStore),
            chp=where_given(spec.chp, BiogasCHP),
            heat_pump=where_given(spec.heat_pump, HeatPump),
            hot_water=where_given(spec.hot_water, HotWater),
            car=car,
        )

    def present(self) -> tuple[Device, ...]:
        """Return those that are there."""
        candidates: tuple[Device | None, ...] = (
            self.battery,
            self.hydrogen,
            self.chp,
            self.heat_pump,
            self.hot_water,
            self.car,
        )
        return tuple(device for device in candidates if device is not None)


def where_given[Given, Made](
    given: Given | None, make: Callable[[Given], Made]
) -> Made | None:
    """Return what ``make`` makes of it, or None where nothing is given."""
    return None if given is None else make(given)
