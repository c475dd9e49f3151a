"""WebSockets between members: dialled where there is an address, answered everywhere.

A member behind a router only dials out; messages go both ways all the same.  Refuses
strangers before their bytes are parsed, and whoever says too much for a minute.
"""

import asyncio
from collections.abc import Callable, Iterable
import contextlib
from http import HTTPStatus
import logging
from typing import Final

import aiohttp
from aiohttp import web

from ....engine.model.party import PartyId
from ....engine.node import Outgoing
from ..backoff import Backoff
from ..beacon import Beacon
from ..circles import is_missed
from ..gossip import Gossip
from ..limits import PENALTY_SECONDS, TokenBucket
from ..refusals import Refusal
from ..transport import Receive
from .address import clean_address
from .doorway import HOME, Doorway
from .handshake import HandshakeError
from .link import (
    FAREWELL_SECONDS_MAX,
    HEARTBEAT_SECONDS,
    MESSAGE_SIZE_MAX,
    Link,
    shake_hands,
)

LOGGER: Final = logging.getLogger(__name__)

PATH: Final = "/api/commonwatt/peers/{meeting_place}"
LINKS_MAX: Final = 256
MESH_MAX: Final = 24
"""In a community of so many others everybody looks for everybody."""

LINKS_ENOUGH: Final = 8
"""In a larger one so many links will do: what is announced is announced on each."""

ADDRESSES_MAX: Final = 512
GUESTS_MAX: Final = 4
HANDSHAKES_MAX: Final = 32
KNOCKS_BURST: Final = 512
"""Handshakes begun at once by all strangers together, and again every minute."""

TICK_SECONDS: Final = 1.0
CALM_SECONDS: Final = 5.0
"""How often we look after everything while nothing is asked for and nobody a guest."""

COMPOSURE_SECONDS: Final = 5.0
"""How long an address rests, on average, after something changed around us: most of
what ends begins again by itself, and not all dial at once."""


class HTTPTransport:
    """Carries the envelopes of one member over WebSockets."""

    def __init__(
        self,
        gossip: Gossip,
        *,
        client: aiohttp.ClientSession,
        addresses: Iterable[str] = (),
        chance: Callable[[], float],
    ) -> None:
        """Be ready to dial ``addresses`` (``http://home.example:8123``) and to answer.

        ``chance`` returns anything from 0 to 1; it spreads retries.
        """
        self.gossip: Final = gossip
        self._client: Final = client
        self._chance: Final = chance
        self._known: Final = list(addresses)
        self._found: Final[dict[str, PartyId]] = {}
        """Who answered last at an address where nobody was asked for."""

        self._told: Final[dict[PartyId, frozenset[Doorway]]] = {}
        """Where we look for a member because it said so."""

        self._links: Final[dict[PartyId, Link]] = {}
        self._shunned: Final[dict[PartyId, float]] = {}
        self._diallers: Final[dict[Doorway, asyncio.Task[None]]] = {}
        self._handshakes = 0
        self._knocks: TokenBucket | None = None
        self._ticking: asyncio.Task[None] | None = None
        self._rousing: Final[dict[float, asyncio.TimerHandle]] = {}
        self._hurry: Final = asyncio.Event()
        """Set when there is something to look after before it is due."""

        self._unrest: Final = asyncio.Event()
        """Set for a moment when other addresses may have to be dialled than before."""

    # -- the promises of a transport -------------------------------------------------

    async def start(self, receive: Receive) -> None:
        """Begin to answer and to dial."""
        self.gossip.deliver = receive
        self.gossip.met = self._met
        self.gossip.rouse_at = self._rouse_at
        loop = asyncio.get_running_loop()
        self._knocks = TokenBucket(KNOCKS_BURST, refill_s=60.0, now=loop.time())
        self._ticking = loop.create_task(self._tick())
        for address in self._known:
            self.dial(address)

    async def send(self, outgoing: Outgoing) -> None:
        """Send an envelope to one member or to all others."""
        self.gossip.say(outgoing, asyncio.get_running_loop().time())

    def judged(self, letter: bytes, *, genuine: bool) -> None:
        """Learn from the node whether a letter was genuine."""
        now = asyncio.get_running_loop().time()
        self.gossip.judged(letter, genuine=genuine, now=now)

    async def stop(self) -> None:
        """Hang up everywhere."""
        self._knocks = None
        for alarm in self._rousing.values():
            alarm.cancel()
        self._rousing.clear()
        tasks = [*self._diallers.values(), *filter(None, [self._ticking])]
        self._diallers.clear()
        self._ticking = None
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for link in tuple(self._links.values()):
            await link.close()

    # -- who is there ----------------------------------------------------------------

    @property
    def linked(self) -> tuple[PartyId, ...]:
        """The peers we are linked with."""
        return tuple(sorted(self._links))

    @property
    def addresses(self) -> tuple[str, ...]:
        """Where we look for members."""
        return tuple(sorted({doorway.url for doorway in self._diallers}))

    @property
    def told_addresses(self) -> frozenset[str]:
        """Where other members can be dialled, as they told."""
        beacons = self.gossip.beacons.values()
        return frozenset(address for beacon in beacons for address in beacon.addresses)

    def dial(self, address: str) -> None:
        """Look for a member at ``address`` from now on; what is no address is not."""
        url = clean_address(address)
        if url is not None:
            self._look_at(Doorway(url))

    def is_asked_for(self, request: web.Request) -> bool:
        """Tell whether a request is for this member, or for whoever is here."""
        return request.query.get(HOME, self._bell) == self._bell

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer somebody who dialled us: the handler of ``PATH``."""
        place = request.match_info.get("meeting_place")
        is_here = place == self.gossip.roster.meeting_place
        if self._knocks is None or not is_here or not self.is_asked_for(request):
            return web.Response(status=HTTPStatus.NOT_FOUND)
        who = request.remote or "unknown"
        if not self._may_knock():
            self.gossip.refusals.note(who, Refusal.CROWDED)
            return web.Response(status=HTTPStatus.TOO_MANY_REQUESTS)
        socket = web.WebSocketResponse(
            timeout=FAREWELL_SECONDS_MAX,
            heartbeat=HEARTBEAT_SECONDS,
            max_msg_size=MESSAGE_SIZE_MAX,
            compress=False,
        )
        await socket.prepare(request)
        self._handshakes += 1
        try:
            link = await self._greeted(socket, is_dialler=False)
        except HandshakeError as err:
            self.gossip.refusals.note(err.party or who, err.reason)
            await socket.close()
            return socket
        finally:
            self._handshakes -= 1
        await self._run(link)
        return socket

    # -- how it works ----------------------------------------------------------------

    def _may_knock(self) -> bool:
        now = asyncio.get_running_loop().time()
        return (
            self._handshakes < HANDSHAKES_MAX
            and len(self._links) < LINKS_MAX
            and self._knocks is not None
            and self._knocks.take(1, now)
        )

    async def _greeted(
        self,
        socket: aiohttp.ClientWebSocketResponse | web.WebSocketResponse,
        *,
        is_dialler: bool,
    ) -> Link:
        gossip = self.gossip
        guests = sum(link not in gossip.roster for link in self._links)
        beacon, cipher = await shake_hands(
            socket, gossip, is_dialler=is_dialler, guests_welcome=guests < GUESTS_MAX
        )
        me, peer = gossip.credentials.party, beacon.party
        if self._shunned.get(peer, 0.0) > asyncio.get_running_loop().time():
            raise HandshakeError(Refusal.TOO_MUCH, peer)
        return Link(
            socket,
            gossip,
            beacon=beacon,
            cipher=cipher,
            dialled_by=me if is_dialler else peer,
        )

    async def _run(self, link: Link) -> None:
        """Talk over a link, unless there is a better one to the same peer."""
        peer, current = link.peer, self._links.get(link.peer)
        if peer == self.gossip.credentials.party:
            await link.close()
            return
        if current is not None:
            # Two that dial each other at the same moment keep the same one of the two.
            if current.dialled_by != link.dialled_by == max(peer, self._me):
                await link.close()
                return
            await current.close()
        self._links[peer] = link
        LOGGER.debug("Linked with %s", peer)
        self._hurry.set()
        try:
            refusal = await link.talk()
            if refusal is not None:
                self._shun(peer, refusal)
        finally:
            if self._links.get(peer) is link:
                del self._links[peer]
                self._stir()
            await link.close()

    @property
    def _links_enough(self) -> int:
        is_small = len(self.gossip.roster) <= MESH_MAX + 1
        return MESH_MAX if is_small else LINKS_ENOUGH

    def _shun(self, peer: PartyId, refusal: Refusal) -> None:
        """Count it, and listen to the peer no more for a minute.

        Whoever holds a revoked key harms its owner enough: that one may come back.
        """
        self.gossip.refusals.note(peer, refusal)
        if refusal is Refusal.REVOKED:
            return
        now = asyncio.get_running_loop().time()
        self._shunned[peer] = now + PENALTY_SECONDS

    def _rouse_at(self, at: float) -> None:
        """Look on all links at once, for all that there is to announce by then."""
        if at not in self._rousing:
            loop = asyncio.get_running_loop()
            self._rousing[at] = loop.call_at(at, self._rouse, at)

    def _rouse(self, at: float) -> None:
        del self._rousing[at]
        self.gossip.rouse()

    @property
    def _me(self) -> PartyId:
        return self.gossip.credentials.party

    @property
    def _bell(self) -> str:
        return self.gossip.roster.bell(self._me)

    def _met(self, beacon: Beacon) -> None:
        """Dial a member where it says it is now, and no longer where it was."""
        urls = filter(None, map(clean_address, beacon.addresses))
        told = frozenset(Doorway(url, beacon.party) for url in urls)
        for doorway in self._told.get(beacon.party, frozenset()) - told:
            dialler = self._diallers.pop(doorway, None)
            if dialler is not None:
                dialler.cancel()
        self._told[beacon.party] = told
        for doorway in sorted(told):
            self._look_at(doorway)

    def _look_at(self, doorway: Doorway) -> None:
        if self._ticking is None or doorway in self._diallers:
            return
        if len(self._diallers) < ADDRESSES_MAX:
            task = asyncio.get_running_loop().create_task(self._keep_dialling(doorway))
            self._diallers[doorway] = task

    async def _keep_dialling(self, doorway: Doorway) -> None:
        loop = asyncio.get_running_loop()
        backoff = Backoff(chance=self._chance)
        while True:
            if self._is_content(doorway, loop.time()):
                await self._unrest.wait()
                await asyncio.sleep(COMPOSURE_SECONDS * (0.5 + self._chance()))
                continue
            begun_at = loop.time()
            try:
                await self._dial(doorway)
            except (HandshakeError, aiohttp.ClientError, OSError, TimeoutError) as err:
                LOGGER.debug("No link with %s: %r", doorway.url, err)
            if loop.time() - begun_at > PENALTY_SECONDS:
                backoff.succeeded()
            await asyncio.sleep(backoff.failed())

    def _is_content(self, doorway: Doorway, now: float) -> bool:
        """Tell whether there is no need to dial this address now."""
        owner = doorway.owner or self._found.get(doorway.url)
        if owner is None:
            return len(self._links) >= self._links_enough
        if doorway.owner is None and Doorway(doorway.url, owner) in self._diallers:
            return True  # it is asked for by name
        if self._is_missed(owner) and self._shunned.get(owner, 0.0) <= now:
            return False
        is_known = owner == self._me or owner in self._links
        return (
            is_known
            or len(self._links) >= self._links_enough
            or self._shunned.get(owner, 0.0) > now
        )

    def _is_missed(self, owner: PartyId) -> bool:
        circle = self.gossip.circle
        return is_missed(owner, me=self._me, circle=circle, linked=self._links)

    async def _dial(self, doorway: Doorway) -> None:
        roster, owner = self.gossip.roster, doorway.owner
        path = PATH.format(meeting_place=roster.meeting_place)
        async with self._client.ws_connect(
            doorway.url + path,
            params=None if owner is None else {HOME: roster.bell(owner)},
            # The link proves itself; a home's own certificate is as good as any.
            ssl=False,
            heartbeat=HEARTBEAT_SECONDS,
            max_msg_size=MESSAGE_SIZE_MAX,
            timeout=aiohttp.ClientWSTimeout(ws_close=FAREWELL_SECONDS_MAX),
        ) as socket:
            link = await self._greeted(socket, is_dialler=True)
            if owner is None:
                self._found[doorway.url] = link.peer
            await self._run(link)

    async def _tick(self) -> None:
        loop = asyncio.get_running_loop()
        surroundings = self._surroundings()
        while True:
            now = loop.time()
            self.gossip.tick(now)
            for party in [p for p, until in self._shunned.items() if until <= now]:
                del self._shunned[party]
            for peer, link in tuple(self._links.items()):
                conversation = self.gossip.linked.get(peer)
                refusal = conversation and self.gossip.judge(conversation)
                if refusal:
                    self.gossip.refusals.note(peer, refusal)
                    await link.close()
            before, surroundings = surroundings, self._surroundings()
            if surroundings != before:
                self._stir()
            self._hurry.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(
                    CALM_SECONDS if self.gossip.is_calm else TICK_SECONDS
                ):
                    await self._hurry.wait()

    def _stir(self) -> None:
        """Let all who rest look whether they are needed."""
        self._unrest.set()
        self._unrest.clear()

    def _surroundings(self) -> tuple[object, ...]:
        """Return what decides which addresses are dialled."""
        return (
            frozenset(self._links),
            frozenset(self._shunned),
            frozenset(self._diallers),
            self.gossip.circle,
            self._links_enough,
        )
