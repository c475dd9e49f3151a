"""When a car is where: its driver's week, with the dice of each day."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ...model.period import MINUTE_MS, Instant
from .calendar import Calendar, weekday
from .dice import Dice
from .spec import HomeKey, Trip
from .state import Place
from .store import MJ_PER_WH

JITTER_MINUTES: Final = 12
LEG_MINUTES_MAX: Final = 40
DAYS_AHEAD: Final = 8
"""Every trip comes up again within a week; one more day for the seams."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """One trip on one day: away from ``departs_at`` until ``returns_at``."""

    departs_at: Instant
    returns_at: Instant
    leg_ms: int
    """On the road for so long, once each way."""

    trip: Trip

    @property
    def road_w(self) -> int:
        """Power that driving takes out of the battery."""
        return self.trip.energy_wh * MJ_PER_WH // (2 * self.leg_ms)

    def place(self, at: Instant) -> Place:
        """Return where the car is during the journey."""
        if at < self.departs_at + self.leg_ms or at >= self.returns_at - self.leg_ms:
            return Place.ROAD
        return Place.WORK if self.trip.is_to_work else Place.AWAY


class Journeys:
    """The journeys of one car, in order, found from any instant."""

    def __init__(
        self, trips: tuple[Trip, ...], *, key: HomeKey, seed: int, calendar: Calendar
    ) -> None:
        self._trips = trips
        self._key = key
        self._seed = seed
        self._calendar = calendar
        self._listed: tuple[Journey, ...] = ()
        self._listed_on = -1

    def current(self, at: Instant) -> Journey | None:
        """Return the journey under way."""
        return next(
            (one for one in self._near(at) if one.departs_at <= at < one.returns_at),
            None,
        )

    def coming(self, at: Instant) -> Journey | None:
        """Return the next journey that starts after ``at``; None: it never leaves."""
        return next((one for one in self._near(at) if one.departs_at > at), None)

    def _near(self, at: Instant) -> tuple[Journey, ...]:
        """Return the journeys of yesterday and of the week to come, in order."""
        today, _ = self._calendar.local(at)
        if today != self._listed_on:
            self._listed, self._listed_on = tuple(self._list(today)), today
        return self._listed

    def _list(self, today: int) -> Iterator[Journey]:
        for day in range(today - 1, today + DAYS_AHEAD):
            found = [
                self._journey(number, trip, day)
                for number, trip in enumerate(self._trips)
                if weekday(day) in trip.weekdays
            ]
            yield from sorted(found, key=lambda journey: journey.departs_at)

    def _journey(self, number: int, trip: Trip, day: int) -> Journey:
        dice = Dice(self._seed, self._key, "journey", number, day)
        early, late = (dice.between(-JITTER_MINUTES, JITTER_MINUTES) for _ in range(2))
        departs = trip.departs_minute + early
        returns = max(trip.returns_minute + late, departs + 2)
        leg = max(1, min(LEG_MINUTES_MAX, (returns - departs) // 4))
        return Journey(
            departs_at=self._calendar.instant(local_day=day, local_minute=departs),
            returns_at=self._calendar.instant(local_day=day, local_minute=returns),
            leg_ms=leg * MINUTE_MS,
            trip=trip,
        )
