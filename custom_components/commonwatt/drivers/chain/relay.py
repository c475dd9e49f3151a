"""One home's part in having the days of its community posted, by whoever has coins.

Every home drafts the day from its own books; those with a seat sign what they found,
and tell the others.  Once enough have signed the same, a home posts it.  All take
turns, so that not everybody pays for the same: the others find it done.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from ...engine.ledger.chain.day import ChainDay
from ...engine.ledger.chain.day_book import ClosedDay
from ...engine.ledger.chain.drafts import day_of_draft, draft_of
from ...engine.model.batch import BatchApproval, BatchDraft, BatchMessage
from ...engine.wire.ethereum import Address
from .batches import Batches, Head
from .errors import ChainError, ChainFault

TURN_S: Final = 60
DRAFT_S: Final = 300
TURNS_S_MAX: Final = 1_800
"""Longest wait for those whose turn is earlier: they may have no coins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What the other members said, as the node of this home knows it."""

    drafts: tuple[BatchDraft, ...]
    approvals: Callable[[bytes], Mapping[Address, bytes]]
    """By digest: signatures by the account of the signer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drafted:
    """A draft, and what it was made from."""

    closed: ClosedDay
    head: Head
    at_s: int
    day: ChainDay | None


class Relay:
    """Drafts, signs, posts and claims, one turn after the other."""

    def __init__(self, batches: Batches, account: Address) -> None:
        """Begin; what was posted before is found on the chain."""
        self._batches: Final = batches
        self._account: Final = account
        self._ready_at: Final[dict[bytes, int]] = {}
        """When each thing to do was first seen to be due, in seconds of the chain."""

        self._drafted: _Drafted | None = None
        self._paid_out = 0
        """Number of the batch of which nothing is left to do, as far as we saw."""

    def turn(
        self, closed: ClosedDay | None, heard: Heard, *, now_s: int, has_coins: bool
    ) -> tuple[BatchMessage, ...]:
        """Do what is due; return what to tell the others.

        ``closed`` is a day that is over in this home's books; ``now_s`` is the time of
        the newest block.  Raises ChainError when the chain lets us down.
        """
        head = self._batches.head()
        for draft in heard.drafts:
            self._batches.learn(day_of_draft(draft), settlement=draft.settlement)
        if has_coins:
            self._pay_out(head, now_s)
        day = None if closed is None else self._draft(closed, head, now_s)
        return () if day is None else self._pass(day, heard, now_s, has_coins=has_coins)

    def _draft(self, closed: ClosedDay, head: Head, now_s: int) -> ChainDay | None:
        """Draft a day, anew only now and then: it takes many questions."""
        known = self._drafted
        if (
            known is not None
            and (known.closed, known.head) == (closed, head)
            and now_s - known.at_s < DRAFT_S
        ):
            return known.day
        day = self._batches.draft(closed)
        self._drafted = _Drafted(closed=closed, head=head, at_s=now_s, day=day)
        return day

    def _pass(
        self, day: ChainDay, heard: Heard, now_s: int, *, has_coins: bool
    ) -> tuple[BatchMessage, ...]:
        """Sign a batch if this home has a seat, and post it once enough have."""
        digest, seats = self._batches.digest(day.batch), self._batches.seats()
        signed = {
            account: signature
            for account, signature in heard.approvals(digest).items()
            if account in seats
        }
        said: list[BatchMessage] = []
        if self._account in seats:
            signed[self._account] = self._batches.approve(day)
            said.append(BatchApproval(digest=digest, signature=signed[self._account]))
        enough = len(signed) >= self._batches.quorum()
        if enough and has_coins and self._is_my_turn(digest, day.batch.number, now_s):
            self._post(day, signed)
            said.append(draft_of(day, self._batches.settlement))
        return tuple(said)

    def _post(self, day: ChainDay, signed: Mapping[Address, bytes]) -> None:
        try:
            self._batches.submit(day, signed)
        except ChainError as err:
            # Somebody else was quicker.
            overtaken = err.detail in {"Pending", "OutOfOrder"}
            if err.fault is not ChainFault.REFUSED or not overtaken:
                raise

    def _pay_out(self, head: Head, now_s: int) -> None:
        """Claim for all what the batch that stands has released, once."""
        if head.standing == self._paid_out:
            return
        day = self._batches.standing(head)
        if day is None:
            return
        if self._is_my_turn(day.batch.struct_hash, day.batch.number, now_s):
            if self._batches.is_due(day):
                self._batches.claim_all(day)
            self._batches.keep_house(head)
            self._paid_out = head.standing

    def _is_my_turn(self, what: bytes, number: int, now_s: int) -> bool:
        """Tell whether those before us had their time to do it."""
        since = self._ready_at.setdefault(what, now_s)
        members = sorted(self._batches.members())
        if self._account not in members:
            return now_s - since >= TURNS_S_MAX
        rank = (members.index(self._account) - number) % len(members)
        return now_s - since >= min(rank * TURN_S, TURNS_S_MAX)
