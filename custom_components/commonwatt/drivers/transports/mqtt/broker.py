"""What a transport needs of a broker, and a client of our own that offers it."""

import asyncio
from collections.abc import Callable, Iterable
import contextlib
from dataclasses import dataclass
from enum import StrEnum
import logging
import ssl
from typing import Final, Protocol

import aiomqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from ..backoff import Backoff
from ..frames import FRAME_SIZE_MAX

LOGGER: Final = logging.getLogger(__name__)

PORT: Final = 1883
TLS_PORT: Final = 8883
PACKET_SIZE_MAX: Final = FRAME_SIZE_MAX + 1024
SESSION_SECONDS: Final = 24 * 3600
"""How long a broker keeps for us what came while we were away, if it keeps anything."""

QUEUE_MAX: Final = 8_192
STEADY_SECONDS: Final = 60.0

_REFUSALS: Final = frozenset({4, 5, 134, 135, 138})
"""Return codes of a broker that does not want us: MQTT 3.1.1, 3.2.2.3; 5.0, 3.2.2.2."""

type OnMessage = Callable[[str, bytes], None]


class BrokerFault(StrEnum):
    """Why there is no connection."""

    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    """Name and password, or the access rules, are not right."""


class Broker(Protocol):
    """A connection to a broker that mends itself."""

    async def start(
        self, on_message: OnMessage, on_connected: Callable[[], None]
    ) -> None:
        """Begin; both are called on the event loop, ``on_connected`` every time."""
        ...

    async def publish(self, topic: str, payload: bytes, *, retain: bool) -> bool:
        """Publish at least once; False if nobody knows whether it arrived."""
        ...

    async def subscribe(self, topics: Iterable[str]) -> None:
        """Listen to topics, until the connection ends."""
        ...

    async def unsubscribe(self, topics: Iterable[str]) -> None:
        """Listen to topics no longer."""
        ...

    async def stop(self) -> None:
        """End; a second call does nothing."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class BrokerSettings:
    """Where a broker is and how to get in."""

    host: str
    port: int = PORT
    username: str | None = None
    password: str | None = None
    tls: ssl.SSLContext | None = None


class OwnBroker:
    """A connection of our own, where Home Assistant's MQTT is not at hand."""

    def __init__(
        self, settings: BrokerSettings, *, identifier: str, chance: Callable[[], float]
    ) -> None:
        """``identifier`` is our name at the broker, the same at every start."""
        self.fault: BrokerFault | None = None
        """Why there is no connection just now."""

        self._settings: Final = settings
        self._identifier: Final = identifier
        self._backoff: Final = Backoff(chance=chance)
        self._client: aiomqtt.Client | None = None
        self._gone: asyncio.Future[None]
        self._task: asyncio.Task[None] | None = None

    @property
    def is_connected(self) -> bool:
        """Whether there is a connection now."""
        return self._client is not None

    async def start(
        self, on_message: OnMessage, on_connected: Callable[[], None]
    ) -> None:
        """Begin to connect, and to connect again whenever the connection is lost."""
        loop = asyncio.get_running_loop()
        self._task = loop.create_task(self._stay_connected(on_message, on_connected))

    async def publish(self, topic: str, payload: bytes, *, retain: bool) -> bool:
        """Publish with QoS 1; False without a connection or an answer."""
        if self._client is None:
            return False
        publishing = asyncio.ensure_future(
            self._client.publish(topic, payload, qos=1, retain=retain)
        )
        # The library waits for an answer even after the connection has gone.
        gone = self._gone
        try:
            await asyncio.wait((publishing, gone), return_when=asyncio.FIRST_COMPLETED)
            return publishing.done() and publishing.exception() is None
        finally:
            if not publishing.done():
                publishing.cancel()

    async def subscribe(self, topics: Iterable[str]) -> None:
        """Listen to topics."""
        wanted = [(topic, 1) for topic in sorted(topics)]
        if self._client is not None and wanted:
            with contextlib.suppress(aiomqtt.MqttError):
                await self._client.subscribe(wanted)

    async def unsubscribe(self, topics: Iterable[str]) -> None:
        """Listen to topics no longer."""
        unwanted = sorted(topics)
        if self._client is not None and unwanted:
            with contextlib.suppress(aiomqtt.MqttError):
                await self._client.unsubscribe(unwanted)

    async def stop(self) -> None:
        """Hang up."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _stay_connected(
        self, on_message: OnMessage, on_connected: Callable[[], None]
    ) -> None:
        loop = asyncio.get_running_loop()
        while True:
            begun_at = loop.time()
            try:
                await self._connection(on_message, on_connected)
            except aiomqtt.MqttError as err:
                self._note(err)
            if loop.time() - begun_at > STEADY_SECONDS:
                self._backoff.succeeded()
            await asyncio.sleep(self._backoff.failed())

    async def _connection(
        self, on_message: OnMessage, on_connected: Callable[[], None]
    ) -> None:
        async with self._new_client() as client:
            self._gone = asyncio.get_running_loop().create_future()
            self._client = client
            if self.fault is not None:
                LOGGER.info("The broker %s answers again", self._settings.host)
            self.fault = None
            on_connected()
            try:
                async for message in client.messages:
                    if isinstance(message.payload, bytes):
                        on_message(message.topic.value, message.payload)
            finally:
                self._client = None
                self._gone.set_result(None)

    def _new_client(self) -> aiomqtt.Client:
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # ships without types
        properties.MaximumPacketSize = PACKET_SIZE_MAX
        properties.SessionExpiryInterval = SESSION_SECONDS
        settings = self._settings
        return aiomqtt.Client(
            settings.host,
            settings.port,
            username=settings.username,
            password=settings.password,
            identifier=self._identifier,
            protocol=aiomqtt.ProtocolVersion.V5,
            clean_start=False,
            properties=properties,
            tls_context=settings.tls,
            keepalive=30,
            max_queued_incoming_messages=QUEUE_MAX,
            max_queued_outgoing_messages=QUEUE_MAX,
            logger=LOGGER.getChild("client"),
        )

    def _note(self, err: aiomqtt.MqttError) -> None:
        code = getattr(err, "rc", None)
        number = getattr(code, "value", code)
        fault = BrokerFault.REFUSED if number in _REFUSALS else BrokerFault.UNREACHABLE
        if fault is not self.fault:
            LOGGER.warning(
                "The broker %s is %s: %s", self._settings.host, fault.value, err
            )
        self.fault = fault
