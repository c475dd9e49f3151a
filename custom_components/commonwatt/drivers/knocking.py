"""Takes a guest to a community's door: knocks, and listens until it has heard enough.

How the guest is connected, and what follows from what it heard, is its owner's
business.
"""

import asyncio
from collections.abc import Callable
from typing import Final

from ..engine.model.period import SECOND_MS, Instant
from ..engine.node import Guest, Outgoing
from .transports import Transport

INBOX_MAX: Final = 64
"""A guest needs one page at a time; what comes in beyond them is sent again."""

_WAIT_SECONDS_MIN: Final = 0.1


class Knocking:
    """One guest at one door.  Give ``received`` to what carries its letters."""

    def __init__(
        self, guest: Guest, *, clock: Callable[[], Instant], pace: int = 1
    ) -> None:
        """``pace`` is how many seconds of ``clock`` go by in one."""
        self.guest: Final = guest
        self._clock: Final = clock
        self._pace: Final = pace
        self._inbox: Final[asyncio.Queue[bytes]] = asyncio.Queue(INBOX_MAX)

    def received(self, data: bytes) -> None:
        """Keep a letter until the guest has time for it."""
        if not self._inbox.full():
            self._inbox.put_nowait(data)

    async def until(
        self, reached: Callable[[Guest], bool], *, transport: Transport
    ) -> None:
        """Knock over a started transport until ``reached``, or until cancelled."""
        while not reached(self.guest):
            for outgoing in await asyncio.to_thread(self._knock):
                await transport.send(outgoing)
            await self._listen()

    def _knock(self) -> tuple[Outgoing, ...]:
        """Let the guest say what it has to say (signs: not on the event loop)."""
        self.guest.tick(self._clock())
        return self.guest.effects().send

    async def _listen(self) -> None:
        """Take one letter, or wait until it is time to knock again."""
        due = self.guest.deadline()
        left_ms = SECOND_MS if due is None else due - self._clock()
        wait_s = max(_WAIT_SECONDS_MIN, left_ms / SECOND_MS / self._pace)
        try:
            async with asyncio.timeout(wait_s):
                data = await self._inbox.get()
        except TimeoutError:
            return
        await asyncio.to_thread(self.guest.receive, data, self._clock())
