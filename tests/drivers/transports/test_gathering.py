"""Announcing: together, by lot, and never twice over one link."""

import asyncio
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from unittest.mock import Mock

import pytest

from custom_components.commonwatt.drivers.transports import Gossip
from custom_components.commonwatt.drivers.transports.conversation import Conversation
from custom_components.commonwatt.drivers.transports.frames import (
    Frame,
    Greeting,
    Have,
    Here,
    Want,
    decode_frame,
    encode_frame,
)
from custom_components.commonwatt.drivers.transports.gathering import (
    FRESH_SECONDS,
    GATHER_SECONDS,
    STAGGER_SECONDS,
    Gathering,
)
from custom_components.commonwatt.drivers.transports.http import transport as http
from custom_components.commonwatt.drivers.transports.parcel import Parcel, ParcelKind
from custom_components.commonwatt.engine.node import Outgoing

from .village import Village, loopback, until


@dataclass
class Talker:
    """A home whose conversations are held by hand: what it says is taken from it."""

    name: str
    village: Village
    gossip: Gossip

    @classmethod
    def of(cls, village: Village, name: str, *, luck: float) -> Talker:
        """Return a home that always draws the same lot, from 0 to 1."""
        drawn = village.gossip(name)
        lot = round(luck * 0xFF)
        gossip = Gossip(
            roster=drawn.roster,
            credentials=replace(drawn.credentials, random=lambda n: bytes([lot] * n)),
            refusals=drawn.refusals,
        )
        gossip.deliver = lambda letter: gossip.judged(letter, genuine=True, now=0.0)
        return cls(name, village, gossip)

    def meet(self, other: Talker) -> Conversation:
        """Begin to talk with another home, which has greeted."""
        conversation = self.gossip.meet(
            other.gossip.beacon(), wake=lambda: None, now=0.0
        )
        greeting = Greeting(bytes([1] * 8), bytes(8), 0)
        self.gossip.hear(conversation, encode_frame(greeting), 0.0)
        return conversation

    def meet_all(self, *others: Talker) -> tuple[Conversation, ...]:
        """Talk with several, until all beacons are told."""
        conversations = tuple(map(self.meet, others))
        for conversation in conversations:
            self.said(conversation, 10.0)
        return conversations

    def said(self, conversation: Conversation, now: float) -> list[Frame]:
        """Return all there is to say to a peer now."""
        frames: list[Frame] = []
        while (data := self.gossip.next_frame(conversation, now)) is not None:
            frames.append(decode_frame(data))
        return frames

    def take(self, bringer: Conversation, letter: bytes, now: float) -> Parcel:
        """Hear a letter for all from a peer."""
        parcel = Parcel(ParcelKind.LETTER, letter)
        self.gossip.deliver = lambda one: self.gossip.judged(one, genuine=True, now=now)
        self.gossip.hear(bringer, encode_frame(Here(None, parcel)), now)
        return parcel


@pytest.mark.parametrize("lot", [0.0, 0.5, 1.0])
def test_what_comes_in_together_is_announced_together(lot: float) -> None:
    gathering = Gathering(lambda: lot)
    ends_at = 100.0 + GATHER_SECONDS + STAGGER_SECONDS * lot
    assert gathering.ripe_at(100.0) == ends_at
    assert gathering.ripe_at(ends_at - FRESH_SECONDS - 0.01) == ends_at
    too_late = ends_at - FRESH_SECONDS / 2
    assert gathering.ripe_at(too_late) == pytest.approx(too_late + ends_at - 100.0)


def test_lots_spread_homes_over_half_a_second() -> None:
    lots = [n / 10 for n in range(11)]
    ends = [Gathering(partial(float, lot)).ripe_at(0.0) for lot in lots]
    assert ends == sorted(ends)
    assert ends[-1] - ends[0] == pytest.approx(STAGGER_SECONDS)
    assert all(later > earlier for earlier, later in pairwise(ends))


def test_of_two_neighbours_that_heard_the_same_one_announces_it() -> None:
    village = Village("Ann", "Ben", "Cat")
    ann, ben = (
        Talker.of(village, name, luck=n) for n, name in enumerate(("Ann", "Ben"))
    )
    cat = Talker.of(village, "Cat", luck=0.5)
    to_ben, to_cat = ann.meet_all(ben, cat)
    to_ann, ben_to_cat = ben.meet_all(ann, cat)
    letter = village.letter("Cat")
    parcel = ann.take(to_cat, letter, 20.0)
    ben.take(ben_to_cat, letter, 20.0)

    early, late = 20.0 + GATHER_SECONDS, 20.0 + GATHER_SECONDS + STAGGER_SECONDS
    assert ann.said(to_ben, early - 0.01) == []
    (have,) = ann.said(to_ben, early)
    assert isinstance(have, Have)
    assert have.names == (parcel.name,)
    ben.gossip.hear(to_ann, encode_frame(have), early)
    assert ben.said(to_ann, late) == []


def test_our_own_letter_does_not_wait_behind_others() -> None:
    village = Village("Ann", "Ben", "Cat")
    ann, ben, cat = (Talker.of(village, name, luck=1.0) for name in village.keys)
    to_ben, to_cat = ann.meet_all(ben, cat)
    waiting = ann.take(to_cat, village.letter("Cat"), 20.0)
    own = village.letter("Ann")

    ann.gossip.say(Outgoing(data=own), 20.0)

    assert ann.said(to_ben, 20.0) == [Here(None, Parcel(ParcelKind.LETTER, own))]
    later = ann.said(to_ben, 20.0 + GATHER_SECONDS + STAGGER_SECONDS)
    assert [one.names for one in later if isinstance(one, Have)] == [(waiting.name,)]
    assert len(later) == 1


def test_nothing_overtakes_what_we_said_before_the_link() -> None:
    village = Village("Ann", "Ben")
    ann, ben = (Talker.of(village, name, luck=1.0) for name in village.keys)
    hello, later = village.letter("Ann"), village.letter("Ann")
    ann.gossip.say(Outgoing(data=hello), 10.0)
    to_ben = ann.gossip.meet(ben.gossip.beacon(), wake=lambda: None, now=10.0)

    ann.gossip.say(Outgoing(data=later), 10.0)

    (greeting,) = ann.said(to_ben, 10.0)
    assert isinstance(greeting, Greeting)
    peer_greets = Greeting(bytes([1] * 8), bytes(8), 0)
    ann.gossip.hear(to_ben, encode_frame(peer_greets), 10.0)
    told = [one.parcel.data for one in ann.said(to_ben, 10.0) if isinstance(one, Here)]
    assert told == [hello, later]


def test_what_was_asked_for_is_not_announced_afterwards() -> None:
    village = Village("Ann", "Ben", "Cat")
    ann, ben, cat = (Talker.of(village, name, luck=1.0) for name in village.keys)
    to_ben, to_cat = ann.meet_all(ben, cat)
    parcel = ann.take(to_cat, village.letter("Cat"), 20.0)
    ann.gossip.hear(to_ben, encode_frame(Want((parcel.name,))), 20.0)
    assert ann.said(to_ben, 20.0) == [Here(None, parcel)]
    assert ann.said(to_ben, 30.0) == []


async def test_who_is_content_rests_until_something_changes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(http, "COMPOSURE_SECONDS", 0.01)
    async with loopback(Village("Ann", "Ben")) as world:
        ann = await world.home("Ann")
        ben = await world.home("Ben", ann)
        await until(lambda: ben.is_linked_with(ann) and ann.is_linked_with(ben))
        look = Mock(wraps=ann.transport._is_content)
        monkeypatch.setattr(ann.transport, "_is_content", look)
        ann.transport.dial(ben.address)
        await until(lambda: look.called)
        await asyncio.sleep(0.5)
        assert look.call_count < 10

        look.reset_mock()
        await ben.leave()
        await until(lambda: look.called)


async def test_in_calm_times_little_is_looked_after(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(http, "TICK_SECONDS", 0.01)
    async with loopback(Village("Ann", "Ben")) as world:
        ann = await world.home("Ann")
        ben = await world.home("Ben", ann)
        await until(lambda: ben.is_linked_with(ann) and ann.is_linked_with(ben))
        await until(lambda: ann.transport.gossip.is_calm)
        tick = Mock(wraps=ann.transport.gossip.tick)
        monkeypatch.setattr(ann.transport.gossip, "tick", tick)
        await asyncio.sleep(0.5)
        assert tick.call_count < 5
