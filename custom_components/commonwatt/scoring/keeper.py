"""Keeps the score book of one home: feeds it what the node settles, saves it, tells.

The book is worked on in the executor, one thing after the other.
"""

import asyncio
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.storage import Store

from ..const import DOMAIN, LOGGER
from ..engine.devices import DeviceKind
from ..engine.model.clearing import ClearingResult
from ..engine.model.party import PartyId
from ..engine.model.period import DAY_MS, DeliveryPeriod, Instant
from ..engine.model.social import League, ScoreCard
from ..engine.model.units import div_floor
from ..engine.node import Event, PeriodCorrected, PeriodFinal, PeriodSettled
from ..engine.scores.badges import Badge
from ..engine.scores.book import ScoreBook, Standing
from ..engine.scores.leaderboard import league_of
from ..engine.scores.missions import (
    WEEK_DAYS,
    MissionProgress,
    mission_of_the_week,
    monday_of,
    reached_wh,
)
from ..engine.scores.own.feeding import facts_of
from ..engine.scores.own.hindsight import Store as Batteries
from ..engine.scores.own.periods import Metered
from ..engine.scores.records import OwnEnergy, PeriodRecord, record_of
from ..engine.scores.saved import read_saved, saved_bytes
from ..engine.scores.season import season_of
from .evening import is_evening
from .known import Agreed, Known, known_of, newcomers_helped
from .own import OwnRecords, Work, own_store

if TYPE_CHECKING:
    from ..data import CommonWattData

STORE_VERSION: Final = 1
SAVE_DELAY_S: Final = 5 * 60
RESULTS_MAX: Final = 4 * 96
"""Results kept for periods that are not settled yet, or may be corrected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """What the last settled period made of it."""

    standing: Standing
    mission: MissionProgress | None
    day: int
    """The day of UTC it was looked at."""

    week: OwnEnergy
    """This home's energy of the last seven days, today included."""

    week_days: int
    """Of how many of them anything is known."""

    agreed: Agreed | None = None
    """On what terms the others deal with this home; None: on everybody's."""


class ScoreKeeper:
    """The score book of a home while its entry is loaded."""

    def __init__(
        self, hass: HomeAssistant, entry: ConfigEntry, data: CommonWattData
    ) -> None:
        self.scores: Scores | None = None
        self.is_shown = False
        """The owner wants to be on the leaderboard."""

        self._hass: Final = hass
        self._entry: Final = entry
        self._data: Final = data
        self._party: Final[PartyId] = data.market.party
        self._book = ScoreBook(self._party)
        self._results: Final[dict[DeliveryPeriod, ClearingResult | None]] = {}
        self._listeners: Final[list[Callable[[], None]]] = []
        self._on_badge: Final[list[Callable[[Badge], None]]] = []
        self._turns: Final = asyncio.Lock()
        self.own: Final = OwnRecords(hass, entry, data, self._write)
        # The days of the demo are lived anew each time: nothing is kept of them.
        self._store: Final = None if data.demo else _store(hass, entry.entry_id)

    async def async_start(self) -> None:
        """Open the book and follow the node."""
        await self.own.async_load(self._hass)
        if self._store is not None:
            await self._load(self._store)
            self._entry.async_on_unload(partial(self._save_now, self._store))
        self._entry.async_on_unload(
            self._data.market.async_listen_to_events(self._hear)
        )
        self.own.async_start()

    @callback
    def async_listen(self, listener: Callable[[], None]) -> CALLBACK_TYPE:
        """Call ``listener`` whenever the scores have changed."""
        self._listeners.append(listener)
        return partial(self._listeners.remove, listener)

    @callback
    def async_listen_to_badges(
        self, listener: Callable[[Badge], None]
    ) -> CALLBACK_TYPE:
        """Call ``listener`` for every badge that is earned."""
        self._on_badge.append(listener)
        return partial(self._on_badge.remove, listener)

    async def async_show(self, *, shown: bool) -> None:
        """Be on the leaderboard from now on, or no longer."""
        self.is_shown = shown
        await self._show()

    # -------------------------------------------------------------------- helpers

    async def _show(self) -> None:
        """Tell the others how this home stands, if it wants to; or to forget it."""
        scores, shown = self.scores, self.is_shown
        if scores is None or scores.standing.score is None:
            return
        me = self._party
        status = self._data.market.status
        known = None if status is None else status.score_cards.get(me)
        if not shown and known is None:
            return
        card = ScoreCard(
            season=scores.standing.season,
            league=self._league(),
            bucket=scores.standing.score.bucket if shown else 0,
            improvement=scores.standing.improvement if shown else 0,
            is_shown=shown,
        )
        try:
            await self._data.ask(lambda node, now: node.social.show_score(card, now))
        except RuntimeError:
            LOGGER.debug("The node has stopped: its score stays as it was shown")

    def _league(self) -> League:
        kinds = {device.config.kind for device in self._data.home.devices}
        return league_of(
            panels=DeviceKind.INVERTER in kinds, storage=DeviceKind.BATTERY in kinds
        )

    async def _load(self, store: Store[str]) -> None:
        data = await store.async_load()
        if data is None:
            return
        try:
            saved = await self._hass.async_add_executor_job(
                lambda: read_saved(b64decode(data, validate=True))
            )
        except ValueError as err:
            LOGGER.warning("The score book cannot be read and is begun anew: %s", err)
            return
        self._book = ScoreBook(self._party, saved)

    async def _save_now(self, store: Store[str]) -> None:
        """Write the book down before somebody else opens it."""
        async with self._turns:
            await store.async_save(self._saved())
            await self.own.async_save(self._hass)

    @callback
    def _write(self, work: Work) -> None:
        """Write something down in the home's own book, after what came before."""
        self._entry.async_create_background_task(
            self._hass, self._work(work), "commonwatt own scores"
        )

    async def _work(self, work: Work) -> None:
        async with self._turns:
            await self._hass.async_add_executor_job(work, self.own.book)

    @callback
    def _hear(self, events: Iterable[Event]) -> None:
        settled = []
        for event in events:
            match event:
                case PeriodFinal():
                    self._results[event.period] = event.result
                case PeriodSettled() | PeriodCorrected():
                    settled.append(event)
                case _:
                    pass
        while len(self._results) > RESULTS_MAX:
            del self._results[next(iter(self._results))]
        if settled:
            self._entry.async_create_background_task(
                self._hass, self._take(settled), "commonwatt scores"
            )

    async def _take(self, settled: list[PeriodSettled | PeriodCorrected]) -> None:
        """Write settled periods down and look at what they make of it."""
        status = self._data.market.status
        if status is None:
            return
        members = tuple(one.party for one in self._data.neighbours())
        batteries = self.own.store()
        async with self._turns:
            try:
                known = await self._data.ask(known_of)
            except RuntimeError:
                LOGGER.debug("The node has stopped: no score is kept of its last word")
                return
            badges, self.scores = await self._hass.async_add_executor_job(
                self._turn, settled, status.at, members, known, batteries
            )
            await self.own.async_save(self._hass, delay_s=SAVE_DELAY_S)
        if self._store is not None:
            self._store.async_delay_save(self._saved, SAVE_DELAY_S)
        await self._show()
        for tell in list(self._listeners):
            tell()
        for badge in badges:
            for hear in list(self._on_badge):
                hear(badge)

    def _turn(
        self,
        settled: list[PeriodSettled | PeriodCorrected],
        now: Instant,
        members: tuple[PartyId, ...],
        known: Known,
        batteries: Batteries | None,
    ) -> tuple[tuple[Badge, ...], Scores]:
        for event in settled:
            self._write_down(event, known.panels_w)
        day = div_floor(now, DAY_MS)
        self._close_mission(monday_of(day) - WEEK_DAYS, len(members))
        self.own.book.close(now, batteries)
        trusted = None if self.scores is None else self.scores.standing.reputations
        helped = newcomers_helped(known, self._party, trusted or {}, day)
        facts_on = partial(
            facts_of, self.own.book, self._book.by_day(), self.own.circumstances(helped)
        )
        facts = facts_on(today=day)
        # Days that are over belong to the season they were lived in.
        badges = self._book.turn(
            now,
            facts_on(today=day - 1) if season_of(day - 1) != season_of(day) else facts,
            members=members,
            vouches=known.vouches,
            excuses=known.excuses,
        )
        standing = self._book.standing(
            now, facts, members=members, vouches=known.vouches, excuses=known.excuses
        )
        week, week_days = self._book.own(day + 1 - WEEK_DAYS, day + 1)
        return badges, Scores(
            standing=standing,
            mission=self._mission(day, len(members)),
            day=day,
            week=week,
            week_days=week_days,
            agreed=known.agreed,
        )

    def _write_down(
        self, event: PeriodSettled | PeriodCorrected, panels_w: Mapping[PartyId, int]
    ) -> None:
        settlement = (
            event.settlement if isinstance(event, PeriodSettled) else event.difference
        )
        record = record_of(
            settlement,
            self._results.get(event.period),
            party=self._party,
            evening=is_evening(event.period),
            panels_w=panels_w,
        )
        self._book.add(record)
        self._meter(record)

    def _meter(self, record: PeriodRecord) -> None:
        own = record.own
        if own.periods:
            metered = Metered(import_wh=own.import_wh, export_wh=own.export_wh)
            self.own.book.meter(record.period, metered)

    def _close_mission(self, monday: int, members: int) -> None:
        """Remember how the mission of the week from ``monday`` on ended."""
        if monday in dict(self.own.book.missions):
            return
        progress = self._mission(monday + WEEK_DAYS - 1, members, days=WEEK_DAYS)
        if progress is not None:
            self.own.book.mission_over(monday, done=progress.done)

    def _mission(
        self, day: int, members: int, *, days: int | None = None
    ) -> MissionProgress | None:
        """Return how the mission of a week stands after ``days``, or on its ``day``."""
        monday = monday_of(day)
        before = self._book.community(monday - WEEK_DAYS, monday)
        mission = mission_of_the_week(day, before=before, members=members)
        if mission is None:
            return None
        so_far = self._book.community(monday, day + 1)
        return MissionProgress(
            mission=mission,
            reached_wh=reached_wh(
                mission,
                before=before,
                so_far=so_far,
                days=day - monday if days is None else days,
            ),
        )

    def _saved(self) -> str:
        return b64encode(saved_bytes(self._book.save())).decode()


def _store(hass: HomeAssistant, entry_id: str) -> Store[str]:
    return Store(hass, STORE_VERSION, f"{DOMAIN}.scores.{entry_id}")


async def async_forget_scores(hass: HomeAssistant, entry_id: str) -> None:
    """Delete the score book of a home that is gone."""
    await _store(hass, entry_id).async_remove()
    await own_store(hass, entry_id).async_remove()
