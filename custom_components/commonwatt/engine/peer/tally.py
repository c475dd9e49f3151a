"""Votes as they come in, by attempt and stage.  Counts; draws no conclusions."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ..model.party import PartyId
from ..model.vote import VoteStage
from .electorate import Electorate


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """What one member voted for in one stage of one attempt."""

    attempt: int
    stage: VoteStage
    digest: bytes
    data: bytes
    """The sealed envelope."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quorum:
    """What enough members voted for in one attempt, and the envelopes to prove it."""

    digest: bytes
    attempt: int
    votes: tuple[bytes, ...]
    """Sealed, ascending by voter."""


class Tally:
    """All votes that matter.

    Of a voter that votes for two things, both count: a quorum that somebody else has
    seen must be one for us as well, and two quorums still share an honest voter.  Such
    a second vote needs another voter whose first it is, so that nobody fills the
    memory with inventions (clause 3.4 of ``docs/reference/agreement.md``).
    """

    __slots__ = ("_electorate", "_firsts", "_votes")

    def __init__(self, electorate: Electorate) -> None:
        self._electorate: Final = electorate
        self._firsts: Final[dict[tuple[int, VoteStage], dict[PartyId, Vote]]] = {}
        self._votes: Final[
            dict[tuple[int, VoteStage], dict[bytes, dict[PartyId, Vote]]]
        ] = {}

    def add(self, party: PartyId, vote: Vote) -> Vote | None:
        """Count a vote; return the voter's first one if this contradicts it."""
        key = vote.attempt, vote.stage
        first = self._firsts.setdefault(key, {}).setdefault(party, vote)
        alike = self._votes.setdefault(key, {})
        if first is vote or first.digest == vote.digest:
            alike.setdefault(vote.digest, {}).setdefault(party, vote)
            return None
        if vote.digest in alike:
            alike[vote.digest].setdefault(party, vote)
        return first

    def of(self, party: PartyId, attempt: int, stage: VoteStage) -> Vote | None:
        """Return the first vote of ``party`` in a stage of an attempt."""
        return self._firsts.get((attempt, stage), {}).get(party)

    def quorum(self, attempt: int, stage: VoteStage) -> Quorum | None:
        """Return what enough members voted for; None while there is no such thing."""
        for digest, votes in self._votes.get((attempt, stage), {}).items():
            if len(votes) >= self._electorate.quorum:
                proof = tuple(vote.data for _, vote in sorted(votes.items()))
                return Quorum(digest=digest, attempt=attempt, votes=proof)
        return None

    def firsts(self) -> Iterator[tuple[PartyId, Vote]]:
        """Yield the first votes of all voters: by attempt, stage and voter."""
        for key in sorted(self._firsts):
            yield from sorted(self._firsts[key].items())

    def forget_before(self, attempt: int) -> None:
        """Drop the votes of attempts before ``attempt``."""
        for key in [key for key in self._firsts if key[0] < attempt]:
            del self._firsts[key]
            del self._votes[key]
