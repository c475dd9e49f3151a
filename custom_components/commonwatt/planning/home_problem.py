"""From what is known of the home now to what the optimiser is asked."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ..engine.devices import BatteryState, ChargerState, DeviceId, ProcessImage
from ..engine.dispatch import AssetId
from ..engine.dispatch.home import (
    Autonomy,
    Battery,
    Car,
    Grid,
    HomeProblem,
    Horizon,
    Position,
    Prices,
    Scenario,
    Trip,
)
from ..engine.model.period import HOUR_MS, MINUTE_MS, Instant
from ..engine.model.units import PPM, div_floor
from .appliances import PlannedAppliance
from .wishes import CarWish, Wishes

CONNECTION_W_MAX: Final = 43_000
"""Three phases of 63 A: what a home's connection hardly ever exceeds."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeNow:
    """Everything a plan is made from, at one instant."""

    image: ProcessImage
    prices: Prices
    expected: tuple[Scenario, ...]
    """The ways the days may go, the expected one first."""

    given_wh: Mapping[DeviceId, int]
    """What each charging point has given its car so far, where that is known."""

    position: Position | None


def problem_of(
    now: HomeNow, wishes: Wishes, appliances: Iterable[PlannedAppliance]
) -> HomeProblem:
    """Return the home's next 48 hours as the optimiser wants them."""
    horizon = horizon_of(now.image.taken_at)
    return HomeProblem(
        horizon=horizon,
        scenarios=now.expected,
        grid=Grid(
            import_w_max=CONNECTION_W_MAX,
            export_w_max=CONNECTION_W_MAX,
            prices=now.prices,
            positions=() if now.position is None else (now.position,),
        ),
        storages=(
            *_batteries(now.image),
            *_cars(now, wishes),
        ),
        appliances=tuple(a.wish(now.image.taken_at) for a in appliances),
        autonomy=_autonomy(wishes, len(horizon)),
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
    usual_w = div_floor(capacity_wh, HOURS_TO_FULL)
    charge_w, discharge_w = state.charge_power_w_max, state.discharge_power_w_max
    return Battery(
        id=AssetId(device),
        stored_wh=None if old else state.stored_wh,
        capacity_wh=capacity_wh,
        charge_w_max=usual_w if charge_w is None else charge_w,
        discharge_w_max=usual_w if discharge_w is None else discharge_w,
        wear_micro_per_kwh=BATTERY_WEAR_MICRO_PER_KWH,
    )


def _cars(now: HomeNow, wishes: Wishes) -> Iterator[Car]:
    """Yield the cars that are plugged in and are to be given something."""
    image = now.image
    for device, state in sorted(image.chargers.items()):
        wish = wishes.car(device)
        if not state.connected or image.age_ms(state) > AGE_MS_MAX:
            continue
        if wish.target_wh > 0:
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
    current_ma = state.current_ma_max or CURRENT_MA_MAX
    target_wh = div_floor(wish.target_wh * CHARGE_PPM, PPM)
    stored_wh = None if given_wh is None else div_floor(given_wh * CHARGE_PPM, PPM)
    leaves_at = wish.leaves_at(now)
    return Car(
        id=AssetId(device),
        stored_wh=None if stored_wh is None else min(stored_wh, target_wh),
        capacity_wh=target_wh,
        charge_w_min=CURRENT_MA_MIN * VOLTS * PHASES // 1_000,
        charge_w_max=max(current_ma, CURRENT_MA_MIN) * VOLTS * PHASES // 1_000,
        charge_ppm=CHARGE_PPM,
        trips=(Trip(leaves_at=leaves_at, returns_at=None, stored_wh_goal=target_wh),),
        worth=(),
    )


def _autonomy(wishes: Wishes, count: int) -> Autonomy:
    """Return the reserve; without one its hours are still told."""
    return Autonomy(
        hours_ms=wishes.reserve_hours * HOUR_MS,
        critical_w=(wishes.critical_w,) * count,
        production_low_w=(0,) * count,
    )
