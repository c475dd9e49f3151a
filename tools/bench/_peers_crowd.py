"""The members of the peers benchmark that are not full nodes.

Thirteen voters run their nodes side by side in this process; everybody else has signed
beforehand what it says.  Their letters reach the full nodes as they would: by a few
links each, or from a broker.
"""

import asyncio
from collections.abc import Callable, Iterable
import contextlib
import random
import time
from typing import Final, override

import aiohttp

from ._peers_regulars import Regulars
from ._peers_stage import TARIFF, TIMING, Script, Stage

# isort: split
from custom_components.commonwatt.drivers.transports import Gossip, Refusals
from custom_components.commonwatt.drivers.transports.beacon import Beacon
from custom_components.commonwatt.drivers.transports.circles import short_names
from custom_components.commonwatt.drivers.transports.http import HTTPTransport
from custom_components.commonwatt.drivers.transports.mqtt import (
    BrokerSettings,
    OwnBroker,
)
from custom_components.commonwatt.engine.model.party import PartyId
from custom_components.commonwatt.engine.model.period import (
    MINUTE_MS,
    DeliveryPeriod,
    Instant,
    after,
)
from custom_components.commonwatt.engine.node import Outgoing
from custom_components.commonwatt.engine.wire.verifier import MemoVerifier

NEIGHBOURS_EACH: Final = 4
"""Links of every full node with members of the crowd."""

WARDS_EACH: Final = 12
"""Members linked with a full voter to whom it hands what the other voters have for
them.  Each of 185 looks for three links among 15 voters, one of whom does it."""

PUBLISHERS: Final = 8
"""How many of the crowd's messages are on their way to the broker at once."""

TICK_SECONDS: Final = 0.1

type Speak = Callable[[Outgoing], None]
type Hear = Callable[[bytes], None]


class Voters:
    """The nodes of the voters that are not full nodes."""

    def __init__(self, stage: Stage, indices: Iterable[int], speak: Speak) -> None:
        verify = MemoVerifier(entries_max=65_536)
        self._stage: Final = stage
        self._nodes: Final = [stage.node(index, verify) for index in indices]
        for node in self._nodes:
            node.set_tariff(TARIFF, stage.clock())
        self._looked_at = 0.0
        self._speak: Final = speak
        self.reach: Final = {stage.party(index) for index in stage.full}
        """Who is told what is said to one."""

        self._heard: Final[set[bytes]] = set()
        self._inbox: list[bytes] = []

    def hear(self, letter: bytes) -> None:
        """Take a letter from outside, however many of them it was for."""
        if letter not in self._heard:
            self._heard.add(letter)
            self._inbox.append(letter)

    async def live(self) -> None:
        """Let them take their turns."""
        while True:
            letters, self._inbox = self._inbox, []
            said = await asyncio.to_thread(self._turn, letters)
            for outgoing in said:
                self._speak(outgoing)
            await asyncio.sleep(0 if said else TICK_SECONDS)

    def _turn(self, letters: list[bytes]) -> list[Outgoing]:
        said: list[Outgoing] = []
        now = self._stage.clock()
        looks = time.monotonic() - self._looked_at >= self._stage.look_seconds
        if looks:
            self._looked_at = time.monotonic()
        for node in self._nodes:
            if looks:
                node.observe(self._stage.meter(now), now)
            for letter in letters:
                node.receive(letter, now)
            node.tick(now)
            said.extend(node.effects().send)
        for outgoing in said:
            for node in self._nodes:
                if outgoing.to in {None, node.party}:
                    node.receive(outgoing.data, now)
        return [one for one in said if one.to is None or one.to in self.reach]


class Hub(Gossip):
    """Speaks for all voters that are no full nodes, who are linked with the rest."""

    far: tuple[PartyId, ...] = ()
    """Members to whom one of them can hand something."""

    @override
    def say(self, outgoing: Outgoing, now: float) -> None:
        """Send what one of them said."""
        super().say(outgoing, now)
        self.circle = frozenset()  # its own links are not what the voters have

    @override
    def tick(self, now: float) -> None:
        """Tell the others whom the voters are linked with."""
        super().tick(now)
        for conversation in self.linked.values():
            conversation.tell_neighbours(short_names(self.far))


class Crowd:
    """Everybody but the full nodes."""

    def __init__(self, stage: Stage, periods: range) -> None:
        """Sign everything now."""
        self._stage: Final = stage
        self._absent: Final = [
            index
            for index in range(len(stage.charter.members))
            if index not in stage.full and index not in stage.voters
        ]
        self._lines: Final[list[tuple[float, int, bytes, bool]]] = []
        for index in self._absent:
            script = Script(stage, index)
            now = stage.clock()
            self._cue(now, index, script.hello(now))
            later = after(now, 3 * MINUTE_MS)
            self._cue(later, index, script.recollection(later))
            self._hearten(script, index, now, DeliveryPeriod(periods[-1]).end)
            for number in periods:
                period = DeliveryPeriod(number)
                commitment, reveal = script.bid(period)
                bids, shows = TIMING.bidding(period), TIMING.gate_closure(period)
                self._cue(bids, index, commitment, is_private=True)
                self._cue(shows, index, reveal, is_private=True)
                told = script.reading(period)
                self._cue(period.end, index, told, is_private=True)
        self._lines.sort()

    def _hearten(
        self, script: Script, index: int, now: Instant, until: Instant
    ) -> None:
        """Give signs of life to all, as often as members of such a community do."""
        members = len(self._stage.charter.members)
        beat_ms = TIMING.heartbeat(members)
        at = after(now, beat_ms * index // members)
        while at < until:
            self._cue(at, index, script.hello(at))
            at = after(at, beat_ms)

    def _cue(
        self, at: Instant, index: int, letter: bytes, *, is_private: bool = False
    ) -> None:
        self._lines.append((self._stage.real(at), index, letter, is_private))

    async def perform(self, speak: Callable[[int, Outgoing], None]) -> None:
        """Let everybody say its lines at their time."""
        circle = self._stage.circle
        for at, index, letter, is_private in self._lines:
            wait = at - time.time()
            if wait > 0:
                await asyncio.sleep(wait)
            for party in circle if is_private and circle else (None,):
                speak(index, Outgoing(data=letter, to=party, circle=circle))

    async def over_http(self, ports: list[int]) -> None:
        """Speak over a few links with each of the full nodes, until cancelled."""
        addresses = [f"http://127.0.0.1:{port}" for port in ports]
        async with contextlib.AsyncExitStack() as stack:
            # The one client of so many members has no bound on its connections.
            connector = aiohttp.TCPConnector(limit=0)
            client = await stack.enter_async_context(
                aiohttp.ClientSession(connector=connector)
            )
            voters_at_home = sum(
                index in self._stage.voters for index in self._stage.full
            )
            inside = addresses[:voters_at_home]
            few = NEIGHBOURS_EACH * len(addresses)
            count = max(WARDS_EACH * len(inside), few)
            neighbours = [
                await self._neighbour(
                    stack,
                    client,
                    index,
                    [
                        inside[n % len(inside)],
                        *([addresses[n % len(addresses)]] if n < few else []),
                    ],
                )
                for n, index in enumerate(self._absent[:count])
            ]
            indices = [v for v in self._stage.voters if v not in self._stage.full]
            far = tuple(map(self._stage.party, self._absent[count:]))
            hub = await self._neighbour(stack, client, indices[0], addresses, kind=Hub)
            assert isinstance(hub.gossip, Hub), "as asked for"
            hub.gossip.far = far
            loop = asyncio.get_running_loop()
            voters = Voters(
                self._stage,
                indices,
                lambda outgoing: hub.gossip.say(outgoing, loop.time()),
            )
            hub.gossip.deliver = _judging(hub, voters.hear)
            near = map(self._stage.party, self._absent[:count])
            voters.reach.update(near)

            def speak(index: int, outgoing: Outgoing) -> None:
                neighbour = neighbours[self._absent.index(index) % count]
                neighbour.gossip.say(outgoing, loop.time())

            await asyncio.gather(self.perform(speak), voters.live())

    async def _neighbour(
        self,
        stack: contextlib.AsyncExitStack,
        client: aiohttp.ClientSession,
        index: int,
        addresses: list[str],
        kind: type[Gossip] = Gossip,
    ) -> HTTPTransport:
        gossip = kind(
            roster=self._stage.roster(),
            credentials=self._stage.credentials(index),
            refusals=Refusals(),
        )
        transport = HTTPTransport(
            gossip,
            client=client,
            addresses=addresses,
            chance=random.Random(index).random,
        )
        await transport.start(lambda _: None)
        gossip.met = _content  # with the links it was given: few members have more
        gossip.deliver = _judging(transport, lambda _: None)
        stack.push_async_callback(transport.stop)
        return transport

    async def over_mqtt(self, port: int) -> None:
        """Speak on everybody's topic of one broker, until cancelled."""
        settings = BrokerSettings(host="127.0.0.1", port=port)
        broker = OwnBroker(settings, identifier="crowd", chance=random.Random(1).random)
        regulars = Regulars(self._stage, broker)
        indices = [v for v in self._stage.voters if v not in self._stage.full]
        voters = Voters(self._stage, indices, regulars.say)
        connected = asyncio.Event()

        def speak(_: int, outgoing: Outgoing) -> None:
            voters.hear(outgoing.data)
            if outgoing.to is None or outgoing.to in regulars.full:
                regulars.say(outgoing)

        regulars.hear = voters.hear
        await broker.start(regulars.heard, connected.set)
        try:
            await connected.wait()
            await regulars.arrive(indices)
            await asyncio.gather(
                self.perform(speak),
                voters.live(),
                *(regulars.publish() for _ in range(PUBLISHERS)),
            )
        finally:
            await broker.stop()


def _content(_beacon: Beacon) -> None:
    """Dial nobody else."""


def _judging(transport: HTTPTransport, hear: Hear) -> Hear:
    """Believe every letter: whoever is not a full node passes on what it is given."""

    def deliver(letter: bytes) -> None:
        hear(letter)
        transport.judged(letter, genuine=True)

    return deliver
