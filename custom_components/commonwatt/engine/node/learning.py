"""The node learns with its neighbours: trainings, as messages and journal entries.

Puts the sums of the forecast room to use for the load of this home.  Every home decides
for itself whether to take part, and judges by its own past what it is told.
"""

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Final

from ..forecast.federation import (
    COHORT_MIN,
    AbortReason,
    Training,
    numbers,
)
from ..forecast.load import (
    VECTOR_LENGTH,
    Experience,
    Floats,
    Prior,
    agree_on,
    first_coefficients,
)
from ..ledger.journal import EntryKind
from ..model.federation import SumName, TrainingMessage
from ..model.party import PartyId
from ..model.period import Instant
from ..wire.domain import Domain, separated
from .config import NodeConfig
from .events import NeighboursLearned
from .learning_records import learned_body, read_learned
from .outbox import Outbox


class LearningState(StrEnum):
    """Where learning with the neighbours stands."""

    OFF = "off"
    """The owner has not opted in."""

    TOO_FEW = "too_few"
    """Fewer than five take part: a sum over them would tell too much."""

    WAITING = "waiting"
    """For the hours of the week in which members sum."""

    SUMMING = "summing"
    LEARNED = "learned"
    """This week's sums are known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningStatus:
    """What there is to show; None is unknown."""

    state: LearningState = LearningState.OFF
    taking_part: int = 0
    """Homes that take part now, this one included."""

    homes: int | None = None
    """Homes in the sums this home has learned from."""

    learned_at: Instant | None = None
    """Beginning of the training they come from."""

    next_at: Instant | None = None
    """When the next sum begins."""

    failure: AbortReason | None = None
    """Why the latest sum came to nothing; None if it did not."""

    refused: int = 0
    """Messages that were dropped."""


NOT_LEARNING: Final = LearningStatus()


@dataclass(frozen=True, slots=True, eq=False)
class LoadLesson:
    """What a home teaches about its load: products of its rows, never a row."""

    experience: Experience

    def contribution(self, step: int, before: Floats | None) -> Floats | None:
        """Return the products at the coefficients that follow from the sum before."""
        if step == 0:
            return self.experience.contribution(first_coefficients())
        prior = None if before is None else Prior.from_sum(before)
        if prior is None:
            return None
        return self.experience.contribution(prior.coefficients)


class Learning:
    """This node's part in the trainings of its community."""

    def __init__(self, config: NodeConfig, outbox: Outbox, *, born: Instant) -> None:
        """Take part in nothing until :meth:`take_part`."""
        self._config: Final = config
        self._outbox: Final = outbox
        self._training: Final = Training(
            me=config.party,
            timetable=config.trainings,
            length=VECTOR_LENGTH,
            seed_of=self._seed,
            born=born,
        )
        self._is_in = False
        self._driven_at = born
        self._learned: tuple[int, int] | None = None
        """Week and homes of the prior."""

        self.prior: Prior | None = None
        """What the neighbours know together, for this home's own gate to judge."""

    # -- what the owner decides ------------------------------------------------------

    def take_part(self, experience: Experience | None, now: Instant) -> None:
        """Opt in, or bring a newer experience; without one, only listen.

        To be called after every night's learning: sums of a week are of the days known
        when its training begins.  The others hear of it at the next tick.
        """
        self._is_in = True
        lesson = None if experience is None else LoadLesson(experience)
        self._training.enrol(lesson)
        self._driven_at = now

    def withdraw(self, now: Instant) -> None:
        """Opt out at once; what has been summed cannot be taken out of a sum."""
        self._is_in = False
        self._training.withdraw(now)
        self._flush(now)

    # -- what the node passes on -----------------------------------------------------

    def take(self, author: PartyId, message: TrainingMessage, now: Instant) -> None:
        """Take a message of a member."""
        self._training.receive(author, message, now)
        self._flush(now)

    def drive(self, now: Instant) -> None:
        """Let time do its work."""
        self._driven_at = now
        self._training.tick(now)
        self._flush(now)

    def deadline(self) -> Instant | None:
        """Return when to drive next; None for who takes no part."""
        return self._training.deadline(self._driven_at)

    def resume(self, body: bytes) -> None:
        """Know again what the journal has recorded."""
        self._training.resume(read_learned(body))
        self._learn()

    def status(self, now: Instant) -> LearningStatus:
        """Return what there is to show."""
        training, learned = self._training, self._learned
        taking_part = len(training.enrolments.live(now))
        return LearningStatus(
            state=self._state(now, taking_part),
            taking_part=taking_part,
            homes=None if learned is None else learned[1],
            learned_at=(
                None if learned is None else training.timetable.begins(learned[0])
            ),
            next_at=training.timetable.next_slot(now) if self._is_in else None,
            failure=training.outcome,
            refused=training.refused,
        )

    # -- how it works ----------------------------------------------------------------

    def _state(self, now: Instant, taking_part: int) -> LearningState:
        if not self._is_in:
            return LearningState.OFF
        if self._training.is_summing:
            return LearningState.SUMMING
        week = self._training.timetable.week(now)
        if self._learned is not None and self._learned[0] == week:
            return LearningState.LEARNED
        if taking_part < COHORT_MIN:
            return LearningState.TOO_FEW
        return LearningState.WAITING

    def _flush(self, now: Instant) -> None:
        """Journal what must not be forgotten, then say what is to be said."""
        for record in self._training.take_records():
            self._outbox.keep(EntryKind.LEARNED, learned_body(record), now)
        before = self._learned
        self._learn()
        if self._learned is not None and self._learned != before:
            week, homes = self._learned
            self._outbox.report(NeighboursLearned(week=week, homes=homes))
        for letter in self._training.take_outbox():
            self._say(letter.message, letter.to, now)

    def _say(
        self, message: TrainingMessage, to: tuple[PartyId, ...] | None, now: Instant
    ) -> None:
        """Sign once; name the readers unless that is everybody."""
        members = len(self._config.charter.members)
        if to is None or len(to) == members - 1:
            self._outbox.say(message, now)
            return
        if to:
            envelope = self._outbox.say(message, now, to=to[0])
            for party in to[1:]:
                self._outbox.pass_on(envelope.data, now, to=party)

    def _learn(self) -> None:
        """Read the last sums of a training, if there are new ones."""
        found = self._training.learned()
        if found is None:
            return
        week, sums = found
        homes = sum(published.homes for published in sums.values())
        if (week, homes) == self._learned:
            return
        totals = [numbers(sums[part]) for part in sorted(sums)]
        priors = [None if t is None else Prior.from_sum(t) for t in totals]
        prior = agree_on(priors)
        self._learned = (week, homes)
        if prior is not None:
            self.prior = prior

    def _seed(self, name: SumName) -> bytes:
        """Return the secret of one sum; the same seed never serves another."""
        text = f"{name.week}/{name.part}/{name.step}/{name.attempt}".encode()
        payload = self._config.salt_secret + text
        return sha256(separated(Domain.LEARNING_SEED, payload)).digest()
