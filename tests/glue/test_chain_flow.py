"""The optional step *settle on a chain*, as a person fills it in."""

from collections.abc import Iterator
from http import HTTPStatus
from unittest.mock import patch

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.test_util.aiohttp import (
    AiohttpClientMocker,
    AiohttpClientMockResponse,
)
from yarl import URL

from custom_components.commonwatt.const import DOMAIN, EntryKind
from custom_components.commonwatt.demo.account import demo_account
from custom_components.commonwatt.demo.settings import DemoSettings
from custom_components.commonwatt.drivers.chain import ChainSettings
from custom_components.commonwatt.engine.wire.ethereum import checksummed
from tests.glue.forms import Form, fill_in, open_menu, reconfigure, suggested

NODE = "http://node.example:8545"
OTHER = "https://other.example/rpc"
DEMO: Form = {"speed": 60, "seed": 1}
ON_CHAIN: Form = {**DEMO, "settle_on_chain": True}


@pytest.fixture(autouse=True)
def _no_setup() -> Iterator[None]:
    """Only the forms are tried here."""
    with (
        patch("custom_components.commonwatt.async_setup_entry", return_value=True),
        patch("custom_components.commonwatt.async_unload_entry", return_value=True),
    ):
        yield


def post(aioclient_mock: AiohttpClientMocker, url: str, **how: object) -> None:
    """Let requests to an address be answered."""
    aioclient_mock.post(url, **how)  # type: ignore[no-untyped-call]  # it has no types


def serve(
    aioclient_mock: AiohttpClientMocker, url: str, *, chain_id: int, coins: int
) -> None:
    """Let an endpoint answer as one of a chain does."""

    async def answer(
        method: str, url: URL, data: dict[str, object]
    ) -> AiohttpClientMockResponse:
        number = {"eth_chainId": chain_id, "eth_getBalance": coins}[str(data["method"])]
        result = {"jsonrpc": "2.0", "id": 1, "result": hex(number)}
        return AiohttpClientMockResponse(method, url, json=result)

    post(aioclient_mock, url, side_effect=answer)


async def chain_form(hass: HomeAssistant) -> ConfigFlowResult:
    """Tick the box of the demo's form."""
    form = await fill_in(hass, await open_menu(hass, "demo"), ON_CHAIN)
    assert form["type"] is FlowResultType.FORM
    assert form["step_id"] == "chain"
    return form


async def test_a_chain_that_answers_is_saved_with_the_demo(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker
) -> None:
    for url in (NODE, OTHER):
        serve(aioclient_mock, url, chain_id=10_200, coins=1)
    form = await chain_form(hass)
    placeholders = form["description_placeholders"]
    assert placeholders is not None
    assert placeholders["account"] == checksummed(demo_account(1))
    assert suggested(form) == {"chain_id": 100}

    answers: dict[str, object] = {"rpc_urls": [NODE, OTHER], "chain_id": 10_200}
    result = await fill_in(hass, form, answers)

    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert DemoSettings.from_data(result["data"]).chain == ChainSettings(
        urls=(NODE, OTHER), chain_id=10_200
    )


@pytest.mark.parametrize(
    ("urls", "errors", "about"),
    [
        ([], {"rpc_urls": "chain_urls_count"}, ""),
        ([NODE] * 6, {"rpc_urls": "chain_urls_count"}, ""),
        (["ftp://node.example"], {"rpc_urls": "chain_url"}, "ftp://node.example"),
        (["http://["], {"rpc_urls": "chain_url"}, "http://["),
        (["http://silent.example"], {"rpc_urls": "chain_silent"}, "silent.example"),
        (["http://web.example"], {"rpc_urls": "chain_silent"}, "web.example"),
        (["http://main.example"], {"chain_id": "chain_wrong"}, "main.example"),
        (["http://poor.example"], {"base": "chain_no_coins"}, ""),
    ],
)
async def test_what_cannot_work_is_refused_with_a_reason_and_can_be_mended(
    hass: HomeAssistant,
    aioclient_mock: AiohttpClientMocker,
    urls: list[str],
    errors: dict[str, str],
    about: str,
) -> None:
    serve(aioclient_mock, NODE, chain_id=100, coins=1)
    serve(aioclient_mock, "http://main.example", chain_id=1, coins=1)
    serve(aioclient_mock, "http://poor.example", chain_id=100, coins=0)
    post(aioclient_mock, "http://silent.example", exc=TimeoutError())
    post(
        aioclient_mock,
        "http://web.example",
        status=HTTPStatus.NOT_FOUND,
        text="<html></html>",
    )
    form = await chain_form(hass)

    form = await fill_in(hass, form, {"rpc_urls": urls, "chain_id": 100})

    assert form["type"] is FlowResultType.FORM
    assert form["errors"] == errors
    placeholders = form["description_placeholders"]
    assert placeholders is not None
    assert about in str(placeholders["url"])
    assert suggested(form) == {"rpc_urls": urls, "chain_id": 100}
    answers: dict[str, object] = {"rpc_urls": [NODE], "chain_id": 100}
    result = await fill_in(hass, form, answers)
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_the_chain_can_be_changed_and_left(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker
) -> None:
    serve(aioclient_mock, OTHER, chain_id=100, coins=1)
    chain = ChainSettings(urls=(NODE,), chain_id=31_337)
    entry = MockConfigEntry(
        domain=DOMAIN,
        unique_id=EntryKind.DEMO.value,
        data=DemoSettings(chain=chain).as_data(),
    )
    entry.add_to_hass(hass)

    form = await reconfigure(hass, entry)
    assert suggested(form) == ON_CHAIN
    form = await fill_in(hass, form, ON_CHAIN)
    assert suggested(form) == {"rpc_urls": [NODE], "chain_id": 31_337}
    answers: dict[str, object] = {"rpc_urls": [OTHER], "chain_id": 100}
    result = await fill_in(hass, form, answers)
    assert result["reason"] == "reconfigure_successful"
    assert DemoSettings.from_data(entry.data).chain == ChainSettings(
        urls=(OTHER,), chain_id=100
    )

    result = await fill_in(hass, await reconfigure(hass, entry), {**DEMO})
    assert result["reason"] == "reconfigure_successful"
    assert DemoSettings.from_data(entry.data) == DemoSettings()
