"""What the people in the home want: weights of their goals, a reserve, cars in time.

Kept by the entities that show them; read whenever a plan is made.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from homeassistant.util import dt as dt_util

from ..engine.devices import DeviceId
from ..engine.dispatch.home import Weights
from ..engine.model.period import (
    Instant,
    datetime_from_instant,
    instant_from_datetime,
)
from ..engine.model.units import PPM

_PPM_PER_PERCENT: Final = PPM // 100


class Goal(StrEnum):
    """What counts most, as one choice."""

    CHEAPEST = "cheapest"
    BALANCED = "balanced"
    GREENEST = "greenest"
    RESILIENT = "resilient"
    CUSTOM = "custom"
    """The weights were set one by one."""


WEIGHTS: Final[Mapping[Goal, tuple[int, int, int]]] = {
    Goal.CHEAPEST: (100, 0, 100),
    Goal.BALANCED: (100, 100, 100),
    Goal.GREENEST: (50, 400, 100),
    Goal.RESILIENT: (100, 0, 1000),
}
"""Money, carbon and resilience, in percent."""

DEPARTURE: Final = time(7, 30)
ONE_DAY: Final = timedelta(days=1)


@dataclass(slots=True)
class CarWish:
    """When a car leaves, every day, and what it should have been given by then."""

    departure: time = DEPARTURE
    target_wh: int = 0
    """Energy of the charging session; 0: nothing is asked for."""

    def leaves_at(self, now: Instant) -> Instant:
        """Return the next departure."""
        today = dt_util.as_local(datetime_from_instant(now)).date()
        leaves_at = self._leaves_on(today)
        return leaves_at if leaves_at > now else self._leaves_on(today + ONE_DAY)

    def _leaves_on(self, day: date) -> Instant:
        zone = dt_util.get_default_time_zone()
        return instant_from_datetime(datetime.combine(day, self.departure, zone))


@dataclass(slots=True)
class Wishes:
    """Everything the owner can turn."""

    money_percent: int = 100
    carbon_percent: int = 0
    resilience_percent: int = 100
    reserve_hours: int = 0
    critical_w: int = 300
    sell_micro_per_kwh_min: int | None = None
    """Neighbours never get a kWh for less; None: whatever beats the retailer."""

    buy_micro_per_kwh_max: int | None = None
    """A neighbour's kWh never costs more; None: whatever beats the retailer."""

    keep_wh: int = 0
    """Never sold, whatever it would earn."""

    cars: dict[DeviceId, CarWish] = field(default_factory=dict)

    @property
    def weights(self) -> Weights:
        """Return the weights as the optimiser takes them."""
        return Weights(
            money_ppm=self.money_percent * _PPM_PER_PERCENT,
            carbon_ppm=self.carbon_percent * _PPM_PER_PERCENT,
            resilience_ppm=self.resilience_percent * _PPM_PER_PERCENT,
        )

    @property
    def goal(self) -> Goal:
        """Return the choice the weights amount to."""
        mine = (self.money_percent, self.carbon_percent, self.resilience_percent)
        return next(
            (g for g, weights in WEIGHTS.items() if weights == mine), Goal.CUSTOM
        )

    def choose(self, goal: Goal) -> None:
        """Take over the weights of a choice; a custom one changes nothing."""
        if goal in WEIGHTS:
            weights = WEIGHTS[goal]
            self.money_percent, self.carbon_percent, self.resilience_percent = weights

    def car(self, device: DeviceId) -> CarWish:
        """Return what is wanted for the car at a charging point."""
        return self.cars.setdefault(device, CarWish())
