"""Gossip: what one member says reaches all, also those it is not linked with.

A letter of our own goes out whole to whoever we are linked with.  What others said we
announce by name, eight bytes each, and hand out to those who ask.  Nothing is passed on
before our own node found it genuine, so that nobody can make us spread rubbish.  After
``Epidemic broadcast trees`` (Leitão et al., 2007), without the trees: announcing is
cheap enough at the sizes of a community.  No sockets, no clock; ``now`` is in seconds.
Clauses: ``docs/reference/transports.md``, section 4.
"""

from collections.abc import Callable, Mapping
from typing import Final, assert_never

from ...engine.model.party import PartyId
from ...engine.node import Outgoing
from ...engine.wire.rejection import Rejected
from .beacon import Beacon, light, read_beacon
from .beacons import Beacons, Lamp
from .boxes import Boxes
from .circles import carried, goes_round, round_robin, tell_neighbours
from .conversation import Conversation, Names
from .credentials import Credentials
from .frames import (
    Direct,
    Frame,
    Greeting,
    Have,
    Here,
    Linked,
    Want,
    decode_frame,
    encode_frame,
)
from .gathering import Gathering
from .limits import Allowance, Limits
from .missing import Missing
from .news import is_urgent, next_parcel
from .parcel import Parcel, ParcelKind, author_of
from .refusals import Refusal, Refusals
from .roster import Roster
from .shelf import LOG_ID_BYTES, Shelf
from .traffic import Traffic
from .unjudged import Court, Unjudged
from .waiting import Waiting

SEEN_MAX: Final = 65_536


class Gossip:
    """The memory all links of one member share."""

    def __init__(
        self,
        *,
        roster: Roster,
        credentials: Credentials,
        refusals: Refusals,
        addresses: tuple[str, ...] = (),
    ) -> None:
        """Begin with nothing heard; ``addresses`` is where we can be dialled."""
        self.roster: Final = roster
        self.credentials: Final = credentials
        self.refusals: Final = refusals
        self.traffic: Final = Traffic()
        self._boxes: Final = Boxes(roster, credentials)
        self.deliver: Callable[[bytes], None] = _nobody_cares
        self.met: Callable[[Beacon], None] = _nobody_cares
        """Called with every new beacon of another member."""

        self.rouse_at: Callable[[float], None] = _nobody_cares
        """Called with the instant from which there will be something to announce."""

        self.circle: frozenset[PartyId] = frozenset()
        """The members to whom letters of ours lately went round."""

        self._addresses = addresses
        self._shelf: Final = Shelf(credentials.random(LOG_ID_BYTES))
        self._gathering: Final = Gathering(self._chance)
        self._seen: Final = Names(SEEN_MAX)
        self._missing: Final = Missing()
        self._waiting: Final = Waiting()
        self._places: Final[dict[PartyId, tuple[bytes, int]]] = {}
        self._beacons: Final = Beacons(roster)
        self._court: Final = Court()
        self._conversations: Final[dict[PartyId, Conversation]] = {}
        self._lamp: Final = Lamp(credentials)

    # -- who is there ----------------------------------------------------------------

    @property
    def linked(self) -> Mapping[PartyId, Conversation]:
        """Everybody we are linked with."""
        return self._conversations

    @property
    def beacons(self) -> Mapping[PartyId, Beacon]:
        """The latest beacon of every other member."""
        return self._beacons.latest

    def beacon(self) -> Beacon:
        """Return a beacon of our own, lit now."""
        return light(
            self.credentials,
            self.roster,
            box_key=self._boxes.key,
            addresses=self._addresses,
        )

    def announce(self, addresses: tuple[str, ...], now: float) -> None:
        """Tell all members that we can be dialled at these addresses."""
        self._addresses = addresses
        beacon = self.beacon()
        self._lamp.lit(beacon, now)
        self._shelve(Parcel(ParcelKind.BEACON, beacon.data), is_own=True, now=now)

    def meet(
        self, beacon: Beacon, *, wake: Callable[[], None], now: float
    ) -> Conversation:
        """Begin to talk with a peer that has proved who it is."""
        conversation = Conversation(
            beacon, allowance=self._allowance(Limits.of_guest(), now), wake=wake
        )
        self._conversations[beacon.party] = conversation
        self._welcome(conversation, now)
        self._say_what_waited(beacon.party, now)
        return conversation

    def part(self, conversation: Conversation, now: float) -> None:
        """End a conversation; letters that did not leave look for another way."""
        if self._conversations.get(conversation.peer) is conversation:
            del self._conversations[conversation.peer]
        for letter in conversation.unsaid():
            self.say(Outgoing(data=letter, to=conversation.peer), now)

    # -- what we say -----------------------------------------------------------------

    def say(self, outgoing: Outgoing, now: float) -> None:
        """Send an envelope of our own."""
        if outgoing.circle:
            self.circle = frozenset(outgoing.circle)
        if outgoing.to is None:
            self._shelve(Parcel(ParcelKind.LETTER, outgoing.data), is_own=True, now=now)
        elif (parcel := carried(outgoing, self._conversations)) is not None:
            self._shelve(parcel, is_own=True, now=now)
        elif goes_round(outgoing, self._conversations):
            self._shelve(round_robin(outgoing), is_own=True, now=now)
        elif (conversation := self._conversations.get(outgoing.to)) is not None:
            conversation.tell(outgoing.data)
        elif outgoing.to in self._beacons:
            parcel = self._boxes.close(outgoing.data, self._beacons[outgoing.to])
            self._shelve(parcel, is_own=True, now=now)
        else:
            self._waiting.keep(outgoing.data, outgoing.to)

    @property
    def is_calm(self) -> bool:
        """Tell whether no answer is waited for, and nobody is about to join."""
        has_guests = any(one.is_guest for one in self._conversations.values())
        return not self._missing.is_urgent and not has_guests

    def tick(self, now: float) -> None:
        """Look after what is missing, and after our own beacon; due every second.

        While all is calm, every few seconds will do.
        """
        if self._lamp.is_low(now):
            self.announce(self._addresses, now)
        for beacon in self._beacons.forget_revoked():
            self._shelf.drop(Parcel(ParcelKind.BEACON, beacon.data).name)
        for conversation in self._conversations.values():
            self._welcome(conversation, now)
        tell_neighbours(self.credentials.party, self.circle, self._conversations)
        for name, holder in self._missing.ask_again(self._conversations, now):
            self._conversations[holder].ask(name)

    def next_frame(self, conversation: Conversation, now: float) -> bytes | None:
        """Return what to say next to a peer; None if there is nothing to say now."""
        frame = self._next_frame(conversation, now)
        return None if frame is None else encode_frame(frame)

    # -- what we hear ----------------------------------------------------------------

    def judge(self, conversation: Conversation) -> Refusal | None:
        """Return why a peer may not speak any more; None if it may."""
        if conversation.peer not in self.roster and not conversation.is_guest:
            return Refusal.STRANGER
        is_revoked = self.roster.has_revoked(conversation.beacon.certificate)
        return Refusal.REVOKED if is_revoked else None

    def hear(
        self, conversation: Conversation, data: bytes, now: float
    ) -> Refusal | None:
        """Take a frame from a peer; a refusal is the end of the conversation."""
        if (refusal := self.judge(conversation)) is not None:
            return refusal
        try:
            frame = decode_frame(data)
        except ValueError:
            return Refusal.MALFORMED
        is_answer = isinstance(frame, Here) and frame.parcel.name in self._missing
        if not is_answer and not conversation.allowance.take(len(data), now):
            return Refusal.TOO_MUCH
        self._take(conversation, frame, now)
        is_believed = conversation.is_believed(len(self.roster))
        return None if is_believed else Refusal.NOT_GENUINE

    def judged(self, letter: bytes, *, genuine: bool, now: float) -> None:
        """Learn from the node whether a letter was what it seemed to be."""
        unjudged = self._court.dismiss(letter)
        if unjudged is None:
            return
        if not genuine:
            self.refusals.note(unjudged.bringer, Refusal.NOT_GENUINE)
            conversation = self._conversations.get(unjudged.bringer)
            if conversation is not None:
                conversation.strike()
        elif unjudged.parcel is not None:
            self._shelve(unjudged.parcel, is_own=False, now=now)

    def _take(self, conversation: Conversation, frame: Frame, now: float) -> None:
        match frame:
            case Direct():
                self._take_letter(conversation, frame.letter, parcel=None)
            case _ if conversation.is_guest and not isinstance(frame, Here | Greeting):
                return
            case Greeting():
                self._take_greeting(conversation, frame)
            case Have():
                self._read_until(conversation, frame.next)
                self._look_for(conversation, frame.names, now)
            case Want():
                conversation.asked_by_peer(frame.names)
            case Linked():
                conversation.neighbours = frozenset(frame.names)
            case Here():
                self._read_until(conversation, frame.next)
                self._take_parcel(conversation, frame.parcel, now)
            case _:
                assert_never(frame)

    def _take_greeting(self, conversation: Conversation, greeting: Greeting) -> None:
        conversation.log_id = greeting.log_id
        is_ours = greeting.known_log_id == self._shelf.log_id
        conversation.place = greeting.known_next if is_ours else 0
        known = self._places.get(conversation.peer)
        if known is not None and known[0] != greeting.log_id:
            del self._places[conversation.peer]
        conversation.wake()

    def _read_until(self, conversation: Conversation, following: int | None) -> None:
        if following is None or conversation.log_id is None:
            return
        if not conversation.is_guest:
            self._places[conversation.peer] = (conversation.log_id, following)

    def _look_for(
        self, conversation: Conversation, names: tuple[bytes, ...], now: float
    ) -> None:
        for name in names:
            conversation.knows.add(name)
            if name not in self._seen and self._missing.note(
                name, conversation.peer, now
            ):
                conversation.ask(name)

    def _take_parcel(
        self, conversation: Conversation, parcel: Parcel, now: float
    ) -> None:
        conversation.knows.add(parcel.name)
        self._missing.found(parcel.name)
        if parcel.name in self._seen:
            return
        match parcel.kind:
            case ParcelKind.LETTER | ParcelKind.ROUND_ROBIN if parcel.is_for(
                self.credentials.party
            ):
                if self._take_letter(conversation, parcel.data, parcel=parcel):
                    self._seen.add(parcel.name)
            case ParcelKind.BOX if not conversation.is_guest:
                self._seen.add(parcel.name)
                self._take_box(conversation, parcel, now)
            case ParcelKind.BEACON if not conversation.is_guest:
                self._seen.add(parcel.name)
                beacon = read_beacon(
                    parcel.data, self.roster, now=self.credentials.clock()
                )
                if not isinstance(beacon, Rejected):
                    self._take_beacon(beacon, now)
            case _:
                self.refusals.note(conversation.peer, Refusal.STRANGER)

    def _take_letter(
        self, conversation: Conversation, letter: bytes, *, parcel: Parcel | None
    ) -> bool:
        """Pass a letter to our node; whether it is genuine comes back later."""
        author = author_of(letter)
        if author is None:
            self.refusals.note(conversation.peer, Refusal.MALFORMED)
            conversation.strike()
            return False
        speaks_for_itself = author == conversation.peer
        if conversation.is_guest and not speaks_for_itself:
            self.refusals.note(conversation.peer, Refusal.STRANGER)
            conversation.strike()
            return False
        if author not in self.roster and not speaks_for_itself:
            # Maybe one who just left, or just joined: no reason to think ill of anyone.
            self.refusals.note(author, Refusal.STRANGER)
            return False
        is_for_all = parcel is not None and author in self.roster
        self._court.await_verdict(
            letter, Unjudged(parcel if is_for_all else None, conversation.peer)
        )
        self.deliver(letter)
        return True

    def _take_box(self, conversation: Conversation, parcel: Parcel, now: float) -> None:
        if parcel.to != self.credentials.party:
            if parcel.to is not None and parcel.to in self.roster:
                self._shelve(parcel, is_own=False, now=now)
            return
        letter = self._boxes.open(parcel)
        if letter is not None:
            self._take_letter(conversation, letter, parcel=None)

    def _take_beacon(self, beacon: Beacon, now: float) -> None:
        """Learn how a member can be reached, unless we know better."""
        party = beacon.party
        if party not in self.roster or party == self.credentials.party:
            return
        known = self._beacons.latest.get(party)
        if not self._beacons.take(beacon):
            return
        if known is not None:
            self._shelf.drop(Parcel(ParcelKind.BEACON, known.data).name)
        self._shelve(Parcel(ParcelKind.BEACON, beacon.data), is_own=False, now=now)
        self.met(beacon)
        self._say_what_waited(party, now)

    def _allowance(self, limits: Limits, now: float) -> Allowance:
        return Allowance(limits, now=now, pace=self.credentials.pace)

    def _welcome(self, conversation: Conversation, now: float) -> None:
        """Make a member of a guest that has become one."""
        if conversation.is_guest and conversation.peer in self.roster:
            limits = Limits.of(len(self.roster))
            conversation.welcome(self._allowance(limits, now))
            self._take_beacon(conversation.beacon, now)

    # -- how it works ----------------------------------------------------------------

    def _next_frame(self, conversation: Conversation, now: float) -> Frame | None:
        if not conversation.has_greeted:
            conversation.has_greeted = True
            log_id, following = self._places.get(
                conversation.peer, (bytes(LOG_ID_BYTES), 0)
            )
            return Greeting(self._shelf.log_id, log_id, following)
        if (letter := conversation.next_direct()) is not None:
            return Direct(letter)
        if (neighbours := conversation.next_neighbours()) is not None:
            return Linked(neighbours)
        if wants := conversation.next_wants():
            return Want(wants)
        return next_parcel(self._shelf, conversation, self._conversations, now)

    def _say_what_waited(self, to: PartyId, now: float) -> None:
        for letter in self._waiting.take(to):
            self.say(Outgoing(data=letter, to=to), now)

    def _shelve(self, parcel: Parcel, *, is_own: bool, now: float) -> None:
        self._seen.add(parcel.name)
        is_for_later = not is_own or parcel.kind is ParcelKind.BOX
        ripe_at = self._gathering.ripe_at(now) if is_for_later else now
        if not self._shelf.put(parcel, is_own=is_own, now=now, ripe_at=ripe_at):
            return
        if is_for_later:
            self.rouse_at(ripe_at)
        for conversation in self._conversations.values():
            if is_urgent(parcel, conversation, is_fresh=is_own):
                conversation.owe(parcel.name)

    def _chance(self) -> float:
        return int.from_bytes(self.credentials.random(2)) / 0xFFFF

    def rouse(self) -> None:
        """Look on all links whether there is something to say."""
        for conversation in self._conversations.values():
            conversation.wake()


def _nobody_cares(_: object) -> None:
    """Do nothing: the transport has not been started."""
