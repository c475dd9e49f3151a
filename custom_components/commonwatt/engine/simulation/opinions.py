"""What the residents of a street think of how their community is run.

Now and then one of them puts a change of the charter to the vote and the others make up
their minds, each in its own time.  Who thinks what follows from the seed.  The watched
home is never spoken for; the first question and every second one after it hang on it
alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from ..model.community import Amend
from ..model.party import Admission, Charter
from ..model.period import DAY_MS, HOUR_MS, MINUTE_MS, Instant, after
from ..node import Hindered
from ..peer.motions import is_for_people
from .community import HOUSEHOLD_TARIFF
from .events import EventQueue
from .homes.dice import Dice
from .resident import Resident

FIRST_MS: Final = 30 * MINUTE_MS
MEETING_MS: Final = 4 * HOUR_MS
"""How often somebody asks what else there is to decide."""

DECISION_MS: Final = 3 * DAY_MS
HESITATION_MINUTES: Final = (5, 150)
"""How long a resident thinks before it votes."""

SMALL_COMMITTEE: Final = 9
USUAL_COMMITTEE: Final = 15
FEED_IN_STEP_MICRO: Final = 5_000

type Follow = Callable[[Resident], None]
"""Carries out what the node of a resident wants."""


class Opinions:
    """The residents as citizens."""

    def __init__(
        self,
        residents: Sequence[Resident],
        queue: EventQueue,
        follow: Follow,
        *,
        seed: int,
    ) -> None:
        """Let the first of the ``residents`` speak half an hour from now."""
        self._residents: Final = tuple(residents)
        self._queue: Final = queue
        self._follow: Final = follow
        self._seed: Final = seed
        self._asked = 0
        """Questions put to the vote so far."""

        if self._residents:
            queue.plan(after(queue.now, FIRST_MS), self._meet)

    def _meet(self) -> None:
        """Put the next question, unless somebody has yet to answer the last one."""
        speaker = self._residents[self._asked % len(self._residents)]
        members = len(speaker.node.charter(self._queue.now).members)
        motions = speaker.node.community.motions
        questions = [one for one in motions if is_for_people(one.motion.change)]
        if all(len(motion.ballots) == members for motion in questions):
            self._ask(speaker)
        self._queue.plan(after(self._queue.now, MEETING_MS), self._meet)

    def _ask(self, speaker: Resident) -> None:
        now = self._queue.now
        charter = speaker.node.charter(now)
        motion = speaker.node.community.propose(
            _question(self._asked, charter), now, deadline=after(now, DECISION_MS)
        )
        self._follow(speaker)
        if isinstance(motion, Hindered):
            return  # it has just woken up, say: there is always another meeting
        others = [one for one in self._residents if one is not speaker]
        dice = Dice("opinions", self._seed, self._asked)
        in_favour = _supporters(self._asked, charter, len(others), dice) - 1
        self._asked += 1
        for rank, resident in enumerate(_shuffled(others, dice)):
            minutes = dice.between(*HESITATION_MINUTES)
            self._decide(
                resident,
                motion,
                in_favour=rank < in_favour,
                at=after(now, minutes * MINUTE_MS),
            )

    def _decide(
        self, resident: Resident, motion: bytes, *, in_favour: bool, at: Instant
    ) -> None:
        def vote() -> None:
            # A motion that is carried already needs no more ballots.
            if any(one.digest == motion for one in resident.node.community.motions):
                resident.node.community.vote(
                    motion, self._queue.now, in_favour=in_favour
                )
                self._follow(resident)

        self._queue.plan(at, vote)


def _question(number: int, charter: Charter) -> Amend:
    """Return what is to change, some question after the other."""
    rules = Amend.of(charter)
    match number % 3:
        case 1:
            tariff = charter.reference_tariff or HOUSEHOLD_TARIFF
            feed_in = tariff.feed_in_micro_per_kwh + FEED_IN_STEP_MICRO
            return replace(
                rules, reference_tariff=replace(tariff, feed_in_micro_per_kwh=feed_in)
            )
        case 0:
            by_vote = charter.admission is Admission.VOTE
            admission = Admission.INVITER if by_vote else Admission.VOTE
            return replace(rules, admission=admission)
        case _:
            is_usual = charter.committee_size == USUAL_COMMITTEE
            size = SMALL_COMMITTEE if is_usual else USUAL_COMMITTEE
            return replace(rules, committee_size=size)


def _supporters(number: int, charter: Charter, others: int, dice: Dice) -> int:
    """Return how many residents are in favour, the one that asks included."""
    if number % 2 == 0:
        return charter.quorum - 1
    return min(others + 1, dice.between(charter.quorum, max(charter.quorum, others)))


def _shuffled(residents: Sequence[Resident], dice: Dice) -> list[Resident]:
    drawn = [(dice.unit(), index) for index in range(len(residents))]
    return [residents[index] for _, index in sorted(drawn)]
