"""Trips from calendars: an event is a time the car is away."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.event import (
    async_track_state_change_event,
    async_track_utc_time_change,
)
from homeassistant.util import dt as dt_util
import voluptuous as vol

from ..const import LOGGER
from ..engine.model.period import Instant, instant_from_datetime
from ..references import resolve
from .cars import DAYS_AHEAD, PlannedCar

MINUTES: Final = (7, 22, 37, 52)
CALENDAR: Final = "calendar"


class Calendars:
    """Reads the calendars of a home's cars, again and again."""

    def __init__(self, hass: HomeAssistant, cars: Iterable[PlannedCar]) -> None:
        self._hass: Final = hass
        self._cars: Final = [car for car in cars if car.settings.calendar is not None]

    async def async_start(
        self, entry: ConfigEntry, on_news: Callable[[], None]
    ) -> None:
        """Read them once Home Assistant has time, and whenever they change."""
        if not self._cars:
            return

        async def read() -> None:
            before = [car.booked for car in self._cars]
            for car in self._cars:
                await self._read(car)
            if [car.booked for car in self._cars] != before:
                on_news()

        async def due(_moment: datetime) -> None:
            await read()

        @callback
        def changed(_event: Event[EventStateChangedData]) -> None:
            entry.async_create_background_task(self._hass, read(), "commonwatt cars")

        entry.async_create_background_task(self._hass, read(), "commonwatt cars")
        entry.async_on_unload(
            async_track_utc_time_change(self._hass, due, minute=MINUTES, second=0)
        )
        entry.async_on_unload(
            async_track_state_change_event(self._hass, self._entity_ids(), changed)
        )

    def _entity_ids(self) -> list[str]:
        found = (resolve(self._hass, car.settings.calendar or "") for car in self._cars)
        return [entity_id for entity_id in found if entity_id is not None]

    async def _read(self, car: PlannedCar) -> None:
        """Ask for the coming events; without an answer those known so far stay."""
        entity_id = resolve(self._hass, car.settings.calendar or "")
        if entity_id is None or not self._hass.services.has_service(
            CALENDAR, "get_events"
        ):
            return
        now = dt_util.utcnow()
        question = {
            "entity_id": entity_id,
            "start_date_time": now.isoformat(),
            "end_date_time": (now + timedelta(days=DAYS_AHEAD)).isoformat(),
        }
        try:
            answer = await self._hass.services.async_call(
                CALENDAR, "get_events", question, blocking=True, return_response=True
            )
        except (HomeAssistantError, vol.Invalid) as err:
            LOGGER.debug("%s did not tell its events: %s", entity_id, err)
            return
        car.booked = tuple(_events((answer or {}).get(entity_id)))


def _events(answer: object) -> Iterable[tuple[Instant, Instant | None]]:
    """Yield begin and end of every event that has a time of day."""
    events = answer.get("events") if isinstance(answer, Mapping) else None
    for event in events if isinstance(events, list) else ():
        start = dt_util.parse_datetime(str(event.get("start")))
        end = dt_util.parse_datetime(str(event.get("end")))
        if start is not None and end is not None and "T" in str(event.get("start")):
            yield _instant(start), _instant(end)


def _instant(moment: datetime) -> Instant:
    return instant_from_datetime(dt_util.as_utc(moment))
