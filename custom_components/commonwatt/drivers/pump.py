"""The pump between a node and the world: feed, persist, send, actuate, set the alarm.

All work on the node happens in the executor, one piece at a time: neither signatures
nor the disk ever hold up the event loop.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Final

from ..engine.devices import ProcessImage, Setpoint
from ..engine.dispatch import Assets
from ..engine.ledger.journal import JournalEntry
from ..engine.model.period import MINUTE_MS, SECOND_MS, Instant
from ..engine.model.tariff import Tariff
from ..engine.node import Event, Node, NodeStatus, Outgoing
from .journal import Journal, JournalError, JournalFault
from .transports import Transport

INBOX_MAX: Final = 4_096
"""Envelopes waiting for the node; what comes in beyond them is lost."""

SLEEP_MS_MAX: Final = MINUTE_MS
"""Longest sleep: a clock that is set is noticed within so much time."""

SLEEP_MS_MIN: Final = 20

type Feed = Callable[[Instant], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What one turn of the pump came to."""

    status: NodeStatus
    actuate: tuple[Setpoint, ...]
    """Advice: for armed devices only."""

    report: tuple[Event, ...]
    fault: JournalFault | None
    """Why the journal cannot be written.  Until it can, nothing is sent."""


class Pump:
    """Runs one node."""

    def __init__(
        self,
        node: Node,
        *,
        journal: Journal,
        transport: Transport | None,
        clock: Callable[[], Instant],
        day_started_at: Callable[[Instant], Instant],
        on_turn: Callable[[Turn], Awaitable[None]],
        pace: int = 1,
    ) -> None:
        """Be ready.

        ``clock`` and ``day_started_at`` are asked in the executor; ``on_turn`` is
        called on the event loop.  A home alone has no transport.  ``pace`` is how many
        seconds of ``clock`` go by in one.
        """
        self._node: Final = node
        self._journal: Final = journal
        self._transport: Final = transport
        self._clock: Final = clock
        self._day_started_at: Final = day_started_at
        self._on_turn: Final = on_turn
        self._pace: Final = pace
        self._lane: Final = asyncio.Lock()
        self._inbox: list[bytes] = []
        self._unsaved: list[JournalEntry] = []
        self._unsent: list[Outgoing] = []
        self._tasks: Final[set[asyncio.Task[None]]] = set()
        self._alarm: asyncio.TimerHandle | None = None
        self._now = Instant(0)
        self._is_running = False

    async def start(self) -> None:
        """Join the others and begin."""
        self._is_running = True
        if self._transport is not None:
            await self._transport.start(self._received)
        await self._turn(lambda _: None)

    async def stop(self) -> None:
        """End after the turn under way; the journal is its owner's to close."""
        self._is_running = False
        if self._alarm is not None:
            self._alarm.cancel()
        if self._transport is not None:
            await self._transport.stop()
        async with self._lane:
            pass

    async def observe(self, image: ProcessImage) -> None:
        """Show the node its devices."""
        await self._turn(lambda now: self._node.observe(image, now))

    async def set_tariff(self, tariff: Tariff | None) -> None:
        """Tell the node what the retailer charges; None is unknown."""
        await self._turn(lambda now: self._node.set_tariff(tariff, now))

    async def set_assets(self, assets: Assets) -> None:
        """Tell the node what can be steered."""
        await self._turn(lambda now: self._node.set_assets(assets, now))

    async def ask[Answer](self, question: Callable[[Node, Instant], Answer]) -> Answer:
        """Let the node do something, or tell something, in a turn of its own.

        RuntimeError: the pump stands still.
        """
        answers: list[Answer] = []
        await self._turn(lambda now: answers.append(question(self._node, now)))
        if not answers:
            raise RuntimeError("a pump that stands still asks nobody")
        return answers[0]

    def _received(self, data: bytes) -> None:
        if not self._is_running or len(self._inbox) >= INBOX_MAX:
            return
        self._inbox.append(data)
        if len(self._inbox) == 1:
            self._spawn(self._empty_inbox())

    async def _empty_inbox(self) -> None:
        """Take a turn, unless another has read all letters meanwhile."""
        async with self._lane:
            is_empty = not self._inbox
        if not is_empty:
            await self._take_turn()

    async def _turn(self, feed: Feed) -> None:
        """Take a turn that ends even if whoever waits for it is cancelled."""
        await asyncio.shield(self._spawn(self._take_turn(feed)))

    async def _take_turn(self, feed: Feed = lambda _: None) -> None:
        """Let the node read all letters that wait, and feed it."""
        async with self._lane:
            if not self._is_running:
                return
            letters, self._inbox = self._inbox, []
            verdicts: list[bool] = []
            loop = asyncio.get_running_loop()
            try:
                turn = await loop.run_in_executor(
                    None, self._work, letters, verdicts, feed
                )
            finally:
                self._pass_on(letters, verdicts)
            if turn.fault is None:
                await self._send()
            self._set_alarm()
        await self._on_turn(turn)

    def _pass_on(self, letters: list[bytes], verdicts: list[bool]) -> None:
        """Tell the transport which letters are worth being passed on."""
        if self._transport is not None:
            for data, genuine in zip(letters, verdicts, strict=False):
                self._transport.judged(data, genuine=genuine)

    def _work(self, letters: list[bytes], verdicts: list[bool], feed: Feed) -> Turn:
        """Feed the node and save what it wants saved.  Runs in the executor."""
        now = self._now = max(self._now, self._clock())
        verdicts.extend(self._node.receive(data, now) for data in letters)
        feed(now)
        self._node.tick(now)  # every turn ends with a tick
        effects = self._node.effects()
        self._unsaved.extend(effects.persist)
        self._unsent.extend(effects.send)
        fault = self._save()
        day_started_at = self._day_started_at(now)
        return Turn(
            status=self._node.status(now, day_started_at=day_started_at),
            actuate=effects.actuate,
            report=effects.report,
            fault=fault,
        )

    def _save(self) -> JournalFault | None:
        if self._unsaved:
            try:
                self._journal.append(tuple(self._unsaved))
            except JournalError as err:
                return err.fault
            self._unsaved.clear()
        return None

    async def _send(self) -> None:
        waiting, self._unsent = self._unsent, []
        if self._transport is None:
            return
        for outgoing in waiting:
            await self._transport.send(outgoing)

    def _set_alarm(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
        if not self._is_running:
            return
        deadline = self._node.deadline() or self._now
        sleep_ms = min(max(deadline - self._now, SLEEP_MS_MIN), SLEEP_MS_MAX)
        loop = asyncio.get_running_loop()
        self._alarm = loop.call_later(
            sleep_ms / SECOND_MS / self._pace, lambda: self._spawn(self._take_turn())
        )

    def _spawn(self, turn: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(turn)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
