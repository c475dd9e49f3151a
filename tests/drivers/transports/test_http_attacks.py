"""What members and strangers may try over a WebSocket, and what it costs the others."""

import asyncio
import itertools
import time
from typing import Self

import aiohttp
import pytest

from custom_components.commonwatt.drivers.transports.frames import (
    FRAME_SIZE_MAX,
    Greeting,
    Here,
    encode_frame,
)
from custom_components.commonwatt.drivers.transports.http.handshake import Handshake
from custom_components.commonwatt.drivers.transports.http.link import shake_hands
from custom_components.commonwatt.drivers.transports.http.press import Press
from custom_components.commonwatt.drivers.transports.http.transport import PATH
from custom_components.commonwatt.drivers.transports.parcel import Parcel, ParcelKind
from custom_components.commonwatt.drivers.transports.refusals import Refusal
from custom_components.commonwatt.engine.wire.keys import HouseholdKey
from tests.engine.wire.community import secret

from .test_http import refused
from .village import Home, Loopback, Village, loopback, until


class Attacker:
    """A member with software of its own."""

    def __init__(self, world: Loopback, name: str, victim: Home) -> None:
        self._world = world
        self._victim = victim
        self.party = world.village.party(name)
        self.gossip = world.village.gossip(name)

    async def __aenter__(self) -> Self:
        """Link with the victim."""
        place = self.gossip.roster.meeting_place
        self.socket = await self._world.client.ws_connect(
            self._victim.address + PATH.format(meeting_place=place), max_msg_size=0
        )
        _, self._cipher = await shake_hands(
            self.socket, self.gossip, is_dialler=True, guests_welcome=True
        )
        self._press = Press()
        await self.say(encode_frame(Greeting(bytes(8), bytes(8), 0)))
        return self

    async def __aexit__(self, *_: object) -> None:
        """Hang up."""
        await self.socket.close()

    async def say(self, plain: bytes) -> None:
        """Send any bytes as a frame."""
        await self.send(self._press.pack(plain))

    async def send(self, packed: bytes) -> None:
        """Send any bytes in the place of a frame that was packed."""
        await self.socket.send_bytes(self._cipher.close(packed))

    def open(self, sealed: bytes) -> bytes:
        """Return the frame in a message of the victim."""
        packed = self._cipher.open(sealed)
        assert packed is not None
        plain = self._press.unpack(packed)
        assert plain is not None
        return plain

    async def bring(self, letter: bytes) -> None:
        """Bring a letter."""
        await self.say(encode_frame(Here(None, Parcel(ParcelKind.LETTER, letter))))

    async def flood(self, letters: list[bytes]) -> None:
        """Bring letters as fast as can be, until the victim has enough."""
        for letter in itertools.cycle(letters):
            await self.bring(letter)
            await asyncio.sleep(0)


async def carries_on(ann: Home, ben: Home) -> bool:
    """Tell whether two honest members still hear each other."""
    await until(lambda: ann.is_linked_with(ben))
    letters = [await ben.say(), await ann.say()]
    await until(lambda: letters[0] in ann.heard and letters[1] in ben.heard)
    return True


async def test_a_message_ten_times_too_large_ends_the_link_and_nothing_else() -> None:
    async with loopback(Village("Ann", "Ben", "Eve")) as world:
        ann = await world.home("Ann")
        ben = await world.home("Ben", ann)
        async with Attacker(world, "Eve", ann) as eve:
            await eve.send(bytes(10 * FRAME_SIZE_MAX))

            await until(lambda: refused(ann, Refusal.TOO_LONG, eve.party) == 1)
            assert await carries_on(ann, ben)


async def test_a_frame_that_unpacks_to_too_much_ends_the_link() -> None:
    async with loopback(Village("Ann", "Ben", "Eve")) as world:
        ann = await world.home("Ann")
        ben = await world.home("Ben", ann)
        async with Attacker(world, "Eve", ann) as eve:
            await eve.say(bytes(100 * FRAME_SIZE_MAX))

            await until(lambda: refused(ann, Refusal.MALFORMED, eve.party) == 1)
            assert await carries_on(ann, ben)


async def test_ten_thousand_messages_a_second_are_cut_off_and_counted() -> None:
    async with loopback(Village("Ann", "Ben", "Eve")) as world:
        ann = await world.home("Ann")
        ben = await world.home("Ben", ann)
        letters = [world.village.letter("Eve") for _ in range(2_000)]
        async with Attacker(world, "Eve", ann) as eve:
            used_s = time.process_time()
            with pytest.raises((OSError, aiohttp.ClientError)):
                await eve.flood(letters)
            used_s = time.process_time() - used_s

        assert refused(ann, Refusal.TOO_MUCH, eve.party) == 1
        assert used_s < 3, "refusing costs next to nothing"
        assert len(ann.heard) < 600
        assert await carries_on(ann, ben)

        with pytest.raises(aiohttp.WSMessageTypeError):  # not for a minute
            async with Attacker(world, "Eve", ann) as eve:
                await eve.socket.receive_bytes(timeout=5)
        assert refused(ann, Refusal.TOO_MUCH, eve.party) == 2


async def test_letters_that_are_not_genuine_go_no_further() -> None:
    async with loopback(Village("Ann", "Ben", "Eve")) as world:
        ann = await world.home("Ann")
        ben = await world.home("Ben", ann)
        forged = [world.village.letter("Ben") for _ in range(150)]
        ann.genuine = lambda letter: letter not in forged
        async with Attacker(world, "Eve", ann) as eve:
            for letter in forged[:20]:
                await eve.bring(letter)
            await until(lambda: refused(ann, Refusal.NOT_GENUINE, eve.party) == 20)
            assert eve.party in ann.transport.linked

            for letter in forged[20:]:
                await eve.bring(letter)
            await until(lambda: eve.party not in ann.transport.linked)
            assert await carries_on(ann, ben)
        assert not set(ben.heard) & set(forged)


@pytest.mark.parametrize(
    "plain", [b"", b"\x00", b"\x85\x03", bytes(1000), b"\x82\x01@"]
)
async def test_garbage_ends_the_link(plain: bytes) -> None:
    async with loopback(Village("Ann", "Ben", "Eve")) as world:
        ann = await world.home("Ann")
        ben = await world.home("Ben", ann)
        async with Attacker(world, "Eve", ann) as eve:
            await eve.say(plain)

            await until(lambda: refused(ann, Refusal.MALFORMED, eve.party) == 1)
        assert await carries_on(ann, ben)


async def test_bytes_that_another_put_into_the_link_end_it() -> None:
    async with loopback(Village("Ann", "Eve")) as world:
        ann = await world.home("Ann")
        async with Attacker(world, "Eve", ann) as eve:
            await eve.socket.send_bytes(bytes(64))

            await until(lambda: refused(ann, Refusal.UNPROVED, eve.party) == 1)


async def test_a_certificate_alone_proves_nothing() -> None:
    """Beacons are public among members; the session key behind one is not."""
    village = Village("Ann", "Ben", "Eve")
    async with loopback(village) as world:
        ann = await world.home("Ann")
        stolen = village.gossip("Ben").beacon()
        eve = Handshake(
            village.gossip("Eve").roster,
            village.gossip("Eve").credentials,
            is_dialler=True,
        )
        place = ann.transport.gossip.roster.meeting_place
        async with world.client.ws_connect(
            ann.address + PATH.format(meeting_place=place)
        ) as socket:
            await socket.send_bytes(eve.hello)
            eve.take_hello(await socket.receive_bytes())
            await socket.send_bytes(eve.proof(stolen))

            await until(
                lambda: refused(ann, Refusal.UNPROVED, village.party("Ben")) == 1
            )
        assert ann.transport.linked == ()


async def test_another_community_finds_nobody_at_home() -> None:
    village = Village("Ann")
    async with loopback(village) as world:
        ann = await world.home("Ann")
        answer = await world.client.get(
            ann.address + PATH.format(meeting_place=bytes(8).hex())
        )

        assert answer.status == 404


async def test_a_crowd_of_strangers_is_turned_away_cheaply() -> None:
    village = Village("Ann", "Ben")
    async with loopback(village) as world:
        ann = await world.home("Ann")
        ben = await world.home("Ben", ann)
        place = ann.transport.gossip.roster.meeting_place
        url = ann.address + PATH.format(meeting_place=place)
        sockets = [await world.client.ws_connect(url) for _ in range(30)]
        for socket in sockets:
            await socket.send_bytes(b"let me in")
        for socket in sockets:
            await socket.close()

        await until(lambda: refused(ann, Refusal.MALFORMED) == 30)
        assert len(ann.transport.gossip.refusals.counts) == 1
        assert await carries_on(ann, ben)


def test_household_keys_of_strangers_are_told_apart() -> None:
    village = Village("Ann")
    roster = village.gossip("Ann").roster
    other = HouseholdKey(secret("somebody"))

    assert village.party("Ann") in roster
    assert other.party not in roster
