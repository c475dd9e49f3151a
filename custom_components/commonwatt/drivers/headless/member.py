"""Runs a member without Home Assistant: node, journal, connections and readings."""

import asyncio
import collections
from collections.abc import Callable
import contextlib
import json
from typing import Final

import aiohttp

from ...engine.model.period import DAY_MS, MINUTE_MS, SECOND_MS, DeliveryPeriod, Instant
from ..journal import SQLiteJournal
from ..pump import Pump, Turn
from .addresses_file import read_addresses, write_addresses
from .charter_file import read_charter
from .clock import clock_of
from .connections import Connections
from .counter import Answer, Counter
from .errands import Errand, carry_out
from .folder import Folder, write_whole
from .identity import read_identity
from .json_fields import JSON
from .readings import Readings, open_readings
from .settings import Settings, read_settings
from .story import Told, tell_event, tell_status
from .waking import Woken, wake

STATUS_SECONDS: Final = 1.0
LOOK_MS_MAX: Final = 2 * MINUTE_MS
"""Longest time between two looks at the meter, on the member's clock: what its counters
showed at the end of a period is read between the looks before and after."""

_LOOK_SECONDS_MIN: Final = 0.05


class HeadlessMember:
    """One member, from :meth:`run` until it is cancelled."""

    def __init__(self, folder: Folder, *, tell: Callable[[Told], None]) -> None:
        """``tell`` is given every event, as what will be a line of JSON."""
        self._folder: Final = folder
        self._tell: Final = tell
        self._connections: Connections | None = None
        self._readings: Readings | None = None
        self._fault: str | None = None
        self._told_at = 0.0
        self._found: frozenset[str] = frozenset()

    async def run(self) -> None:
        """Take part until cancelled.

        Raises:
            SettingsError, FolderError: something in the folder cannot be used.
            JournalError: the journal cannot be opened or read.
            OSError: the port is taken.
        """
        folder = self._folder
        written = await asyncio.to_thread(read_settings, folder.settings)
        known = await asyncio.to_thread(read_addresses, folder.addresses)
        settings = written.dialling(known)
        identity = await asyncio.to_thread(read_identity, folder.identity)
        charter = await asyncio.to_thread(read_charter, folder.charter)
        now = clock_of(settings.rehearsal)()
        opened = await asyncio.to_thread(SQLiteJournal.open, folder.journal, now=now)
        if opened.damaged is not None:
            kept_as = str(opened.damaged.kept_as)
            self._tell({"event": "journal_damaged", "kept_as": kept_as})
        async with contextlib.AsyncExitStack() as stack:
            stack.push_async_callback(asyncio.to_thread, opened.journal.close)
            client = await stack.enter_async_context(aiohttp.ClientSession())
            waking = asyncio.to_thread(
                wake, settings, identity, charter, opened.journal
            )
            await self._take_part(settings, await waking, opened.journal, client, stack)

    async def _take_part(
        self,
        settings: Settings,
        woken: Woken,
        journal: SQLiteJournal,
        client: aiohttp.ClientSession,
        stack: contextlib.AsyncExitStack,
    ) -> None:
        clock = woken.credentials.clock
        connections = self._connections = Connections(
            settings, roster=woken.roster, credentials=woken.credentials, client=client
        )
        readings = self._readings = open_readings(settings.readings, clock())
        stack.push_async_callback(readings.close)
        pace = 1 if settings.rehearsal is None else settings.rehearsal.pace
        pump = Pump(
            woken.node,
            journal=journal,
            transport=await connections.transport(),
            clock=clock,
            day_started_at=lambda now: Instant(now // DAY_MS * DAY_MS),
            on_turn=self._turned,
            pace=pace,
        )
        stack.push_async_callback(pump.stop)
        await pump.start()
        stack.push_async_callback(connections.stop)
        await connections.start()
        await pump.set_tariff(settings.tariff)
        counter = Counter(self._folder.counter, _answering(pump, settings))
        stack.push_async_callback(counter.close)
        await counter.open()
        await self._look_forever(pump, readings, clock, settings, pace=pace)

    async def _look_forever(
        self,
        pump: Pump,
        readings: Readings,
        clock: Callable[[], Instant],
        settings: Settings,
        *,
        pace: int,
    ) -> None:
        every_ms = int(min(settings.readings.seconds * SECOND_MS * pace, LOOK_MS_MAX))
        while True:
            look = await readings.look(clock())
            if look is not None:
                image, assets = look
                if assets is not None:
                    await pump.set_assets(assets)
                await pump.observe(image)
            now = clock()
            # A look on the boundary of a period is worth two beside it.
            until_ms = min(every_ms, DeliveryPeriod.containing(now).end - now)
            await asyncio.sleep(max(_LOOK_SECONDS_MIN, until_ms / SECOND_MS / pace))

    async def _turned(self, turn: Turn) -> None:
        if self._readings is not None:
            self._readings.obey(turn.actuate)
        for event in turn.report:
            if self._connections is not None:
                self._connections.hear(event)
            told = tell_event(event, turn.status.at)
            if told is not None:
                self._tell(told)
        fault = None if turn.fault is None else turn.fault.value
        if fault != self._fault:
            self._fault = fault
            self._tell({"event": "journal", "fault": fault})
        await self._show(turn)

    async def _show(self, turn: Turn) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._told_at < STATUS_SECONDS or self._connections is None:
            return
        self._told_at = now
        told = tell_status(turn.status, linked=self._connections.linked)
        refused: collections.Counter[str] = collections.Counter()
        for (_, reason), count in self._connections.refusals.counts.items():
            refused[reason.value] += count
        text = json.dumps({**told, "refused": refused}, indent=2) + "\n"
        await asyncio.to_thread(write_whole, self._folder.status, text)
        await self._remember(self._connections.known_addresses)

    async def _remember(self, found: frozenset[str]) -> None:
        """Keep where the others are, for the next start."""
        if found - self._found:
            path = self._folder.addresses
            await asyncio.to_thread(write_addresses, path, sorted(found))
        self._found = found


def _answering(pump: Pump, settings: Settings) -> Answer:
    """Return what answers the owner: the node does an errand in a turn of its own."""
    addresses = () if settings.http is None else settings.http.addresses

    async def answer(wish: dict[str, JSON]) -> dict[str, JSON]:
        errand = Errand(wish=wish, addresses=addresses)
        return await pump.ask(lambda node, now: carry_out(errand, node, now))

    return answer
