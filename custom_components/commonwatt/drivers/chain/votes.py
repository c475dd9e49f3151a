"""Votes of the community as its contract counts them.

A home signs; whoever has coins sends.  What the homes decided about the charter is read
from final blocks: a node goes by the charter whose digest stands there.
"""

from dataclasses import dataclass
from typing import Final

from ...engine.ledger.chain.consents import Proposal, ballot_hash
from ...engine.wire.eip712 import domain_separator, typed_digest
from ...engine.wire.ethereum import Address, sign_recoverable
from ...engine.wire.keys import HouseholdKey
from .contracts import Contracts
from .outbox_file import Job
from .values import (
    At,
    ContractName,
    Question,
    as_address,
    as_bytes,
    as_int,
    as_items,
)

SIGNING_NAME: Final = "CommonWatt Community"


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """How a question to all homes stands."""

    electors: int
    approvals: int
    closes_at: int
    """Seconds since the epoch."""

    is_done: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CharterOnChain:
    """The charter the contract names, and how many it has named so far."""

    digest: bytes
    version: int


class Votes:
    """Questions to all homes, ballots, and what came of them."""

    def __init__(self, contracts: Contracts, key: HouseholdKey) -> None:
        """Ask nothing yet; ``key`` signs for this home."""
        self._contracts: Final = contracts
        self._key: Final = key

    def charter(self, at: At = At.FINALIZED) -> CharterOnChain:
        """Return the charter in force; by default as no reorganisation takes back."""
        digest, version = self._contracts.read_all(
            Question(ContractName.COMMUNITY, "charter"),
            Question(ContractName.COMMUNITY, "charterVersion"),
            at=at,
        )
        return CharterOnChain(digest=as_bytes(*digest), version=as_int(*version))

    def members(self) -> tuple[Address, ...]:
        """Return the accounts of all homes that can vote."""
        (found,) = self._contracts.read(ContractName.COMMUNITY, "members")
        return tuple(map(as_address, as_items(found)))

    def line_nano_min(self) -> int:
        """Return the smallest credit line of a member: what a new one is given."""
        lines = self._contracts.read_all(
            *(
                Question(ContractName.COMMUNITY, "lineOf", (member,))
                for member in self.members()
            )
        )
        return min(as_int(*line) for line in lines)

    def poll(self, proposal: Proposal) -> Poll | None:
        """Return how a question stands; None if it was never put."""
        electors, approvals, _, closes_at, is_done = self._contracts.read(
            ContractName.COMMUNITY, "polls", proposal.struct_hash
        )
        if not as_int(electors):
            return None
        return Poll(
            electors=as_int(electors),
            approvals=as_int(approvals),
            closes_at=as_int(closes_at),
            is_done=bool(is_done),
        )

    def signed(self, proposal: Proposal) -> bytes:
        """Sign a question, for whoever sends it."""
        return sign_recoverable(self._key, self._digest(proposal.struct_hash))

    def ballot(self, proposal: Proposal, *, is_approved: bool) -> bytes:
        """Sign a vote, for whoever sends it."""
        digest = self.ballot_digest(proposal, is_approved=is_approved)
        return sign_recoverable(self._key, digest)

    def ballot_digest(self, proposal: Proposal, *, is_approved: bool = True) -> bytes:
        """Return what a home signs that votes."""
        content = ballot_hash(proposal.struct_hash, is_approved=is_approved)
        return self._digest(content)

    def propose(self, proposal: Proposal, signature: bytes | None = None) -> Job:
        """Put a question to all homes: our own, or one that another home signed."""
        return self._contracts.send(
            f"proposal:{proposal.struct_hash.hex()}",
            ContractName.COMMUNITY,
            "propose",
            proposal.abi,
            signature or self.signed(proposal),
        )

    def vote(
        self, proposal: Proposal, *, is_approved: bool, signature: bytes | None = None
    ) -> Job:
        """Cast a vote: our own, or one that another home signed.

        The question has to be on the chain already.
        """
        cast = signature or self.ballot(proposal, is_approved=is_approved)
        return self._contracts.send(
            f"ballot:{proposal.struct_hash.hex()}:{cast.hex()[:16]}",
            ContractName.COMMUNITY,
            "vote",
            proposal.struct_hash,
            is_approved,
            cast,
        )

    def execute(self, proposal: Proposal) -> Job:
        """Have done what was decided; REFUSED NotPassed while it is not."""
        return self._contracts.send(
            f"execution:{proposal.struct_hash.hex()}",
            ContractName.COMMUNITY,
            "execute",
            proposal.abi,
        )

    def _digest(self, struct_hash: bytes) -> bytes:
        deployment = self._contracts.deployment
        separator = domain_separator(
            name=SIGNING_NAME,
            chain_id=deployment.chain_id,
            contract=deployment.community,
        )
        return typed_digest(separator, struct_hash)
