"""Forecasts of a home while its entry is loaded: when to read, to learn and to look.

Learns when Home Assistant has started and every night, looks ahead every quarter of an
hour, both in the executor.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, Protocol
from zlib import crc32

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import (
    async_track_time_change,
    async_track_time_interval,
    async_track_utc_time_change,
)
from homeassistant.helpers.start import async_at_started

from ..community.settings import community_settings
from ..engine.devices import DeviceId, DeviceKind
from ..engine.forecast import NeighbourTrade, Site
from ..engine.forecast.load import Prior
from ..engine.model.period import HOUR_MS, Instant
from ..home import HomeRuntime
from .calendar import HomeCalendar
from .foresight import Foresight
from .history import Statistics
from .memory import HomeMemory, Remembered
from .meter import UNKNOWN, Powers, powers_of
from .providers import ProviderBook, async_ask_providers
from .statistics import Grain, hours_read_since, minutes_read_since

QUARTERS: Final = (0, 15, 30, 45)
BEGIN_SECOND: Final = 1
"""Before the plan of the period is made."""

QUIET_HOUR: Final = 3
MINUTES_PER_HOUR: Final = 60
ASK_EVERY: Final = timedelta(minutes=30)
CATCH_UP_MINUTE: Final = 6
"""When the statistics of the past hour are written."""

CATCH_UP_MS: Final = 3 * HOUR_MS


class Forecasts:
    """What everybody who shows or uses forecasts sees of them."""

    def __init__(self, foresight: Foresight) -> None:
        self.foresight: Final = foresight
        self.traded: tuple[NeighbourTrade, ...] = ()
        """What neighbours traded in the last weeks."""

        self._listeners: Final[list[Callable[[], None]]] = []

    @callback
    def async_listen(self, listener: Callable[[], None]) -> CALLBACK_TYPE:
        """Call ``listener`` whenever there is a new forecast."""
        self._listeners.append(listener)

        @callback
        def remove() -> None:
            self._listeners.remove(listener)

        return remove

    @callback
    def async_tell(self) -> None:
        """Tell everybody that there is a new forecast."""
        for listener in list(self._listeners):
            listener()


class Lessons(Protocol):
    """What a home learns from others, and lets them learn."""

    async def async_prior(self) -> Prior | None:
        """Return what the neighbours know together."""
        ...

    async def async_teach(self) -> None:
        """Bring what this home knows now."""
        ...


class HomeForecasts(Forecasts):
    """Forecasts of a real home."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        home: HomeRuntime,
        memory: HomeMemory,
        remembered: Remembered,
    ) -> None:
        kinds = {device.config.kind for device in home.devices}
        super().__init__(
            Foresight(
                HomeCalendar.of(hass),
                Site(
                    latitude_deg=hass.config.latitude,
                    longitude_deg=hass.config.longitude,
                ),
                load=remembered.load,
                sun=remembered.sun,
                neighbours_sun=remembered.neighbours_sun,
                cars=remembered.cars,
                has_panels=DeviceKind.INVERTER in kinds
                or bool(len(remembered.sun.energy_wh)),
            )
        )
        self._hass: Final = hass
        self._entry: Final = entry
        self._home: Final = home
        self._memory: Final = memory
        self._book: Final = ProviderBook(remembered.issued)
        self._statistics: Final = Statistics(hass, [d.config for d in home.devices])
        self.traded = remembered.traded
        self.takes_part = remembered.takes_part
        """The owner has said that the home may learn with its neighbours."""

        self.lessons: Lessons | None = None
        self._sees_all = True
        self._lock: Final = asyncio.Lock()

    @classmethod
    async def async_open(
        cls, hass: HomeAssistant, entry: ConfigEntry, home: HomeRuntime
    ) -> HomeForecasts:
        """Remember what was known before the restart."""
        settings = community_settings(entry)
        community = "" if settings is None else settings.community
        memory = HomeMemory(hass, entry.entry_id, community)
        return cls(hass, entry, home, memory, await memory.load())

    @property
    def now(self) -> Instant:
        """The home's own time."""
        return self._home.clock()

    @callback
    def async_start(self) -> None:
        """Begin to measure, and to learn once Home Assistant has started."""
        hass, entry = self._hass, self._entry
        minute = crc32(entry.entry_id.encode()) % MINUTES_PER_HOUR
        for stop in (
            self._home.async_add_listener(self._measure),
            async_track_utc_time_change(
                hass, self._period_began, minute=QUARTERS, second=BEGIN_SECOND
            ),
            async_track_utc_time_change(
                hass, self._catch_up, minute=CATCH_UP_MINUTE, second=0
            ),
            async_track_time_change(
                hass, self._night, hour=QUIET_HOUR, minute=minute, second=0
            ),
            async_track_time_interval(hass, self._ask, ASK_EVERY),
            async_at_started(hass, self._started),
        ):
            entry.async_on_unload(stop)
        entry.async_on_unload(self._memory.flush)

    async def async_learn(self) -> None:
        """Learn from all that is known now."""
        lessons = self.lessons
        prior = None if lessons is None else await lessons.async_prior()
        async with self._lock:
            now = self._home.clock()
            self.foresight.providers = self._book.series(now)
            await self._hass.async_add_executor_job(self.foresight.learn, now, prior)
        await self.async_look_ahead()

    async def async_choose(self, *, takes_part: bool) -> None:
        """Keep what the owner has said, at once."""
        self.takes_part = takes_part
        self._keep()
        await self._memory.flush()

    async def async_look_ahead(self) -> None:
        """Make a new forecast, and tell."""
        async with self._lock:
            now = self._home.clock()
            await self._hass.async_add_executor_job(self.foresight.look_ahead, now)
        self.async_tell()

    # ------------------------------------------------------------------ occasions

    @callback
    def _started(self, _hass: HomeAssistant) -> None:
        self._entry.async_create_background_task(
            self._hass, self._wake(), "commonwatt learns from statistics"
        )

    async def _wake(self) -> None:
        now = self._home.clock()
        await self._ask_providers()
        await self._read(Grain.HOUR, hours_read_since(now))
        await self._read(Grain.FIVE_MINUTES, minutes_read_since(now))
        await self.async_learn()
        if self.lessons is not None:
            await self.lessons.async_teach()

    async def _night(self, _moment: datetime) -> None:
        await self._read(Grain.FIVE_MINUTES, minutes_read_since(self._home.clock()))
        await self.async_learn()
        if self.lessons is not None:
            await self.lessons.async_teach()

    async def _period_began(self, _moment: datetime) -> None:
        self._measure()
        await self.async_look_ahead()

    async def _catch_up(self, _moment: datetime) -> None:
        """Read the last hours where our own devices do not tell them."""
        if self._measures:
            return
        now = self._home.clock()
        await self._read(
            Grain.FIVE_MINUTES, Instant((now - CATCH_UP_MS) // HOUR_MS * HOUR_MS)
        )

    async def _ask(self, _moment: datetime) -> None:
        if await self._ask_providers():
            await self.async_learn()

    # -------------------------------------------------------------------- the past

    @property
    def _measures(self) -> bool:
        """Tell whether our devices show the load of the home."""
        kinds = {device.config.kind for device in self._home.devices}
        return DeviceKind.METER in kinds and self._sees_all

    @callback
    def _measure(self) -> None:
        now = self._home.clock()
        self.foresight.cars.observe(self._home.image())
        if self.foresight.observe(self._powers(now), now):
            self._keep()

    def _powers(self, now: Instant) -> Powers:
        silent: dict[DeviceId, DeviceKind] = {
            device.config.id: device.config.kind
            for device in self._home.devices
            if not device.coordinator.fresh
        }
        dark = self.foresight.is_dark(now)
        powers = powers_of(self._home.image(), silent=silent, dark=dark)
        if not self._measures:
            return Powers(load_w=UNKNOWN.load_w, sun_w=powers.sun_w)
        return powers

    async def _read(self, grain: Grain, since: Instant) -> None:
        self._sees_all = await self._statistics.async_sees_all()
        past = await self._statistics.async_read(grain, since)
        self.foresight.fill(load=past.load, sun=past.sun)
        if grain is Grain.HOUR:
            self.foresight.cars.fill(past.cars, self.foresight.calendar)
        self._keep()

    async def _ask_providers(self) -> bool:
        """Hear what others expect of the sun; tell whether others speak than before."""
        said = await async_ask_providers(self._hass)
        now = self._home.clock()
        names = self._book.names
        for name in set(names) - said.keys():
            self._book.forget(name)
        for name, values in said.items():
            self._book.take(name, values, now)
        self._keep()
        if self._book.names != names:
            return True
        self.foresight.providers = self._book.series(now)
        return False

    @callback
    def _keep(self) -> None:
        self._memory.keep(
            Remembered(
                load=self.foresight.load,
                sun=self.foresight.sun,
                neighbours_sun=self.foresight.neighbours_sun,
                issued=dict(self._book.issued),
                cars=dict(self.foresight.cars.cars),
                takes_part=self.takes_part,
                traded=self.traded,
            )
        )
