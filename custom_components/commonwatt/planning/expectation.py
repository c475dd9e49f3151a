"""What a plan expects of load and sun: the forecasts, laid out in its steps."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ..engine.devices import ChargerState, DeviceId
from ..engine.dispatch.home import Horizon, Scenario
from ..engine.forecast.cars import Stated
from ..engine.forecast.paths import Path
from ..engine.forecast.series import Floats
from ..engine.model.period import (
    HOUR_MS,
    PERIOD_MS,
    PERIODS_PER_HOUR,
    DeliveryPeriod,
    Instant,
)
from ..forecasting.cars import (
    CHARGING_W_MIN,
    charging_w,
    draw,
    going_on_w,
    habits_of,
)
from ..forecasting.foresight import Foresight

SUN_KNOWN_MS: Final = 2 * HOUR_MS
"""How long the sun is expected to go on as now where nothing else is known."""

type Powers = Mapping[DeliveryPeriod, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoneCar:
    """A car no plan steers, at the charging point where it is or will be."""

    device: DeviceId
    state: ChargerState
    back_at: Instant | None
    """When it comes home, if somebody has told."""


def scenarios_of(
    foresight: Foresight, horizon: Horizon, cars: Sequence[LoneCar]
) -> tuple[Scenario, ...]:
    """Return the ways the coming days may go, the expected one first.

    A home that has learned nothing yet is expected to go on as it does now; of a home
    nobody measures, nothing is expected.
    """
    expected = foresight.expected
    if expected is None or expected.load is None or not expected.paths:
        return (_as_now(foresight, horizon),)
    first, count = expected.load.first, len(expected.paths)
    return tuple(
        _scenario(
            path, first, horizon, _of_cars(foresight, cars, horizon.start, index, count)
        )
        for index, path in enumerate(expected.paths)
    )


def sun_low_w(foresight: Foresight, horizon: Horizon) -> tuple[int, ...]:
    """Return what the sun gives even on a bad day (P10); nothing where unknown."""
    expected = foresight.expected
    if expected is None or expected.sun is None:
        return (0,) * len(horizon)
    sun = expected.sun
    return tuple(w or 0 for w in _powers_w(sun.p10_wh, sun.first, horizon))


def _scenario(
    path: Path, first: DeliveryPeriod, horizon: Horizon, cars: Sequence[Powers]
) -> Scenario:
    return Scenario(
        load_w=tuple(
            None if power_w is None else power_w + added_w
            for power_w, added_w in zip(
                _powers_w(path.load_wh, first, horizon),
                _taken_w(cars, horizon),
                strict=True,
            )
        ),
        production_w=tuple(_powers_w(path.production_wh, first, horizon)),
        weight_ppm=path.weight_ppm,
    )


def _powers_w(
    energy_wh: Floats, first: DeliveryPeriod, horizon: Horizon
) -> Iterator[int | None]:
    """Yield the mean power of every step; None beyond the forecast."""
    for periods in _steps(horizon):
        # A forecast made a moment ago may begin one period before the plan, or after.
        begin = max(periods[0].number - first.number, 0)
        known = energy_wh[begin : begin + len(periods)]
        if len(known) < len(periods):
            yield None
        else:
            yield round(float(known.mean()) * PERIODS_PER_HOUR)


def _taken_w(cars: Sequence[Powers], horizon: Horizon) -> Iterator[int]:
    """Yield what cars take in every step."""
    for periods in _steps(horizon):
        taken = sum(car.get(period, 0) for car in cars for period in periods)
        yield round(taken / len(periods))


def _steps(horizon: Horizon) -> Iterator[tuple[DeliveryPeriod, ...]]:
    """Yield the delivery periods of every step; a short one lies in one."""
    for start, length_ms in zip(horizon.boundaries, horizon.step_ms, strict=False):
        first = DeliveryPeriod.containing(start)
        count = max(1, length_ms // PERIOD_MS)
        yield tuple(first.next(index) for index in range(count))


def _of_cars(
    foresight: Foresight,
    cars: Sequence[LoneCar],
    now: Instant,
    index: int,
    count: int,
) -> tuple[Powers, ...]:
    """Return what each car takes on one of the ways.

    On the expected way what is most usual; on the others less and more of it.
    """
    place = 1 / 2 if index == 0 else (index - 1 / 2) / (count - 1)
    return tuple(_of_car(foresight, car, now, place) for car in cars)


def _of_car(foresight: Foresight, car: LoneCar, now: Instant, place: float) -> Powers:
    past, days = foresight.cars.cars.get(car.device), foresight.calendar
    if past is None or not past.stays or car.state.connected is None:
        return {}
    if car.state.connected:
        charging = (car.state.power_w or 0) >= CHARGING_W_MIN
        return going_on_w(past, habits_of(past, days, now), now) if charging else {}
    midnight = days.midnight(days.day_of(now))
    stated = None
    if car.back_at is not None:
        stated = Stated(arrives_h=(car.back_at - midnight.start) / HOUR_MS)
    found = foresight.cars.coming(car.device, days, now, stated)
    scenario = draw(found, place)
    if scenario is None:
        return {}
    return charging_w(scenario, power_w=past.power_w, midnight=midnight)


def _as_now(foresight: Foresight, horizon: Horizon) -> Scenario:
    powers = foresight.powers
    starts = horizon.boundaries[:-1]
    soon = [at - horizon.start < SUN_KNOWN_MS for at in starts]
    sun_w = powers.sun_w
    return Scenario(
        load_w=(powers.load_w,) * len(starts),
        production_w=tuple(
            None if sun_w is None else sun_w if is_soon else 0 for is_soon in soon
        ),
    )
