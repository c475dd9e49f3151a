"""Agreement on one value, with locks: two stages of votes in attempt after attempt.

The algorithm is Tendermint (arXiv 1807.04938, algorithm 1), less its votes for nothing:
attempts follow from the clock, so nobody has to vote an attempt over.  Owns votes and
locks of one question; knows neither what a value means nor who may propose it.
Specification: ``docs/reference/agreement.md``, whose clauses the comments name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from ..model.party import PartyId
from ..model.vote import VoteStage
from .electorate import Electorate
from .tally import Quorum, Tally, Vote

ATTEMPTS_KEPT: Final = 3
"""Latest attempts whose votes are kept; a quorum is kept for as long as it matters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What the proposer of an attempt would have decided."""

    attempt: int
    digest: bytes
    valid_attempt: int | None
    """The earlier attempt in which a quorum has prevoted for it; None: it is new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """What this member has precommitted to last."""

    digest: bytes
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A vote to be signed."""

    attempt: int
    stage: VoteStage
    digest: bytes


class Agreement:
    """One member's part in deciding one question."""

    __slots__ = (
        "_electorate",
        "_forgotten_in",
        "_me",
        "_tally",
        "decision",
        "lock",
        "valid",
    )

    def __init__(self, *, me: PartyId, electorate: Electorate) -> None:
        """Begin with nothing voted; whoever is no voter only watches."""
        self._me: Final = me
        self._electorate: Final = electorate
        self._tally: Final = Tally(electorate)
        self._forgotten_in = 0
        self.decision: Quorum | None = None
        """What was decided, with the precommits that prove it.  Never changes."""

        self.lock: Lock | None = None
        self.valid: Quorum | None = None
        """The latest value a quorum has prevoted for, with the prevotes."""

    @property
    def tally(self) -> Tally:
        """The votes so far."""
        return self._tally

    def take_vote(self, party: PartyId, vote: Vote) -> Vote | None:
        """Count a vote, our own included; return an earlier one it contradicts.

        Our own precommit locks us (4.4), in this life and in the next: a journal that
        is read again brings the lock back.
        """
        assert party in self._electorate.voters, "only voters are counted"
        contradicted = self._tally.add(party, vote)
        if party == self._me and vote.stage is VoteStage.PRECOMMIT:
            self._tighten(Lock(digest=vote.digest, attempt=vote.attempt))
        quorum = self._tally.quorum(vote.attempt, vote.stage)
        if quorum is not None:
            self._note(quorum, vote.stage)
        return contradicted

    def next_vote(
        self,
        attempt: int,
        proposal: Proposal | None,
        *,
        is_known: Callable[[bytes], bool],
        is_acceptable: Callable[[bytes], bool],
    ) -> Choice | None:
        """Return what to vote for now in the attempt under way; None: nothing.

        ``is_known`` tells whether we know what a digest stands for, ``is_acceptable``
        whether we would have it decided.
        """
        if self._me not in self._electorate.voters or self.decision is not None:
            return None
        if self._has_voted(attempt, VoteStage.PRECOMMIT):
            return None
        polka = self._tally.quorum(attempt, VoteStage.PREVOTE)
        if polka is not None and is_known(polka.digest):  # 4.4
            return Choice(
                attempt=attempt, stage=VoteStage.PRECOMMIT, digest=polka.digest
            )
        if proposal is None or self._has_voted(attempt, VoteStage.PREVOTE):
            return None
        assert proposal.attempt == attempt, "of the attempt under way"
        if not self._may_prevote(proposal, is_acceptable):
            return None
        return Choice(attempt=attempt, stage=VoteStage.PREVOTE, digest=proposal.digest)

    def forget_before(self, attempt: int) -> None:
        """Drop the votes of attempts long gone; lock, valid and decision stay.

        Once for each attempt: proofs of earlier ones come in vote by vote.
        """
        if attempt > self._forgotten_in:
            self._forgotten_in = attempt
            self._tally.forget_before(attempt - ATTEMPTS_KEPT)

    def _may_prevote(
        self, proposal: Proposal, is_acceptable: Callable[[bytes], bool]
    ) -> bool:
        lock, earlier = self.lock, proposal.valid_attempt
        is_locked_on_other = lock is not None and lock.digest != proposal.digest
        if earlier is None:  # 4.2
            return not is_locked_on_other and is_acceptable(proposal.digest)
        polka = self._polka(earlier)  # 4.3
        if earlier >= proposal.attempt or polka is None:
            return False
        if polka.digest != proposal.digest:
            return False
        return lock is None or not is_locked_on_other or lock.attempt <= earlier

    def _polka(self, attempt: int) -> Quorum | None:
        if self.valid is not None and self.valid.attempt == attempt:
            return self.valid
        return self._tally.quorum(attempt, VoteStage.PREVOTE)

    def _has_voted(self, attempt: int, stage: VoteStage) -> bool:
        return self._tally.of(self._me, attempt, stage) is not None

    def _tighten(self, lock: Lock) -> None:
        if self.lock is None or lock.attempt > self.lock.attempt:
            self.lock = lock

    def _note(self, quorum: Quorum, stage: VoteStage) -> None:
        if stage is VoteStage.PRECOMMIT:
            self.decision = self.decision or quorum  # 4.5
        elif self.valid is None or quorum.attempt > self.valid.attempt:
            self.valid = quorum  # 4.4
