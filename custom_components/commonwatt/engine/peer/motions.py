"""What a motion would make of a charter, and what it takes to carry it.

Clauses: section 3 of ``docs/reference/community.md``.
"""

from dataclasses import dataclass, field, replace
from typing import assert_never

from ..model.community import (
    Admit,
    Amend,
    Assess,
    Change,
    Leave,
    Motion,
    Pardon,
    Remove,
    StandingChange,
    VouchFor,
)
from ..model.party import Admission, Charter, PartyId
from ..model.period import Instant
from ..model.standing import Standing
from ..wire.envelope import Envelope
from .standings import assessed, pardoned, vouched


@dataclass(slots=True, kw_only=True)
class OpenMotion:
    """A motion and the ballots on it."""

    digest: bytes
    author: PartyId
    motion: Motion
    data: bytes
    """The sealed motion."""

    ballots: dict[PartyId, tuple[bool, bytes]] = field(default_factory=dict)
    """Who is in favour, and the sealed ballot."""

    @classmethod
    def of(cls, envelope: Envelope) -> OpenMotion:
        """Take a motion out of its envelope."""
        assert isinstance(envelope.message, Motion), "a motion"
        return cls(
            digest=envelope.digest,
            author=envelope.author,
            motion=envelope.message,
            data=envelope.data,
        )

    def in_favour(self, charter: Charter) -> int:
        """Return how many members are in favour."""
        return sum(
            yes
            for party, (yes, _) in self.ballots.items()
            if charter.member(party) is not None
        )

    def is_carried(self, charter: Charter) -> bool:
        """Tell whether the members of ``charter`` want it, and it fits."""
        change = self.motion.change
        if applied(charter, self.author, change) is None:
            return False
        if not needs_ballots(charter, change):
            return True
        return self.in_favour(charter) >= charter.quorum

    def has_lapsed(self, charter: Charter, now: Instant) -> bool:
        """Tell whether it can be forgotten: too late, or it no longer fits."""
        if applied(charter, self.author, self.motion.change) is None:
            return True
        return now >= self.motion.deadline and not self.is_carried(charter)


def needs_ballots(charter: Charter, change: Change) -> bool:
    """Tell whether members vote on a change, or somebody's word is enough."""
    match change:
        case Leave():
            return False
        case Admit():
            return charter.admission is Admission.VOTE
        case VouchFor():
            return False
        case Remove() | Amend() | Pardon() | Assess():
            return True
        case _:
            assert_never(change)


def applied(charter: Charter, author: PartyId, change: Change) -> Charter | None:
    """Return what a change by ``author`` makes of a charter; None if it does not fit.

    Whether an invitation is genuine and unused is for :mod:`.statutes` to know.
    """
    if charter.member(author) is None:
        return None
    try:
        return _applied(charter, author, change)
    except ValueError:
        return None


def is_for_people(change: Change) -> bool:
    """Tell whether people think about a change; homes assess by themselves."""
    return not isinstance(change, Assess)


def _applied(charter: Charter, author: PartyId, change: Change) -> Charter | None:
    members = charter.members
    match change:
        case Admit(member=member):
            return replace(charter, members=(*members, member))
        case Remove(party=party):
            left = tuple(m for m in members if m.party != party)
            is_other = party != author and len(left) < len(members)
            return replace(charter, members=left) if is_other else None
        case Leave():
            left = tuple(m for m in members if m.party != author)
            return replace(charter, members=left)
        case Amend():
            standing = _with_line(charter.standing, change.credit_wh)
            return replace(change.founded_by(members), standing=standing)
        case VouchFor() | Pardon() | Assess():
            return _stood(charter, author, change)
        case _:
            assert_never(change)


def _stood(charter: Charter, author: PartyId, change: StandingChange) -> Charter | None:
    standing = charter.standing
    if standing is None:
        return None
    match change:
        case VouchFor():
            later = vouched(charter, author, change)
        case Pardon():
            later = pardoned(standing, author, change)
        case Assess():
            later = assessed(standing, change)
        case _:
            assert_never(change)
    return None if later is None else replace(charter, standing=later)


def _with_line(standing: Standing | None, credit_wh: int | None) -> Standing | None:
    """Change the ordinary line, or whether reputations change anything at all.

    Who turns them off forgets them: to turn them on is to begin anew.
    """
    if credit_wh is None:
        return None
    if standing is None:
        return Standing(credit_wh=credit_wh)
    return replace(standing, credit_wh=credit_wh)
