"""A real home as a member of its community: its keys, its journal and its node.

A home without neighbours is a community of one: the same rounds, nobody to trade with.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Final, Self

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers.event import async_track_utc_time_change

from .data import Neighbour
from .drivers.journal import JournalError, JournalFault, SQLiteJournal
from .drivers.pump import Pump, Turn
from .engine.model.party import PartyId
from .engine.model.period import Instant
from .engine.model.tariff import Tariff
from .engine.node import DerivedSessions, Node, lone_config
from .engine.wire.keys import HouseholdKey
from .engine.wire.verifier import verify
from .home import HomeRuntime, wall_clock
from .journal_file import (
    async_forget_journal,
    async_open_journal,
    journal_not_ready,
    report_journal_fault,
)
from .local_day import day_started_at
from .market_feed import MarketFeed
from .secret_store import HomeSecrets, async_forget_secrets, async_load_secrets

LOOK_SECONDS: Final = (0, 30)
"""When in each minute the node looks at the home: on every boundary of a delivery
period, and often enough between for what a home does."""

ENTRIES_TO_RESTORE: Final = 10_000
"""The end of the journal a node is restored from: about a week."""


class Membership:
    """Runs the node of one home."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        home: HomeRuntime,
        *,
        node: Node,
        party: PartyId,
        journal: SQLiteJournal,
    ) -> None:
        self.feed: Final = MarketFeed(party)
        self._hass: Final = hass
        self._entry: Final = entry
        self._home: Final = home
        self._fault: JournalFault | None = None
        self._journal: Final = journal
        self._tariff: Tariff | None = None
        self._pump: Final = Pump(
            node,
            journal=journal,
            transport=None,
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
        secrets = await async_load_secrets(hass, entry)
        household = await hass.async_add_executor_job(HouseholdKey, secrets.household)
        now = wall_clock()
        journal = await async_open_journal(hass, entry, now=now)
        waking = partial(_wake, household, secrets, journal, now)
        try:
            node = await hass.async_add_executor_job(waking)
        except JournalError as err:
            await hass.async_add_executor_job(journal.close)
            raise journal_not_ready(hass, entry, err) from err
        except BaseException:
            await hass.async_add_executor_job(journal.close)
            raise
        membership = cls(
            hass, entry, home, node=node, party=household.party, journal=journal
        )
        entry.async_on_unload(membership.async_stop)
        return membership

    async def async_ask[Answer](
        self, question: Callable[[Node, Instant], Answer]
    ) -> Answer:
        """Let the node do something, or tell something; RuntimeError once stopped."""
        return await self._pump.ask(question)

    def neighbours(self) -> tuple[Neighbour, ...]:
        """Return the members of the community: nobody but this home."""
        image = self._home.image()
        power_w = next((meter.power_w for meter in image.meters.values()), None)
        return (
            Neighbour(
                party=self.feed.party,
                name=self._entry.title,
                kind="home",
                power_w=power_w,
                is_online=True,
            ),
        )

    async def async_start(self) -> None:
        """Begin to take part."""
        entry = self._entry
        entry.async_on_unload(
            self._hass.bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, self._stopping)
        )
        await self._pump.start()
        await self._look()
        entry.async_on_unload(
            async_track_utc_time_change(self._hass, self._look_at, second=LOOK_SECONDS)
        )

    async def async_stop(self) -> None:
        """Finish what is under way and let go of the journal; twice is no harm."""
        await self._pump.stop()
        await self._hass.async_add_executor_job(self._journal.close)

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
        report_journal_fault(self._hass, self._entry, fault)


def _wake(
    household: HouseholdKey,
    secrets: HomeSecrets,
    journal: SQLiteJournal,
    now: Instant,
) -> Node:
    """Bring the node back to where its journal ends (blocking)."""
    config = lone_config(household, salt_secret=secrets.salts)
    sessions = DerivedSessions(
        household, secret=secrets.sessions, community=config.community
    )
    recent = journal.entries(first=max(0, journal.count - ENTRIES_TO_RESTORE))
    return Node.restore(config, recent, sessions=sessions, verify=verify, now=now)


async def async_forget_membership(hass: HomeAssistant, entry_id: str) -> None:
    """Delete keys and journal of a home that is gone."""
    await async_forget_journal(hass, entry_id)
    await async_forget_secrets(hass, entry_id)
