"""Keeps charter and members on the chain those that the community came to.

Members decide among themselves, by motion and ballot; the contract learns of it by the
same homes signing once more: for the digest of the charter, then for each home that
came in by it, then for each that left.  Every home makes up the same question by
itself, and whoever has coins casts all ballots it heard.
"""

from collections.abc import Iterator, Sequence, Set as AbstractSet
from contextlib import contextmanager
from typing import Final

from ...engine.ledger.chain.consents import Proposal, ProposalKind
from ...engine.model.batch import BatchApproval
from ...engine.model.period import SECOND_MS, Instant
from ...engine.wire.ethereum import Address
from .errors import ChainError, ChainFault
from .relay import Heard
from .values import At
from .votes import Votes

OPEN_S: Final = 30 * 86_400
"""How long the question is open, from the day's end after the charter came in force."""

_DAY_S: Final = 86_400
_DONE_ALREADY: Final = frozenset(
    {"AlreadyProposed", "AlreadyVoted", "NotOpen", "NotPassed", "OutOfBounds"}
)
"""What a contract says where another home was quicker, too few have voted, or it is too
long ago that the members decided."""


def question(charter: bytes, since: Instant) -> Proposal:
    """Return what every home asks the contract about a charter in force since then."""
    return Proposal(
        kind=ProposalKind.AMEND, document=charter, closes_at=_closes_at(since)
    )


def admission(account: Address, line_nano: int, since: Instant) -> Proposal:
    """Return what every home asks about one that came in by the charter."""
    return Proposal(
        kind=ProposalKind.ADMIT,
        key=account,
        amount=line_nano,
        closes_at=_closes_at(since),
    )


def dismissal(account: Address, since: Instant) -> Proposal:
    """Return what every home asks about one that is not in the charter any more."""
    return Proposal(
        kind=ProposalKind.DISMISS, account=account, closes_at=_closes_at(since)
    )


def _closes_at(since: Instant) -> int:
    day_end_s = (since // SECOND_MS // _DAY_S + 1) * _DAY_S
    return day_end_s + OPEN_S


class Mirror:
    """This home's part in telling the contract what the members decided."""

    def __init__(self, votes: Votes, account: Address) -> None:
        """Begin; what was told before is found on the chain."""
        self._votes: Final = votes
        self._account: Final = account

    def turn(
        self,
        charter: bytes,
        since: Instant,
        heard: Heard,
        *,
        has_coins: bool,
        members: AbstractSet[Address] | None = None,
    ) -> tuple[BatchApproval, ...]:
        """Do what is due for a charter by its digest; return what to tell the others.

        ``members`` are the accounts of those in the charter; None: they never change.
        One thing is asked at a time.  Raises ChainError when the chain lets us down.
        """
        known = self._votes.members()
        proposal = self._due(charter, since, known, members)
        if proposal is None or self._account not in known:
            return ()
        digest = self._votes.ballot_digest(proposal)
        ballot = self._votes.ballot(proposal, is_approved=True)
        if has_coins:
            ballots = {**heard.approvals(digest), self._account: ballot}
            cast = [ballots[account] for account in sorted(ballots.keys() & {*known})]
            self._carry(proposal, cast)
        return (BatchApproval(digest=digest, signature=ballot),)

    def _due(
        self,
        charter: bytes,
        since: Instant,
        known: Sequence[Address],
        members: AbstractSet[Address] | None,
    ) -> Proposal | None:
        """Return what there is to ask; None: the contract knows it all."""
        if self._votes.charter(At.LATEST).digest != charter:
            return question(charter, since)
        wanted = {*known} if members is None else members
        for account in sorted(wanted - {*known}):
            return admission(account, self._votes.line_nano_min(), since)
        for account in sorted({*known} - wanted):
            return dismissal(account, since)
        return None

    def _carry(self, proposal: Proposal, ballots: Sequence[bytes]) -> None:
        """Put the question, cast the ballots, and have done what was decided."""
        if self._votes.poll(proposal) is None:
            with _whoever_was_first():
                self._votes.propose(proposal)
            return
        for ballot in ballots:
            with _whoever_was_first():
                self._votes.vote(proposal, is_approved=True, signature=ballot)
        with _whoever_was_first():
            self._votes.execute(proposal)


@contextmanager
def _whoever_was_first() -> Iterator[None]:
    """Let pass what another home has done, or what is not yet decided."""
    try:
        yield
    except ChainError as err:
        if err.fault is not ChainFault.REFUSED or err.detail not in _DONE_ALREADY:
            raise
