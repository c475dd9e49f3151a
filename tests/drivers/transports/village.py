"""Members on loopback, each with a transport of its own and an ear that notes all.

Their letters are genuine hellos with a number; no node is needed to tell them apart.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
import itertools
import random
import time

import aiohttp

from custom_components.commonwatt.drivers.transports import (
    Credentials,
    Gossip,
    Refusals,
    Roster,
)
from custom_components.commonwatt.drivers.transports.http import (
    HTTPServer,
    HTTPTransport,
)
from custom_components.commonwatt.engine.model.party import Charter, Member, PartyId
from custom_components.commonwatt.engine.model.period import Instant
from custom_components.commonwatt.engine.model.zone import FeeTree
from custom_components.commonwatt.engine.node import DerivedSessions, Outgoing
from custom_components.commonwatt.engine.wire.digests import community_id
from custom_components.commonwatt.engine.wire.envelope import seal
from custom_components.commonwatt.engine.wire.keys import HouseholdKey
from custom_components.commonwatt.engine.wire.messages import Presence
from tests.engine.wire.community import secret

SECONDS_MAX = 10.0


def wall_clock() -> Instant:
    """Return the instant it is."""
    return Instant(time.time_ns() // 1_000_000)


async def until(condition: Callable[[], object], seconds: float = SECONDS_MAX) -> None:
    """Wait until ``condition`` holds; TimeoutError if it never does."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110  # what is waited for has no event
            await asyncio.sleep(0.01)


class Village:
    """The members of a community, and those who would like to be."""

    def __init__(self, *names: str) -> None:
        """Found a community of ``names``."""
        self.keys = {name: HouseholdKey(secret(name)) for name in names}
        tree = FeeTree.single()
        self.members = {
            name: Member(party=key.party, zone=tree.root.id, household_key=key.public)
            for name, key in self.keys.items()
        }
        self.charter = Charter(members=tuple(self.members.values()), fee_tree=tree)
        self.community = community_id(self.charter)
        self._sessions: dict[str, DerivedSessions] = {}
        self._sequences: Iterator[int] = itertools.count(1)

    def admit(self, name: str) -> None:
        """Make a member of a home."""
        self.members[name] = Member(
            party=self.party(name),
            zone=FeeTree.single().root.id,
            household_key=self.key(name).public,
        )

    def party(self, name: str) -> PartyId:
        """Return the party of a home, member or not."""
        return self.key(name).party

    def key(self, name: str) -> HouseholdKey:
        """Return the household key of a home, member or not."""
        return self.keys.setdefault(name, HouseholdKey(secret(name)))

    def sessions(self, name: str) -> DerivedSessions:
        """Return the session keys of a home."""
        if name not in self._sessions:
            self._sessions[name] = DerivedSessions(
                self.key(name),
                secret=secret(f"{name}'s keys"),
                community=self.community,
            )
        return self._sessions[name]

    def letter(self, name: str) -> bytes:
        """Return something new that ``name`` signed."""
        now = wall_clock()
        session = self.sessions(name).at(now)
        return seal(
            Presence(certificate=session.certificate),
            community=self.community,
            author=self.party(name),
            sequence=next(self._sequences),
            sent_at=now,
            key=session.key,
        )

    def gossip(
        self, name: str, *, addresses: tuple[str, ...] = (), is_guest: bool = False
    ) -> Gossip:
        """Return the memory of one home."""
        members = None if is_guest else self.members.values()
        return Gossip(
            roster=Roster(community=self.community, members=members),
            credentials=Credentials(
                party=self.party(name), sessions=self.sessions(name), clock=wall_clock
            ),
            refusals=Refusals(),
            addresses=addresses,
        )


@dataclass
class Home:
    """A home on loopback."""

    name: str
    village: Village
    transport: HTTPTransport
    server: HTTPServer | None = None
    address: str = ""
    heard: list[bytes] = field(default_factory=list)
    genuine: Callable[[bytes], bool] = lambda _: True

    def hear(self, letter: bytes) -> None:
        """Note a letter, and judge it as a node would: a little later."""
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

    def is_linked_with(self, *others: Home) -> bool:
        """Tell whether there is a link with each of them."""
        parties = {self.village.party(other.name) for other in others}
        return parties <= set(self.transport.linked)

    async def leave(self) -> None:
        """Go offline."""
        await self.transport.stop()
        if self.server is not None:
            await self.server.stop()


class Loopback:
    """Starts homes and ends what it started."""

    def __init__(self, village: Village, client: aiohttp.ClientSession) -> None:
        self.village = village
        self.client = client
        self._homes: list[Home] = []
        self._luck = random.Random(1)

    async def home(
        self,
        name: str,
        *dials: Home,
        answers: bool = True,
        is_guest: bool = False,
        port: int = 0,
    ) -> Home:
        """Start a home that dials others; one that does not answer is behind NAT."""
        transport = HTTPTransport(
            self.village.gossip(name, is_guest=is_guest),
            client=self.client,
            addresses=[other.address for other in dials],
            chance=self._luck.random,
        )
        home = Home(name, self.village, transport)
        if answers:
            home.server = HTTPServer(transport, host="127.0.0.1", port=port)
            home.address = f"http://127.0.0.1:{await home.server.start()}"
        self._homes.append(home)
        await transport.start(home.hear)
        return home

    async def end(self) -> None:
        """Send everybody home."""
        for home in self._homes:
            await home.leave()


@asynccontextmanager
async def loopback(village: Village) -> AsyncIterator[Loopback]:
    """Run homes on loopback."""
    async with aiohttp.ClientSession() as client:
        world = Loopback(village, client)
        try:
            yield world
        finally:
            await world.end()
