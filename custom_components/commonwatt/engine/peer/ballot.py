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

    __slots__ = ("_agreement", "_counts", "_quorum", "_votes")

    def __init__(self, quorum: int) -> None:
        self._quorum = quorum
        self._votes: dict[PartyId, Vote] = {}
        self._counts: Counter[bytes | None] = Counter()
        self._agreement: Agreement | None = None

    def of(self, party: PartyId) -> Vote | None:
        """Return the vote of ``party``, None while it has not voted."""
        return self._votes.get(party)

    def cast(self, party: PartyId, vote: Vote) -> Vote | None:
        """Count a vote; return the earlier one if this contradicts it (not counted)."""
        earlier = self._votes.get(party)
        if earlier is not None:
            return earlier if earlier.digest != vote.digest else None
        self._votes[party] = vote
        self._counts[vote.digest] += 1
        if self._agreement is None and self._counts[vote.digest] >= self._quorum:
            proof = tuple(v.data for _, v in self.votes if v.digest == vote.digest)
            self._agreement = Agreement(digest=vote.digest, votes=proof)
        return None

    @property
    def votes(self) -> tuple[tuple[PartyId, Vote], ...]:
        """All votes, ascending by party."""
        return tuple(sorted(self._votes.items(), key=lambda item: item[0]))

    @property
    def agreement(self) -> Agreement | None:
        """What first had a quorum; None while nothing has."""
        return self._agreement
