"""Home Assistant's own MQTT as the broker at which members meet."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Final

from homeassistant.components import mqtt
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError

from ..drivers.transports.mqtt import BrokerFault, OnMessage

QOS: Final = 1
PUBLISH_SECONDS_MAX: Final = 20.0


class HomeAssistantBroker:
    """Publishes and subscribes through the MQTT integration, which mends itself."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Be ready; nothing is subscribed yet."""
        self._hass: Final = hass
        self._on_message: OnMessage | None = None
        self._subscriptions: Final[dict[str, CALLBACK_TYPE]] = {}
        self._stop_watching: CALLBACK_TYPE | None = None
        self._starting: asyncio.Task[None] | None = None

    @property
    def is_connected(self) -> bool:
        """Whether Home Assistant is connected now."""
        return self._on_message is not None and mqtt.is_connected(self._hass)

    @property
    def fault(self) -> BrokerFault | None:
        """Why there is no connection just now; Home Assistant knows more."""
        return None if self.is_connected else BrokerFault.UNREACHABLE

    async def start(
        self, on_message: OnMessage, on_connected: Callable[[], None]
    ) -> None:
        """Begin as soon as the integration is there; nobody waits for it."""
        self._starting = self._hass.async_create_background_task(
            self._start(on_message, on_connected), "commonwatt waits for MQTT"
        )

    async def _start(
        self, on_message: OnMessage, on_connected: Callable[[], None]
    ) -> None:
        while not await mqtt.async_wait_for_mqtt_client(self._hass):  # noqa: ASYNC110
            await asyncio.sleep(PUBLISH_SECONDS_MAX)
        self._on_message = on_message

        @callback
        def changed(connected: bool) -> None:  # noqa: FBT001  # as it is called
            if connected:
                on_connected()

        self._stop_watching = mqtt.async_subscribe_connection_status(
            self._hass, changed
        )
        if mqtt.is_connected(self._hass):
            on_connected()

    async def publish(self, topic: str, payload: bytes, *, retain: bool) -> bool:
        """Publish with QoS 1; False if nobody knows whether it arrived."""
        if not self.is_connected:
            return False
        try:
            async with asyncio.timeout(PUBLISH_SECONDS_MAX):
                await mqtt.async_publish(self._hass, topic, payload, QOS, retain)
        except TimeoutError, HomeAssistantError:
            return False
        return True

    async def subscribe(self, topics: Iterable[str]) -> None:
        """Listen to topics; the integration listens again after a reconnection."""
        for topic in sorted(topics):
            if topic not in self._subscriptions and self._on_message is not None:
                self._subscriptions[topic] = await mqtt.async_subscribe(
                    self._hass, topic, self._heard, QOS, encoding=None
                )

    async def unsubscribe(self, topics: Iterable[str]) -> None:
        """Listen to topics no longer."""
        for topic in sorted(topics):
            stop = self._subscriptions.pop(topic, None)
            if stop is not None:
                stop()

    async def stop(self) -> None:
        """Let go of everything; the connection is Home Assistant's."""
        if self._starting is not None:
            self._starting.cancel()
            self._starting = None
        if self._stop_watching is not None:
            self._stop_watching()
            self._stop_watching = None
        await self.unsubscribe(tuple(self._subscriptions))
        self._on_message = None

    @callback
    def _heard(self, message: mqtt.ReceiveMessage) -> None:
        if self._on_message is not None and isinstance(message.payload, bytes):
            self._on_message(message.topic, message.payload)
