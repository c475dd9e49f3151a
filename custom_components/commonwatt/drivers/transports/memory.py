"""Members in one process: envelopes change hands on the event loop.

For tests, and for several homes side by side in one Home Assistant.  Whoever comes
later is told what was said to all lately, as over every other transport.
"""

import asyncio
from collections import deque
from typing import Final

from ...engine.model.party import PartyId
from ...engine.node import Outgoing
from .transport import Receive

LETTERS_KEPT: Final = 512


class MemoryHub:
    """Where the members of one community meet."""

    def __init__(self) -> None:
        self._members: Final[dict[PartyId, Receive]] = {}
        self._said: Final[deque[tuple[PartyId, bytes]]] = deque(maxlen=LETTERS_KEPT)

    def transport(self, party: PartyId) -> MemoryTransport:
        """Return the transport of one member."""
        return MemoryTransport(self, party)

    def join(self, party: PartyId, receive: Receive) -> None:
        """Let a member in, and tell it what it missed."""
        self._members[party] = receive
        loop = asyncio.get_running_loop()
        for sender, data in self._said:
            if sender != party:
                loop.call_soon(self._deliver, party, data)

    def leave(self, party: PartyId) -> None:
        """Let a member go; what is under way to it is lost."""
        self._members.pop(party, None)

    def carry(self, sender: PartyId, outgoing: Outgoing) -> None:
        """Bring an envelope to whom it is for, soon and in order."""
        loop = asyncio.get_running_loop()
        if outgoing.to is None:
            self._said.append((sender, outgoing.data))
        for party in self._members:
            if party != sender and outgoing.to in {None, party}:
                loop.call_soon(self._deliver, party, outgoing.data)

    def _deliver(self, party: PartyId, data: bytes) -> None:
        receive = self._members.get(party)
        if receive is not None:
            receive(data)


class MemoryTransport:
    """One member's way into the hub."""

    def __init__(self, hub: MemoryHub, party: PartyId) -> None:
        self._hub: Final = hub
        self._party: Final = party

    async def start(self, receive: Receive) -> None:
        """Join the hub."""
        self._hub.join(self._party, receive)

    async def send(self, outgoing: Outgoing) -> None:
        """Send to one member or to all others."""
        self._hub.carry(self._party, outgoing)

    def judged(self, letter: bytes, *, genuine: bool) -> None:
        """Take note of nothing: in one process nobody passes anything on."""

    async def stop(self) -> None:
        """Leave the hub."""
        self._hub.leave(self._party)
