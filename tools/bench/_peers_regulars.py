"""The crowd of the peers benchmark at a broker: one connection, everybody's topics."""

import asyncio
from collections.abc import Callable, Iterable
import hashlib
from typing import Final

from ._peers_stage import Stage

# isort: split
from custom_components.commonwatt.drivers.transports.beacon import (
    Beacon,
    light,
    read_beacon,
)
from custom_components.commonwatt.drivers.transports.box import BoxKey, close_box
from custom_components.commonwatt.drivers.transports.frames import (
    Here,
    decode_frame,
    encode_frame,
)
from custom_components.commonwatt.drivers.transports.mqtt import OwnBroker
from custom_components.commonwatt.drivers.transports.mqtt.topics import Topics
from custom_components.commonwatt.drivers.transports.parcel import (
    Parcel,
    ParcelKind,
    author_of,
)
from custom_components.commonwatt.engine.model.party import PartyId
from custom_components.commonwatt.engine.node import Outgoing
from custom_components.commonwatt.engine.wire.fields import (
    community_bytes,
    party_bytes,
)


class Regulars:
    """Speaks for everybody but the full nodes, and listens to these."""

    def __init__(self, stage: Stage, broker: OwnBroker) -> None:
        self._stage: Final = stage
        self._broker: Final = broker
        self._roster: Final = stage.roster()
        self._place: Final = self._roster.meeting_place
        self.full: Final = tuple(stage.party(index) for index in stage.full)
        self.hear: Callable[[bytes], None] = _nobody
        self._beacons: Final[dict[PartyId, Beacon]] = {}
        self._keys: Final[dict[PartyId, BoxKey]] = {}
        self._outbox: Final[asyncio.Queue[Outgoing]] = asyncio.Queue()
        self._everybody_is_there: Final = asyncio.Event()
        self._once = 0

    async def arrive(self, indices: Iterable[int]) -> None:
        """Show the beacons of these voters, and wait for those of the full nodes."""
        topics: set[str] = set()
        for index in indices:
            party = self._stage.party(index)
            own = Topics(self._place, party)
            key = self._keys[party] = BoxKey(self._random())
            beacon = light(
                self._stage.credentials(index),
                self._roster,
                box_key=key.public,
                addresses=(),
            )
            await self._broker.publish(own.beacon, beacon.data, retain=True)
            topics |= own.of(self.full)
        await self._broker.subscribe(sorted(topics))
        await self._everybody_is_there.wait()

    def say(self, outgoing: Outgoing) -> None:
        """Put a letter into the queue."""
        self._outbox.put_nowait(outgoing)

    async def publish(self) -> None:
        """Publish what is in the queue, until cancelled."""
        while True:
            outgoing = await self._outbox.get()
            author = author_of(outgoing.data)
            assert author is not None, "members sign what they say"
            topics = Topics(self._place, author)
            if outgoing.to is None:
                topic, parcel = topics.all, Parcel(ParcelKind.LETTER, outgoing.data)
            else:
                topic = topics.to(outgoing.to)
                parcel = self._boxed(outgoing.data, outgoing.to)
            frame = encode_frame(Here(None, parcel))
            await self._broker.publish(topic, frame, retain=False)

    def heard(self, topic: str, payload: bytes) -> None:
        """Take what a full node has published."""
        if "/beacon/" in topic:
            beacon = read_beacon(payload, self._roster, now=self._stage.clock())
            assert isinstance(beacon, Beacon), "full nodes are members"
            self._beacons[beacon.party] = beacon
            if len(self._beacons) == len(self.full):
                self._everybody_is_there.set()
            return
        frame = decode_frame(payload)
        if isinstance(frame, Here):
            self._take(frame.parcel)

    def _take(self, parcel: Parcel) -> None:
        if parcel.kind is ParcelKind.LETTER:
            self.hear(parcel.data)
        elif parcel.to is not None and parcel.to in self._keys:
            context = self._context(parcel.to)
            letter = self._keys[parcel.to].open(parcel.data, context=context)
            assert letter is not None, "it was closed for us"
            self.hear(letter)

    def _boxed(self, letter: bytes, to: PartyId) -> Parcel:
        box = close_box(
            letter,
            to=self._beacons[to].box_key,
            once=self._random(),
            context=self._context(to),
        )
        return Parcel(ParcelKind.BOX, box, to)

    def _context(self, to: PartyId) -> bytes:
        return community_bytes(self._roster.community) + party_bytes(to)

    def _random(self) -> bytes:
        self._once += 1
        return hashlib.sha256(f"regulars {self._once}".encode()).digest()


def _nobody(_letter: bytes) -> None:
    """Drop a letter: nobody listens yet."""
