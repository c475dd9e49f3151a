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
from typing import Final

import aiohttp

from ._peers_stage import TIMING, Script, Stage

# isort: split
from custom_components.commonwatt.drivers.transports import Gossip, Refusals
from custom_components.commonwatt.drivers.transports.frames import (
    Here,
    decode_frame,
    encode_frame,
)
from custom_components.commonwatt.drivers.transports.http import HTTPTransport
from custom_components.commonwatt.drivers.transports.mqtt import (
    BrokerSettings,
    OwnBroker,
)
from custom_components.commonwatt.drivers.transports.mqtt.topics import Topics
from custom_components.commonwatt.drivers.transports.parcel import (
    Parcel,
    ParcelKind,
    author_of,
)
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

PUBLISHERS: Final = 8
"""How many of the crowd's messages are on their way to the broker at once."""

TICK_SECONDS: Final = 0.1

type Speak = Callable[[bytes], None]


class Voters:
    """The nodes of the voters that are not full nodes."""

    def __init__(self, stage: Stage, indices: Iterable[int], speak: Speak) -> None:
        verify = MemoVerifier(entries_max=65_536)
        self._stage: Final = stage
        self._nodes: Final = [stage.node(index, verify) for index in indices]
        self._speak: Final = speak
        self._inbox: list[bytes] = []

    def hear(self, letter: bytes) -> None:
        """Take a letter from outside."""
        self._inbox.append(letter)

    async def live(self) -> None:
        """Let them take their turns."""
        while True:
            letters, self._inbox = self._inbox, []
            said = await asyncio.to_thread(self._turn, letters)
            for letter in said:
                self._speak(letter)
            await asyncio.sleep(0 if said else TICK_SECONDS)

    def _turn(self, letters: list[bytes]) -> list[bytes]:
        said: list[Outgoing] = []
        now = self._stage.clock()
        for node in self._nodes:
            for letter in letters:
                node.receive(letter, now)
            node.tick(now)
            said.extend(node.effects().send)
        for outgoing in said:
            for node in self._nodes:
                if outgoing.to in {None, node.party}:
                    node.receive(outgoing.data, now)
        return [outgoing.data for outgoing in said if outgoing.to is None]


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
        self._lines: Final[list[tuple[float, int, bytes]]] = []
        for index in self._absent:
            script = Script(stage, index)
            now = stage.clock()
            self._cue(now, index, script.hello(now))
            later = after(now, 3 * MINUTE_MS)
            self._cue(later, index, script.recollection(later))
            for number in periods:
                period = DeliveryPeriod(number)
                commitment, reveal = script.bid(period)
                self._cue(TIMING.bidding(period), index, commitment)
                self._cue(TIMING.gate_closure(period), index, reveal)
        self._lines.sort()

    def _cue(self, at: Instant, index: int, letter: bytes) -> None:
        self._lines.append((self._stage.real(at), index, letter))

    async def perform(self, speak: Callable[[int, bytes], None]) -> None:
        """Let everybody say its lines at their time."""
        for at, index, letter in self._lines:
            wait = at - time.time()
            if wait > 0:
                await asyncio.sleep(wait)
            speak(index, letter)

    async def over_http(self, ports: list[int]) -> None:
        """Speak over a few links with each of the full nodes, until cancelled."""
        addresses = [f"http://127.0.0.1:{port}" for port in ports]
        async with contextlib.AsyncExitStack() as stack:
            client = await stack.enter_async_context(aiohttp.ClientSession())
            count = NEIGHBOURS_EACH * len(addresses)
            neighbours = [
                await self._neighbour(
                    stack, client, index, [addresses[n % len(addresses)]]
                )
                for n, index in enumerate(self._absent[:count])
            ]
            indices = [v for v in self._stage.voters if v not in self._stage.full]
            hub = await self._neighbour(stack, client, indices[0], addresses)
            loop = asyncio.get_running_loop()
            voters = Voters(
                self._stage,
                indices,
                lambda letter: hub.gossip.say(Outgoing(data=letter), loop.time()),
            )
            hub.gossip.deliver = _judging(hub, voters.hear)

            def speak(index: int, letter: bytes) -> None:
                neighbour = neighbours[self._absent.index(index) % count]
                neighbour.gossip.say(Outgoing(data=letter), loop.time())

            await asyncio.gather(self.perform(speak), voters.live())

    async def _neighbour(
        self,
        stack: contextlib.AsyncExitStack,
        client: aiohttp.ClientSession,
        index: int,
        addresses: list[str],
    ) -> HTTPTransport:
        gossip = Gossip(
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
        gossip.deliver = _judging(transport, lambda _: None)
        stack.push_async_callback(transport.stop)
        return transport

    async def over_mqtt(self, port: int) -> None:
        """Speak on everybody's topic of one broker, until cancelled."""
        place = self._stage.roster().meeting_place
        settings = BrokerSettings(host="127.0.0.1", port=port)
        broker = OwnBroker(settings, identifier="crowd", chance=random.Random(1).random)
        outbox: asyncio.Queue[bytes] = asyncio.Queue()
        indices = [v for v in self._stage.voters if v not in self._stage.full]
        voters = Voters(self._stage, indices, outbox.put_nowait)
        topics = [
            Topics(place, self._stage.party(index)).all for index in self._stage.full
        ]
        connected = asyncio.Event()

        beacons = {Topics(place, self._stage.party(n)).beacon for n in self._stage.full}
        everybody_is_there = asyncio.Event()

        def heard(topic: str, payload: bytes) -> None:
            beacons.discard(topic)
            if not beacons:
                everybody_is_there.set()
            if not topic.startswith(tuple(topics)):
                return
            frame = decode_frame(payload)
            if isinstance(frame, Here) and frame.parcel.kind is ParcelKind.LETTER:
                voters.hear(frame.parcel.data)

        async def publish() -> None:
            while True:
                letter = await outbox.get()
                author = author_of(letter)
                assert author is not None, "members sign what they say"
                frame = encode_frame(Here(None, Parcel(ParcelKind.LETTER, letter)))
                await broker.publish(Topics(place, author).all, frame, retain=False)

        def speak(_: int, letter: bytes) -> None:
            voters.hear(letter)
            outbox.put_nowait(letter)

        await broker.start(heard, connected.set)
        try:
            await connected.wait()
            await broker.subscribe([*topics, *beacons])
            await everybody_is_there.wait()
            await asyncio.gather(
                self.perform(speak),
                voters.live(),
                *(publish() for _ in range(PUBLISHERS)),
            )
        finally:
            await broker.stop()


def _judging(transport: HTTPTransport, hear: Speak) -> Speak:
    """Believe every letter: whoever is not a full node passes on what it is given."""

    def deliver(letter: bytes) -> None:
        hear(letter)
        transport.judged(letter, genuine=True)

    return deliver
