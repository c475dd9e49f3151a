"""How a home says it is connected, and how that is tried out."""

import ssl
from typing import Final
from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.core_config import async_process_ha_core_config
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.commonwatt.community.circle import Standing
from custom_components.commonwatt.community.settings import (
    BrokerWay,
    CommunitySettings,
)
from custom_components.commonwatt.drivers.transports.mqtt import OwnBroker
from custom_components.commonwatt.flows.community.ways import broker_at
from tests.glue.communities import (
    Values,
    answer,
    choose,
    errors_of,
    manage,
    rules,
    served,
    stands,
    unload_all,
    until,
)
from tests.glue.forms import suggested

NOWHERE: Final = "http://127.0.0.1:9"
"""The discard port: nobody answers."""

BROKER: Final[Values] = {"host": "broker.example", "port": 8883, "tls": True}


pytestmark = pytest.mark.usefixtures("web_server")


@pytest.mark.usefixtures("socket_enabled")
async def test_a_home_that_answers_from_outside_goes_straight_on(
    hass: HomeAssistant,
    home: MockConfigEntry,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    address = await served(hass_client_no_auth)
    form = await rules(hass, home)

    done = await answer(
        hass, form, {"ways": ["http"], "addresses": [f"{address}/lovelace"]}
    )

    assert done["type"] is FlowResultType.CREATE_ENTRY
    ways = CommunitySettings.from_data(done["data"]).ways
    assert ways.http is not None
    assert ways.http.addresses == (address,)


@pytest.mark.usefixtures("socket_enabled")
async def test_an_address_nobody_answers_at_can_be_changed(
    hass: HomeAssistant, home: MockConfigEntry
) -> None:
    form = await rules(hass, home)
    menu = await answer(hass, form, {"ways": ["http"], "addresses": [NOWHERE]})

    assert menu["step_id"] == "unreachable"
    assert menu["description_placeholders"] == {"addresses": NOWHERE}
    form = await choose(hass, menu, "ways")
    assert suggested(form)["addresses"] == [NOWHERE]


async def test_the_external_address_is_suggested(
    hass: HomeAssistant, home: MockConfigEntry
) -> None:
    await async_process_ha_core_config(
        hass, {"external_url": "https://mill-lane.example:8123"}
    )

    form = await rules(hass, home)

    assert suggested(form)["addresses"] == ["https://mill-lane.example:8123"]


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({"ways": []}, {"ways": "no_way"}),
        ({"ways": ["home_assistant_mqtt"]}, {"ways": "no_mqtt"}),
        (
            {"ways": ["http"], "addresses": ["mill-lane.example"]},
            {"addresses": "address_invalid"},
        ),
        (
            {"ways": ["http"], "dial": [f"http://a{n}.example" for n in range(9)]},
            {"dial": "address_invalid"},
        ),
    ],
)
async def test_wrong_ways_are_explained(
    hass: HomeAssistant, home: MockConfigEntry, values: Values, errors: dict[str, str]
) -> None:
    form = await answer(hass, await rules(hass, home), values)

    assert errors_of(form) == errors


async def test_a_broker_is_tried_before_it_is_kept(
    hass: HomeAssistant, home: MockConfigEntry
) -> None:
    form = await answer(hass, await rules(hass, home), {"ways": ["broker"]})
    assert form["step_id"] == "broker"
    with (
        patch.object(OwnBroker, "start"),
        patch.object(OwnBroker, "stop"),
        patch.object(OwnBroker, "is_connected", new=True),
    ):
        done = await answer(hass, form, {**BROKER, "password": "secret"})
        await unload_all(hass)

    assert done["type"] is FlowResultType.CREATE_ENTRY
    ways = CommunitySettings.from_data(done["data"]).ways
    assert ways.http is None
    assert ways.broker is not None
    assert (ways.broker.host, ways.broker.port) == ("broker.example", 8883)
    assert (ways.broker.password, ways.broker.tls) == ("secret", True)
    assert "secret" not in repr(ways)


async def test_home_assistants_own_mqtt_may_carry_a_community(
    hass: HomeAssistant, home: MockConfigEntry
) -> None:
    hass.config.components.add("mqtt")
    form = await rules(hass, home)

    done = await answer(hass, form, {"ways": ["home_assistant_mqtt"]})

    assert done["type"] is FlowResultType.CREATE_ENTRY
    assert CommunitySettings.from_data(done["data"]).ways.home_assistant_mqtt


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("refused", "broker_refused"),
        ("unreachable", "broker_unreachable"),
        (None, "broker_unreachable"),
    ],
)
async def test_a_broker_that_lets_nobody_in_is_not_kept(
    hass: HomeAssistant, home: MockConfigEntry, fault: str | None, error: str
) -> None:
    form = await answer(hass, await rules(hass, home), {"ways": ["broker"]})
    faulty = patch(
        "custom_components.commonwatt.community.broker_trial.async_own_broker",
        return_value=FaultyBroker(fault),
    )
    no_patience = patch(
        "custom_components.commonwatt.community.broker_trial.SECONDS_MAX", 0.0
    )
    with faulty, no_patience:
        form = await answer(hass, form, dict(BROKER))

    assert errors_of(form) == {"base": error}
    assert suggested(form)["host"] == "broker.example"


async def test_a_certificate_has_to_be_one(
    hass: HomeAssistant, home: MockConfigEntry
) -> None:
    form = await answer(hass, await rules(hass, home), {"ways": ["broker"]})

    form = await answer(hass, form, {**BROKER, "certificate": "no certificate"})

    assert errors_of(form) == {"base": "certificate_invalid"}


async def test_a_certificate_of_the_owners_own_is_believed(
    hass: HomeAssistant, home: MockConfigEntry
) -> None:
    form = await answer(hass, await rules(hass, home), {"ways": ["broker"]})
    with (
        patch.object(ssl, "create_default_context") as made,
        patch.object(OwnBroker, "start"),
        patch.object(OwnBroker, "stop"),
        patch.object(OwnBroker, "is_connected", new=True),
    ):
        done = await answer(hass, form, {**BROKER, "certificate": "PEM"})
        await unload_all(hass)

    assert done["type"] is FlowResultType.CREATE_ENTRY
    made.assert_called_with(cadata="PEM")


class FaultyBroker:
    """A broker that never lets anybody in."""

    is_connected = False

    def __init__(self, fault: str | None) -> None:
        self.fault = None if fault is None else Fault(fault)

    async def start(self, on_message: object, on_connected: object) -> None:
        """Begin."""

    async def stop(self) -> None:
        """End."""


class Fault:
    """Why not."""

    def __init__(self, value: str) -> None:
        self.value = value


@pytest.mark.parametrize(
    ("address", "broker"),
    [
        ("mqtt://b.example", BrokerWay(host="b.example", port=1883)),
        ("mqtts://b.example:99", BrokerWay(host="b.example", port=99, tls=True)),
        ("http://b.example", None),
        ("mqtt://", None),
        ("mqtt://b.example:none", None),
    ],
)
def test_an_invitation_may_name_a_broker(
    address: str, broker: BrokerWay | None
) -> None:
    assert broker_at(address) == broker


async def test_the_ways_in_use_are_suggested(
    hass: HomeAssistant, home: MockConfigEntry
) -> None:
    hass.config.components.add("mqtt")
    form = await rules(hass, home)
    await answer(hass, form, {"ways": ["home_assistant_mqtt"]})
    await until(lambda: stands(home, Standing.MEMBER))

    form = await manage(hass, home, "ways")

    assert suggested(form)["ways"] == ["home_assistant_mqtt"]
