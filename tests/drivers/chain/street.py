"""A street on a chain for tests: homes with keys, contracts, and days to post.

The contracts are made once for all tests of a module; each test sees them fresh.
"""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Final

from custom_components.commonwatt.drivers.chain import (
    ChainHome,
    ChainSettings,
    Deployment,
    DeploymentTerms,
    Job,
    JobState,
)
from custom_components.commonwatt.drivers.chain.deploying import NO_BACKING
from custom_components.commonwatt.drivers.chain.home import open_home
from custom_components.commonwatt.engine.ledger.certificates import GranularCertificate
from custom_components.commonwatt.engine.ledger.chain.day import (
    FUND,
    NETWORK,
    ChainDay,
)
from custom_components.commonwatt.engine.ledger.chain.day_book import ClosedDay
from custom_components.commonwatt.engine.wire.ethereum import (
    Address,
    address_from,
    address_of,
    checksummed,
    sign_recoverable,
)
from tools.anvil import Chain
from tools.chain_community import household

HOMES: Final = 5
COIN: Final = 10**9
LINE_NANO: Final = 500 * COIN
WITHDRAWN_DAY_MAX_NANO: Final = 1_000 * COIN
WINDOW_S: Final = 3_600
DAY_S: Final = 86_400
STEPS_MAX: Final = 60
FINALITY: Final = ("--slots-in-an-epoch", "1")
"""Blocks are final on this anvil once two others lie upon them."""


class Street:
    """Homes on one anvil; the first one pays for the gas."""

    def __init__(
        self, chain: Chain, folder: Path, deployment: Deployment | None = None
    ) -> None:
        """Let the first home open its outbox in ``folder``."""
        self.chain: Final = chain
        self.folder: Final = folder
        self.keys: Final = [household(str(number)) for number in range(HOMES)]
        self.accounts: Final = [address_of(key.public) for key in self.keys]
        self.deployment = deployment
        self.opened: Final[list[ChainHome]] = []
        self.home = self.open()

    def open(
        self,
        number: int = 0,
        *urls: str,
        chain_id: int | None = None,
        fee_wei_max: int = 10**12,
    ) -> ChainHome:
        """Open a home's business on the chain, joined to the contracts."""
        settings = ChainSettings(
            urls=urls or (self.chain.url,),
            chain_id=chain_id or self.chain.chain_id,
            fee_wei_max=fee_wei_max,
            blocks_until_stuck=3,
        )
        key = self.keys[number]
        home = open_home(settings, key, self.folder)
        self.opened.append(home)
        self.chain.fund(address_of(key.public))
        if self.deployment is not None:
            home.join(self.deployment)
        return home

    def crash(self) -> ChainHome:
        """End the first home and start it again with what is on disk."""
        self.home.close()
        self.home = self.open()
        return self.home

    def close(self) -> None:
        """Let go of all files."""
        for home in self.opened:
            home.close()

    def terms(self, backing: Address = NO_BACKING) -> DeploymentTerms:
        """Return what the contracts of the street are made with."""
        return DeploymentTerms(
            charter=sha256(b"charter" + backing).digest(),
            founders=tuple(self.accounts),
            line_nano=LINE_NANO,
            backing=backing,
            withdrawn_day_max_nano=WITHDRAWN_DAY_MAX_NANO,
            window_s=WINDOW_S,
        )

    def deploy(self, terms: DeploymentTerms) -> Deployment:
        """Have the contracts made, and all of it final."""
        self.home.deploy(terms)
        for _ in range(STEPS_MAX):
            self.home.step()
            if self.home.deployment is not None and not self.open_jobs():
                return self.home.deployment
            self.chain.rpc("evm_mine", [])
        raise AssertionError("the contracts could not be made")

    def open_jobs(self, home: ChainHome | None = None) -> list[Job]:
        """Return the jobs that are not over."""
        ends = {JobState.FINAL, JobState.REFUSED, JobState.REVERTED}
        return [job for job in (home or self.home).jobs() if job.state not in ends]

    def work(self, home: ChainHome | None = None) -> None:
        """Go on until everything queued is over, block by block."""
        working = home or self.home
        for _ in range(STEPS_MAX):
            working.step()
            if not self.open_jobs(working):
                return
            self.chain.rpc("evm_mine", [])
        raise AssertionError(f"still open: {self.open_jobs(working)}")

    def mine(self, blocks: int = 1) -> None:
        """Let so many blocks be made."""
        self.chain.rpc("anvil_mine", [hex(blocks)])

    # -- days --------------------------------------------------------------------------

    @property
    def today(self) -> int:
        """The UTC day of the newest block, counted from the epoch."""
        return self.chain.now // DAY_S

    def closed(
        self,
        nets: Mapping[int, int],
        *,
        day: int | None = None,
        certificates: Mapping[Address, tuple[GranularCertificate, ...]] | None = None,
        metered_wh: int = 0,
    ) -> ClosedDay:
        """Return a day by what each home has earned so far; the fund pays the rest."""
        amounts = {self.accounts[number]: amount for number, amount in nets.items()}
        accounts = dict.fromkeys((FUND, NETWORK, *self.accounts), 0) | amounts
        accounts[FUND] -= sum(accounts.values())
        over = self.today - 1 if day is None else day
        return ClosedDay(
            day=over,
            records=(f"day {over}".encode(),),
            nets_nano=accounts,
            metered_wh=metered_wh,
            certificates=certificates or {},
            places={},
        )

    def approvals(
        self, day: ChainDay, *, silent: int = 0, home: ChainHome | None = None
    ) -> dict[Address, bytes]:
        """Let the committee sign, but for its last ``silent`` seats."""
        batches = (home or self.home).batches
        seats, digest = batches.seats(), batches.digest(day.batch)
        keys = dict(zip(self.accounts, self.keys, strict=True))
        return {
            seat: sign_recoverable(keys[seat], digest)
            for seat in seats[: len(seats) - silent]
        }

    def draft(self, closed: ClosedDay) -> ChainDay:
        """Draft a batch that is due."""
        day = self.home.batches.draft(closed)
        assert day is not None
        return day

    def post(self, closed: ClosedDay) -> ChainDay:
        """Draft, sign and post a day."""
        day = self.draft(closed)
        self.home.batches.submit(day, self.approvals(day))
        self.work()
        return day

    def settle(self, closed: ClosedDay) -> ChainDay:
        """Post a day, wait until it stands, and pay everybody."""
        day = self.post(closed)
        self.chain.travel(WINDOW_S)
        self.home.batches.claim_all(day)
        self.work()
        return day

    def next_day(self) -> None:
        """Let time pass until a minute after midnight."""
        self.chain.travel_to((self.today + 1) * DAY_S + 60)

    def credit(self, number: int) -> int:
        """Return the credit in a home's hands."""
        assert self.deployment is not None
        token = self.chain.at(
            "Credit", self.chain.web3.to_checksum_address(self.deployment.credit)
        )
        held: int = token.functions.balanceOf(self.accounts[number]).call()
        return held

    def impoverish(self, number: int) -> None:
        """Take all coins from a home, so that it can pay for no gas."""
        account = checksummed(self.accounts[number])
        self.chain.rpc("anvil_setBalance", [account, "0x0"])

    def address(self, text: str) -> Address:
        """Read an address of web3's."""
        return address_from(text)
