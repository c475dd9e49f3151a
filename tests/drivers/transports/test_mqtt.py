"""Members that meet at a broker in memory: privacy, catching up, what is refused."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
import itertools

import pytest

from custom_components.commonwatt.drivers.transports import (
    Refusal,
    Refusals,
    Roster,
)
from custom_components.commonwatt.drivers.transports.credentials import Credentials
from custom_components.commonwatt.drivers.transports.frames import (
    FRAME_SIZE_MAX,
    Here,
    Want,
    encode_frame,
)
from custom_components.commonwatt.drivers.transports.mqtt import MQTTTransport
from custom_components.commonwatt.drivers.transports.mqtt.topics import Topics
from custom_components.commonwatt.drivers.transports.parcel import Parcel, ParcelKind
from custom_components.commonwatt.engine.node import Outgoing

from .pub import Pub, PubClient
from .village import Village, until, wall_clock


@dataclass
class Patron:
    """Whoever sits at the bar: a home with a transport and an ear."""

    name: str
    village: Village
    transport: MQTTTransport
    client: PubClient
    heard: list[bytes] = field(default_factory=list)
    genuine: Callable[[bytes], bool] = lambda _: True

    def hear(self, letter: bytes) -> None:
        """Note a letter and judge it a little later."""
        self.heard.append(letter)
        asyncio.get_running_loop().call_soon(
            lambda: self.transport.judged(letter, genuine=self.genuine(letter))
        )

    async def say(self, to: str | None = None) -> bytes:
        """Say something new to all, or to one."""
        letter = self.village.letter(self.name)
        party = None if to is None else self.village.party(to)
        await self.transport.send(Outgoing(data=letter, to=party))
        return letter

    def refused(self, reason: Refusal, name: str) -> int:
        """Return how often somebody was refused for a reason."""
        return self.transport.refusals.counts.get((self.village.party(name), reason), 0)


@asynccontextmanager
async def at_the_pub(
    village: Village, *names: str, joining: str | None = None
) -> AsyncIterator[tuple[Pub, dict[str, Patron]]]:
    """Let homes meet at a broker."""
    pub, homes = Pub(), {}
    for name in (*names, *([joining] if joining else [])):
        client = pub.client()
        members = None if name == joining else village.members.values()
        transport = MQTTTransport(
            roster=Roster(community=village.community, members=members),
            credentials=Credentials(
                party=village.party(name),
                sessions=village.sessions(name),
                clock=wall_clock,
            ),
            refusals=Refusals(),
            broker=client,
            is_guest=name == joining,
        )
        homes[name] = Patron(name, village, transport, client)
        await transport.start(homes[name].hear)
    try:
        yield pub, homes
    finally:
        for home in homes.values():
            await home.transport.stop()


async def test_what_one_says_all_others_hear_once() -> None:
    async with at_the_pub(Village("Ann", "Ben", "Cat"), "Ann", "Ben", "Cat") as (
        _,
        homes,
    ):
        letters = [await home.say() for home in homes.values()]

        await until(lambda: all(len(home.heard) == 2 for home in homes.values()))
        assert sorted(homes["Ann"].heard) == sorted(letters[1:])


async def test_a_letter_for_one_is_in_a_box_that_the_broker_cannot_open() -> None:
    async with at_the_pub(Village("Ann", "Ben", "Cat"), "Ann", "Ben", "Cat") as (
        pub,
        homes,
    ):
        letter = await homes["Ann"].say(to="Ben")

        await until(lambda: homes["Ben"].heard == [letter])
        assert homes["Cat"].heard == []
        assert not [payload for _, payload in pub.log if letter in payload]


async def test_who_was_cut_off_hears_what_was_said_and_tells_what_it_said() -> None:
    async with at_the_pub(Village("Ann", "Ben", "Cat"), "Ann", "Ben", "Cat") as (
        _,
        homes,
    ):
        ann, ben, cat = homes.values()
        first = [await ann.say(), await cat.say()]
        await until(lambda: set(first) == set(ben.heard))
        cat.client.disconnect()

        said = [await ann.say(), await ben.say(), await ann.say(to="Cat")]
        mine = await cat.say()
        await until(lambda: said[0] in ben.heard)
        cat.client.connect()

        await until(lambda: set(cat.heard) == {first[0], *said})
        await until(lambda: mine in ann.heard and mine in ben.heard)
        assert len(cat.heard) == 4


async def test_after_a_restart_of_the_broker_nothing_is_missing() -> None:
    async with at_the_pub(Village("Ann", "Ben"), "Ann", "Ben") as (pub, homes):
        ann, ben = homes.values()
        await ann.say()
        await until(lambda: len(ben.heard) == 1)
        pub.retained.clear()
        for home in (ann, ben):
            home.client.disconnect()

        letters = [await ann.say() for _ in range(50)]
        for home in (ann, ben):
            home.client.connect()

        await until(lambda: set(letters) <= set(ben.heard))


async def test_topics_of_strangers_are_refused_and_counted() -> None:
    village = Village("Ann", "Ben")
    async with at_the_pub(village, "Ann", "Ben") as (pub, homes):
        ann = homes["Ann"]
        eve = Topics(ann.transport.roster.meeting_place, village.party("Eve"))
        parcel = Parcel(ParcelKind.LETTER, village.letter("Eve"))
        ann.client.topics.add(eve.all)  # left from when she was a member
        pub.carry(eve.all, encode_frame(Here(None, parcel)))

        await until(lambda: ann.refused(Refusal.STRANGER, "Eve") == 1)
        assert ann.heard == []


async def test_nobody_speaks_for_another_on_its_own_topic() -> None:
    village = Village("Ann", "Ben", "Eve")
    async with at_the_pub(village, "Ann", "Ben") as (pub, homes):
        ann = homes["Ann"]
        letter = village.letter("Ben")
        eve = Topics(ann.transport.roster.meeting_place, village.party("Eve"))
        await until(lambda: eve.all in ann.client.topics)
        pub.carry(eve.all, encode_frame(Here(None, Parcel(ParcelKind.LETTER, letter))))
        await until(lambda: ann.refused(Refusal.STRANGER, "Eve") == 1)

        await homes["Ben"].transport.send(Outgoing(data=letter))

        await until(lambda: ann.heard == [letter])


async def test_a_member_hands_on_to_one_what_others_have_signed() -> None:
    village = Village("Ann", "Ben", "Eve")
    async with at_the_pub(village, "Ann", "Ben") as (_, homes):
        ann, ben = homes["Ann"], homes["Ben"]
        letter = village.letter("Eve")

        await ben.transport.send(Outgoing(data=letter, to=village.party("Ann")))

        await until(lambda: ann.heard == [letter])


async def test_a_flood_is_muted_for_a_minute_and_counted() -> None:
    village = Village("Ann", "Ben", "Eve")
    async with at_the_pub(village, "Ann", "Ben") as (pub, homes):
        ann, ben = homes.values()
        eve = Topics(ann.transport.roster.meeting_place, village.party("Eve"))
        await until(lambda: eve.all in ann.client.topics)
        letters = [village.letter("Eve") for _ in range(1_000)]
        for letter in itertools.islice(itertools.cycle(letters), 10_000):
            parcel = Parcel(ParcelKind.LETTER, letter)
            pub.carry(eve.all, encode_frame(Here(None, parcel)))
            if len(pub.log) % 100 == 0:
                await asyncio.sleep(0)

        await until(lambda: eve.all not in ann.client.topics)
        assert ann.refused(Refusal.TOO_MUCH, "Eve") > 0
        assert len(ann.heard) < 400
        letter = await ben.say()
        await until(lambda: letter in ann.heard)


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (bytes(10 * FRAME_SIZE_MAX), Refusal.TOO_LONG),
        (b"\xff\x00", Refusal.MALFORMED),
        (encode_frame(Want((bytes(8),))), Refusal.MALFORMED),
    ],
    ids=["ten times too large", "garbage", "a question to all"],
)
async def test_what_is_no_message_is_refused(payload: bytes, reason: Refusal) -> None:
    village = Village("Ann", "Eve")
    async with at_the_pub(village, "Ann") as (pub, homes):
        ann = homes["Ann"]
        eve = Topics(ann.transport.roster.meeting_place, village.party("Eve"))
        await until(lambda: eve.all in ann.client.topics)
        pub.carry(eve.all, payload)

        await until(lambda: ann.refused(reason, "Eve") == 1)


async def test_a_guest_can_ask_one_member_and_hears_its_answer_only() -> None:
    village = Village("Ann", "Ben")
    async with at_the_pub(village, "Ann", "Ben", joining="Gus") as (_, homes):
        ann, ben, gus = homes.values()
        request = await gus.say(to="Ann")
        await until(lambda: ann.heard == [request])

        said = await ben.say()
        answer = await ann.say(to="Gus")

        await until(lambda: gus.heard == [answer])
        await until(lambda: said in ann.heard)
        assert ben.heard == []


async def test_a_guest_that_became_a_member_hears_everything() -> None:
    village = Village("Ann", "Ben")
    async with at_the_pub(village, "Ann", "Ben", joining="Gus") as (_, homes):
        before = await homes["Ben"].say()
        village.admit("Gus")
        for home in homes.values():
            home.transport.roster.replace(village.members.values())

        await until(lambda: before in homes["Gus"].heard)
        letter = await homes["Gus"].say()
        await until(lambda: letter in homes["Ann"].heard)


async def test_letters_that_are_not_genuine_get_their_bringer_muted() -> None:
    village = Village("Ann", "Eve")
    async with at_the_pub(village, "Ann", "Eve") as (_, homes):
        ann, eve = homes.values()
        ann.genuine = lambda _: False
        for _ in range(70):
            await eve.say()

        await until(lambda: ann.refused(Refusal.NOT_GENUINE, "Eve") >= 64)
        topics = Topics(ann.transport.roster.meeting_place, village.party("Eve"))
        await until(lambda: topics.all not in ann.client.topics)
