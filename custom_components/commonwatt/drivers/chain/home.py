"""A home on a chain: its outbox, its contracts, and what it can do with them.

Everything blocks and belongs into the thread of :mod:`.thread`.
"""

from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Final

from ...engine.model.period import MINUTE_MS, SECOND_MS, Instant
from ...engine.wire.ethereum import Address, address_of
from ...engine.wire.keys import HouseholdKey
from .anchoring import Anchoring
from .batches import Batches
from .certificates import Certificates
from .client import EVMClient
from .contracts import Contracts
from .deploying import Deployer, DeploymentTerms
from .deployment import Deployment, Others, find
from .errands import Errands
from .errors import ChainError, ChainFault
from .mandates import Mandates
from .marks import Marks
from .mirror import Mirror
from .outbox import GasTerms, JobChange, Outbox
from .outbox_file import OPEN, Job, OutboxFile
from .relay import Relay
from .reputation import Reputation
from .settings import ChainSettings
from .values import At
from .votes import Votes
from .vouching import Vouching
from .wallet import Wallet

BEHIND_MS_MAX: Final = 10 * MINUTE_MS
"""A newest block older than that: the endpoint has lost touch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainStatus:
    """How the chain and our transactions stand."""

    block: int
    finalized: int
    is_behind: bool
    coins_wei: int
    gas_spent_wei: int
    jobs_open: int
    is_stuck: bool
    is_too_dear: bool
    is_out_of_coins: bool
    endpoint: str | None


class ChainHome:
    """What one household does on a chain."""

    def __init__(
        self,
        client: EVMClient,
        file: OutboxFile,
        key: HouseholdKey,
        settings: ChainSettings,
    ) -> None:
        """Ask the chain nothing yet."""
        self.client: Final = client
        self._file: Final = file
        self._key: Final = key
        terms = GasTerms(
            fee_wei_max=settings.fee_wei_max,
            blocks_until_stuck=settings.blocks_until_stuck,
        )
        self.outbox: Final = Outbox(client, file, key, terms)
        self._deployer: Deployer | None = None
        self._business: _Business | None = None

    @property
    def account(self) -> Address:
        """Who signs and pays for the gas."""
        return self.outbox.account

    @property
    def deployment(self) -> Deployment | None:
        """The contracts this home goes by; None while it has none."""
        return None if self._business is None else self._business.contracts.deployment

    def deploy(self, terms: DeploymentTerms) -> None:
        """Have new contracts made: call :meth:`step` until they are there."""
        self._deployer = Deployer(self.client, self.outbox, terms)

    def join(self, deployment: Deployment) -> None:
        """Go by contracts that are there already, once they are found to be ours.

        Raises ChainError WRONG_CODE, WRONG_CHAIN.
        """
        if deployment.chain_id != self.client.chain_id:
            raise ChainError(ChainFault.WRONG_CHAIN, str(deployment.chain_id))
        others = Others(
            certificates=deployment.certificates,
            mandates=deployment.mandates,
            reputation=deployment.reputation,
        )
        found = find(self.client, deployment.settlement, others)
        if found != deployment:
            raise ChainError(ChainFault.WRONG_CODE, "other contracts than were named")
        self._go_by(found)

    def step(self) -> tuple[JobChange, ...]:
        """Do what is due and return what changed; call it every few seconds.

        Raises ChainError when the chain cannot be asked; nothing is lost by that.
        """
        if self._deployer is not None:
            found = self._deployer.step()
            if found is not None:
                self._deployer = None
                self._go_by(found)
        return self.outbox.step()

    def jobs(self) -> tuple[Job, ...]:
        """Return everything that was ever queued, the oldest first."""
        return self.outbox.jobs()

    def status(self, now: Instant) -> ChainStatus:
        """Return how things stand."""
        latest = self.client.block()
        situation, jobs = self.outbox.situation, self.outbox.jobs()
        return ChainStatus(
            block=latest.number,
            finalized=self.client.block(At.FINALIZED).number,
            is_behind=now - latest.timestamp_s * SECOND_MS > BEHIND_MS_MAX,
            coins_wei=self.client.coins(self.account),
            gas_spent_wei=sum(job.fee_wei for job in jobs),
            jobs_open=sum(job.state in OPEN for job in jobs),
            is_stuck=situation.is_stuck,
            is_too_dear=situation.is_too_dear,
            is_out_of_coins=situation.is_out_of_coins,
            endpoint=self.client.endpoint,
        )

    @property
    def wallet(self) -> Wallet:
        """The home's credit."""
        return Wallet(self._ready.contracts)

    @property
    def batches(self) -> Batches:
        """The community's days."""
        return self._ready.batches

    @property
    def relay(self) -> Relay:
        """This home's part in having the community's days posted."""
        return self._ready.relay

    @property
    def errands(self) -> Errands:
        """What this home has others send, and sends for others."""
        return self._ready.errands

    @property
    def vouching(self) -> Vouching:
        """This home's part in days that it did not see."""
        return self._ready.vouching

    @property
    def mirror(self) -> Mirror:
        """This home's part in telling the contract what the members decided."""
        return Mirror(self.votes, self.account)

    @property
    def certificates(self) -> Certificates:
        """Certificates that left the community."""
        return Certificates(self._ready.contracts)

    @property
    def mandates(self) -> Mandates:
        """What producers give."""
        return Mandates(self._ready.contracts, self._key)

    @property
    def reputation(self) -> Reputation:
        """The scores that are anchored."""
        return self._ready.reputation

    @property
    def anchoring(self) -> Anchoring:
        """This home's part in having the members' scores anchored."""
        return self._ready.anchoring

    @property
    def votes(self) -> Votes:
        """Votes on the chain."""
        return Votes(self._ready.contracts, self._key)

    def close(self) -> None:
        """Let go of the outbox."""
        self._file.close()

    @property
    def _ready(self) -> _Business:
        if self._business is None:
            raise ChainError(ChainFault.REFUSED, "there are no contracts yet")
        return self._business

    def _go_by(self, deployment: Deployment) -> None:
        contracts = Contracts(
            client=self.client, outbox=self.outbox, deployment=deployment
        )
        marks = Marks(self._file, deployment.settlement)
        batches = Batches(contracts, self._key, marks)
        errands = Errands(contracts, self._key, self._file)
        reputation = Reputation(contracts, batches, self._key)
        self._business = _Business(
            contracts=contracts,
            batches=batches,
            errands=errands,
            relay=Relay(batches, errands, self.account),
            reputation=reputation,
            anchoring=Anchoring(reputation, batches, self.account),
            vouching=Vouching(batches, self.account),
        )
        self.client.insist_on(deployment.check)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Business:
    """What a home has once it goes by contracts."""

    contracts: Contracts
    batches: Batches
    errands: Errands
    relay: Relay
    vouching: Vouching
    reputation: Reputation
    anchoring: Anchoring


def open_home(settings: ChainSettings, key: HouseholdKey, folder: Path) -> ChainHome:
    """Open a home's outbox and make ready to ask; loads web3, so it takes a second.

    Raises ChainError: LIBRARY_MISSING, DISK, IN_USE.
    """
    try:
        from .web3_parts import (  # noqa: PLC0415  # heavy: only where there is a chain
            Web3Codec,
            Web3Transport,
        )
    except ImportError as err:
        raise ChainError(ChainFault.LIBRARY_MISSING, str(err)) from err
    file = OutboxFile.open(
        folder, chain_id=settings.chain_id, account=address_of(key.public)
    )
    client = EVMClient(
        settings.urls,
        settings.chain_id,
        codec=Web3Codec(),
        connect=Web3Transport,
        clock=monotonic,
    )
    return ChainHome(client, file, key, settings)
