"""Where the bytes of a full node go: by direction, frame and kind of message.

Looks into frames as they pass; costs CPU time, so it is left out of what is measured
unless it is asked for.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Final, override

import tools._engine  # noqa: F401  # the component without its glue

# isort: split
from custom_components.commonwatt.drivers.transports import Gossip
from custom_components.commonwatt.drivers.transports.conversation import Conversation
from custom_components.commonwatt.drivers.transports.frames import (
    Direct,
    Frame,
    Here,
    decode_frame,
)
from custom_components.commonwatt.drivers.transports.mqtt import OnMessage, OwnBroker
from custom_components.commonwatt.drivers.transports.parcel import ParcelKind
from custom_components.commonwatt.drivers.transports.refusals import Refusal
from custom_components.commonwatt.engine.model.period import Instant
from custom_components.commonwatt.engine.node import Node
from custom_components.commonwatt.engine.wire.envelope import Envelope, peek


class Tally:
    """Frames and their bytes, while it is counting."""

    def __init__(self) -> None:
        """Wait for the curtain."""
        self.is_counting = False
        self._frames: Final[Counter[str]] = Counter()
        self._sizes: Final[Counter[str]] = Counter()

    def note(self, direction: str, data: bytes) -> None:
        """Count a frame on its way in or out."""
        if self.is_counting:
            self._add(f"{direction} {_what(data)}", len(data))

    def note_letter(self, letter: bytes) -> None:
        """Count a letter that reached the node."""
        if self.is_counting:
            self._add(f"heard {_kind(letter)}", len(letter))

    def lines(self, periods: int) -> Iterable[str]:
        """Return what was counted, for each period, the largest first."""
        for what, size in self._sizes.most_common():
            count = self._frames[what] / periods
            yield f"{what:40} {count:9.1f} x {size / self._frames[what]:7.0f} B"

    def _add(self, what: str, size: int) -> None:
        self._frames[what] += 1
        self._sizes[what] += size


class TalliedGossip(Gossip):
    """Counts what it hears and says."""

    tally: Tally

    @override
    def hear(
        self, conversation: Conversation, data: bytes, now: float
    ) -> Refusal | None:
        """Take a frame from a peer."""
        self.tally.note("in ", data)
        return super().hear(conversation, data, now)

    @override
    def next_frame(self, conversation: Conversation, now: float) -> bytes | None:
        """Return what to say next to a peer."""
        data = super().next_frame(conversation, now)
        if data is not None:
            self.tally.note("out", data)
        return data


class TalliedBroker(OwnBroker):
    """Counts what is published and what comes back."""

    tally: Tally

    @override
    async def start(
        self, on_message: OnMessage, on_connected: Callable[[], None]
    ) -> None:
        """Begin to connect."""

        def hear(topic: str, payload: bytes) -> None:
            self.tally.note("in ", payload)
            on_message(topic, payload)

        await super().start(hear, on_connected)

    @override
    async def publish(self, topic: str, payload: bytes, *, retain: bool) -> bool:
        """Publish at least once."""
        self.tally.note("out", payload)
        return await super().publish(topic, payload, retain=retain)


class TalliedNode(Node):
    """Counts the letters it is given."""

    tally: Tally

    @override
    def receive(self, data: bytes, now: Instant) -> bool:
        """Take an envelope from a peer."""
        self.tally.note_letter(data)
        return super().receive(data, now)


def _what(data: bytes) -> str:
    try:
        frame: Frame = decode_frame(data)
    except ValueError:
        return "beacon"
    match frame:
        case Direct():
            return f"Direct {_kind(frame.letter)}"
        case Here(parcel=parcel) if parcel.kind in {
            ParcelKind.LETTER,
            ParcelKind.ROUND_ROBIN,
        }:
            asked = "" if frame.next is not None else " asked for"
            return f"{parcel.kind.name} {_kind(parcel.data)}{asked}"
        case Here(parcel=parcel):
            return parcel.kind.name
        case _:
            return type(frame).__name__


def _kind(letter: bytes) -> str:
    envelope = peek(letter)
    return type(envelope.message).__name__ if isinstance(envelope, Envelope) else "?"
