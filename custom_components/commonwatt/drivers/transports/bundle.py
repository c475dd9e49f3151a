"""Several transports as one: what one loses, another may bring."""

from collections.abc import Sequence
import hashlib
from typing import Final

from ...engine.node import Outgoing
from .conversation import Names
from .transport import Receive, Transport

SEEN_MAX: Final = 65_536


class Bundle:
    """Sends over all its transports and delivers what they bring once."""

    def __init__(self, transports: Sequence[Transport]) -> None:
        """Take at least one transport."""
        assert transports, "a bundle holds something"
        self._transports: Final = tuple(transports)
        self._seen: Final = Names(SEEN_MAX)

    async def start(self, receive: Receive) -> None:
        """Start them all."""

        def once(letter: bytes) -> None:
            name = hashlib.sha256(letter).digest()
            if name not in self._seen:
                self._seen.add(name)
                receive(letter)

        for transport in self._transports:
            await transport.start(once)

    async def send(self, outgoing: Outgoing) -> None:
        """Send over all of them."""
        for transport in self._transports:
            await transport.send(outgoing)

    def judged(self, letter: bytes, *, genuine: bool) -> None:
        """Tell them all."""
        for transport in self._transports:
            transport.judged(letter, genuine=genuine)

    async def stop(self) -> None:
        """Stop them all."""
        for transport in self._transports:
            await transport.stop()
