"""What a home's devices show, period by period, for its own score book.

Powers are added up as forecasts do; a period of which too much is unknown was not seen.
"""

from collections.abc import Callable
from typing import Final

from ..engine.devices import ProcessImage
from ..engine.devices.image import ChargerState
from ..engine.model.period import PERIODS_PER_HOUR, DeliveryPeriod
from ..engine.model.units import div_floor
from ..engine.scores.own.hindsight import Store
from ..engine.scores.own.periods import Seen
from ..forecasting.meter import PeriodMeter, Powers
from ..planning.home_problem import powers_w_max

PERIODS_KEPT: Final = 8
"""Periods of which a car is remembered until they are told."""

type Carbon = Callable[[DeliveryPeriod], int | None]


class HomeWatch:
    """Follows the powers of one home."""

    def __init__(self, carbon: Carbon) -> None:
        """Ask ``carbon`` for the grid's, in g per kWh, when a period is over."""
        self._carbon: Final = carbon
        self._home: Final = PeriodMeter()
        self._cars: Final = PeriodMeter()
        self._with_car: set[DeliveryPeriod] = set()

    def observe(self, powers: Powers, image: ProcessImage) -> tuple[Seen, ...]:
        """Take in what flows now; return the periods that are over and were seen."""
        at = image.taken_at
        period = DeliveryPeriod.containing(at)
        if any(state.connected for state in image.chargers.values()):
            self._with_car.add(period)
        cars = Powers(load_w=_cars_w(image), sun_w=None)
        homes = {one.period: one for one in self._home.observe(powers, at)}
        ended = {one.period: one.load_wh for one in self._cars.observe(cars, at)}
        found = []
        for ended_period, home in sorted(homes.items()):
            car_wh = ended.get(ended_period)
            if home.load_wh is None or home.sun_wh is None or car_wh is None:
                continue
            found.append(
                Seen(
                    period=ended_period,
                    used_wh=round(home.load_wh) + round(car_wh),
                    made_wh=round(home.sun_wh),
                    car_wh=round(car_wh),
                    car_here=ended_period in self._with_car,
                    carbon_g_per_kwh=self._carbon(ended_period),
                )
            )
        oldest = period.next(-PERIODS_KEPT)
        self._with_car = {one for one in self._with_car if one >= oldest}
        return tuple(found)


def store_of(image: ProcessImage) -> Store | None:
    """Return all batteries of a home as one; None without any that is known."""
    known = [
        (state, state.capacity_wh)
        for state in image.batteries.values()
        if state.capacity_wh
    ]
    if not known:
        return None
    powers_w = [powers_w_max(state, capacity_wh) for state, capacity_wh in known]
    return Store(
        capacity_wh=sum(capacity_wh for _, capacity_wh in known),
        charge_wh_max=div_floor(sum(w for w, _ in powers_w), PERIODS_PER_HOUR),
        discharge_wh_max=div_floor(sum(w for _, w in powers_w), PERIODS_PER_HOUR),
    )


def stored_wh_of(image: ProcessImage) -> int | None:
    """Return what is in all batteries; None while one does not tell, or without any."""
    stored = [state.stored_wh for state in image.batteries.values()]
    known = [wh for wh in stored if wh is not None]
    return sum(known) if known and len(known) == len(stored) else None


def _cars_w(image: ProcessImage) -> int | None:
    """Return what cars take; None while a charging point does not tell."""
    powers = [_car_w(state) for state in image.chargers.values()]
    known = [power_w for power_w in powers if power_w is not None]
    return sum(known) if len(known) == len(powers) else None


def _car_w(state: ChargerState) -> int | None:
    return None if state.power_w is None else max(0, state.power_w)
