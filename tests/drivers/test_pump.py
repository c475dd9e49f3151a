"""The pump: persist, then send; never on the event loop, never two at once."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
import threading
from typing import override

import pytest

from custom_components.commonwatt.drivers.journal import (
    JournalError,
    JournalFault,
    MemoryJournal,
)
from custom_components.commonwatt.drivers.pump import INBOX_MAX, Pump, Turn
from custom_components.commonwatt.drivers.transports import MemoryHub, Receive
from custom_components.commonwatt.engine.dispatch import Assets
from custom_components.commonwatt.engine.ledger.journal import EntryKind, JournalEntry
from custom_components.commonwatt.engine.model.period import (
    MINUTE_MS,
    SECOND_MS,
    Instant,
    after,
)
from custom_components.commonwatt.engine.node import (
    MemberOnline,
    Node,
    Outgoing,
    PeriodFinal,
)
from tests.engine.node.street import (
    ANN,
    BEN,
    CAT,
    FIRST,
    START,
    TARIFF,
    VERIFY,
    Street,
)


@dataclass
class Clock:
    """A clock that is set by hand."""

    now: Instant = START

    def __call__(self) -> Instant:
        """Return what it was set to."""
        return self.now


class WatchedJournal(MemoryJournal):
    """A journal that knows in which threads it was written, and can be full."""

    def __init__(self) -> None:
        super().__init__()
        self.threads: set[int] = set()
        self.is_full = False

    @override
    def append(self, entries: Sequence[JournalEntry]) -> None:
        """Fail while full, else append and note the thread."""
        self.threads.add(threading.get_ident())
        if self.is_full:
            raise JournalError(JournalFault.DISK_FULL, "no room left")
        super().append(entries)


class WatchedTransport:
    """A transport to nowhere that checks that all it is given was journaled."""

    def __init__(self, journal: MemoryJournal) -> None:
        self._journal = journal
        self.sent: list[bytes] = []
        self.verdicts: list[tuple[bytes, bool]] = []
        self.receive: Receive | None = None

    async def start(self, receive: Receive) -> None:
        """Take the ear of the node."""
        self.receive = receive

    async def send(self, outgoing: Outgoing) -> None:
        """Keep what is sent, if it was journaled."""
        journaled = [
            entry.body
            for entry in self._journal.entries()
            if entry.kind is EntryKind.SENT
        ]
        assert outgoing.data in journaled
        self.sent.append(outgoing.data)

    def judged(self, letter: bytes, *, genuine: bool) -> None:
        """Keep the verdict."""
        self.verdicts.append((letter, genuine))

    async def stop(self) -> None:
        """Hear nothing more."""
        self.receive = None


@dataclass
class Bench:
    """One pump and everything around it."""

    node: Node
    clock: Clock = field(default_factory=Clock)
    journal: WatchedJournal = field(default_factory=WatchedJournal)
    turns: list[Turn] = field(default_factory=list)
    turned: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.transport = WatchedTransport(self.journal)
        self.pump = Pump(
            self.node,
            journal=self.journal,
            transport=self.transport,
            clock=self.clock,
            day_started_at=lambda _: START,
            on_turn=self._turned,
        )

    async def _turned(self, turn: Turn) -> None:
        self.turns.append(turn)
        self.turned.set()

    async def wait_for_turns(self, count: int) -> None:
        """Wait until there have been so many turns."""
        async with asyncio.timeout(5):
            while len(self.turns) < count:
                self.turned.clear()
                await self.turned.wait()


def node_of(street: Street, name: str) -> Node:
    """Return a new node for one home of a street."""
    return Node(
        street.config(name), sessions=street.sessions(name), verify=VERIFY, now=START
    )


@asynccontextmanager
async def running() -> AsyncIterator[Bench]:
    """Run Ann's pump in a street with Ben."""
    bench = Bench(node_of(Street(ANN, BEN), "Ann"))
    await bench.pump.start()
    yield bench
    await bench.pump.stop()


async def test_what_is_sent_is_journaled_first_and_never_in_this_thread() -> None:
    async with running() as bench:
        assert bench.transport.sent
        assert bench.journal.threads
        assert threading.get_ident() not in bench.journal.threads


async def test_every_turn_shows_a_status_and_the_events() -> None:
    street = Street(ANN, BEN)
    async with running() as bench:
        assert bench.turns[-1].status.members_online == 1
        assert bench.transport.receive is not None
        bench.transport.receive(street.homes["Ben"].sent[0])
        bench.transport.receive(b"garbage")
        await bench.wait_for_turns(2)

        events = [event for turn in bench.turns for event in turn.report]
        assert MemberOnline(party=street.parties["Ben"]) in events
        assert bench.turns[-1].status.members_online == 2
        assert bench.turns[-1].fault is None
        assert bench.transport.verdicts == [
            (street.homes["Ben"].sent[0], True),
            (b"garbage", False),
        ]


async def test_devices_tariff_and_assets_reach_the_node() -> None:
    street = Street(ANN, BEN)
    async with running() as bench:
        bench.node._outbox.is_waking = False  # as if a neighbour had answered
        await bench.pump.set_tariff(TARIFF)
        await bench.pump.set_assets(Assets())
        for minute in range(30):
            bench.clock.now = after(START, minute * MINUTE_MS)
            await bench.pump.observe(street.homes["Ann"].image(bench.clock.now))

        kinds = {entry.kind for entry in bench.journal.entries()}
        assert {EntryKind.OBSERVED, EntryKind.COMMITTED} <= kinds


async def test_a_command_is_a_turn_of_its_own_and_has_an_answer() -> None:
    street = Street(ANN, BEN)
    async with running() as bench:
        given = await bench.pump.ask(
            lambda node, now: node.agreements.give(street.parties["Ben"], 500, now)
        )

        assert bench.turns[-1].status.agreements[0].terms.id == given
        kinds = [entry.kind for entry in bench.journal.entries()]
        assert kinds[-2:] == [EntryKind.SENT, EntryKind.AGREED]
    with pytest.raises(RuntimeError, match="stands still"):
        await bench.pump.ask(lambda node, _: node.party)


async def test_while_the_disk_is_full_nothing_is_sent_and_then_everything() -> None:
    async with running() as bench:
        before = len(bench.transport.sent)
        bench.journal.is_full = True
        bench.clock.now = after(START, 5 * MINUTE_MS)
        await bench.pump.set_tariff(TARIFF)
        faults = [turn.fault for turn in bench.turns]
        assert faults[-1] is JournalFault.DISK_FULL
        assert len(bench.transport.sent) == before

        bench.journal.is_full = False
        await bench.pump.set_tariff(TARIFF)
        faults = [turn.fault for turn in bench.turns]
        assert faults[-1] is None
        assert len(bench.transport.sent) > before


async def test_the_alarm_rings_when_the_node_wants_to_tick() -> None:
    async with running() as bench:
        deadline = bench.node.deadline()
        assert deadline is not None
        bench.clock.now = after(deadline, -100)
        await bench.pump.set_tariff(None)
        bench.clock.now = deadline
        await bench.wait_for_turns(len(bench.turns) + 1)


async def test_a_clock_that_is_set_back_stands_still_for_the_node() -> None:
    async with running() as bench:
        bench.clock.now = after(START, MINUTE_MS)
        await bench.pump.set_tariff(None)
        bench.clock.now = START
        await bench.pump.set_tariff(None)

        assert bench.turns[-1].status.at == after(START, MINUTE_MS)


async def test_after_the_stop_nothing_happens_any_more() -> None:
    async with running() as bench:
        receive = bench.transport.receive
        assert receive is not None
    turns = len(bench.turns)
    receive(b"too late")
    await bench.pump.observe(Street(ANN).homes["Ann"].image(START))
    await asyncio.sleep(0.05)

    assert len(bench.turns) == turns
    assert bench.transport.receive is None


async def test_a_flood_fills_the_inbox_and_no_more() -> None:
    async with running() as bench:
        assert bench.transport.receive is not None
        for _ in range(2 * INBOX_MAX):
            bench.transport.receive(b"flood")
        assert len(bench.pump._inbox) == INBOX_MAX
        await bench.wait_for_turns(2)

        [count] = bench.turns[-1].status.faults.values()
        assert count == INBOX_MAX


async def test_letters_that_come_during_a_turn_are_read_in_the_next_one() -> None:
    async with running() as bench:
        assert bench.transport.receive is not None
        may_go_on = threading.Event()
        slow = asyncio.create_task(bench.pump.ask(lambda *_: may_go_on.wait(5)))
        await asyncio.sleep(0.05)
        turns = len(bench.turns)

        for number in range(5):
            bench.transport.receive(b"letter %d" % number)
            await asyncio.sleep(0.01)
        may_go_on.set()
        await slow
        await bench.wait_for_turns(turns + 2)
        await asyncio.sleep(0.05)

        assert len(bench.turns) == turns + 2
        assert [letter for letter, _ in bench.transport.verdicts] == [
            b"letter %d" % number for number in range(5)
        ]


async def test_a_command_that_fails_takes_no_letter_with_it() -> None:
    def fail(*_: object) -> None:
        raise ValueError("no such thing")

    async with running() as bench:
        assert bench.transport.receive is not None
        bench.transport.receive(b"letter")
        with pytest.raises(ValueError, match="no such thing"):
            await bench.pump.ask(fail)

        assert bench.transport.verdicts == [(b"letter", False)]


async def test_who_gives_up_waiting_does_not_tear_a_turn_apart() -> None:
    async with running() as bench:
        waiting = asyncio.create_task(bench.pump.set_tariff(TARIFF))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await bench.pump.set_tariff(TARIFF)

        assert bench.turns


async def test_three_pumps_make_a_period_final_through_the_hub() -> None:
    street, hub, clock = Street(ANN, BEN, CAT), MemoryHub(), Clock()
    turns: dict[str, list[Turn]] = {name: [] for name in street.homes}
    pumps = {}
    for name in street.homes:

        async def turned(turn: Turn, name: str = name) -> None:
            turns[name].append(turn)

        pumps[name] = Pump(
            node_of(street, name),
            journal=MemoryJournal(),
            transport=hub.transport(street.parties[name]),
            clock=clock,
            day_started_at=lambda _: START,
            on_turn=turned,
        )
        await pumps[name].start()
        await pumps[name].set_tariff(TARIFF)
    while clock.now < FIRST.start:
        for name, pump in pumps.items():
            await pump.observe(street.homes[name].image(clock.now))
            await asyncio.sleep(0.001)
        clock.now = after(clock.now, 30 * SECOND_MS)
    for pump in pumps.values():
        await pump.stop()

    for name in street.homes:
        finals = [
            event
            for turn in turns[name]
            for event in turn.report
            if isinstance(event, PeriodFinal) and event.period == FIRST
        ]
        assert len(finals) == 1
        assert finals[0].result is not None
        assert finals[0].result.energy_wh == 325
