"""The node learns with its neighbours: trainings, as messages and journal entries.

Puts the sums of the forecast room to use for the load and the panels of this home.
Every home decides for itself whether to take part, and judges by its own past what it
is told.
"""

from collections.abc import Mapping
from hashlib import sha256
from itertools import chain
from typing import Final

import numpy as np

from ..forecast.federation import COHORT_MIN, Letter, Training, numbers
from ..forecast.load import VECTOR_LENGTH, Experience, Floats, Prior, agree_on
from ..forecast.series import PERIODS_PER_DAY
from ..ledger.journal import EntryKind
from ..model.federation import Enrolment, Subject, SumName, TrainingMessage
from ..model.party import PartyId
from ..model.period import Instant
from ..wire.canonical import encode
from ..wire.domain import Domain, separated
from ..wire.federation import name_value
from .config import NodeConfig
from .events import NeighboursLearned
from .learning_records import learned_body, read_learned
from .learning_status import LearningState, LearningStatus
from .lessons import LoadLesson, SunLesson
from .outbox import Outbox

SUN_DAYS_KEPT: Final = 28


class Learning:
    """This node's part in the trainings of its community."""

    def __init__(self, config: NodeConfig, outbox: Outbox, *, born: Instant) -> None:
        """Take part in nothing until the owner says so."""
        self._config: Final = config
        self._outbox: Final = outbox
        self._load: Final = Training(
            me=config.party,
            subject=Subject.LOAD,
            timetable=config.trainings,
            length=VECTOR_LENGTH,
            seed_of=self._seed,
            born=born,
        )
        self._sun: Final = Training(
            me=config.party,
            subject=Subject.SUN,
            timetable=config.sun_trainings,
            length=PERIODS_PER_DAY,
            seed_of=self._seed,
            born=born,
        )
        self._trainings: Final = {Subject.LOAD: self._load, Subject.SUN: self._sun}
        self._is_in = False
        self._driven_at = born
        self._learned: tuple[int, int] | None = None
        """Week and homes of the prior."""

        self.prior: Prior | None = None
        """What the neighbours know together, for this home's own gate to judge."""

        self._neighbours_sun: dict[int, tuple[int, Floats]] = {}

    # -- what the owner decides ------------------------------------------------------

    def take_part(self, experience: Experience | None, now: Instant) -> None:
        """Opt in, or bring a newer experience; without one, only listen.

        To be called after every night's learning: sums of a week are of the days known
        when its training begins.  The others hear of it at the next tick.
        """
        self._is_in = True
        self._load.enrol(None if experience is None else LoadLesson(experience))
        self._driven_at = now

    def show_sun(self, day: int, shares: Floats | None, now: Instant) -> None:
        """Let a day of this home's panels be in the sum of the neighbours'.

        ``day`` counts from 1970-01-01, UTC, and must be over; ``shares`` has a number
        for each delivery period (``shares_of_day``), None where there is none to tell.
        """
        assert shares is None or shares.shape == (PERIODS_PER_DAY,), "a whole day"
        self._is_in = True
        self._sun.enrol(None if shares is None else SunLesson(day, shares))
        self._driven_at = now

    def withdraw(self, now: Instant) -> None:
        """Opt out at once; what has been summed cannot be taken out of a sum."""
        self._is_in = False
        for training in self._trainings.values():
            training.withdraw(now)
        self._flush(now)

    # -- what came of it -------------------------------------------------------------

    @property
    def neighbours_sun(self) -> Mapping[int, Floats]:
        """Mean shares of at least five roofs, by day of UTC; four weeks at most."""
        return {day: mean for day, (_, mean) in self._neighbours_sun.items()}

    def status(self, now: Instant) -> LearningStatus:
        """Return what there is to show."""
        training, learned = self._load, self._learned
        taking_part = len(training.enrolments.live(now))
        sun = max(self._neighbours_sun, default=None)
        return LearningStatus(
            state=self._state(now, taking_part),
            taking_part=taking_part,
            homes=None if learned is None else learned[1],
            learned_at=(
                None if learned is None else training.timetable.begins(learned[0])
            ),
            next_at=training.timetable.next_sitting(now) if self._is_in else None,
            failure=training.outcome,
            refused=sum(known.refused for known in self._trainings.values()),
            sun_homes=None if sun is None else self._neighbours_sun[sun][0],
        )

    # -- what the node passes on -----------------------------------------------------

    def take(self, author: PartyId, message: TrainingMessage, now: Instant) -> None:
        """Take a message of a member."""
        if isinstance(message, Enrolment):
            subject = message.subject
        else:
            subject = message.sum_name.subject
        self._trainings[subject].receive(author, message, now)
        self._flush(now)

    def drive(self, now: Instant) -> None:
        """Let time do its work."""
        self._driven_at = now
        for training in self._trainings.values():
            training.tick(now)
        self._flush(now)

    def deadline(self) -> Instant | None:
        """Return when to drive next; None for who takes no part."""
        due = (t.deadline(self._driven_at) for t in self._trainings.values())
        return min((at for at in due if at is not None), default=None)

    def resume(self, body: bytes) -> None:
        """Know again what the journal has recorded."""
        record = read_learned(body)
        self._trainings[record.name.subject].resume(record)
        self._learn()

    # -- how it works ----------------------------------------------------------------

    def _state(self, now: Instant, taking_part: int) -> LearningState:
        if not self._is_in:
            return LearningState.OFF
        if self._load.is_summing:
            return LearningState.SUMMING
        week = self._load.timetable.week(now)
        if self._learned is not None and self._learned[0] == week:
            return LearningState.LEARNED
        if taking_part < COHORT_MIN:
            return LearningState.TOO_FEW
        return LearningState.WAITING

    def _flush(self, now: Instant) -> None:
        """Journal what must not be forgotten, then say what is to be said.

        A node that is waking signs nothing: what there is to say waits with it.
        """
        if self._outbox.is_waking:
            return
        trainings = self._trainings.values()
        for record in chain.from_iterable(t.take_records() for t in trainings):
            self._outbox.keep(EntryKind.LEARNED, learned_body(record), now)
        before = self._learned
        self._learn()
        if self._learned is not None and self._learned != before:
            week, homes = self._learned
            self._outbox.report(NeighboursLearned(week=week, homes=homes))
        for letter in chain.from_iterable(t.take_outbox() for t in trainings):
            self._say(letter, now)

    def _say(self, letter: Letter, now: Instant) -> None:
        """Sign once; name the readers unless that is everybody."""
        to, members = letter.to, len(self._config.statutes.latest.members)
        if to is None or len(to) == members - 1:
            self._outbox.say(letter.message, now)
        elif to:
            envelope = self._outbox.say(letter.message, now, to=to[0])
            for party in to[1:]:
                self._outbox.pass_on(envelope.data, now, to=party)

    def _learn(self) -> None:
        """Read the last sums of trainings, if there are new ones."""
        self._learn_load()
        self._learn_sun()

    def _learn_load(self) -> None:
        finals = self._load.finals
        if not finals:
            return
        week = max(finals)
        sums = finals[week]
        homes = sum(published.homes for published in sums.values())
        if (week, homes) == self._learned:
            return
        totals = [numbers(sums[part]) for part in sorted(sums)]
        prior = agree_on([None if t is None else Prior.from_sum(t) for t in totals])
        self._learned = (week, homes)
        if prior is not None:
            self.prior = prior

    def _learn_sun(self) -> None:
        for week, sums in self._sun.finals.items():
            homes = sum(published.homes for published in sums.values())
            known = self._neighbours_sun.get(week - 1)
            if known is not None and known[0] == homes:
                continue
            total = np.zeros(PERIODS_PER_DAY)
            for published in sums.values():
                part = numbers(published)
                assert part is not None, "what is none is not kept"
                total += part
            self._neighbours_sun[week - 1] = (homes, total / homes)
        for old in sorted(self._neighbours_sun)[:-SUN_DAYS_KEPT]:
            del self._neighbours_sun[old]

    def _seed(self, name: SumName) -> bytes:
        """Return the secret of one sum; the same seed never serves another."""
        payload = self._config.salt_secret + encode(name_value(name))
        return sha256(separated(Domain.LEARNING_SEED, payload)).digest()
