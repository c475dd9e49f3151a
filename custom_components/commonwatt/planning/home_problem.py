"""From what is known of the home now to what the optimiser is asked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from ..engine.devices import BatteryState, ChargerState, DeviceId, ProcessImage
from ..engine.dispatch import AssetId
from ..engine.dispatch.home import (
    Autonomy,
    Battery,
    CapacityTariff,
    Car,
    Generator,
    Grid,
    HomeProblem,
    Horizon,
    Position,
    Prices,
    Scenario,
    Storage,
    Tranche,
    Trip,
)
from ..engine.model.period import HOUR_MS, MINUTE_MS, Instant
from ..engine.model.units import PPM, div_floor
from .belongings import Belongings
from .cars import PlannedCar
from .wishes import CarWish, Wishes

AGE_MS_MAX: Final = 10 * MINUTE_MS
"""A device silent for longer is left out."""

BATTERY_WEAR_MICRO_PER_KWH: Final = 20_000
"""Half a full cycle: a battery of 400 per kWh that lasts 10,000 cycles."""

HOURS_TO_FULL: Final = 2
"""What a battery whose power nobody tells is taken to need."""

CURRENT_MA_MAX: Final = 16_000
CHARGE_PPM: Final = 920_000
VOLTS: Final = 230
PHASES: Final = 3
CURRENT_MA_MIN: Final = 6_000
NOTHING: Final[Mapping[DeviceId, int | None]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeNow:
    """Everything a plan is made from, at one instant."""

    image: ProcessImage
    prices: Prices
    expected: tuple[Scenario, ...]
    """The ways the days may go, the expected one first."""

    sun_low_w: tuple[int, ...]
    """What the sun gives even on a bad day, in every step."""

    given_wh: Mapping[DeviceId, int]
    """What each charging point has given its car so far, where that is known."""

    position: Position | None
    tranches: tuple[Tranche, ...] = ()
    """What neighbours are likely to sell and take."""

    machines: tuple[Storage | Generator, ...] = ()
    """As their entities show them now."""

    capacity: CapacityTariff | None = None
    stored_in_cars_wh: Mapping[DeviceId, int | None] = NOTHING
    """By charging point, where a car of its own is known."""


def problem_of(now: HomeNow, wishes: Wishes, belongings: Belongings) -> HomeProblem:
    """Return the home's next 48 hours as the optimiser wants them."""
    horizon = horizon_of(now.image.taken_at)
    cars = {car.charger: car for car in belongings.cars}
    generators = tuple(m for m in now.machines if isinstance(m, Generator))
    stores = tuple(m for m in now.machines if not isinstance(m, Generator))
    return HomeProblem(
        horizon=horizon,
        scenarios=now.expected,
        grid=Grid(
            import_w_max=belongings.grid.import_w_max,
            export_w_max=belongings.grid.export_w_max,
            prices=now.prices,
            capacity=now.capacity,
            tranches=now.tranches,
            positions=() if now.position is None else (now.position,),
        ),
        storages=(
            *_batteries(now.image),
            *_cars(now, wishes, cars),
            *stores,
        ),
        generators=generators,
        appliances=tuple(a.wish(now.image.taken_at) for a in belongings.appliances),
        autonomy=_autonomy(wishes, now.sun_low_w),
        keep_wh=wishes.keep_wh,
        weights=wishes.weights,
    )


def horizon_of(now: Instant) -> Horizon:
    """Return the steps of a plan made at ``now``."""
    return Horizon.rolling(now)


def _batteries(image: ProcessImage) -> Iterator[Battery]:
    for device, state in sorted(image.batteries.items()):
        if state.capacity_wh is not None and state.capacity_wh > 0:
            yield _battery(device, state, state.capacity_wh, image)


def _battery(
    device: DeviceId, state: BatteryState, capacity_wh: int, image: ProcessImage
) -> Battery:
    old = image.age_ms(state) > AGE_MS_MAX
    charge_w, discharge_w = powers_w_max(state, capacity_wh)
    return Battery(
        id=AssetId(device),
        stored_wh=None if old else state.stored_wh,
        capacity_wh=capacity_wh,
        charge_w_max=charge_w,
        discharge_w_max=discharge_w,
        wear_micro_per_kwh=BATTERY_WEAR_MICRO_PER_KWH,
    )


def powers_w_max(state: BatteryState, capacity_wh: int) -> tuple[int, int]:
    """Return how fast a battery is charged and discharged at most."""
    usual_w = div_floor(capacity_wh, HOURS_TO_FULL)
    charge_w, discharge_w = state.charge_power_w_max, state.discharge_power_w_max
    return (
        usual_w if charge_w is None else charge_w,
        usual_w if discharge_w is None else discharge_w,
    )


def _cars(
    now: HomeNow, wishes: Wishes, cars: Mapping[DeviceId, PlannedCar]
) -> Iterator[Car]:
    """Yield the cars that are plugged in and are to be given something."""
    image = now.image
    for device, state in sorted(image.chargers.items()):
        wish = wishes.car(device)
        if not state.connected or image.age_ms(state) > AGE_MS_MAX:
            continue
        if device in cars:
            stored_wh = now.stored_in_cars_wh.get(device)
            yield _known_car(cars[device], state, stored_wh, image.taken_at)
        elif wish.target_wh > 0:
            given_wh = now.given_wh.get(device)
            yield _car(device, state, given_wh, wish, image.taken_at)


def _car(
    device: DeviceId,
    state: ChargerState,
    given_wh: int | None,
    wish: CarWish,
    now: Instant,
) -> Car:
    """Return a car as a charging point knows it: by what it was given so far.

    How full it is in truth, only the car knows.
    """
    target_wh = div_floor(wish.target_wh * CHARGE_PPM, PPM)
    stored_wh = None if given_wh is None else div_floor(given_wh * CHARGE_PPM, PPM)
    leaves_at = wish.leaves_at(now)
    return Car(
        id=AssetId(device),
        stored_wh=None if stored_wh is None else min(stored_wh, target_wh),
        capacity_wh=target_wh,
        charge_w_min=_watts(CURRENT_MA_MIN),
        charge_w_max=_watts(state.current_ma_max or CURRENT_MA_MAX),
        charge_ppm=CHARGE_PPM,
        trips=(Trip(leaves_at=leaves_at, returns_at=None, stored_wh_goal=target_wh),),
        worth=(),
    )


def _known_car(
    car: PlannedCar, state: ChargerState, stored_wh: int | None, now: Instant
) -> Car:
    """Return a car that tells how full it is; what it may give is its owner's word."""
    settings = car.settings
    reserve_wh = div_floor(settings.reserve_ppm * settings.capacity_wh, PPM)
    return Car(
        id=AssetId(car.charger),
        stored_wh=stored_wh,
        capacity_wh=settings.capacity_wh,
        reserve_wh=reserve_wh if settings.discharge_w_max else 0,
        charge_w_min=_watts(CURRENT_MA_MIN),
        charge_w_max=_watts(state.current_ma_max or CURRENT_MA_MAX),
        discharge_w_max=settings.discharge_w_max,
        charge_ppm=CHARGE_PPM,
        wear_micro_per_kwh=BATTERY_WEAR_MICRO_PER_KWH,
        trips=car.trips(now),
        # Without a way back, energy beyond the goals is of no use to the house.
        worth=None if settings.discharge_w_max else (),
    )


def _watts(current_ma: int) -> int:
    return max(current_ma, CURRENT_MA_MIN) * VOLTS * PHASES // 1_000


def _autonomy(wishes: Wishes, sun_low_w: tuple[int, ...]) -> Autonomy:
    """Return the reserve; without one its hours are still told."""
    return Autonomy(
        hours_ms=wishes.reserve_hours * HOUR_MS,
        critical_w=(wishes.critical_w,) * len(sun_low_w),
        production_low_w=sun_low_w,
    )
