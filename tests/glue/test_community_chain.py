"""A real home settles its community on a chain: through the forms, and as it lives."""

import asyncio
from collections.abc import Iterator
import gc
from pathlib import Path
import threading
import time
from unittest.mock import patch

from homeassistant.config_entries import SubentryFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import issue_registry as ir
from homeassistant.requirements import RequirementsNotFound
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import pytest_socket

from custom_components.commonwatt.chain import library, member as chain_member
from custom_components.commonwatt.chain.community_books import CommunityBooks
from custom_components.commonwatt.chain.files import chain_folder
from custom_components.commonwatt.chain.link import ChainLink
from custom_components.commonwatt.chain.relaying import RelayPoster
from custom_components.commonwatt.chain.settings import CommunityChain, community_chain
from custom_components.commonwatt.chain.settler import Settler
from custom_components.commonwatt.chain.trouble import Trouble, issue_id
from custom_components.commonwatt.community.settings import membership_of
from custom_components.commonwatt.const import DOMAIN
from custom_components.commonwatt.drivers.chain import (
    ChainError,
    ChainFault,
    ChainSettings,
    Deployment,
    DeploymentTerms,
)
from custom_components.commonwatt.drivers.chain.book_file import BookFile
from custom_components.commonwatt.drivers.chain.home import open_home
from custom_components.commonwatt.engine.ledger.certificates import GranularCertificate
from custom_components.commonwatt.engine.ledger.chain.consents import NOBODY
from custom_components.commonwatt.engine.ledger.chain.day import FUND
from custom_components.commonwatt.engine.ledger.chain.settled_period import (
    Issued,
    SettledPeriod,
)
from custom_components.commonwatt.engine.ledger.origin import Origin, Parcel
from custom_components.commonwatt.engine.model.origin import EnergySource
from custom_components.commonwatt.engine.model.party import PartyId, PrivacyMode
from custom_components.commonwatt.engine.model.period import DeliveryPeriod, Instant
from custom_components.commonwatt.engine.node import Node
from custom_components.commonwatt.engine.wire.ethereum import address_of, checksummed
from custom_components.commonwatt.engine.wire.keys import HouseholdKey
from custom_components.commonwatt.flows.community import chain as chain_flow
from custom_components.commonwatt.secret_store import HomeSecrets
from tests.glue.communities import (
    ANN,
    Values,
    add_member,
    answer,
    choose,
    circle_of,
    errors_of,
    manage,
    until,
)
from tests.glue.forms import suggested
from tools.anvil import Chain, anvil

pytestmark = [
    pytest.mark.usefixtures("socket_enabled", "web_server"),
    pytest.mark.timeout(900),
]

SECRETS = HomeSecrets(household=b"\x07" * 32, sessions=b"\x08" * 32, salts=b"\x09" * 32)
MEMORY_MB_MAX = 40
BLOCKED_S_MAX = 0.05
LINE_NANO = 10**9
OWED_NANO = 96 * 7
DAY_S = 86_400
SUNNY = 5
"""The one period in which the home exports."""


@pytest.fixture(scope="module")
def chain() -> Iterator[Chain]:
    """Run a chain on which the home has coins."""
    # A fixture of a module is made before its first test opens the sockets.
    pytest_socket.enable_socket()
    with anvil("--block-time", "0.25", "--slots-in-an-epoch", "1") as running:
        running.fund(address_of(HouseholdKey(SECRETS.household).public))
        yield running


@pytest.fixture(scope="module")
def contracts(chain: Chain, tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    """Make the contracts of a community of one, for all tests that only use them."""
    pytest_socket.enable_socket()
    key = HouseholdKey(SECRETS.household)
    settings = ChainSettings(urls=(chain.url,), chain_id=chain.chain_id)
    home = open_home(settings, key, tmp_path_factory.mktemp("deployer"))
    try:
        home.deploy(
            DeploymentTerms(
                charter=bytes(32),
                founders=(address_of(key.public),),
                line_nano=LINE_NANO,
                window_s=1,
            )
        )
        while home.deployment is None:
            home.step()
            time.sleep(0.05)
        return home.deployment
    finally:
        home.close()


@pytest.fixture(autouse=True)
def _in_a_hurry() -> Iterator[None]:
    with patch.object(chain_member, "PACE_S", 0.2):
        yield


def settler_of(entry: MockConfigEntry) -> Settler:
    settler = entry.runtime_data.chain
    assert isinstance(settler, Settler)
    return settler


def deployment_of(entry: MockConfigEntry) -> Deployment:
    known = community_chain(entry)
    assert known is not None
    assert known.settings.deployment is not None
    return known.settings.deployment


async def chain_step(
    hass: HomeAssistant, entry: MockConfigEntry, choice: str
) -> SubentryFlowResult:
    """Open what there is to choose about the chain, and choose."""
    return await choose(hass, await manage(hass, entry, "chain"), choice)


def is_settled_on(entry: MockConfigEntry) -> bool:
    """Tell whether the home goes by contracts that are kept, and has looked at them."""
    data = getattr(entry, "runtime_data", None)
    settler = None if data is None else data.chain
    return (
        settler is not None
        and settler._settings.deployment is not None
        and settler.wallet is not None
        and settler.wallet.head is not None
    )


async def settling(
    hass: HomeAssistant, chain: Chain, contracts: Deployment
) -> MockConfigEntry:
    """Add a home that settles on contracts that are there."""
    entry = await add_member(hass, secrets=SECRETS)
    settings = ChainSettings(
        urls=(chain.url,), chain_id=chain.chain_id, deployment=contracts
    )
    subentry = membership_of(entry)
    assert subentry is not None
    data = {**subentry.data, "chain": CommunityChain(settings=settings).as_data}
    hass.config_entries.async_update_subentry(entry, subentry, data=data)
    await until(lambda: is_settled_on(entry))
    return entry


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
    me = address_of(HouseholdKey(SECRETS.household).public)
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


async def test_an_endpoint_that_falls_silent_is_told_and_forgiven(
    hass: HomeAssistant, chain: Chain, contracts: Deployment
) -> None:
    entry = await settling(hass, chain, contracts)
    silent = issue_id(entry.entry_id, Trouble.SILENT)
    settler = settler_of(entry)
    assert settler._chain is not None
    client = settler._chain._home.client

    with patch.object(
        type(client), "block", side_effect=ChainError(ChainFault.UNREACHABLE, "gone")
    ):
        await until(lambda: (DOMAIN, silent) in ir.async_get(hass).issues)
    await until(lambda: (DOMAIN, silent) not in ir.async_get(hass).issues)


async def test_books_that_cannot_be_opened_are_tried_again(
    hass: HomeAssistant, chain: Chain, contracts: Deployment
) -> None:
    entry = await settling(hass, chain, contracts)
    full = ChainError(ChainFault.DISK, "full")
    with patch.object(BookFile, "open", side_effect=full):
        await hass.config_entries.async_reload(entry.entry_id)

    assert entry.state.recoverable
    assert entry.error_reason_translation_key == "chain_books"
    assert await hass.config_entries.async_reload(entry.entry_id)
    await until(lambda: is_settled_on(entry))


def memory_mb() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    (line,) = [line for line in lines if line.startswith("VmRSS")]
    return int(line.split()[1]) / 1024


async def test_a_chain_never_holds_up_the_event_loop_and_does_not_grow(
    hass: HomeAssistant,
    chain: Chain,
    contracts: Deployment,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The thread's own clock is watched: what else the machine does is not ours."""
    longest_s = 0.0
    main, run = threading.get_ident(), asyncio.Handle._run

    def watched(handle: asyncio.Handle) -> None:
        nonlocal longest_s
        before = time.thread_time()
        run(handle)
        if threading.get_ident() == main:
            longest_s = max(longest_s, time.thread_time() - before)

    entry = await settling(hass, chain, contracts)
    gc.collect()
    gc.freeze()
    before_mb, looks = memory_mb(), []
    settler_of(entry).async_listen(lambda: looks.append(1))
    with patch.object(asyncio.Handle, "_run", watched):
        await until(lambda: len(looks) > 10)
    gc.unfreeze()

    with capsys.disabled():
        print(  # noqa: T201  # measured for whoever reads the log
            f"\nloop held up {longest_s * 1_000:.1f} ms at most,"
            f" {memory_mb() - before_mb:.1f} MB more after {len(looks)} looks"
        )
    assert 0 < longest_s <= BLOCKED_S_MAX
    assert memory_mb() - before_mb <= MEMORY_MB_MAX


class Lived:
    """What a node posted that has lived through the day before this one."""

    def __init__(self, entry: MockConfigEntry, day: int) -> None:
        self.day = day
        self.me = address_of(HouseholdKey(SECRETS.household).public)
        self.community = circle_of(entry).settings.community
        self.charter = (circle_of(entry).charter, DeliveryPeriod(0))

    @property
    def periods(self) -> tuple[DeliveryPeriod, ...]:
        """All of the day."""
        first = self.day * 96
        return tuple(DeliveryPeriod(first + number) for number in range(96))

    def of(self, period: DeliveryPeriod) -> SettledPeriod:
        """The home owes the fund a little, and once exports what nobody uses."""
        free = GranularCertificate(
            community=self.community,
            period=period,
            producer=PartyId("a" * 40),
            parcel=Parcel(
                origin=Origin(source=EnergySource.SOLAR), energy_wh=40, carbon_mg=0
            ),
        )
        return SettledPeriod(
            period=period,
            digest=b"d" * 32,
            nets_nano={FUND: 7, self.me: -7},
            exported_wh=40,
            issued=(
                (Issued(certificate=free, holder=self.me),)
                if period == self.periods[SUNNY]
                else ()
            ),
        )

    def closed_until(self, _now: Instant) -> int:
        """The day is over for good."""
        return self.day


async def live(entry: MockConfigEntry, chain: Chain) -> Lived:
    """Let a home have lived yesterday."""
    lived = Lived(entry, chain.now // DAY_S - 1)

    def replace_past(node: Node, _now: Instant) -> None:
        node.batches.posted = lived  # type: ignore[misc, assignment]  # a double

    poster = settler_of(entry)._poster
    assert isinstance(poster, RelayPoster)
    await entry.runtime_data.ask(replace_past)
    poster._news = None
    return lived


async def test_a_day_is_posted_kept_and_proved_after_a_restart(
    hass: HomeAssistant, chain: Chain, contracts: Deployment
) -> None:
    entry = await settling(hass, chain, contracts)
    lived = await live(entry, chain)

    def is_posted() -> bool:
        settler = entry.runtime_data.chain
        wallet = None if settler is None else settler.wallet
        return (
            wallet is not None
            and wallet.last_day == lived.day
            and wallet.is_caught_up
            and bool(settler.days)
        )

    await until(is_posted)
    (day,) = settler_of(entry).days
    leaf = day.leaf(lived.me)
    assert leaf is not None
    assert leaf.net_nano == -OWED_NANO
    wallet = settler_of(entry).wallet
    assert wallet is not None
    assert wallet.pending_nano == 0
    before = day.posted.batch

    assert await hass.config_entries.async_reload(entry.entry_id)
    lived = await live(entry, chain)
    await until(is_posted)

    (again,) = settler_of(entry).days
    assert again.posted.batch == before
    certificate = lived.of(lived.periods[SUNNY]).issued[0].certificate.id
    reply = await hass.services.async_call(
        DOMAIN,
        "verify_certificate",
        {"certificate": certificate},
        blocking=True,
        return_response=True,
    )
    assert reply is not None
    assert (reply["valid"], reply["free"], reply["batch"]) == (True, True, 1)


@pytest.mark.parametrize("coins", [0, 10**18])
async def test_whoever_has_no_credit_can_pay_none_in(
    hass: HomeAssistant, chain: Chain, contracts: Deployment, coins: int
) -> None:
    """Whether the home pays for the gas itself or lets others send it."""
    entry = await settling(hass, chain, contracts)
    me = checksummed(address_of(HouseholdKey(SECRETS.household).public))
    chain.rpc("anvil_setBalance", [me, hex(coins)])

    def is_seen() -> bool:
        wallet = settler_of(entry).wallet
        return wallet is not None and (wallet.status.coins_wei > 0) is (coins > 0)

    await until(is_seen)
    for action, reason in (
        ("deposit", "chain_too_little_credit"),
        ("withdraw", "chain_not_backed"),
    ):
        with pytest.raises(ServiceValidationError) as refused:
            await hass.services.async_call(
                DOMAIN, action, {"amount": 1}, blocking=True, return_response=True
            )
        assert refused.value.translation_key == reason
    chain.rpc("anvil_setBalance", [me, hex(10**18)])


async def test_a_node_that_has_stopped_is_asked_nothing(hass: HomeAssistant) -> None:
    entry = await add_member(hass, secrets=SECRETS)
    books = CommunityBooks.open(
        chain_folder(hass, entry.entry_id), circle_of(entry).settings.community
    )
    poster = RelayPoster(
        hass,
        ask=entry.runtime_data.ask,
        feed=entry.runtime_data.market,
        books=books,
        account=NOBODY,
    )
    await hass.config_entries.async_unload(entry.entry_id)

    with pytest.raises(ChainError, match="stopped"):
        await poster.async_keep()
    assert books.closed(None) is None
    assert not books.lacks(None)
    await poster.async_close()
    await poster.async_close()
    books.take((), closed_until=DAY_S)
    with pytest.raises(ChainError, match="closed"):
        books.closed(None)
