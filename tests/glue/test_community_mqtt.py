"""Home Assistant's own MQTT as the broker at which members meet."""

from homeassistant.components.mqtt.models import ReceiveMessage
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import async_fire_mqtt_message
from pytest_homeassistant_custom_component.typing import MqttMockHAClient

from custom_components.commonwatt.community.home_broker import HomeAssistantBroker
from custom_components.commonwatt.drivers.transports.mqtt import BrokerFault


class Ear:
    """Hears what comes in."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, bytes]] = []
        self.connections = 0

    def hear(self, topic: str, payload: bytes) -> None:
        """Note a message."""
        self.heard.append((topic, payload))

    def connected(self) -> None:
        """Note a connection."""
        self.connections += 1


@pytest.fixture
def expected_lingering_timers() -> bool:
    """Let the integration's own timers linger."""
    return True


@pytest.fixture
async def ear() -> Ear:
    """Return somebody who listens."""
    return Ear()


async def started(hass: HomeAssistant, ear: Ear) -> HomeAssistantBroker:
    """Return a broker that has found the integration."""
    broker = HomeAssistantBroker(hass)
    assert broker.fault is BrokerFault.UNREACHABLE
    await broker.start(ear.hear, ear.connected)
    await hass.async_block_till_done(wait_background_tasks=True)
    return broker


async def test_bytes_go_through_as_they_are(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient, ear: Ear
) -> None:
    broker = await started(hass, ear)
    assert (ear.connections, broker.is_connected, broker.fault) == (1, True, None)
    await broker.subscribe(["commonwatt/a/+", "commonwatt/b"])
    await broker.subscribe(["commonwatt/b"])

    async_fire_mqtt_message(hass, "commonwatt/a/x", b"\xff\x00")
    async_fire_mqtt_message(hass, "commonwatt/b", b"once")
    async_fire_mqtt_message(hass, "elsewhere", b"not for us")
    await hass.async_block_till_done()

    assert ear.heard == [("commonwatt/a/x", b"\xff\x00"), ("commonwatt/b", b"once")]
    assert await broker.publish("commonwatt/c", b"\xfe", retain=True)
    mqtt_mock.async_publish.assert_called_once()
    assert mqtt_mock.async_publish.call_args.args[:4] == (
        "commonwatt/c",
        b"\xfe",
        1,
        True,
    )
    await broker.stop()


async def test_what_is_not_wanted_any_more_is_not_heard(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient, ear: Ear
) -> None:
    broker = await started(hass, ear)
    await broker.subscribe(["commonwatt/a", "commonwatt/b"])
    await broker.unsubscribe(["commonwatt/a", "commonwatt/unknown"])
    async_fire_mqtt_message(hass, "commonwatt/a", b"late")
    await broker.stop()
    async_fire_mqtt_message(hass, "commonwatt/b", b"later")
    await hass.async_block_till_done()

    assert ear.heard == []
    assert not await broker.publish("commonwatt/c", b"", retain=False)
    await broker.stop()
    assert mqtt_mock.async_publish.call_count == 0


async def test_a_publication_that_fails_is_not_believed(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient, ear: Ear
) -> None:
    broker = await started(hass, ear)
    mqtt_mock.async_publish.side_effect = HomeAssistantError

    assert not await broker.publish("commonwatt/c", b"", retain=False)

    await broker.stop()


async def test_text_is_nobodys_letter(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient, ear: Ear
) -> None:
    broker = await started(hass, ear)
    assert mqtt_mock.connected

    broker._heard(
        ReceiveMessage(
            topic="commonwatt/a",
            payload="text",
            qos=1,
            retain=False,
            subscribed_topic="commonwatt/a",
            timestamp=0.0,
        )
    )

    assert ear.heard == []
    await broker.stop()
