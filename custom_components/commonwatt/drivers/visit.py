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
"""A guest needs one page at a time; what comes in beyond them is asked for again."""

_WAIT_SECONDS_MIN: Final = 0.1


async def visit(
    guest: Guest,
    transport: Transport,
    *,
    clock: Callable[[], Instant],
    reached: Callable[[Guest], bool],
    pace: int = 1,
) -> None:
    """Knock over a transport that has not been started until ``reached(guest)``.

    Ends only then, or when it is cancelled; the transport is stopped either way.
    ``pace`` is how many seconds of ``clock`` go by in one.
    """
    inbox: asyncio.Queue[bytes] = asyncio.Queue(INBOX_MAX)

    def received(data: bytes) -> None:
        if not inbox.full():
            inbox.put_nowait(data)

    try:
        await transport.start(received)
        while not reached(guest):
            for outgoing in await asyncio.to_thread(_knock, guest, clock()):
                await transport.send(outgoing)
            await _listen(guest, inbox, clock, pace)
    finally:
        await transport.stop()


def _knock(guest: Guest, now: Instant) -> tuple[Outgoing, ...]:
    """Let the guest say what it has to say (signs: not on the event loop)."""
    guest.tick(now)
    return guest.effects().send


async def _listen(
    guest: Guest,
    inbox: asyncio.Queue[bytes],
    clock: Callable[[], Instant],
    pace: int,
) -> None:
    """Take one message, or wait until it is time to knock again."""
    due = guest.deadline()
    left_ms = SECOND_MS if due is None else due - clock()
    try:
        async with asyncio.timeout(max(_WAIT_SECONDS_MIN, left_ms / SECOND_MS / pace)):
            data = await inbox.get()
    except TimeoutError:
        return
    await asyncio.to_thread(guest.receive, data, clock())
