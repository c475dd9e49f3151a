"""Makes the contracts of a new community: five transactions, and one for the pool.

Where each contract will lie follows from the account and its nonce, so that a crash in
between goes on where it was.
"""

from dataclasses import dataclass
from typing import Final

from ...engine.wire.ethereum import Address
from .client import ChainClient
from .deployment import Deployment, Others, find
from .errors import ChainError, ChainFault
from .outbox import Outbox
from .outbox_file import Job, JobState
from .transaction import made_address
from .values import AbiValue, Call, ContractName

NO_BACKING: Final = Address(bytes(20))
DONE: Final = frozenset({JobState.MINED, JobState.FINAL})


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentTerms:
    """What the contracts of a community are made with, for ever."""

    charter: bytes
    """Digest of the charter, 32 bytes."""

    founders: tuple[Address, ...]
    line_nano: int
    """How far a founder may go into debt; zero where credit is backed."""

    seats_max: int = 7
    epoch_days: int = 30
    name: str = "CommonWatt Credit"
    symbol: str = "CWC"
    backing: Address = NO_BACKING
    """The token that credit stands for; none: a unit of account."""

    withdrawn_day_max_nano: int = 0
    window_s: int = 21_600
    """Time to challenge a batch."""

    bond_wei: int = 10**16


class Deployer:
    """Has the contracts made, one after the other."""

    def __init__(
        self, client: ChainClient, outbox: Outbox, terms: DeploymentTerms
    ) -> None:
        """Queue nothing yet."""
        self._client: Final = client
        self._outbox: Final = outbox
        self._terms: Final = terms

    def step(self) -> Deployment | None:
        """Queue what can be queued now; return the deployment once all is there.

        Raises ChainError REFUSED if the chain does not want one of them.
        """
        terms = self._terms
        community = self._make(
            ContractName.COMMUNITY,
            terms.charter,
            terms.founders,
            0 if terms.backing != NO_BACKING else terms.line_nano,
            terms.seats_max,
            terms.epoch_days,
        )
        if community is None:
            return None
        settlement = self._make(
            ContractName.SETTLEMENT,
            community,
            terms.name,
            terms.symbol,
            terms.backing,
            terms.withdrawn_day_max_nano,
            terms.window_s,
            terms.bond_wei,
        )
        if settlement is None:
            return None
        others = self._others(community, settlement)
        if others is None or not self._is_aligned(settlement):
            return None
        return find(self._client, settlement, others)

    def _others(self, community: Address, settlement: Address) -> Others | None:
        certificates = self._make(ContractName.CERTIFICATES, settlement)
        mandates = self._make(ContractName.MANDATES, community)
        reputation = self._make(ContractName.REPUTATION, community)
        if certificates is None or mandates is None or reputation is None:
            return None
        return Others(
            certificates=certificates, mandates=mandates, reputation=reputation
        )

    def _is_aligned(self, settlement: Address) -> bool:
        """Let the pool hold the lines of all, where there are any."""
        if self._terms.backing != NO_BACKING:
            return True
        data = self._client.codec.encode(ContractName.SETTLEMENT, "align")
        return _is_done(self._job("align", Call(recipient=settlement, data=data)))

    def _make(self, contract: ContractName, *arguments: AbiValue) -> Address | None:
        """Return where a contract lies; None while it does not."""
        data = self._client.codec.creation(contract, *arguments)
        job = self._job(contract, Call(recipient=None, data=data))
        if not _is_done(job):
            return None
        assert job.nonce is not None, "it was sent"
        return made_address(self._outbox.account, job.nonce)

    def _job(self, what: str, call: Call) -> Job:
        name = f"deploy:{self._terms.charter.hex()[:16]}:{what}"
        return self._outbox.job(name) or self._outbox.add(name, call)


def _is_done(job: Job) -> bool:
    if job.state in {JobState.REFUSED, JobState.REVERTED}:
        raise ChainError(ChainFault.REFUSED, f"{job.name}: {job.detail}")
    return job.state in DONE
