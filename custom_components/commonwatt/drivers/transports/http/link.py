"""One WebSocket between two members: handshake, then frames both ways until it ends."""

import asyncio
import contextlib
from typing import Final

import aiohttp
from aiohttp import WSMessage, WSMsgType, web

from ....engine.model.party import PartyId
from ..beacon import Beacon
from ..conversation import Conversation
from ..frames import FRAME_SIZE_MAX
from ..gossip import Gossip
from ..refusals import Refusal
from .handshake import Cipher, Handshake, HandshakeError
from .press import Press

MESSAGE_SIZE_MAX: Final = FRAME_SIZE_MAX + 64
HANDSHAKE_SECONDS_MAX: Final = 10.0
FAREWELL_SECONDS_MAX: Final = 1.0
HEARTBEAT_SECONDS: Final = 25.0
"""A router that forgets idle connections is reminded; a dead one is noticed."""

LINK_OVERHEAD: Final = 24
"""Bytes of encryption and of a WebSocket around each frame."""

FRAMES_AT_ONCE: Final = 64
"""Frames handled in one go before others get their turn on the event loop."""

type Socket = aiohttp.ClientWebSocketResponse | web.WebSocketResponse


async def shake_hands(
    socket: Socket, gossip: Gossip, *, is_dialler: bool, guests_welcome: bool
) -> tuple[Beacon, Cipher]:
    """Return who is at the other end of ``socket``, and the keys of the link.

    Raises:
        HandshakeError: nobody we talk with.
    """
    handshake = Handshake(gossip.roster, gossip.credentials, is_dialler=is_dialler)
    try:
        async with asyncio.timeout(HANDSHAKE_SECONDS_MAX):
            await socket.send_bytes(handshake.hello)
            handshake.take_hello(await _receive(socket))
            if is_dialler:
                await socket.send_bytes(handshake.proof(gossip.beacon()))
            proof = await _receive(socket)
            beacon = handshake.take_proof(proof, guests_welcome=guests_welcome)
            if not is_dialler:
                await socket.send_bytes(handshake.proof(gossip.beacon()))
    except (TimeoutError, OSError, aiohttp.ClientError) as err:
        raise HandshakeError(Refusal.UNPROVED) from err
    return beacon, handshake.cipher


async def _receive(socket: Socket) -> bytes:
    message = await socket.receive()
    if message.type is not WSMsgType.BINARY:
        raise HandshakeError(_fault(message) or Refusal.UNPROVED)
    data: bytes = message.data
    return data


def _fault(message: WSMessage) -> Refusal | None:
    """Return what a message says about the peer; None for an ordinary farewell."""
    if message.type is WSMsgType.TEXT:
        return Refusal.MALFORMED
    if message.type is not WSMsgType.ERROR:
        return None
    error = message.data
    is_too_big = (
        isinstance(error, aiohttp.WebSocketError)
        and error.code == aiohttp.WSCloseCode.MESSAGE_TOO_BIG
    )
    return Refusal.TOO_LONG if is_too_big else Refusal.MALFORMED


class Link:
    """A socket whose other end has proved who it is."""

    def __init__(
        self,
        socket: Socket,
        gossip: Gossip,
        *,
        beacon: Beacon,
        cipher: Cipher,
        dialled_by: PartyId,
    ) -> None:
        self._socket: Final = socket
        self._gossip: Final = gossip
        self._cipher: Final = cipher
        self._press: Final = Press()
        self._beacon: Final = beacon
        self._news: Final = asyncio.Event()
        self.peer: Final = beacon.party
        self.dialled_by: Final = dialled_by

    async def talk(self) -> Refusal | None:
        """Talk until there is nothing more to hear, or the peer did something wrong."""
        loop = asyncio.get_running_loop()
        conversation = self._gossip.meet(
            self._beacon, wake=self._news.set, now=loop.time()
        )
        writer = loop.create_task(self._write(conversation, loop))
        try:
            return await self._read(conversation, loop)
        finally:
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)
            self._gossip.part(conversation, loop.time())

    async def close(self) -> None:
        """Hang up."""
        with contextlib.suppress(OSError, aiohttp.ClientError):
            await self._socket.close()

    async def _read(
        self, conversation: Conversation, loop: asyncio.AbstractEventLoop
    ) -> Refusal | None:
        count = 0
        while True:
            message = await self._socket.receive()
            if message.type is not WSMsgType.BINARY:
                return _fault(message)
            packed = self._cipher.open(message.data)
            if packed is None:
                return Refusal.UNPROVED
            self._gossip.traffic.received += len(packed) + LINK_OVERHEAD
            plain = self._press.unpack(packed)
            if plain is None:
                return Refusal.MALFORMED
            refusal = self._gossip.hear(conversation, plain, loop.time())
            if refusal is not None:
                return refusal
            count += 1
            if count % FRAMES_AT_ONCE == 0:
                await asyncio.sleep(0)

    async def _write(
        self, conversation: Conversation, loop: asyncio.AbstractEventLoop
    ) -> None:
        """Say what there is to say; a slow reader keeps its place on our shelf."""
        with contextlib.suppress(OSError, aiohttp.ClientError):
            while True:
                self._news.clear()
                frame = self._gossip.next_frame(conversation, loop.time())
                if frame is not None:
                    packed = self._press.pack(frame)
                    self._gossip.traffic.sent += len(packed) + LINK_OVERHEAD
                    await self._socket.send_bytes(self._cipher.close(packed))
                    continue
                await self._news.wait()
