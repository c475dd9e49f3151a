"""Signing what others vouch for: the way on for a home that lacks a part of its books.

A home that was away, or lost its disk, cannot compute a day it did not see.  It signs
what more seats have signed than can lie: one of them at least is honest, and has either
computed the day or relied on such a one itself.
"""

from typing import Final

from ...engine.ledger.chain.day import ChainDay
from ...engine.ledger.chain.drafts import day_of_draft
from ...engine.model.batch import BatchApproval, BatchDraft, BatchMessage
from ...engine.wire.ethereum import Address
from .batch_state import Committee, Head
from .batches import DAY_S, Batches
from .errors import ChainError, ChainFault
from .relay import Heard


class Vouching:
    """This home's part in days that it did not see."""

    def __init__(self, batches: Batches, account: Address) -> None:
        """Begin with nobody heard."""
        self._batches: Final = batches
        self._account: Final = account
        self._told: dict[BatchDraft, ChainDay] = {}

    def turn(
        self, heard: Heard, *, now_s: int, has_coins: bool
    ) -> tuple[BatchMessage, ...]:
        """Sign what others vouch for; return what to tell.

        Raises ChainError when the chain lets us down.
        """
        head, committee = self._batches.head(), self._batches.committee()
        if head.is_pending or self._account not in committee.seats:
            return ()
        standing = self._batches.name_of(head)
        for day in self._next(heard, head, standing, now_s):
            digest = self._batches.digest(day.batch)
            signed = {
                account: signature
                for account, signature in heard.approvals(digest).items()
                if account in committee.seats
            }
            if len(signed.keys() - {self._account}) >= vouchers(committee):
                signed[self._account] = self._batches.approve(day)
                if has_coins and len(signed) >= committee.quorum:
                    self._post(day, signed)
                approval = signed[self._account]
                return (BatchApproval(digest=digest, signature=approval),)
        return ()

    def _next(
        self, heard: Heard, head: Head, standing: bytes, now_s: int
    ) -> list[ChainDay]:
        """Return the batches that were told and could come next."""
        self._told = {
            draft: self._told.get(draft) or day_of_draft(draft)
            for draft in heard.drafts
            if draft.settlement == self._batches.settlement
            and (draft.number, draft.prev) == (head.number + 1, standing)
            and (draft.day + 1) * DAY_S <= now_s
        }
        return [day for day in self._told.values() if day.is_proved]

    def _post(self, day: ChainDay, signed: dict[Address, bytes]) -> None:
        try:
            self._batches.submit(day, signed)
        except ChainError as err:
            # Somebody else was quicker, or those who vouch will have to explain.
            if err.fault is not ChainFault.REFUSED:
                raise


def vouchers(committee: Committee) -> int:
    """Return how many other seats have to sign first: one more than may be silent."""
    return len(committee.seats) - committee.quorum + 1
