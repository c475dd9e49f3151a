"""Habits of the cars at the home's charging points, and what they may want to come.

A stay begins when a car is plugged in and ends when it leaves.  Of the time before we
watched, statistics know the energy and the hour, but not how long a car stayed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Protocol, Self

import numpy as np

from ..engine.devices import ChargerState, DeviceId, ProcessImage
from ..engine.forecast.cars import (
    CarScenario,
    Habits,
    PluggedIn,
    Stated,
    scenarios,
)
from ..engine.forecast.load.days import SATURDAY
from ..engine.forecast.series import PERIODS_PER_DAY, Series
from ..engine.model.period import (
    HOUR_MS,
    PERIODS_PER_HOUR,
    DeliveryPeriod,
    Instant,
    after,
)

STAYS_KEPT: Final = 400
STAY_WH_MIN: Final = 200
"""Less was no charge: a plug that was tried, a car that was full."""

CHARGING_W_MIN: Final = 1_000
POWER_W_USUAL: Final = 3_700
"""Until a car was seen charging: one phase of 16 A."""

BREAK_PERIODS_MAX: Final = 4
"""Charging that pauses for up to an hour is one charge."""

HOURS_PER_DAY: Final = 24
HOURS_PER_BLOCK: Final = 6
"""Habits know how long cars stay by six hours of arrival."""


class Days(Protocol):
    """What habits need to know of days."""

    def local(self, period: DeliveryPeriod) -> tuple[int, int]:
        """Return number and minute of the local day at which ``period`` starts."""
        ...

    def kind(self, day: int) -> int:
        """Return 0 (Monday) to 6 for a local day; a public holiday is a Sunday."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """One stay of a car at a charging point."""

    since: Instant
    until: Instant
    energy_wh: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CarPast:
    """What is known of the car at one charging point."""

    watched_since: Instant
    stays: tuple[Stay, ...] = ()
    power_w: int = POWER_W_USUAL
    """What it charges with."""

    is_away: bool = False
    """It was seen to be away, so that its arrival will be seen."""

    arrived_at: Instant | None = None
    """Of the stay under way; None also for a car that was here when we came."""

    given_wh: int = 0
    """In the stay under way, or since we came."""

    counter_wh: int | None = None

    def observe(self, state: ChargerState, now: Instant) -> Self:
        """Return what is known after one more look at the charging point."""
        seen = replace(
            self,
            power_w=_charging_power_w(state) or self.power_w,
            counter_wh=self.counter_wh if state.energy_wh is None else state.energy_wh,
            given_wh=self.given_wh + _more_wh(self.counter_wh, state.energy_wh),
        )
        if state.connected is None:
            return seen
        if not state.connected:
            stays = (*self.stays, *_stay(seen, now))[-STAYS_KEPT:]
            return replace(seen, stays=stays, is_away=True, arrived_at=None, given_wh=0)
        if self.is_away:
            return replace(seen, is_away=False, arrived_at=now, given_wh=0)
        return seen


def _charging_power_w(state: ChargerState) -> int | None:
    charging = state.power_w is not None and state.power_w >= CHARGING_W_MIN
    return state.power_w if charging else None


def _more_wh(before: int | None, now: int | None) -> int:
    return 0 if before is None or now is None else max(0, now - before)


def _stay(past: CarPast, now: Instant) -> Iterator[Stay]:
    """Yield the stay that ends now, if its beginning was seen and it was a charge."""
    if past.arrived_at is not None and past.given_wh >= STAY_WH_MIN:
        yield Stay(since=past.arrived_at, until=now, energy_wh=past.given_wh)


@dataclass(slots=True)
class CarBook:
    """The cars of one home."""

    cars: dict[DeviceId, CarPast] = field(default_factory=dict)

    def observe(self, image: ProcessImage) -> None:
        """Look at all charging points."""
        now = image.taken_at
        for device, state in image.chargers.items():
            past = self.cars.get(device) or CarPast(watched_since=now)
            self.cars[device] = past.observe(state, now)

    def fill(self, charged: Mapping[DeviceId, Series], days: Days) -> None:
        """Take charges from statistics for cars that were never watched."""
        typical = Habits.learn((), days=(0, 0)).stay_h
        for device, series in charged.items():
            known = self.cars.get(device)
            if (known is not None and known.stays) or not len(series.energy_wh):
                continue
            since = series.first.start
            past = known or CarPast(watched_since=since)
            stays = tuple(_charges(series, days, typical))[-STAYS_KEPT:]
            self.cars[device] = replace(past, watched_since=since, stays=stays)

    def coming(
        self, device: DeviceId, days: Days, now: Instant, stated: Stated | None = None
    ) -> tuple[CarScenario, ...]:
        """Return what may happen today from ``now`` on, most likely first.

        Nothing is known of a car that was never seen to charge.
        """
        past = self.cars.get(device)
        if past is None or not past.stays:
            return ()
        today, minute = days.local(DeliveryPeriod.containing(now))
        habits = habits_of(past, days, now)
        free_day = days.kind(today) >= SATURDAY
        found = scenarios(habits, free_day=free_day, stated=stated)
        return _not_yet(found, minute / 60)


def habits_of(past: CarPast, days: Days, now: Instant) -> Habits:
    """Learn the habits of a car from its stays."""
    first, _ = days.local(DeliveryPeriod.containing(past.watched_since))
    today, _ = days.local(DeliveryPeriod.containing(now))
    free = sum(days.kind(day) >= SATURDAY for day in range(first, today))
    return Habits.learn(
        [_plugged_in(stay, days) for stay in past.stays],
        days=(max(today - first, 0) - free, free),
    )


def _plugged_in(stay: Stay, days: Days) -> PluggedIn:
    day, minute = days.local(DeliveryPeriod.containing(stay.since))
    return PluggedIn(
        free_day=days.kind(day) >= SATURDAY,
        hour=minute // 60,
        stay_h=(stay.until - stay.since) / HOUR_MS,
        energy_wh=float(stay.energy_wh),
    )


def _not_yet(found: Sequence[CarScenario], hour_now: float) -> tuple[CarScenario, ...]:
    """Leave out arrivals that did not happen, and believe the rest so much more."""
    left = [s for s in found if s.arrives_h is None or s.arrives_h >= hour_now]
    total = sum(scenario.probability for scenario in left)
    if total <= 0:
        return ()
    return tuple(replace(s, probability=s.probability / total) for s in left)


def _charges(series: Series, days: Days, typical_h: Sequence[float]) -> Iterator[Stay]:
    """Yield the charges in a series of energies."""
    busy = np.flatnonzero(series.energy_wh >= CHARGING_W_MIN / PERIODS_PER_HOUR / 2)
    if not len(busy):
        return
    ends = np.flatnonzero(np.diff(busy) > BREAK_PERIODS_MAX)
    for run in np.split(busy, ends + 1):
        first, last = int(run[0]), int(run[-1])
        energy_wh = float(np.nansum(series.energy_wh[first : last + 1]))
        if energy_wh < STAY_WH_MIN:
            continue
        arrived = series.first.next(first)
        _, minute = days.local(arrived)
        usual_h = typical_h[minute // 60 // HOURS_PER_BLOCK]
        charged_ms = (last + 1 - first) * (arrived.end - arrived.start)
        yield Stay(
            since=arrived.start,
            until=after(arrived.start, max(charged_ms, round(usual_h * HOUR_MS))),
            energy_wh=round(energy_wh),
        )


def charging_w(
    scenario: CarScenario, *, power_w: int, midnight: DeliveryPeriod
) -> Mapping[DeliveryPeriod, int]:
    """Return what a car takes if nobody steers it: all it wants, as it arrives."""
    if scenario.arrives_h is None or scenario.energy_wh <= 0:
        return {}
    until_h = scenario.departs_h or HOURS_PER_DAY * 2
    first = midnight.next(round(scenario.arrives_h * PERIODS_PER_HOUR))
    stay = max(1, round((until_h - scenario.arrives_h) * PERIODS_PER_HOUR))
    return _taken(scenario.energy_wh, power_w, first, min(stay, PERIODS_PER_DAY))


def going_on_w(
    past: CarPast, habits: Habits, now: Instant
) -> Mapping[DeliveryPeriod, int]:
    """Return what the car that is here will still take, by what it usually wants."""
    left_wh = habits.energy_wh[1] - past.given_wh
    first = DeliveryPeriod.containing(now)
    return _taken(left_wh, past.power_w, first, PERIODS_PER_DAY)


def _taken(
    energy_wh: float, power_w: int, first: DeliveryPeriod, count: int
) -> Mapping[DeliveryPeriod, int]:
    taken: dict[DeliveryPeriod, int] = {}
    for index in range(count):
        if energy_wh <= 0:
            break
        taken[first.next(index)] = round(min(power_w, energy_wh * PERIODS_PER_HOUR))
        energy_wh -= power_w / PERIODS_PER_HOUR
    return taken


def draw(found: Sequence[CarScenario], place: float) -> CarScenario | None:
    """Return the scenario at a place between 0 (wants nothing) and 1 (wants most)."""
    reached = 0.0
    ranked = sorted(found, key=lambda s: (s.arrives_h is not None, s.energy_wh))
    for scenario in ranked:
        reached += scenario.probability
        if reached >= place:
            return scenario
    return ranked[-1] if ranked else None


def as_json(cars: Mapping[DeviceId, CarPast]) -> dict[str, list[list[int]]]:
    """Return the stays of cars as they are kept on disk."""
    return {
        device: [
            [past.watched_since, past.power_w, 0],
            *([stay.since, stay.until, stay.energy_wh] for stay in past.stays),
        ]
        for device, past in cars.items()
    }


def from_json(saved: Mapping[str, Iterable[list[int]]]) -> dict[DeviceId, CarPast]:
    """Read what ``as_json`` wrote; who was here then may have left since."""
    found = {}
    for device, rows in saved.items():
        (since, power_w, _), *stays = rows
        found[DeviceId(device)] = CarPast(
            watched_since=Instant(since),
            power_w=power_w,
            stays=tuple(
                Stay(since=Instant(start), until=Instant(end), energy_wh=wh)
                for start, end, wh in stays
            ),
        )
    return found
