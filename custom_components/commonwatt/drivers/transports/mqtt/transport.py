"""Members that meet at a broker: one topic each, boxes for what is for one alone.

The broker keeps nothing we depend on.  Whoever comes back tells all others the names of
what it said lately, is told theirs, and both ask for what they lack.  Refuses topics of
strangers; whoever says too much is not listened to for a minute.
"""

import asyncio
from typing import Final

from ....engine.model.party import PartyId
from ....engine.node import Outgoing
from ....engine.wire.rejection import Rejected
from ..beacon import BEACON_SIZE_MAX, Beacon, light, read_beacon
from ..beacons import Beacons, Lamp
from ..boxes import Boxes
from ..conversation import STRIKES_MAX, Names
from ..credentials import Credentials
from ..frames import (
    FRAME_SIZE_MAX,
    NAMES_MAX,
    Frame,
    Have,
    Here,
    Want,
    decode_frame,
    packed_frame,
)
from ..limits import PENALTY_SECONDS, Allowance, Limits
from ..parcel import Parcel, ParcelKind, author_of
from ..refusals import Refusal, Refusals
from ..roster import Roster
from ..shelf import LOG_ID_BYTES, Shelf
from ..traffic import Traffic
from ..transport import Receive
from ..unjudged import Court, Unjudged
from ..waiting import Waiting
from .broker import Broker
from .topics import Origin, Purpose, Topics

SEEN_MAX: Final = 65_536
GUESTS: Final = PartyId("guests")
GUESTS_MAX: Final = 4
TICK_SECONDS: Final = 1.0
PACKET_OVERHEAD: Final = 12
"""Bytes of MQTT 5 around topic and payload, acknowledgement included."""

ANSWERS_MAX: Final = 1_024
"""Answers to others that wait to be published; those beyond are asked for again."""

type _Publication = tuple[str, Frame]
type _Heeded = tuple[tuple[PartyId, ...], frozenset[PartyId], bool]


class MQTTTransport:
    """Carries the envelopes of one member over a broker."""

    def __init__(
        self,
        *,
        roster: Roster,
        credentials: Credentials,
        refusals: Refusals,
        broker: Broker,
        is_guest: bool = False,
    ) -> None:
        """A guest speaks at the door until the roster has it."""
        self.roster: Final = roster
        self.refusals: Final = refusals
        self.traffic: Final = Traffic()
        self.is_guest = is_guest
        self._credentials: Final = credentials
        self._broker: Final = broker
        self._topics: Final = Topics(roster.meeting_place, credentials.party)
        self._boxes: Final = Boxes(roster, credentials)
        self._receive: Receive | None = None
        self._shelf: Final = Shelf(credentials.random(LOG_ID_BYTES))
        self._place = 0
        """How far our own shelf has been published."""

        self._answers: Final[list[_Publication]] = []
        self._seen: Final = Names(SEEN_MAX)
        self._beacons: Final = Beacons(roster)
        self._waiting: Final = Waiting()
        self._allowances: Final[dict[PartyId, Allowance]] = {}
        self._strikes: Final[dict[PartyId, int]] = {}
        self._muted: Final[dict[PartyId, float]] = {}
        self._court: Final = Court()
        self._subscribed: frozenset[str] = frozenset()
        self._heeded: _Heeded | None = None  # after a new connection: nobody
        self._has_arrived = False
        self._lamp: Final = Lamp(credentials)
        self._work: Final = asyncio.Event()
        self._tasks: tuple[asyncio.Task[None], ...] = ()

    # -- the promises of a transport -------------------------------------------------

    async def start(self, receive: Receive) -> None:
        """Begin to listen and to publish."""
        self._receive = receive
        loop = asyncio.get_running_loop()
        await self._broker.start(self._heard, self._connected)
        self._tasks = (
            loop.create_task(self._publish()),
            loop.create_task(self._tick()),
        )

    async def send(self, outgoing: Outgoing) -> None:
        """Send an envelope to one member or to all others."""
        self._say(outgoing)

    def _say(self, outgoing: Outgoing) -> None:
        now = asyncio.get_running_loop().time()
        parcel = self._parcel(outgoing)
        if parcel is None and outgoing.to is not None:
            self._waiting.keep(outgoing.data, outgoing.to)
        elif parcel is not None:
            self._seen.add(parcel.name)
            self._shelf.put(parcel, is_own=True, now=now)
            self._work.set()

    def judged(self, letter: bytes, *, genuine: bool) -> None:
        """Learn from the node whether a letter was genuine."""
        unjudged = self._court.dismiss(letter)
        if unjudged is None or genuine:
            return
        bringer = unjudged.bringer
        self.refusals.note(bringer, Refusal.NOT_GENUINE)
        self._strikes[bringer] = self._strikes.get(bringer, 0) + 1
        if self._strikes[bringer] >= STRIKES_MAX:
            del self._strikes[bringer]
            self._mute(bringer)

    async def stop(self) -> None:
        """Hang up."""
        tasks, self._tasks = self._tasks, ()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._broker.stop()
        self._receive = None

    # -- what we say -----------------------------------------------------------------

    def _parcel(self, outgoing: Outgoing) -> Parcel | None:
        """Return what travels; None while there is no key for a box."""
        to = outgoing.to
        if to is None:
            return Parcel(ParcelKind.LETTER, outgoing.data)
        if to not in self._beacons:
            return None
        return self._boxes.close(outgoing.data, self._beacons[to])

    def _connected(self) -> None:
        self._subscribed = frozenset()
        self._heeded = None
        self._has_arrived = False
        self._work.set()

    async def _publish(self) -> None:
        """Publish one thing after the other; what fails waits for the connection."""
        while True:
            self._work.clear()
            if await self._publish_all():
                await self._work.wait()
            else:
                await asyncio.sleep(TICK_SECONDS)

    async def _publish_all(self) -> bool:
        await self._listen()
        if not self._has_arrived:
            if not await self._arrive():
                return False
            self._has_arrived = True
        while (publication := self._next_publication()) is not None:
            topic, frame = publication
            data = packed_frame(frame)
            if not await self._broker.publish(topic, data, retain=False):
                return False
            self.traffic.sent += len(data) + len(topic) + PACKET_OVERHEAD
            self._published(publication)
        return True

    def _next_publication(self) -> _Publication | None:
        row = next(self._shelf.read(self._place), None)
        if row is not None:
            parcel = row.parcel
            if parcel.to is None or self.is_guest:
                return self._speaking, Here(row.number + 1, parcel)
            return self._topics.to(parcel.to), Here(row.number + 1, parcel)
        return self._answers[0] if self._answers else None

    def _published(self, publication: _Publication) -> None:
        _, frame = publication
        if isinstance(frame, Here) and frame.next is not None:
            self._place = max(self._place, frame.next)
        elif self._answers and self._answers[0] is publication:
            del self._answers[0]

    async def _arrive(self) -> bool:
        """Show our beacon, and tell all the names of what we said lately."""
        beacon = light(
            self._credentials,
            self.roster,
            box_key=self._boxes.key,
            addresses=(),
        )
        self._lamp.lit(beacon, asyncio.get_running_loop().time())
        if self.is_guest:
            parcel = Parcel(ParcelKind.BEACON, beacon.data)
            arrived = await self._broker.publish(
                self._topics.door, packed_frame(Here(None, parcel)), retain=False
            )
        else:
            arrived = await self._broker.publish(
                self._topics.beacon, beacon.data, retain=True
            )
        have = packed_frame(self._said(None))
        return arrived and await self._broker.publish(
            self._speaking, have, retain=False
        )

    @property
    def _speaking(self) -> str:
        return self._topics.door if self.is_guest else self._topics.all

    def _said(self, to: PartyId | None) -> Have:
        """Return the names of what we said lately to all, and to ``to``."""
        names = [
            row.parcel.name
            for row in self._shelf.read(0)
            if row.number < self._place and self._is_for(row.parcel, to)
        ]
        return Have(self._place, tuple(names[-NAMES_MAX:]))

    def _is_for(self, parcel: Parcel, to: PartyId | None) -> bool:
        """Tell whether ``to`` (None: all members) may have a parcel."""
        is_member = to is None or to in self.roster
        return parcel.to == to if parcel.to is not None else is_member

    async def _listen(self) -> None:
        """Listen to all members but the muted ones, and to the door."""
        heeded = self._now_heeded
        if heeded == self._heeded:
            return
        self._heeded = heeded
        parties = [p for p in self.roster.parties if p not in self._muted]
        wanted = self._topics.of(p for p in parties if p != self._credentials.party)
        if self.is_guest:
            wanted |= frozenset(self._topics.from_anybody)
        elif GUESTS not in self._muted:
            wanted |= {self._topics.doors}
        gone, new = self._subscribed - wanted, wanted - self._subscribed
        self._subscribed = wanted
        await self._broker.unsubscribe(gone)
        await self._broker.subscribe(new)

    @property
    def _now_heeded(self) -> _Heeded:
        """Return what tells whom to listen to."""
        return self.roster.parties, frozenset(self._muted), self.is_guest

    async def _tick(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            now = loop.time()
            for party in [p for p, until in self._muted.items() if until <= now]:
                del self._muted[party]
            if self._lamp.is_low(now):
                self._has_arrived = False
            self._beacons.forget_revoked()
            if self.is_guest and self.roster.names(self._credentials.party):
                self.is_guest = False
                self._has_arrived = False
            if not self._has_arrived or self._now_heeded != self._heeded:
                self._work.set()
            await asyncio.sleep(TICK_SECONDS)

    # -- what we hear ----------------------------------------------------------------

    def _heard(self, topic: str, payload: bytes) -> None:
        self.traffic.received += len(payload) + len(topic) + PACKET_OVERHEAD
        origin = self._topics.origin(topic)
        if origin is None or origin.party == self._credentials.party:
            return
        refusal = self._refusal(origin, payload)
        if refusal is None:
            refusal = self._take(origin, payload)
        if refusal is not None:
            self.refusals.note(origin.party, refusal)
        if refusal is Refusal.TOO_MUCH:
            self._mute(origin.party)

    def _refusal(self, origin: Origin, payload: bytes) -> Refusal | None:
        """Judge by the topic and the size alone."""
        is_guest = origin.party not in self.roster
        if is_guest and origin.purpose is not Purpose.DOOR:
            return Refusal.STRANGER
        who, now = self._who(origin.party), asyncio.get_running_loop().time()
        if who in self._muted:
            return Refusal.TOO_MUCH
        if len(payload) > FRAME_SIZE_MAX:
            return Refusal.TOO_LONG
        limits = Limits.of_guest() if is_guest else Limits.of(1)
        pace = self._credentials.pace
        allowance = self._allowances.setdefault(
            who, Allowance(limits, now=now, pace=pace)
        )
        return None if allowance.take(len(payload), now) else Refusal.TOO_MUCH

    def _who(self, party: PartyId) -> PartyId:
        """Return whom to hold to account: all guests share what a guest may say."""
        return party if party in self.roster else GUESTS

    def _mute(self, party: PartyId) -> None:
        now = asyncio.get_running_loop().time()
        self._muted.setdefault(self._who(party), now + PENALTY_SECONDS)
        self._work.set()

    def _take(self, origin: Origin, payload: bytes) -> Refusal | None:
        if origin.purpose is Purpose.BEACON:
            return self._take_beacon(origin.party, payload)
        try:
            frame = decode_frame(payload)
        except ValueError:
            return Refusal.MALFORMED
        match frame:
            case Here():
                return self._take_parcel(origin, frame.parcel)
            case Have():
                self._take_names(origin, frame.names)
            case Want() if origin.purpose is Purpose.TO:
                self._hand_out(origin.party, frame.names)
            case _:
                return Refusal.MALFORMED
        return None

    def _take_names(self, origin: Origin, names: tuple[bytes, ...]) -> None:
        """Ask for what we lack; tell who has just arrived what it may lack."""
        lacking = tuple(name for name in names if name not in self._seen)
        if lacking:
            self._answer(origin.party, Want(lacking))
        if origin.purpose is not Purpose.TO:
            self._answer(origin.party, self._said(origin.party))

    def _hand_out(self, party: PartyId, names: tuple[bytes, ...]) -> None:
        for name in names:
            parcel = self._shelf.get(name)
            if parcel is not None and self._is_for(parcel, party):
                self._answer(party, Here(None, parcel))

    def _answer(self, party: PartyId, frame: Frame) -> None:
        if len(self._answers) < ANSWERS_MAX:
            self._answers.append((self._topics.to(party), frame))
            self._work.set()

    def _take_beacon(self, party: PartyId, payload: bytes) -> Refusal | None:
        if len(payload) > BEACON_SIZE_MAX:
            return Refusal.TOO_LONG
        now = self._credentials.clock()
        beacon = read_beacon(payload, self.roster, now=now, guests_welcome=True)
        if isinstance(beacon, Rejected) or beacon.party != party:
            return Refusal.UNPROVED
        if not self._beacons.take(beacon):
            return None
        self._forget_guests(beacon)
        for letter in self._waiting.take(party):
            self._say(Outgoing(data=letter, to=party))
        return None

    def _forget_guests(self, latest: Beacon) -> None:
        """Remember the beacons of the latest few guests only."""
        guests = [p for p in self._beacons.latest if p not in self.roster]
        for party in guests[:-GUESTS_MAX]:
            if party != latest.party:
                self._beacons.forget(party)

    def _take_parcel(self, origin: Origin, parcel: Parcel) -> Refusal | None:
        if parcel.name in self._seen:
            return None
        if parcel.kind is ParcelKind.BEACON:
            return self._take_beacon(origin.party, parcel.data)
        letter: bytes | None = parcel.data
        if parcel.kind is ParcelKind.BOX:
            me = self._credentials.party
            if parcel.to != me:
                return None  # what a guest says at the door is for one of us
            letter = self._boxes.open(parcel)
        if letter is None:
            return Refusal.MALFORMED
        # To one of us a member may hand on what others have signed: what we missed.
        hands_on = parcel.kind is ParcelKind.BOX and origin.party in self.roster
        if author_of(letter) != origin.party and not hands_on:
            return Refusal.STRANGER
        self._seen.add(parcel.name)
        self._court.await_verdict(letter, Unjudged(None, origin.party))
        if self._receive is not None:
            self._receive(letter)
        return None
