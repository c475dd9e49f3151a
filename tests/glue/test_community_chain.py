"""A real home settles its community on a chain as it lives."""

import asyncio
from collections.abc import Iterator
import gc
from pathlib import Path
import threading
import time
from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.commonwatt.chain.community_books import CommunityBooks
from custom_components.commonwatt.chain.files import chain_folder
from custom_components.commonwatt.chain.relaying import RelayPoster
from custom_components.commonwatt.chain.trouble import Trouble, issue_id
from custom_components.commonwatt.const import DOMAIN
from custom_components.commonwatt.drivers.chain import (
    ChainError,
    ChainFault,
    Deployment,
)
from custom_components.commonwatt.drivers.chain.book_file import BookFile
from custom_components.commonwatt.engine.ledger.certificates import GranularCertificate
from custom_components.commonwatt.engine.ledger.chain.consents import NOBODY
from custom_components.commonwatt.engine.ledger.chain.day import FUND
from custom_components.commonwatt.engine.ledger.chain.settled_period import (
    Issued,
    SettledPeriod,
)
from custom_components.commonwatt.engine.ledger.origin import Origin, Parcel
from custom_components.commonwatt.engine.model.origin import EnergySource
from custom_components.commonwatt.engine.model.party import PartyId
from custom_components.commonwatt.engine.model.period import DeliveryPeriod, Instant
from custom_components.commonwatt.engine.node import Node
from custom_components.commonwatt.engine.wire.ethereum import checksummed
from tests.glue.chain_homes import (
    ME,
    SECRETS,
    funded_chain,
    in_a_hurry,
    is_settled_on,
    made_contracts,
    settler_of,
    settling,
    until_final,
)
from tests.glue.communities import (
    add_member,
    circle_of,
    until,
)
from tools.anvil import Chain

pytestmark = [
    pytest.mark.usefixtures("socket_enabled", "web_server"),
    pytest.mark.timeout(900),
]

MEMORY_MB_MAX = 40
BLOCKED_S_MAX = 0.05
OWED_NANO = 96 * 7
DAY_S = 86_400
SUNNY = 5
"""The one period in which the home exports."""


@pytest.fixture(scope="module")
def chain() -> Iterator[Chain]:
    with funded_chain() as running:
        yield running


@pytest.fixture
def contracts(chain: Chain, tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    return made_contracts(chain, tmp_path_factory.mktemp("deployer"))


@pytest.fixture(autouse=True)
def _in_a_hurry() -> Iterator[None]:
    with in_a_hurry():
        yield


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
        self.me = ME
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
    await until_final(settler_of(entry))
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
    me = checksummed(ME)
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
