"""What every transport promises."""

from collections.abc import Callable
from typing import Protocol

from ...engine.node import Outgoing

type Receive = Callable[[bytes], None]
"""Takes an envelope that came in; called on the event loop, returns at once."""


class Transport(Protocol):
    """Carries envelopes between the members of one community.

    Makes no promise to deliver, to keep an order or to deliver only once: members
    repeat what matters.
    """

    async def start(self, receive: Receive) -> None:
        """Begin to hand envelopes to ``receive``."""
        ...

    async def send(self, outgoing: Outgoing) -> None:
        """Send an envelope to one member or to all others; never raise for a peer."""
        ...

    def judged(self, letter: bytes, *, genuine: bool) -> None:
        """Learn whether a letter handed to the node was what it seemed to be.

        What is not genuine is not passed on, and counts against whoever brought it.
        """
        ...

    async def stop(self) -> None:
        """End; a second call does nothing."""
        ...
