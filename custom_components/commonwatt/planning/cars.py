"""Cars as their owners told of them: how full they are, and when they leave.

A charging point alone only knows what it has given.  A car's own integration knows how
full it is, and a week or a calendar knows when it is needed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, Self

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonValueType

from ..engine.devices import DeviceId
from ..engine.dispatch.home import Trip
from ..engine.model.period import (
    Instant,
    datetime_from_instant,
    instant_from_datetime,
)
from ..engine.model.units import PPM, div_floor
from ..hour_prices import WEEKDAYS
from ..quantities import StateProblem
from ..references import EntityRef
from ..settings import integer, optional_text, rows_of, text
from .machines.hydrogen import stored_wh

SUBENTRY_CAR: Final = "car"

DAYS_AHEAD: Final = 3
ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekTrip:
    """A trip the car makes on some days of every week."""

    days: tuple[str, ...]
    """Of ``WEEKDAYS``; none: every day."""

    leaves: time
    back: time | None
    """At or before ``leaves``: on the next day; None: nobody knows."""

    target_ppm: int
    """How full it should be when it leaves."""

    @classmethod
    def from_data(cls, data: Mapping[str, object]) -> Self:
        """Parse what ``as_data`` wrote."""
        days, back = data["days"], optional_text(data, "back")
        assert isinstance(days, list | tuple), "days are a list"
        return cls(
            days=tuple(str(day) for day in days),
            leaves=time.fromisoformat(text(data, "leaves")),
            back=None if back is None else time.fromisoformat(back),
            target_ppm=integer(data, "target_ppm"),
        )

    def as_data(self) -> dict[str, JsonValueType]:
        """Return it as JSON."""
        return {
            "days": list(self.days),
            "leaves": self.leaves.isoformat(),
            "back": None if self.back is None else self.back.isoformat(),
            "target_ppm": self.target_ppm,
        }

    def on(self, day: date) -> tuple[Instant, Instant | None] | None:
        """Return when the car leaves and is back, if it leaves on that day."""
        if self.days and WEEKDAYS[day.weekday()] not in self.days:
            return None
        if self.back is None:
            return _local(day, self.leaves), None
        later = ONE_DAY if self.back <= self.leaves else timedelta()
        return _local(day, self.leaves), _local(day + later, self.back)


@dataclass(frozen=True, slots=True, kw_only=True)
class CarSettings:
    """What a subentry says of a car."""

    charger: str
    """Subentry of the charging point it is plugged into at home."""

    soc: EntityRef
    """Shows how full it is: a share or an energy."""

    capacity_wh: int
    week: tuple[WeekTrip, ...]
    calendar: EntityRef | None
    """Whose events are trips, too."""

    target_ppm: int
    """How full it should be before an event of the calendar."""

    discharge_w_max: int
    """What it may give back to the house; 0: nothing."""

    reserve_ppm: int
    """Below that it never gives."""

    @classmethod
    def from_data(cls, data: Mapping[str, object]) -> Self:
        """Parse what ``as_data`` wrote."""
        return cls(
            charger=text(data, "charger"),
            soc=text(data, "soc"),
            capacity_wh=integer(data, "capacity_wh"),
            week=tuple(map(WeekTrip.from_data, rows_of(data, "week"))),
            calendar=optional_text(data, "calendar"),
            target_ppm=integer(data, "target_ppm"),
            discharge_w_max=integer(data, "discharge_w_max"),
            reserve_ppm=integer(data, "reserve_ppm"),
        )

    def as_data(self) -> dict[str, JsonValueType]:
        """Return the data of a subentry."""
        return {
            "charger": self.charger,
            "soc": self.soc,
            "capacity_wh": self.capacity_wh,
            "week": [trip.as_data() for trip in self.week],
            "calendar": self.calendar,
            "target_ppm": self.target_ppm,
            "discharge_w_max": self.discharge_w_max,
            "reserve_ppm": self.reserve_ppm,
        }


class PlannedCar:
    """One car of the home, and the trips its calendar tells."""

    def __init__(self, subentry: ConfigSubentry) -> None:
        """Read a subentry."""
        self.name: Final = subentry.title
        self.settings: Final = CarSettings.from_data(subentry.data)
        self.booked: tuple[tuple[Instant, Instant | None], ...] = ()
        """Events of its calendar."""

    @property
    def charger(self) -> DeviceId:
        """The charging point it is plugged into."""
        return DeviceId(self.settings.charger)

    def stored_wh(self, hass: HomeAssistant) -> int | None:
        """Return what is in it; None while its entity does not tell."""
        known = stored_wh(hass, self.settings.soc, self.settings.capacity_wh)
        return None if isinstance(known, StateProblem) else known

    def trips(self, now: Instant) -> tuple[Trip, ...]:
        """Return the coming trips in order of time, none during another.

        After a trip nobody knows the end of, nothing is known.
        """
        trips: list[Trip] = []
        for trip in sorted(self._wanted(now), key=_leaves_at):
            if trips and (trips[-1].returns_at or trip.leaves_at) >= trip.leaves_at:
                continue
            trips.append(trip)
            if trip.returns_at is None:
                break
        return tuple(trips)

    def back_at(self, now: Instant) -> Instant | None:
        """Return when the trip it is on now ends; None if nobody knows of one."""
        told = (away for away, _ in self._weekly(now))
        backs = [
            returns_at
            for leaves_at, returns_at in (*told, *self.booked)
            if returns_at is not None and leaves_at <= now < returns_at
        ]
        return min(backs, default=None)

    def _wanted(self, now: Instant) -> Iterator[Trip]:
        settings = self.settings
        booked = ((away, settings.target_ppm) for away in self.booked)
        for (leaves_at, returns_at), target_ppm in (*self._weekly(now), *booked):
            if leaves_at > now:
                yield Trip(
                    leaves_at=leaves_at,
                    returns_at=returns_at,
                    stored_wh_goal=div_floor(target_ppm * settings.capacity_wh, PPM),
                )

    def _weekly(
        self, now: Instant
    ) -> Iterable[tuple[tuple[Instant, Instant | None], int]]:
        today = dt_util.as_local(datetime_from_instant(now)).date()
        for ahead in range(DAYS_AHEAD):
            for trip in self.settings.week:
                away = trip.on(today + ahead * ONE_DAY)
                if away is not None:
                    yield away, trip.target_ppm


def cars_of(entry: ConfigEntry) -> tuple[PlannedCar, ...]:
    """Return the cars of a home whose charging point is still there."""
    cars = map(PlannedCar, entry.get_subentries_of_type(SUBENTRY_CAR))
    return tuple(car for car in cars if car.charger in entry.subentries)


def _local(day: date, at: time) -> Instant:
    zone = dt_util.get_default_time_zone()
    return instant_from_datetime(datetime.combine(day, at, zone))


def _leaves_at(trip: Trip) -> Instant:
    return trip.leaves_at
