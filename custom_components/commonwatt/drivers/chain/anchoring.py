"""One home's part in anchoring the members' scores, once in every epoch.

Every home makes up the same sheet from the charter it has; those with a seat sign it
and tell the others, and whoever has coins anchors it when its turn has come.
"""

from collections.abc import Mapping
from typing import Final

from ...engine.ledger.chain.scores import ScoreSheet
from ...engine.model.batch import BatchApproval
from ...engine.wire.ethereum import Address
from .batches import Batches
from .errors import ChainError, ChainFault
from .relay import Heard
from .reputation import Reputation
from .turns import Turns


class Anchoring:
    """Signs sheets of scores, and has them anchored."""

    def __init__(
        self, reputation: Reputation, batches: Batches, account: Address
    ) -> None:
        """Begin; what was anchored before is found on the chain."""
        self._reputation: Final = reputation
        self._batches: Final = batches
        self._account: Final = account
        self._turns: Final = Turns(account)

    def turn(
        self, sheet: ScoreSheet, heard: Heard, *, now_s: int, has_coins: bool
    ) -> tuple[BatchApproval, ...]:
        """Do what is due; return what to tell the others.

        Raises ChainError when the chain lets us down.
        """
        if not self._reputation.is_due(sheet.day):
            return ()
        digest, committee = self._reputation.digest(sheet), self._batches.committee()
        signed = {
            account: signature
            for account, signature in heard.approvals(digest).items()
            if account in committee.seats
        }
        said: tuple[BatchApproval, ...] = ()
        if self._account in committee.seats:
            signed[self._account] = self._reputation.approve(sheet)
            said = (BatchApproval(digest=digest, signature=signed[self._account]),)
        if has_coins and len(signed) >= committee.quorum:
            self._turns.begin(self._batches.members(), now_s)
            if self._turns.is_mine(digest, sheet.day):
                self._anchor(sheet, signed)
        return said

    def _anchor(self, sheet: ScoreSheet, signed: Mapping[Address, bytes]) -> None:
        try:
            self._reputation.anchor(sheet, signed)
        except ChainError as err:
            # Somebody else was quicker, or a new committee sits: it signs the next.
            passed = err.detail in {"OutOfOrder", "NotTheCommittee"}
            if err.fault is not ChainFault.REFUSED or not passed:
                raise
