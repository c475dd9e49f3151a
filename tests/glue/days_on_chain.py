"""A real community settles two days on a chain: homes agree, restart, and come later.

Every home is a node of its own with books and an outbox of its own; what they say about
the chain goes over the wire like everything else.  Too long for every change:
``script/verify`` runs it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import pytest_socket

from custom_components.commonwatt.chain.community_books import CommunityBooks
from custom_components.commonwatt.chain.relaying import RelayPoster
from custom_components.commonwatt.chain.settler import Settler
from custom_components.commonwatt.chain.wallet import PostedDay
from custom_components.commonwatt.const import DOMAIN
from custom_components.commonwatt.drivers.chain import (
    ChainSettings,
    Deployment,
    DeploymentTerms,
    JobState,
)
from custom_components.commonwatt.drivers.chain.turns import TURN_S
from custom_components.commonwatt.engine.ledger.balances import balances
from custom_components.commonwatt.engine.ledger.batch import day_of
from custom_components.commonwatt.engine.ledger.chain.day import nets_of
from custom_components.commonwatt.engine.ledger.journal import EntryKind
from custom_components.commonwatt.engine.model.period import (
    HOUR_MS,
    MINUTE_MS,
    SECOND_MS,
    Instant,
    after,
)
from custom_components.commonwatt.engine.model.posting import AccountKind, Transaction
from custom_components.commonwatt.engine.model.units import NANO_PER_UNIT
from custom_components.commonwatt.engine.node import Node
from custom_components.commonwatt.engine.node.settled_records import (
    read_settled,
    read_transactions,
)
from custom_components.commonwatt.engine.wire.digests import community_id
from custom_components.commonwatt.engine.wire.ethereum import Address, address_of
from custom_components.commonwatt.market_feed import MarketFeed
from tests.engine.node.street import ANN, BEN, CAT, START
from tests.engine.node.village import Village
from tools.anvil import Chain, anvil

pytestmark = [pytest.mark.usefixtures("socket_enabled"), pytest.mark.timeout(1800)]

WINDOW_S = 3_600
LINE_NANO = 500 * NANO_PER_UNIT
FIRST_DAY = START // (24 * HOUR_MS) + 1
"""The first whole day of the street."""

TURNS = 6
"""Enough for everybody to have had a turn, to sign and to post."""


@pytest.fixture
def chain() -> Iterator[Chain]:
    """Run a chain whose time is that of the street."""
    pytest_socket.enable_socket()
    begins = ("--timestamp", str(START // SECOND_MS))
    with anvil("--slots-in-an-epoch", "1", *begins) as running:
        yield running


@dataclass
class Party:
    """A home's business with the chain, for one of its lives."""

    settler: Settler
    poster: RelayPoster
    entry: MockConfigEntry
    account: Address


class Community:
    """A village whose homes settle on a chain."""

    def __init__(self, hass: HomeAssistant, chain: Chain, folder: Path) -> None:
        """Let three homes move in; nobody knows of a chain yet."""
        self.hass = hass
        self.chain = chain
        self.folder = folder
        self.village = Village(ANN, BEN, CAT)
        self.deployment: Deployment | None = None
        self.parties: dict[str, Party] = {}

    def account(self, name: str) -> Address:
        """Return the account of a home."""
        return address_of(self.village.keys[name].public)

    async def begin(self, name: str, *, has_coins: bool = True) -> Party:
        """Let a home take part in settling, from what is on its disk."""
        village, feed = self.village, MarketFeed(self.village.parties[name])
        account = self.account(name)
        if has_coins:
            self.chain.fund(account)

        async def ask[Answer](question: Callable[[Node, Instant], Answer]) -> Answer:
            return question(village.nodes[name], village.now)

        home = self.folder / name
        poster = RelayPoster(
            self.hass,
            ask=ask,
            feed=feed,
            books=CommunityBooks.open(home, village.community),
            account=account,
        )
        entry = MockConfigEntry(domain=DOMAIN, title=name)
        entry.add_to_hass(self.hass)
        terms = DeploymentTerms(
            charter=bytes.fromhex(community_id(village.charter)),
            founders=tuple(sorted(map(self.account, ("Ann", "Ben", "Cat")))),
            line_nano=LINE_NANO,
            window_s=WINDOW_S,
        )
        settler = Settler(
            self.hass,
            entry,
            settings=ChainSettings(
                urls=(self.chain.url,),
                chain_id=self.chain.chain_id,
                deployment=self.deployment,
            ),
            terms=None if self.deployment else terms,
            poster=poster,
            key=village.keys[name],
            folder=home,
            pace_s=0,
        )
        self.parties[name] = Party(settler, poster, entry, account)
        return self.parties[name]

    async def end(self, name: str) -> None:
        """Let a home's Home Assistant stop."""
        await self.parties.pop(name).settler.async_stop()

    async def found(self, name: str) -> None:
        """Let a home deploy the contracts."""
        party = await self.begin(name)
        while self.deployment is None:
            await party.settler._turn()
            self.chain.rpc("evm_mine", [])
            wallet = party.settler.wallet
            assert wallet is not None
            self.deployment = wallet.deployment

    async def live_until(self, now: Instant) -> None:
        """Let the homes live, and keep their books every few hours."""
        while self.village.now < now:
            self.village.run(min(now, after(self.village.now, 6 * HOUR_MS)))
            for party in self.parties.values():
                # Nobody told the feed: the node's last 32 periods are looked at anew.
                party.poster._news = None
                await party.poster.async_keep()
        seconds = self.village.now // SECOND_MS
        if seconds > self.chain.now:
            self.chain.travel_to(seconds)

    async def take_turns(self, names: tuple[str, ...]) -> None:
        """Let homes do what is due on the chain, and talk about it."""
        for _ in range(TURNS):
            for name in names:
                await self.parties[name].settler._turn()
            self.village.run(after(self.village.now, MINUTE_MS))
            self.chain.travel(TURN_S)

    async def settle(self, names: tuple[str, ...], *, number: int) -> None:
        """Let homes take turns until a batch stands and is paid."""
        for _ in range(2):
            await self.take_turns(names)
            self.chain.travel(WINDOW_S)
        wallet = self.parties[names[0]].settler.wallet
        assert wallet is not None
        assert wallet.head is not None
        assert wallet.head.standing == number

    def owed(self, name: str, day: int) -> dict[Address, int]:
        """Return what a home's own journal says of the days until ``day``."""
        village = self.village
        journal = village.homes[name].journal
        booked: list[Transaction] = []
        for entry in journal:
            if entry.kind in {EntryKind.SETTLED, EntryKind.CORRECTED}:
                period = read_settled(entry.body).figures.period
                if FIRST_DAY <= day_of(period) <= day:
                    booked += [
                        one
                        for one in read_transactions(entry.body)
                        if not any(
                            p.account.kind is AccountKind.RETAILER for p in one.postings
                        )
                    ]
        addresses = {party: self.account(who) for who, party in village.parties.items()}
        return nets_of(balances(booked), addresses)

    def credit(self, account: Address) -> int:
        """Return the credit in an account's hands."""
        assert self.deployment is not None
        token = self.chain.at(
            "Credit", self.chain.web3.to_checksum_address(self.deployment.credit)
        )
        held: int = token.functions.balanceOf(account).call()
        return held

    def done(self, prefix: str) -> list[str]:
        """Return what was done, by anybody and for good, under names of a kind."""
        return sorted(
            job.name
            for party in self.parties.values()
            if party.settler._chain is not None
            for job in party.settler._chain._home.jobs()
            if job.name.startswith(prefix)
            and job.state in {JobState.MINED, JobState.FINAL}
        )


@pytest.fixture(autouse=True)
def _no_issues() -> Iterator[None]:
    """The clock of the street is not the wall's: that is no trouble here."""
    with patch("custom_components.commonwatt.chain.settler.async_show_troubles"):
        yield


def stated(community: Community, name: str) -> dict[Address, int]:
    """Return the balances of the batch that stands, as a home can prove them."""
    day = community.parties[name].settler.days[-1]
    return {leaf.account: leaf.net_nano for leaf in day.posted.balances}


def morning(day: int) -> Instant:
    """Return when nothing of the day before can be booked any more."""
    return Instant(day * 24 * HOUR_MS + 8 * HOUR_MS + 40 * MINUTE_MS)


async def test_two_days_of_a_real_community_are_settled(
    hass: HomeAssistant, chain: Chain, tmp_path: Path
) -> None:
    """Home Assistants restart in between, one loses its books, a neighbour moves in."""
    community = Community(hass, chain, tmp_path)
    await community.found("Ann")
    await community.begin("Ben")
    await community.begin("Cat", has_coins=False)
    await settle_first_day(community)
    await restart_everybody(community)
    await move_in(community, "Dan")
    await settle_second_day(community)
    for name in list(community.parties):
        await community.end(name)


async def settle_first_day(community: Community) -> None:
    """All three sign, one posts, everybody is paid to the nano."""
    names = ("Ann", "Ben", "Cat")
    await community.live_until(morning(FIRST_DAY + 1))
    await community.settle(names, number=1)
    journal = community.owed("Ann", FIRST_DAY)
    assert any(journal.values())
    assert stated(community, "Ann") == stated(community, "Cat") == journal
    assert community.done("batch:") == ["batch:1"]
    assert community.done("claim:") == ["claim:1:0"]
    for name in names:
        account = community.account(name)
        assert community.credit(account) == max(0, journal[account])
    wallet = community.parties["Cat"].settler.wallet
    assert wallet is not None
    assert wallet.status.gas_spent_wei == 0


async def restart_everybody(community: Community) -> None:
    """In the middle of a day; Cat comes back without its books."""
    village = community.village
    await community.live_until(after(village.now, 3 * HOUR_MS))
    for name in ("Ann", "Ben", "Cat"):
        await community.end(name)
        village.crash(name)
        village.run(after(village.now, MINUTE_MS))
        village.wake(name)
        village.run(after(village.now, 2 * MINUTE_MS))
    for path in (community.folder / "Cat").glob("books-*"):
        path.unlink()
    for name in ("Ann", "Ben", "Cat"):
        await community.begin(name, has_coins=False)
    (again,) = await proved(community, "Ann")
    assert (again.number, again.posted.batch.day) == (1, FIRST_DAY)


async def move_in(community: Community, name: str) -> None:
    """Let a neighbour in: the contract admits it as well."""
    village = community.village
    village.knock(name, village.invite("Ann"))
    village.run(after(village.now, 30 * MINUTE_MS))
    village.move_in(name, net_w=300)
    await community.begin(name)
    for _ in range(2):
        await community.take_turns(("Ann", "Ben", "Cat", name))


async def settle_second_day(community: Community) -> None:
    """Cat signs what others vouch for, and the books are those of all four."""
    names = ("Ann", "Ben", "Cat", "Dan")
    await community.live_until(morning(FIRST_DAY + 2))
    await community.settle(names, number=2)
    journal = community.owed("Ann", FIRST_DAY + 1)
    assert stated(community, "Ann") == journal
    assert journal[community.account("Dan")] < 0
    assert community.done("batch:") == ["batch:1", "batch:2"]
    assert community.done("claim:") == ["claim:1:0", "claim:2:0"]
    ben = community.account("Ben")
    assert community.credit(ben) == journal[ben] > 0
    for name in ("Cat", "Dan"):
        # They have seen too little of the day to prove its certificates.
        assert [day.number for day in await proved(community, name)] in ([], [1])
    for name in names:
        wallet = community.parties[name].settler.wallet
        assert wallet is not None
        assert wallet.pending_nano is not None
        assert wallet.last_day == FIRST_DAY + 1


async def proved(community: Community, name: str) -> tuple[PostedDay, ...]:
    """Return the days a home can prove."""
    await community.parties[name].settler._turn()
    return community.parties[name].settler.days
