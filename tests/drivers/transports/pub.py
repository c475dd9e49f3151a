"""A broker in memory, for what a real one cannot be made to do on command."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from custom_components.commonwatt.drivers.transports.mqtt import OnMessage


def matches(pattern: str, topic: str) -> bool:
    """Tell whether a topic filter fits; ``+`` is any one level."""
    levels, parts = pattern.split("/"), topic.split("/")
    return len(levels) == len(parts) and all(
        level in {"+", part} for level, part in zip(levels, parts, strict=True)
    )


@dataclass
class Pub:
    """The broker: delivers to whoever is connected, keeps what is retained."""

    clients: list[PubClient] = field(default_factory=list)
    retained: dict[str, bytes] = field(default_factory=dict)
    log: list[tuple[str, bytes]] = field(default_factory=list)

    def client(self) -> PubClient:
        """Return a new client that is not connected yet."""
        client = PubClient(self)
        self.clients.append(client)
        return client

    def carry(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        """Deliver a message."""
        self.log.append((topic, payload))
        if retain:
            self.retained[topic] = payload
        for client in self.clients:
            client.offer(topic, payload)


class PubClient:
    """One member's connection."""

    def __init__(self, pub: Pub) -> None:
        self.topics: set[str] = set()
        self._pub = pub
        self._on_message: OnMessage | None = None
        self._on_connected: Callable[[], None] | None = None
        self._is_connected = False

    async def start(
        self, on_message: OnMessage, on_connected: Callable[[], None]
    ) -> None:
        """Connect."""
        self._on_message, self._on_connected = on_message, on_connected
        self.connect()

    def connect(self) -> None:
        """Connect, with no memory of an earlier connection."""
        self._is_connected = True
        assert self._on_connected is not None
        self._on_connected()

    def disconnect(self) -> None:
        """Lose the connection and all subscriptions."""
        self._is_connected = False
        self.topics.clear()

    def offer(self, topic: str, payload: bytes) -> None:
        """Take a message if it was subscribed to."""
        if self._is_connected and any(matches(t, topic) for t in self.topics):
            assert self._on_message is not None
            asyncio.get_running_loop().call_soon(self._on_message, topic, payload)

    async def publish(self, topic: str, payload: bytes, *, retain: bool) -> bool:
        """Publish while connected."""
        await asyncio.sleep(0)
        if self._is_connected:
            self._pub.carry(topic, payload, retain=retain)
        return self._is_connected

    async def subscribe(self, topics: Iterable[str]) -> None:
        """Subscribe while connected."""
        if self._is_connected:
            for pattern in topics:
                self.topics.add(pattern)
                for topic, payload in self._pub.retained.items():
                    if matches(pattern, topic):
                        self.offer(topic, payload)

    async def unsubscribe(self, topics: Iterable[str]) -> None:
        """Unsubscribe."""
        self.topics -= set(topics)

    async def stop(self) -> None:
        """Disconnect for good."""
        self.disconnect()
