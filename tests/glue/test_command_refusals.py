"""Commands of panel and cards that cannot be carried out say why, each by its code."""

from collections.abc import AsyncIterator
from pathlib import Path

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.commonwatt.chain.settler import Settler
from custom_components.commonwatt.data import CommonWattData
from custom_components.commonwatt.drivers.chain import ChainError, ChainFault
from custom_components.commonwatt.websocket_api import proof
from tests.glue.statuses import NEIGHBOUR
from tests.glue.test_live_view import ask
from tests.glue.test_scores import add_sharing_home, data_of

GIFT = {"to": NEIGHBOUR, "energy_wh": 1_000}
CERTIFICATE = {"certificate": "ab" * 32}
COMMANDS: tuple[tuple[str, dict[str, object]], ...] = (
    ("gift/give", {**GIFT}),
    ("gift/withdraw", {"gift": "ab" * 32}),
    ("privacy/show_power", {"shown": True}),
    ("certificate/verify", {**CERTIFICATE, "start": 1_700_000_000_000}),
    ("certificate/chain", {**CERTIFICATE}),
    ("control/arm", {"devices": ["battery"], "armed": True}),
    ("control/set", {"device": "battery", "value": 100, "minutes": 5}),
    ("control/resume", {"device": "battery"}),
)
"""What asks something of a home, with what it needs to be asked."""


@pytest.fixture(autouse=True)
def _real_storage(hass: HomeAssistant, tmp_path: Path) -> None:
    """Give every test a configuration folder of its own, on a real disk."""
    hass.config.config_dir = str(tmp_path)


@pytest.fixture
async def entry(hass: HomeAssistant) -> AsyncIterator[MockConfigEntry]:
    """Return a home without devices, whose neighbour is never heard."""
    assert await async_setup_component(hass, "websocket_api", {})
    entry = await add_sharing_home(hass)
    yield entry
    data_of(entry).chain = None
    await hass.config_entries.async_unload(entry.entry_id)


def code_of(answer: dict[str, object]) -> object:
    """Return why a command was refused."""
    assert not answer["success"], answer
    error = answer["error"]
    assert isinstance(error, dict)
    return error["code"]


def stop(data: CommonWattData) -> None:
    """Let the node of a home stand still."""

    async def stopped[Answer](question: object) -> Answer:
        assert question is not None
        raise RuntimeError("a pump that stands still asks nobody")

    data.ask = stopped


@pytest.mark.usefixtures("entry")
async def test_a_home_that_is_not_loaded_is_asked_nothing(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator
) -> None:
    client = await hass_ws_client(hass)

    for command, arguments in COMMANDS:
        answer = await ask(client, command, entry_id="nobody", **arguments)
        assert code_of(answer) == "home_not_loaded", command


async def test_a_node_that_has_stopped_does_nothing_and_says_so(
    hass: HomeAssistant, entry: MockConfigEntry, hass_ws_client: WebSocketGenerator
) -> None:
    stop(data_of(entry))
    client = await hass_ws_client(hass)

    for command, arguments in COMMANDS[:4]:
        answer = await ask(client, command, **arguments)
        assert code_of(answer) == "node_stopped", command


@pytest.mark.parametrize(
    ("command", "arguments", "code"),
    [
        (*COMMANDS[0], "gift_not_a_member"),
        (*COMMANDS[1], "gift_unknown"),
        (*COMMANDS[3], "certificate_unknown"),
        (*COMMANDS[4], "no_chain"),
        (*COMMANDS[5], "device_unknown"),
        (*COMMANDS[6], "device_unknown"),
        (*COMMANDS[7], "device_unknown"),
    ],
)
@pytest.mark.usefixtures("entry")
async def test_what_is_not_there_is_not_found(
    hass: HomeAssistant,
    hass_ws_client: WebSocketGenerator,
    command: str,
    arguments: dict[str, object],
    code: str,
) -> None:
    client = await hass_ws_client(hass)

    assert code_of(await ask(client, command, **arguments)) == code


@pytest.mark.parametrize(
    ("fault", "code"),
    [(ChainFault.UNREACHABLE, "chain_silent"), (None, "certificate_unknown")],
)
async def test_a_certificate_is_not_proved_by_a_chain_that_does_not_know_it(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hass_ws_client: WebSocketGenerator,
    monkeypatch: pytest.MonkeyPatch,
    fault: ChainFault | None,
    code: str,
) -> None:
    async def prove(_settler: object, _certificate: object) -> None:
        if fault is not None:
            raise ChainError(fault)

    monkeypatch.setattr(proof, "async_prove", prove)
    data_of(entry).chain = object.__new__(Settler)
    client = await hass_ws_client(hass)
    command, arguments = COMMANDS[4]

    assert code_of(await ask(client, command, **arguments)) == code
