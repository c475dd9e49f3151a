"""Keeps the book a home has of itself: listens to its devices, plans and the node.

The book is its own: it is kept in a private file and nothing of it is told to anybody.
Whoever calls ``turn`` or hands in work sees to it that one thing follows the other.
"""

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.storage import Store as FileStore

from ..const import DOMAIN, LOGGER
from ..engine.devices import DeviceKind
from ..engine.model.period import (
    PERIODS_PER_HOUR,
    DeliveryPeriod,
    Instant,
    after,
)
from ..engine.model.units import div_floor
from ..engine.node import Event, NeighboursLearned
from ..engine.peer import RoundTiming
from ..engine.scores.evidence import day_of
from ..engine.scores.missions import WEEK_DAYS
from ..engine.scores.own.book import OwnBook
from ..engine.scores.own.evenings import is_event
from ..engine.scores.own.feeding import Circumstances
from ..engine.scores.own.hindsight import Store
from ..engine.scores.own.saved import own_bytes, read_own
from ..engine.scores.own.storms import StormWatch
from ..engine.scores.season import SEASON_FIRST_DAY
from .evening import EVENING_HOURS, is_evening
from .watch import HomeWatch, store_of, stored_wh_of

if TYPE_CHECKING:
    from ..data import CommonWattData

STORE_VERSION: Final = 1
EVENING_PERIODS: Final = len(EVENING_HOURS) * PERIODS_PER_HOUR

type Work = Callable[[OwnBook], object]
"""Something to write down: small, but not for the event loop; nobody is told more."""


class OwnRecords:
    """What one home alone knows, while its entry is loaded."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        data: CommonWattData,
        write: Callable[[Work], None],
    ) -> None:
        """Hand every piece of work to ``write``, which does it outside the loop."""
        self.joins_evenings = False
        """The owner wants to take part when the community asks for less."""

        self.book = OwnBook()
        self._data: Final = data
        self._entry: Final = entry
        self._write: Final = write
        self._timing: Final = RoundTiming()
        self._watch: Final = HomeWatch(self._carbon)
        self._storm = StormWatch()
        self._said: DeliveryPeriod | None = None
        self._store: Final = None if data.demo else own_store(hass, entry.entry_id)

    async def async_load(self, hass: HomeAssistant) -> None:
        """Open the book as it was left."""
        if self._store is None or (text := await self._store.async_load()) is None:
            return
        try:
            saved = await hass.async_add_executor_job(
                lambda: read_own(b64decode(text, validate=True))
            )
        except ValueError as err:
            LOGGER.warning("What the home knew of itself cannot be read: %s", err)
            return
        self.book = OwnBook(saved)

    @callback
    def async_start(self) -> None:
        """Follow devices, forecasts and the node."""
        data, unload = self._data, self._entry.async_on_unload
        # The demo's powers are known once its street was looked at.
        listen = (
            data.forecasts.async_listen if data.demo else data.home.async_add_listener
        )
        unload(listen(self._look))
        unload(data.market.async_listen_to_events(self._hear))

    async def async_save(self, hass: HomeAssistant, *, delay_s: int = 0) -> None:
        """Write the book down, now or somewhat later."""
        if self._store is None:
            return
        text = await hass.async_add_executor_job(self._text)
        if delay_s:
            self._store.async_delay_save(lambda: text, delay_s)
        else:
            await self._store.async_save(text)

    def _text(self) -> str:
        return b64encode(own_bytes(self.book.save())).decode()

    def store(self) -> Store | None:
        """Return the batteries of the home, as their devices tell."""
        return store_of(self._data.home.image())

    def circumstances(self, newcomers_helped: int) -> Circumstances:
        """Return what neither book nor settlements tell."""
        kinds = {device.config.kind for device in self._data.home.devices}
        return Circumstances(
            prosumer=bool(kinds & {DeviceKind.INVERTER, DeviceKind.BATTERY}),
            newcomers_helped=newcomers_helped,
        )

    # -------------------------------------------------------------------- helpers

    @callback
    def _look(self) -> None:
        """Take in what the devices show; say what to expect when a gate closes."""
        image = self._data.home.image()
        powers = self._data.forecasts.foresight.powers
        for seen in self._watch.observe(powers, image):
            self._write(partial(OwnBook.see, seen=seen))
        self._look_at_reserve(image.taken_at)
        self._say(image.taken_at)

    def _say(self, now: Instant) -> None:
        open_until = after(now, self._timing.gate_closure_ms)
        period = DeliveryPeriod.containing(open_until).next()
        if period == self._said:
            return
        self._said = period
        guesses, closes_at = self._guesses(period), self._timing.gate_closure(period)
        self._write(
            lambda book: book.say(period, guesses, now=now, closes_at=closes_at)
        )
        if self.joins_evenings and _begins_evening(period):
            for one in (period, period.next(EVENING_PERIODS - 1)):
                if is_event(day_of(one)):
                    self._write(partial(OwnBook.join, day=day_of(one)))

    def _guesses(self, period: DeliveryPeriod) -> tuple[int | None, ...]:
        """Return the net import of a period by the plan and by the forecast."""
        plan = self._data.plans.plan
        planned_wh = None
        if (
            plan is not None
            and plan.horizon.start <= period.start
            and period.end <= plan.horizon.end
        ):
            net_w = plan.horizon.mean(plan.net_export_w, period)
            planned_wh = -div_floor(net_w, PERIODS_PER_HOUR)
        expected = self._data.forecasts.foresight.energy(period)
        expected_wh = None
        if expected is not None:
            expected_wh = expected.load_wh - expected.production_wh
        return planned_wh, expected_wh

    def _look_at_reserve(self, now: Instant) -> None:
        image, wishes = self._data.home.image(), self._data.plans.wishes
        store = store_of(image)
        if store is None:
            return
        wanted_wh = wishes.reserve_hours * wishes.critical_w
        self._storm, is_kept = self._storm.look(
            now,
            reserve_wh=min(wanted_wh, store.capacity_wh),
            stored_wh=stored_wh_of(image),
        )
        if is_kept:
            self._write(OwnBook.storm_kept)

    def _carbon(self, period: DeliveryPeriod) -> int | None:
        return self._data.plans.carbon_in(period)

    @callback
    def _hear(self, events: Iterable[Event]) -> None:
        if not any(isinstance(event, NeighboursLearned) for event in events):
            return
        week = div_floor(
            day_of(DeliveryPeriod.containing(self._data.home.clock()))
            - SEASON_FIRST_DAY,
            WEEK_DAYS,
        )
        sharing = self._data.sharing
        knows = self._data.forecasts.foresight.learned_load is not None
        taught = sharing is not None and sharing.is_on and knows
        self._write(lambda book: book.trained(week, taught=taught))


def _begins_evening(period: DeliveryPeriod) -> bool:
    return is_evening(period) and not is_evening(period.next(-1))


def own_store(hass: HomeAssistant, entry_id: str) -> FileStore[str]:
    """Return where the book is kept: for this home's eyes alone."""
    return FileStore(
        hass, STORE_VERSION, f"{DOMAIN}.own_scores.{entry_id}", private=True
    )
