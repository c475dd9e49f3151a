"""Motions as people see them: open ones with their count, and how the last ones ended.

Pictures only; what counts is for :mod:`.governance`.
"""

from collections import deque
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ..model.community import Amend, Change
from ..model.party import Charter, PartyId
from ..model.period import Instant
from ..peer import OpenMotion
from ..peer.motions import is_for_people, needs_ballots

CLOSED_MAX: Final = 16
"""Motions that are remembered once they are closed."""


class MotionState(StrEnum):
    """How a motion stands."""

    OPEN = "open"
    PASSED = "passed"
    FAILED = "failed"
    """Its deadline came first, or it no longer fitted the charter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionView:
    """A motion at one instant."""

    id: str
    """Hexadecimal digest of its envelope."""

    author: PartyId
    change: Change
    rules: Amend
    """What it would change: the rules in force, or those it met when it was closed."""

    deadline: Instant
    yes: int
    no: int
    members: int
    needed: int
    """Members that have to be in favour."""

    needs_ballots: bool
    """False: its author's word is enough, nobody is asked."""

    mine: bool | None
    """How this home voted; None: it has not."""

    state: MotionState

    @property
    def is_for_people(self) -> bool:
        """Tell whether it is for people to vote on."""
        return self.needs_ballots and is_for_people(self.change)

    @property
    def awaits_me(self) -> bool:
        """Tell whether this home's people can vote on it, and have not."""
        is_open = self.state is MotionState.OPEN
        return is_open and self.is_for_people and self.mine is None


class ClosedMotions:
    """The last motions that were adopted or lapsed, the latest last."""

    def __init__(self, me: PartyId) -> None:
        """Remember nothing yet."""
        self.me: Final = me
        self._views: Final[deque[MotionView]] = deque(maxlen=CLOSED_MAX)

    @property
    def views(self) -> tuple[MotionView, ...]:
        """Return them as they stood at the end."""
        return tuple(self._views)

    def note(self, motion: OpenMotion, charter: Charter, *, adopted: bool) -> None:
        """Remember how a motion ended that met ``charter``."""
        state = MotionState.PASSED if adopted else MotionState.FAILED
        self._views.append(view_of(motion, charter, me=self.me, state=state))


def view_of(
    motion: OpenMotion,
    charter: Charter,
    *,
    me: PartyId,
    state: MotionState = MotionState.OPEN,
) -> MotionView:
    """Return how a motion stands under a charter, seen by one member."""
    counted = [
        is_yes
        for party, (is_yes, _) in motion.ballots.items()
        if charter.member(party) is not None
    ]
    mine = motion.ballots.get(me)
    return MotionView(
        id=motion.digest.hex(),
        author=motion.author,
        change=motion.motion.change,
        rules=Amend.of(charter),
        deadline=motion.motion.deadline,
        yes=sum(counted),
        no=len(counted) - sum(counted),
        members=len(charter.members),
        needed=charter.quorum,
        needs_ballots=needs_ballots(charter, motion.motion.change),
        mine=None if mine is None else mine[0],
        state=state,
    )
