"""One home's part in having the community's business done, by whoever has coins.

Every home drafts the day from its own books; those with a seat sign what they found,
and tell the others.  Once enough have signed the same, a home posts it.  What homes
without coins have signed for themselves is sent as well.  All take turns, so that not
everybody pays for the same: the others find it done.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ...engine.ledger.chain.day import ChainDay
from ...engine.ledger.chain.day_book import ClosedDay
from ...engine.ledger.chain.drafts import day_of_draft, draft_of
from ...engine.model.batch import BatchApproval, BatchDraft, BatchMessage
from ...engine.model.errand import SignedErrand
from ...engine.wire.ethereum import Address
from .batch_state import Head
from .batches import Batches
from .errands import Errands
from .errors import ChainError, ChainFault
from .turns import Turns

DRAFT_S: Final = 300
_TELLING: Final = b"tell"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What the other members said, as the node of this home knows it."""

    drafts: tuple[BatchDraft, ...]
    approvals: Callable[[bytes], Mapping[Address, bytes]]
    """By digest: signatures by the account of the signer."""

    errands: tuple[SignedErrand, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drafted:
    """A draft, and what it was made from."""

    closed: ClosedDay
    head: Head
    at_s: int
    day: ChainDay | None


class Relay:
    """Drafts, signs, posts, claims and runs errands, one turn after the other."""

    def __init__(self, batches: Batches, errands: Errands, account: Address) -> None:
        """Begin; what was done before is found on the chain."""
        self._batches: Final = batches
        self._errands: Final = errands
        self._account: Final = account
        self._turns: Final = Turns(account)
        self._told: dict[BatchDraft, ChainDay] = {}
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
        head, members = self._batches.look()
        self._turns.begin(members, now_s)
        self._learn(heard.drafts)
        ours = self._errands.waiting()
        if has_coins:
            self._pay_out(head)
            self._run_errands((*ours, *heard.errands))
        day = None if closed is None else self._draft(closed, head, now_s)
        said = () if day is None else self._pass(day, heard, has_coins=has_coins)
        return said if has_coins else (*said, *ours)

    def _learn(self, drafts: Sequence[BatchDraft]) -> None:
        """Take what is on the chain from the batches that others told."""
        self._told = {
            draft: self._told.get(draft) or day_of_draft(draft)
            for draft in drafts
            if draft.settlement == self._batches.settlement
        }
        self._batches.learn(tuple(self._told.values()))

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
        self, day: ChainDay, heard: Heard, *, has_coins: bool
    ) -> tuple[BatchMessage, ...]:
        """Sign a batch if this home has a seat, and post it once enough have."""
        digest, committee = self._batches.digest(day.batch), self._batches.committee()
        signed = {
            account: signature
            for account, signature in heard.approvals(digest).items()
            if account in committee.seats
        }
        said: list[BatchMessage] = []
        if self._account in committee.seats:
            signed[self._account] = self._batches.approve(day)
            said.append(BatchApproval(digest=digest, signature=signed[self._account]))
            if self._turns.is_mine(_TELLING + digest, day.batch.number):
                said.append(draft_of(day, self._batches.settlement))
        enough = len(signed) >= committee.quorum
        if enough and has_coins and self._turns.is_mine(digest, day.batch.number):
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

    def _pay_out(self, head: Head) -> None:
        """Claim for all what the batch that stands has released, once."""
        if head.standing == self._paid_out:
            return
        day = self._batches.standing(head)
        if day is None:
            return
        if self._turns.is_mine(day.batch.struct_hash, day.batch.number):
            if self._batches.is_due(day):
                self._batches.claim_all(day)
            self._batches.keep_house(head)
            self._paid_out = head.standing

    def _run_errands(self, errands: Sequence[SignedErrand]) -> None:
        """Send what homes without coins have signed; our own at once."""
        for signed in self._errands.due(errands):
            name = self._errands.digest(signed.errand)
            is_ours = signed.errand.owner == self._account
            if is_ours or self._turns.is_mine(name, int.from_bytes(name[:4])):
                self._errands.carry(signed)
