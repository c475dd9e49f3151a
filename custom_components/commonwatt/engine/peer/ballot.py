"""The votes on one delivery period: one for each member, for one thing only."""

from collections import Counter
from dataclasses import dataclass

from ..model.party import PartyId


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """What one member voted for; ``digest`` is None for *void*."""

    attempt: int
    digest: bytes | None
    data: bytes
    """The sealed envelope."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What a quorum voted for, and the envelopes that prove it."""

    digest: bytes | None
    votes: tuple[bytes, ...]


class Ballot:
    """Votes so far.

    A member votes for one digest and may only repeat itself: two quorums share an
    honest member, so no two digests can both be agreed on.
    """

    __slots__ = ("_quorum", "_votes")

    def __init__(self, quorum: int) -> None:
        self._quorum = quorum
        self._votes: dict[PartyId, Vote] = {}

    def of(self, party: PartyId) -> Vote | None:
        """Return the vote of ``party``, None while it has not voted."""
        return self._votes.get(party)

    def cast(self, party: PartyId, vote: Vote) -> Vote | None:
        """Count a vote; return the earlier one if this contradicts it (not counted)."""
        earlier = self._votes.setdefault(party, vote)
        return earlier if earlier.digest != vote.digest else None

    @property
    def votes(self) -> tuple[tuple[PartyId, Vote], ...]:
        """All votes, ascending by party."""
        return tuple(sorted(self._votes.items(), key=lambda item: item[0]))

    @property
    def agreement(self) -> Agreement | None:
        """What has a quorum; None while nothing has."""
        if not self._votes:
            return None
        counts = Counter(vote.digest for vote in self._votes.values())
        digest, count = max(counts.items(), key=lambda item: item[1])
        if count < self._quorum:
            return None
        proof = tuple(vote.data for _, vote in self.votes if vote.digest == digest)
        return Agreement(digest=digest, votes=proof)
