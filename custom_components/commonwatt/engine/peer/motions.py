"""What a motion would make of a charter, and what it takes to carry it.

Clauses: section 3 of ``docs/reference/community.md``.
"""

from dataclasses import dataclass, field, replace
from typing import assert_never

from ..model.community import Admit, Amend, Change, Leave, Motion, Remove
from ..model.party import Admission, Charter, PartyId
from ..model.period import Instant
from ..wire.envelope import Envelope


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
        case Remove() | Amend():
            return True
        case _:
            assert_never(change)


def applied(charter: Charter, author: PartyId, change: Change) -> Charter | None:
    """Return what a change by ``author`` makes of a charter; None if it does not fit.

    Whether an invitation is genuine and unused is for :mod:`.statutes` to know.
    """
    if charter.member(author) is None:
        return None
    members = charter.members
    try:
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
                return replace(
                    charter,
                    fee_tree=change.fee_tree,
                    fault_model=change.fault_model,
                    billing_basis=change.billing_basis,
                    privacy=change.privacy,
                    admission=change.admission,
                    committee_size=change.committee_size,
                    reference_tariff=change.reference_tariff,
                    mechanism=change.mechanism,
                    settlement=change.settlement,
                )
            case _:
                assert_never(change)
    except ValueError:
        return None
