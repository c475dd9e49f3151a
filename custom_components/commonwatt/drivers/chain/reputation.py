"""Scores on the chain: a root that the committee signed, and the proof of one score."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ...engine.ledger.chain.scores import ScoreProof, ScoreSheet
from ...engine.wire.eip712 import domain_separator, typed_digest
from ...engine.wire.ethereum import Address, sign_recoverable
from ...engine.wire.keys import HouseholdKey
from .batches import Batches
from .contracts import Contracts
from .outbox_file import Job
from .values import At, ContractName, Question, as_bytes, as_int

SIGNING_NAME: Final = "CommonWatt Reputation"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoresAnchor:
    """The scores that are anchored: their day, and their root."""

    day: int
    root: bytes


class Reputation:
    """The anchored scores of one community."""

    def __init__(
        self, contracts: Contracts, batches: Batches, key: HouseholdKey
    ) -> None:
        """Ask nothing yet; ``key`` signs for this home."""
        self._contracts: Final = contracts
        self._batches: Final = batches
        self._key: Final = key

    def latest(self, at: At = At.LATEST) -> ScoresAnchor | None:
        """Return the scores that are anchored; None if there are none."""
        day, root = self._contracts.read(ContractName.REPUTATION, "latest", at=at)
        if not as_int(day):
            return None
        return ScoresAnchor(day=as_int(day), root=as_bytes(root))

    def is_due(self, day: int) -> bool:
        """Tell whether scores of a day are to be anchored: once in every epoch."""
        (latest, _), (epoch_days,) = self._contracts.read_all(
            Question(ContractName.REPUTATION, "latest"),
            Question(ContractName.COMMUNITY, "EPOCH_DAYS"),
        )
        return not as_int(latest) or day >= as_int(latest) + as_int(epoch_days)

    def digest(self, sheet: ScoreSheet) -> bytes:
        """Return what the committee signs."""
        deployment = self._contracts.deployment
        separator = domain_separator(
            name=SIGNING_NAME,
            chain_id=deployment.chain_id,
            contract=deployment.reputation,
        )
        return typed_digest(separator, sheet.struct_hash)

    def approve(self, sheet: ScoreSheet) -> bytes:
        """Sign scores this home has computed itself; 65 bytes."""
        return sign_recoverable(self._key, self.digest(sheet))

    def anchor(self, sheet: ScoreSheet, approvals: Mapping[Address, bytes]) -> Job:
        """Anchor scores that enough of the committee has signed; one sheet a day.

        Raises ChainError REFUSED: OutOfOrder if that day's or a later one's are there.
        """
        return self._contracts.send(
            f"scores:{sheet.day}",
            ContractName.REPUTATION,
            "anchor",
            (sheet.day, sheet.root),
            self._batches.in_seat_order(approvals),
        )

    def proves(self, proof: ScoreProof) -> bool:
        """Have the contract check that a member has this score in the latest ones."""
        (answer,) = self._contracts.read(
            ContractName.REPUTATION, "proves", proof.score.abi, proof.place.abi
        )
        return bool(answer)
