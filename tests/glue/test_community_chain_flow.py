"""Settling a community on a chain, as a person fills it in, on a real chain."""

from collections.abc import Iterator
from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.requirements import RequirementsNotFound
import pytest

from custom_components.commonwatt.chain import library
from custom_components.commonwatt.chain.files import chain_folder
from custom_components.commonwatt.chain.link import ChainLink
from custom_components.commonwatt.chain.settings import CommunityChain, community_chain
from custom_components.commonwatt.const import DOMAIN
from custom_components.commonwatt.drivers.chain import (
    ChainSettings,
    Deployment,
)
from custom_components.commonwatt.engine.model.party import PrivacyMode
from custom_components.commonwatt.flows.community import chain as chain_flow
from tests.glue.chain_homes import (
    ME,
    SECRETS,
    chain_step,
    deployment_of,
    funded_chain,
    in_a_hurry,
    is_settled_on,
    made_contracts,
    settler_of,
    settling,
)
from tests.glue.communities import (
    ANN,
    Values,
    add_member,
    answer,
    circle_of,
    errors_of,
    manage,
    until,
)
from tests.glue.forms import suggested
from tools.anvil import Chain

pytestmark = [
    pytest.mark.usefixtures("socket_enabled", "web_server"),
    pytest.mark.timeout(900),
]


@pytest.fixture(scope="module")
def chain() -> Iterator[Chain]:
    with funded_chain() as running:
        yield running


@pytest.fixture(scope="module")
def contracts(chain: Chain, tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    return made_contracts(chain, tmp_path_factory.mktemp("deployer"))


@pytest.fixture(autouse=True)
def _in_a_hurry() -> Iterator[None]:
    with in_a_hurry():
        yield


async def test_a_home_deploys_shares_leaves_and_joins_again(
    hass: HomeAssistant, chain: Chain
) -> None:
    entry = await add_member(hass, secrets=SECRETS)
    form = await chain_step(hass, entry, "chain_deploy")
    values: Values = {
        "rpc_urls": [chain.url],
        "chain_id": chain.chain_id,
        "credit_line": 70,
    }
    done = await answer(hass, form, values)
    assert done["reason"] == "reconfigure_successful"
    await until(lambda: is_settled_on(entry))
    wallet = settler_of(entry).wallet
    assert wallet is not None
    me = ME
    assert wallet.account == me
    line = await settler_of(entry).async_ask(lambda home: home.votes.line_nano_min())
    assert line == 70 * 10**9
    for name, state in (
        ("credit_on_the_chain", "0.0"),
        ("not_settled_yet", "0.0"),
        ("settled_until", "unknown"),
    ):
        shown = hass.states.get(f"sensor.home_{name}")
        assert shown is not None
        assert shown.state == state
    gas = hass.states.get("sensor.home_gas_spent")
    assert gas is not None
    assert float(gas.state) > 0
    section = entry.runtime_data.shown["chain"]()
    assert section["account"].lower() == "0x" + me.hex()

    form = await chain_step(hass, entry, "chain_share")
    schema = form["data_schema"]
    assert schema is not None
    (link,) = [str(key.default()) for key in schema.schema if str(key) == "link"]
    contracts = deployment_of(entry)
    assert ChainLink.read(link) == ChainLink.of(contracts)
    done = await answer(hass, form, {})
    assert done["reason"] == "chain_shared"

    form = await chain_step(hass, entry, "chain_leave")
    done = await answer(hass, form, {})
    assert done["reason"] == "reconfigure_successful"
    await hass.async_block_till_done()
    assert community_chain(entry) is None
    assert entry.runtime_data.chain is None
    folder = chain_folder(hass, entry.entry_id)
    assert not list(folder.glob("books-*"))
    assert list(folder.glob("chain-*"))  # what was sent is not forgotten

    form = await chain_step(hass, entry, "chain_join")
    done = await answer(hass, form, {"rpc_urls": [chain.url], "link": f" {link}\n"})
    assert done["reason"] == "reconfigure_successful", done
    await until(lambda: is_settled_on(entry))
    assert deployment_of(entry) == contracts


async def test_endpoints_can_be_changed_and_are_tried(
    hass: HomeAssistant, chain: Chain, contracts: Deployment
) -> None:
    entry = await settling(hass, chain, contracts)
    form = await chain_step(hass, entry, "chain_change")
    assert suggested(form) == {"rpc_urls": [chain.url]}

    form = await answer(hass, form, {"rpc_urls": ["http://127.0.0.1:9"]})
    assert errors_of(form) == {"rpc_urls": "chain_silent"}
    done = await answer(hass, form, {"rpc_urls": [f"{chain.url}/", chain.url]})

    assert done["reason"] == "reconfigure_successful"
    await hass.async_block_till_done()
    known = community_chain(entry)
    assert known is not None
    assert known.settings.urls == (f"{chain.url}/", chain.url)
    assert known.settings.deployment == contracts
    await until(lambda: is_settled_on(entry))


async def test_what_cannot_be_joined_is_refused_with_a_reason(
    hass: HomeAssistant, chain: Chain, contracts: Deployment
) -> None:
    entry = await settling(hass, chain, contracts)
    link = ChainLink.of(contracts).text
    wrong_code = link.replace(link.split("/")[-1], "0x" + "11" * 20)
    other_chain = link.replace(f"/{chain.chain_id}/", "/5/")
    await answer(hass, await chain_step(hass, entry, "chain_leave"), {})
    await hass.async_block_till_done()
    form = await chain_step(hass, entry, "chain_join")

    for pasted, error in (
        ("commonwatt:join/abc", "chain_link"),
        (link[:-1], "chain_link"),
        (wrong_code, "chain_wrong_code"),
        (other_chain, "chain_wrong"),
    ):
        form = await answer(hass, form, {"rpc_urls": [chain.url], "link": pasted})
        assert errors_of(form) == {"link": error}, pasted
    form = await answer(hass, form, {"rpc_urls": [], "link": link})
    assert errors_of(form) == {"rpc_urls": "chain_urls_count"}
    with patch.object(chain_flow, "accounts_of", return_value=frozenset()):
        form = await answer(hass, form, {"rpc_urls": [chain.url], "link": link})
    assert errors_of(form) == {"link": "chain_other_community"}
    missing = RequirementsNotFound(DOMAIN, library.REQUIREMENTS)
    with patch.object(library, "async_process_requirements", side_effect=missing):
        form = await answer(hass, form, {"rpc_urls": [chain.url], "link": link})
    assert errors_of(form) == {"base": "chain_no_library"}
    done = await answer(hass, form, {"rpc_urls": [chain.url], "link": link})
    assert done["reason"] == "reconfigure_successful"
    await until(lambda: is_settled_on(entry))


async def test_without_coins_nothing_is_deployed(
    hass: HomeAssistant, chain: Chain
) -> None:
    entry = await add_member(hass)
    form = await chain_step(hass, entry, "chain_deploy")
    assert suggested(form) == {"chain_id": 100, "credit_line": 50}
    values: Values = {
        "rpc_urls": [chain.url],
        "chain_id": chain.chain_id,
        "credit_line": 50,
    }

    form = await answer(hass, form, values)

    assert errors_of(form) == {"base": "chain_no_coins"}
    assert suggested(form) == values
    assert entry.runtime_data.chain is None


async def test_a_community_with_a_committee_has_no_books_for_a_chain(
    hass: HomeAssistant,
) -> None:
    entry = await add_member(hass, ANN)
    circle = circle_of(entry)
    with patch.object(circle, "charter", _private(circle.charter)):
        done = await manage(hass, entry, "chain")

    assert done["type"] is FlowResultType.ABORT
    assert done["reason"] == "chain_private"


def _private(charter: object) -> object:
    class Private:
        privacy = PrivacyMode.COMMITTEE

    assert charter
    return Private()


async def test_what_is_shared_has_to_be_there_first(
    hass: HomeAssistant, chain: Chain
) -> None:
    entry = await add_member(hass, secrets=SECRETS)
    settings = ChainSettings(urls=(chain.url,), chain_id=chain.chain_id)
    with patch.object(
        chain_flow,
        "community_chain",
        return_value=CommunityChain(settings=settings),
    ):
        done = await chain_step(hass, entry, "chain_share")

    assert done["reason"] == "chain_not_there_yet"
