"""Who sums with whom: cohorts by hash, the turn to keep lists, and the last cohorts.

A member that is in one sum and not in another, all else equal, is the difference of the
two.  So the members of a sum either stay the same or change by two at least.
"""

from collections.abc import Sequence
from typing import Final

from ...model.federation import COHORT_MAX, RosterStep, SumName
from ...model.party import PartyId
from ...wire.federation import name_value
from .secrets_of_a_sum import digest

COHORT_MIN: Final = 5
COHORTS_FROM: Final = 15
"""From so many members on there are three cohorts, and poison must win two of them."""

COHORTS: Final = 3
CHANGE_MIN: Final = 2
REMEMBERED_MAX: Final = 64
"""Sums a member compares with: two months of weekly trainings."""


def divide(members: Sequence[PartyId], *, week: int) -> list[tuple[PartyId, ...]]:
    """Return the cohorts of a week: one, three, or as many as their size needs.

    Nobody chooses its cohort: the order is by digest of week and party.
    """
    ranked = sorted(set(members), key=lambda party: digest("cohort", week, party))
    count = COHORTS if len(ranked) >= COHORTS_FROM else 1
    count = max(count, -(-len(ranked) // COHORT_MAX))
    return [tuple(sorted(ranked[part::count])) for part in range(count)]


def aggregator(members: Sequence[PartyId], name: SumName) -> PartyId:
    """Return whose turn it is to keep the lists of a sum."""
    turn = digest("aggregator", name_value(name))
    return sorted(members)[int.from_bytes(turn) % len(members)]


def threshold(count: int) -> int:
    """Return how many of ``count`` members it takes to take a mask off."""
    return -(-2 * count // 3)


def roster_digest(
    name: SumName,
    step: RosterStep,
    parties: Sequence[PartyId],
    *keys: bytes,
) -> bytes:
    """Return the digest of a list, and of what it is a list of."""
    return digest("roster", name_value(name), step.value, tuple(parties), keys)


class Remembered:
    """The members of past sums, to keep one home from being a difference."""

    __slots__ = ("_past",)

    def __init__(self, past: Sequence[frozenset[PartyId]] = ()) -> None:
        self._past: list[frozenset[PartyId]] = list(past)[-REMEMBERED_MAX:]

    @property
    def past(self) -> tuple[frozenset[PartyId], ...]:
        """What to keep across a restart."""
        return tuple(self._past)

    def allows(self, parties: Sequence[PartyId]) -> bool:
        """Tell whether a sum over ``parties`` singles nobody out."""
        now = frozenset(parties)
        changes = (len(now ^ before) for before in self._past)
        return all(change == 0 or change >= CHANGE_MIN for change in changes)

    def thinned(
        self, parties: Sequence[PartyId], *, keeping: PartyId
    ) -> tuple[PartyId, ...]:
        """Return ``parties`` that may be summed: all of them, or all but one.

        Where one home more or less would be singled out, another one stays away with
        it: which one, only its name decides.  Who keeps the list stays.
        """
        listed = tuple(sorted(parties))
        if self.allows(listed):
            return listed
        leavers = sorted((p for p in listed if p != keeping), key=_turn)
        fewer = (tuple(p for p in listed if p != out) for out in leavers)
        return next((rest for rest in fewer if self.allows(rest)), listed)

    def remember(self, parties: Sequence[PartyId]) -> None:
        """Keep a sum that came about; the oldest is forgotten."""
        now = frozenset(parties)
        if not self._past or self._past[-1] != now:
            self._past = [*self._past, now][-REMEMBERED_MAX:]


def _turn(party: PartyId) -> bytes:
    return digest("stays away", party)
