"""A real home as a member of its community: its node, its journal, its connections.

A home without neighbours is a community of one: the same rounds, nobody to trade with.
So is one that was invited and waits to be let in.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final, Self

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers.event import async_track_utc_time_change
from homeassistant.util.json import JsonValueType

from .community.circle import Circle, Standing
from .community.opening import async_circle, async_forget_others, async_forget_places
from .community.settings import CommunitySettings, community_settings
from .community.waiting import Waiting
from .community.waking import Woken, async_wake
from .community.watch import CommunityWatch
from .data import Neighbour
from .drivers.journal import JournalFault
from .drivers.pump import Pump, Turn
from .drivers.transports import Transport
from .engine.model.period import Instant
from .engine.model.tariff import Tariff
from .engine.node import Node
from .home import HomeRuntime, wall_clock
from .journal_file import async_forget_journal, report_journal_fault
from .local_day import day_started_at
from .market_feed import MarketFeed
from .secret_store import async_forget_secrets

LOOK_SECONDS: Final = (0, 30)
"""When in each minute the node looks at the home: on every boundary of a delivery
period, and often enough between for what a home does."""


class Membership:
    """Runs the node of one home."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        home: HomeRuntime,
        *,
        woken: Woken,
        circle: Circle | None,
        transport: Transport | None,
        waiting: Waiting | None,
    ) -> None:
        self.feed: Final = MarketFeed(woken.party)
        self.journal: Final = woken.journal
        self.circle: Final = circle
        """The other members; None while the home is on its own."""

        self.waiting: Final = waiting
        """Before the door of a community, if the home is a guest there."""

        self._hass: Final = hass
        self._entry: Final = entry
        self._home: Final = home
        self._journal_path: Final = woken.path
        self._watch: Final = CommunityWatch(hass, entry)
        self._fault: JournalFault | None = None
        self._tariff: Tariff | None = None
        self._pump: Final = Pump(
            woken.node,
            journal=woken.journal,
            transport=transport,
            clock=wall_clock,
            day_started_at=day_started_at,
            on_turn=self._turned,
        )

    @classmethod
    async def async_open(
        cls, hass: HomeAssistant, entry: ConfigEntry, home: HomeRuntime
    ) -> Self:
        """Find or make the keys and the journal, and wake the node.

        Raises:
            ConfigEntryNotReady, ConfigEntryError: with what the owner can do.
        """
        settings = community_settings(entry)
        await async_forget_others(hass, entry, settings)
        is_guest = settings is not None and settings.invite is not None
        joined = None if is_guest else settings
        waiting = await Waiting.async_open(hass, entry, settings)
        woken = await async_wake(hass, entry, joined)
        circle = await async_circle(hass, entry, joined, woken)
        membership = cls(
            hass,
            entry,
            home,
            woken=woken,
            circle=circle,
            transport=None if circle is None else await circle.ways.async_transport(),
            waiting=waiting,
        )
        entry.async_on_unload(membership.async_stop)
        return membership

    # ------------------------------------------------------------- how it stands

    @property
    def settings(self) -> CommunitySettings | None:
        """The community the home belongs to, or would like to."""
        if self.circle is not None:
            return self.circle.settings
        return None if self.waiting is None else self.waiting.settings

    @property
    def standing(self) -> Standing:
        """Where the home stands with its community."""
        circle, status = self.circle, self.feed.status
        if circle is None:
            return Standing.ALONE if self.waiting is None else Standing.GUEST
        if not circle.is_member:
            return Standing.REMOVED
        is_waking = status is None or status.is_waking
        return Standing.WAKING if is_waking else Standing.MEMBER

    async def async_ask[Answer](
        self, question: Callable[[Node, Instant], Answer]
    ) -> Answer:
        """Let the node do something, or tell something; RuntimeError once stopped."""
        return await self._pump.ask(question)

    def neighbours(self) -> tuple[Neighbour, ...]:
        """Return the members of the community, this home first."""
        image = self._home.image()
        power_w = next((meter.power_w for meter in image.meters.values()), None)
        me = Neighbour(
            party=self.feed.party,
            name=self._entry.title,
            kind="home",
            power_w=power_w,
            is_online=True,
        )
        others = () if self.circle is None else self.circle.neighbours()
        return (me, *others)

    def peers(self) -> JsonValueType:
        """Return the health of the connections; None where there are none."""
        if self.circle is None:
            return None
        return self.circle.peers(self.feed.status, wall_clock())

    # ------------------------------------------------------------ start and stop

    async def async_start(self) -> None:
        """Begin to take part."""
        entry, circle = self._entry, self.circle
        entry.async_on_unload(
            self._hass.bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, self._stopping)
        )
        await self._pump.start()
        if circle is not None:
            await circle.ways.async_open()
        if self.waiting is not None:
            self.waiting.async_start()
        await self._look()
        entry.async_on_unload(
            async_track_utc_time_change(self._hass, self._look_at, second=LOOK_SECONDS)
        )

    async def async_stop(self) -> None:
        """Finish what is under way and let go of the journal; twice is no harm."""
        if self.waiting is not None:
            await self.waiting.async_stop()
        if self.circle is not None:
            await self.circle.ways.async_close()
        await self._pump.stop()
        await self._hass.async_add_executor_job(self.journal.close)

    async def _stopping(self, _event: Event) -> None:
        await self.async_stop()

    async def _look_at(self, _moment: datetime) -> None:
        await self._look()

    async def _look(self) -> None:
        """Show the node what the home looks like and what its retailer charges."""
        tariff = self._home.tariff()
        if tariff != self._tariff:
            self._tariff = tariff
            await self._pump.set_tariff(tariff)
        await self._pump.observe(self._home.image())

    async def _turned(self, turn: Turn) -> None:
        """Pass on what the node says, and let armed devices follow its advice."""
        self._report(turn.fault)
        if self.circle is not None:
            self.circle.hear(turn.report, turn.status.at)
            self._watch.look(self.circle, turn.status)
        self.feed.publish(turn.status, turn.report)
        if not self._home.is_steered():
            await self._home.async_actuate(turn.actuate)

    @callback
    def _report(self, fault: JournalFault | None) -> None:
        """Show that the journal cannot be written; damage is repaired by opening it."""
        if fault is self._fault:
            return
        self._fault = fault
        if fault is JournalFault.DAMAGED:
            self._hass.config_entries.async_schedule_reload(self._entry.entry_id)
        report_journal_fault(self._hass, self._entry, self._journal_path, fault)


async def async_forget_membership(hass: HomeAssistant, entry_id: str) -> None:
    """Delete keys and journals of a home that is gone."""
    await async_forget_places(hass, entry_id)
    await async_forget_journal(hass, entry_id)
    await async_forget_secrets(hass, entry_id)
