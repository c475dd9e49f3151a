"""The demo neighbourhood of one config entry: its clock, its devices, its accounts.

The simulated home is read the way every home is: its devices answer on a loopback port,
Home Assistant's Modbus connection polls them, and what was read is what its node knows.
"""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Final, Self

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import CALLBACK_TYPE, Event, HassJob, HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryError, ConfigEntryNotReady
from homeassistant.helpers.translation import async_get_translations
from homeassistant.util.json import JsonValueType

from ..chain.settler import Settler
from ..const import DOMAIN, LOGGER
from ..data import Neighbour
from ..drivers.journal import Journal, JournalError
from ..drivers.simulated import ListenError, SimulatedDevices
from ..drivers.traces import TracesError
from ..engine.devices import Setpoint
from ..engine.model.period import (
    MINUTE_MS,
    SECOND_MS,
    Instant,
    after,
)
from ..engine.model.tariff import Tariff
from ..engine.node import Node
from ..engine.simulation.homes import HomeKey
from ..engine.simulation.neighbourhood import HomeGlance
from ..forecasting.runtime import Forecasts
from ..home import HomeRuntime, wall_clock
from ..journal_file import journal_not_ready, journal_path
from ..local_day import day_started_at
from ..market_feed import MarketFeed
from ..planning.runtime import PlanRuntime
from .accounts import FLOWS, Accounts
from .chain import async_settler_of
from .clock import DemoClock, first_instant
from .devices import device_configs
from .planning import plans_of
from .settings import DemoSettings
from .street import Street

LOOK_MS: Final = 5 * MINUTE_MS
"""How often the node looks at the home, and is obeyed.  Not at every step: how fast the
clock runs must not change what is traded."""

POLL_S: Final = LOOK_MS // SECOND_MS
"""Longest time between two polls, in simulated seconds."""

ARMED_MINUTES: Final = 30 * 24 * 60
"""How long the demo's devices obey, unless their owner switches that off."""


class DemoRuntime:
    """Runs the demo while its entry is loaded."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        *,
        street: Street,
        names: dict[str, str],
        now: Instant,
    ) -> None:
        settings = DemoSettings.from_data(entry.data)
        self.now = now
        """Simulated time: where everything has arrived that is shown."""

        self.running = False
        self.homes: tuple[HomeGlance, ...] = ()
        self.feed: Final = MarketFeed(street.neighbourhood.party)
        self.forecasts: Final = Forecasts(street.foresight)
        self.home: HomeRuntime
        self.plans: PlanRuntime
        self.chain: Settler | None = None
        """Who settles the street on a chain, where one is configured."""

        self._hass: Final = hass
        self._entry: Final = entry
        self._street: Final = street
        self.names: Final = names
        """Names of simulated things in Home Assistant's language."""

        self._periods_wanted: Final = settings.stop_after_periods
        self._pace: Final = DemoClock(speed=settings.speed)
        self._devices: Final = SimulatedDevices(street.neighbourhood.home_spec)
        self._accounts: Final = Accounts(
            hass,
            party=self.feed.party,
            tariff=street.neighbourhood.tariff,
            names={flow: names[f"demo_flow_{flow}"] for flow in FLOWS},
        )
        self._advice: list[Setpoint] = []
        """What the node asks for, until it is passed on to the devices."""

        self._listeners: Final[list[Callable[[], None]]] = []
        self._stop: Final = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._closed = False
        self._loop: Final = asyncio.get_running_loop()
        self._reached_at = self._loop.time()
        """When the simulated clock moved last, on the loop's own clock."""

    @classmethod
    async def async_open(cls, hass: HomeAssistant, entry: ConfigEntry) -> Self:
        """Build the street and plug the user's devices in.

        Raises:
            ConfigEntryNotReady, ConfigEntryError: with what the owner can do.
        """
        started_at = first_instant(wall_clock())
        path = journal_path(hass, entry.entry_id)
        opening = partial(
            Street.open,
            DemoSettings.from_data(entry.data),
            started_at=started_at,
            journal_path=path,
            day_started_at=day_started_at,
        )
        try:
            street = await hass.async_add_executor_job(opening)
        except TracesError as err:
            raise ConfigEntryError(
                translation_domain=DOMAIN,
                translation_key="traces_unusable",
                translation_placeholders={"where": err.where},
            ) from err
        except JournalError as err:
            raise journal_not_ready(path, err) from err
        names = await _names(hass)
        demo = cls(hass, entry, street=street, names=names, now=started_at)
        entry.async_on_unload(demo._unplug)
        settings = DemoSettings.from_data(entry.data)
        demo.chain = await async_settler_of(hass, entry, settings.chain, street.books)
        await demo._plug_in()
        return demo

    async def _plug_in(self) -> None:
        try:
            await self._devices.start(self._street.neighbourhood.home_state())
        except ListenError as err:
            raise ConfigEntryNotReady(
                translation_domain=DOMAIN, translation_key="no_port"
            ) from err
        configs = device_configs(port=self._devices.port, names=self.names)
        self.home = HomeRuntime(
            self._hass,
            self._entry,
            configs,
            tariff=self.tariff,
            clock=self.clock,
            interval_s=POLL_S,
            simulated=True,
        )
        self.plans = plans_of(
            self._hass,
            self._entry,
            self.home,
            self.feed,
            self.names,
            forecasts=self.forecasts,
        )

    # ------------------------------------------------------------- what is shown

    def clock(self) -> Instant:
        """Return simulated time."""
        return self.now

    def tariff(self) -> Tariff | None:
        """Return what the demo home's retailer charges."""
        return self._street.neighbourhood.tariff

    def summary(self) -> dict[str, JsonValueType]:
        """Return what has happened so far."""
        summary = self._accounts.summary()
        if self.chain is not None and (wallet := self.chain.wallet) is not None:
            summary["chain"] = wallet.section()
        return summary

    @property
    def journal(self) -> Journal:
        """Return the journal of the home's node."""
        return self._street.journal

    @property
    def home_keys(self) -> tuple[HomeKey, ...]:
        """The homes of the street, the user's first."""
        return self._street.home_keys

    def neighbours(self) -> tuple[Neighbour, ...]:
        """Return the street; in the demo all let the others see their live power."""
        return tuple(
            Neighbour(
                party=home.party,
                name=self.names[f"demo_home_{home.key}"],
                kind=home.key,
                power_w=home.state.grid_w,
                is_online=True,
            )
            for home in self.homes
        )

    async def async_ask[Answer](
        self, question: Callable[[Node, Instant], Answer]
    ) -> Answer:
        """Let the home's node do something, or tell something."""
        answer, status = await self._hass.async_add_executor_job(
            self._street.ask, question
        )
        self.feed.publish(status)
        return answer

    @callback
    def async_listen(self, listener: Callable[[], None]) -> CALLBACK_TYPE:
        """Call ``listener`` whenever the clock has moved, or has stopped."""
        self._listeners.append(listener)

        @callback
        def remove() -> None:
            self._listeners.remove(listener)

        return remove

    # ------------------------------------------------------------ start and stop

    @callback
    def async_start(self) -> None:
        """Let the clock run."""
        self._accounts.async_begin()
        if self.chain is not None:
            self.chain.async_start()
        # The home gives its devices back in between.
        for stop_listening in (
            self._hass.async_add_shutdown_job(HassJob(self.async_stop)),
            self._hass.bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, self._stopping),
        ):
            self._entry.async_on_unload(stop_listening)
        self._task = self._entry.async_create_background_task(
            self._hass, self._live(), "commonwatt demo clock"
        )

    async def async_stop(self) -> None:
        """Finish the step under way and write what is still to be written.

        The devices stay plugged in: the home has yet to give them back.
        """
        self._stop.set()
        if self._task is not None:
            await asyncio.wait([self._task])
        if self.chain is not None:
            await self.chain.async_stop()

    async def _unplug(self) -> None:
        """Close port and journal; once is enough."""
        if self._closed:
            return
        self._closed = True
        await self._devices.stop()
        await self._hass.async_add_executor_job(self._street.close)

    async def _stopping(self, _event: Event) -> None:
        await self.async_stop()
        await self._unplug()

    # ---------------------------------------------------------------- the clock

    async def _live(self) -> None:
        self.running = True
        try:
            await self._look()
            await self._arm()
            while not self._stop.is_set():
                await self._step()
        except JournalError as err:
            LOGGER.error("The demo has stopped: its journal fails (%s)", err)
        except Exception:  # noqa: BLE001  # whatever it is
            # Nobody waits for this task: a bug must not stop the clock in silence.
            LOGGER.exception("The demo has stopped")
        finally:
            self.running = False
            self._accounts.async_end()
            self._tell()

    async def _step(self) -> None:
        """Wait until the next step is due, then take it."""
        real_now = wall_clock()
        until = self._pace.next_instant(self.now, real_now=real_now)
        spent_ms = round((self._loop.time() - self._reached_at) * SECOND_MS)
        delay_ms = self._pace.delay_ms(
            self.now, until, real_now=real_now, spent_ms=spent_ms
        )
        try:
            async with asyncio.timeout(delay_ms / SECOND_MS):
                await self._stop.wait()
        except TimeoutError:
            await self._live_until(until)
            await self._look()

    async def _live_until(self, target: Instant) -> None:
        """Let time pass, stopping wherever a controlled device has to hear from us."""
        while self.now < target:
            await self.home.async_tick_controls()
            due = self.home.control_due()
            until = target
            if due is not None and due < target:
                until = max(due, after(self.now, SECOND_MS))
            state = await self._hass.async_add_executor_job(
                self._street.advance, until, self._devices.commands()
            )
            self._devices.show(state)
            self.now = until
        self._reached_at = self._loop.time()

    async def _look(self) -> None:
        """Read the devices, and bring node, accounts and entities up to date."""
        await self.home.async_refresh()
        image = self.home.image() if self.now % LOOK_MS == 0 else None
        glance = await self._hass.async_add_executor_job(self._street.look, image)
        self._accounts.async_take(image, glance.drained)
        wanted = self._periods_wanted
        if wanted is not None and self._accounts.periods_settled >= wanted:
            self._stop.set()
        self.homes = glance.homes
        self.feed.publish(glance.status, glance.drained.report)
        self._tell()
        if image is not None:
            self.forecasts.async_tell()
        self._advice.extend(glance.drained.actuate)
        if image is not None:
            advice, self._advice = self._advice, []
            await self.home.async_actuate(advice)

    async def _arm(self) -> None:
        """Let the home's devices do what its node trades: nobody's comfort is at stake.

        From then on it is the owner's switch, as everywhere.
        """
        for device in self.home.devices:
            if (control := device.control) is not None and not self._stop.is_set():
                usual_minutes, control.arming_minutes = (
                    control.arming_minutes,
                    ARMED_MINUTES,
                )
                await control.arm()
                control.arming_minutes = usual_minutes

    @callback
    def _tell(self) -> None:
        for listener in list(self._listeners):
            listener()


async def _names(hass: HomeAssistant) -> dict[str, str]:
    """Return the demo's names in Home Assistant's language."""
    prefix = f"component.{DOMAIN}.common."
    texts = await async_get_translations(hass, hass.config.language, "common", [DOMAIN])
    return {key.removeprefix(prefix): text for key, text in texts.items()}
