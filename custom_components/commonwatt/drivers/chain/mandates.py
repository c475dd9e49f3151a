"""Mandates on the chain: what producers give, as roots, and the proof of one share.

A producer signs; whoever has coins sends.  Who gets how much is for those it concerns.
"""

from typing import Final

from ...engine.ledger.chain.shares import GivenShares, ShareProof, mandate_after
from ...engine.ledger.chain.structs import Mandate
from ...engine.wire.eip712 import domain_separator, typed_digest
from ...engine.wire.ethereum import Address, sign_recoverable
from ...engine.wire.keys import HouseholdKey
from .contracts import Contracts
from .outbox_file import Job
from .values import ContractName, as_bytes, as_int

SIGNING_NAME: Final = "CommonWatt Mandates"
NOTHING: Final = GivenShares(())


class Mandates:
    """What the producers of one community give."""

    def __init__(self, contracts: Contracts, key: HouseholdKey) -> None:
        """Ask nothing yet; ``key`` signs for this home."""
        self._contracts: Final = contracts
        self._key: Final = key
        self._me: Final = contracts.outbox.account

    def of(self, producer: Address | None = None) -> Mandate:
        """Return the mandate of a producer, ours if None; version 0: it gave none."""
        whose = producer or self._me
        _, shares, from_day, to_day, version = self._contracts.read(
            ContractName.MANDATES, "mandates", whose
        )
        return Mandate(
            producer=whose,
            shares=as_bytes(shares),
            from_day=as_int(from_day),
            to_day=as_int(to_day),
            version=as_int(version),
        )

    def publish(self, shares: GivenShares, *, from_day: int, to_day: int) -> Job:
        """Put what this home gives in the place of what it gave before.

        ValueError for days that end before they begin.
        """
        return self.appoint(self.drafted(shares, from_day=from_day, to_day=to_day))

    def revoke(self) -> Job:
        """Give nothing any more, from the block on in which this arrives."""
        today = self.of()
        return self.publish(NOTHING, from_day=today.from_day, to_day=today.to_day)

    def drafted(self, shares: GivenShares, *, from_day: int, to_day: int) -> Mandate:
        """Return the mandate of this home that would be next: sign it, have it sent."""
        return mandate_after(self.of(), shares, from_day=from_day, to_day=to_day)

    def signed(self, mandate: Mandate) -> bytes:
        """Sign a mandate of this home, for whoever sends it."""
        deployment = self._contracts.deployment
        separator = domain_separator(
            name=SIGNING_NAME,
            chain_id=deployment.chain_id,
            contract=deployment.mandates,
        )
        return sign_recoverable(self._key, typed_digest(separator, mandate.struct_hash))

    def appoint(self, mandate: Mandate, signature: bytes | None = None) -> Job:
        """Send a mandate: our own, or one that another home signed.

        Raises ChainError REFUSED: WrongSigner, WrongVersion once another replaced it.
        """
        return self._contracts.send(
            f"mandate:{mandate.struct_hash.hex()}",
            ContractName.MANDATES,
            "appoint",
            mandate.abi,
            signature or self.signed(mandate),
        )

    def gives(self, producer: Address, proof: ShareProof, *, day: int) -> bool:
        """Have the contract check that a share is part of what a producer gives."""
        (answer,) = self._contracts.read(
            ContractName.MANDATES,
            "gives",
            producer,
            day,
            proof.share.abi,
            proof.place.abi,
        )
        return bool(answer)
