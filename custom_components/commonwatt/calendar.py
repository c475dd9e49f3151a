"""A calendar of the home: what the plan is about to do, the mission, the votes."""

from datetime import datetime
from typing import override

from homeassistant.components.calendar import CalendarEntity, CalendarEvent
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from .data import CommonWattConfigEntry
from .engine.dispatch.story import Action
from .engine.model.period import (
    DAY_MS,
    HOUR_MS,
    Instant,
    after,
    datetime_from_instant,
)
from .engine.node import MotionView
from .planning.entity import PlanEntity
from .planning.story import coming
from .planning.words import Words
from .texts import Texts, async_common_texts

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: CommonWattConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the calendar of a home."""
    words = await Words.async_load(hass)
    async_add_entities([HomeCalendar(entry, words, await async_common_texts(hass))])


class HomeCalendar(PlanEntity, CalendarEntity):
    """What is going to happen, as far as anybody knows."""

    def __init__(
        self, entry: CommonWattConfigEntry, words: Words, texts: Texts
    ) -> None:
        super().__init__(entry, "calendar")
        self._scoring = entry.runtime_data.scoring
        self._board = entry.runtime_data.votes
        self._words = words
        self._texts = texts

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the plan and the missions."""
        await super().async_added_to_hass()
        self.async_on_remove(self._scoring.async_listen(self._plan_changed))

    @property
    @override
    def event(self) -> CalendarEvent | None:
        """The first that is not over."""
        now = datetime_from_instant(self.plans.now)
        coming_up = (one for one in self._events() if one.end_datetime_local > now)
        return next(coming_up, None)

    @override
    async def async_get_events(
        self, hass: HomeAssistant, start_date: datetime, end_date: datetime
    ) -> list[CalendarEvent]:
        """Return what lies in a time."""
        return [
            one
            for one in self._events()
            if one.end_datetime_local > start_date
            and one.start_datetime_local < end_date
        ]

    def _events(self) -> list[CalendarEvent]:
        events = [self._planned(action) for action in coming(self.plans)]
        events += [self._vote(one) for one in self._board.motions if one.awaits_me]
        mission = self._mission()
        if mission is not None:
            events.append(mission)
        return sorted(events, key=lambda one: one.start_datetime_local)

    def _planned(self, action: Action) -> CalendarEvent:
        name = self.plans.names.get(action.asset, action.asset)
        sentence = self._words.explain(action, name=name)
        return CalendarEvent(
            start=_local(action.starts_at),
            end=_local(action.ends_at),
            summary=self._words.what(action, name=name),
            description=sentence,
            uid=f"{action.asset}_{action.starts_at}",
        )

    def _vote(self, motion: MotionView) -> CalendarEvent:
        said = self._board.say(motion)
        return CalendarEvent(
            start=_local(after(motion.deadline, -HOUR_MS)),
            end=_local(motion.deadline),
            summary=self._texts["vote_closes"].format(title=said.title),
            description=said.description,
            uid=f"vote_{motion.id}",
        )

    def _mission(self) -> CalendarEvent | None:
        scores = self._scoring.scores
        if scores is None or scores.mission is None:
            return None
        mission = scores.mission.mission
        return CalendarEvent(
            start=_local(Instant(mission.first_day * DAY_MS)),
            end=_local(Instant(mission.until_day * DAY_MS)),
            summary=self._texts[f"mission_{mission.kind}"],
            description=self._texts[f"mission_{mission.kind}_how"],
            uid=f"mission_{mission.first_day}",
        )


def _local(instant: Instant) -> datetime:
    return dt_util.as_local(datetime_from_instant(instant))
