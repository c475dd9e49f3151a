"""A training: the sums of a week, as one member lives through them.

By the clock it begins a sum, brings its lesson, and goes on from what came out; by
what others say it learns of sums it could not take part in.  Knows vectors and no
models; signs nothing and keeps nothing: what must not be forgotten goes to ``records``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from ...model.federation import (
    Enrolment,
    FederationMessage,
    PublishedSum,
    Subject,
    SumName,
    TrainingMessage,
)
from ...model.party import PartyId
from ...model.period import MINUTE_MS, Instant, after
from .claims import Claims
from .cohort import COHORT_MIN, Remembered, divide
from .enrolments import SAID_EVERY_MS, Enrolments
from .fixed_point import Floats, to_bytes, to_words
from .known_sums import KnownSums, numbers, publishers
from .letters import Refusal
from .phase import AbortReason, Phase
from .repeats import Letter, Repeats
from .secure_sum import Aborted, SecureSum, Summed
from .timetable import Timetable

EARLY_MS: Final = 2 * MINUTE_MS
"""How far the clock of a member that begins a sum may be ahead of ours."""

EARLY_MAX: Final = 4
"""Messages of one member that are kept until then."""


class Lesson(Protocol):
    """What a member brings to the sums of a training."""

    def contribution(
        self, week: int, step: int, before: Floats | None
    ) -> Floats | None:
        """Return the vector for a step, given the sum before; None: there is none."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Record:
    """A sum that came about, and with whom this member has summed so far."""

    name: SumName
    homes: int
    data: bytes
    past: tuple[frozenset[PartyId], ...]


class Training:
    """One member's trainings, week after week: ``receive``, ``tick``, ``take_*``.

    ``seed_of`` gives 32 uniform bytes for each sum, which nobody else knows.  Of sums
    that began before ``born`` this member may have forgotten what it sent: it keeps
    out.
    """

    def __init__(
        self,
        *,
        me: PartyId,
        subject: Subject = Subject.LOAD,
        timetable: Timetable,
        length: int,
        seed_of: Callable[[SumName], bytes],
        born: Instant,
    ) -> None:
        """Begin enrolled in nothing."""
        self.timetable: Final = timetable
        self.enrolments: Final = Enrolments()
        self.outcome: AbortReason | None = None
        """Why the latest sum came to nothing; None after one that came about."""

        self.refused = 0
        """Messages that were dropped, for diagnostics."""

        self._me: Final = me
        self._subject: Final = subject
        self._length: Final = length
        self._seed_of: Final = seed_of
        self._born: Final = born
        self._lesson: Lesson | None = None
        self._taught: Lesson | None = None
        """The lesson of this week's training: all its sums are of the same days."""

        self._listens = False
        self._week = timetable.week(born)
        self._remembered = Remembered()
        self._claims = Claims()
        self._cohorts: list[tuple[PartyId, ...]] = []
        self._known: Final = KnownSums(steps=timetable.steps, week=self._week)
        self._sum: SecureSum | None = None
        self._began: tuple[int, int, int] | None = None
        self._early: list[tuple[PartyId, FederationMessage]] = []
        self._repeats: Final = Repeats()
        self._enrolled_at: Instant | None = None
        self._outbox: list[Letter] = []
        self._records: list[Record] = []

    # -- what comes in -------------------------------------------------------------

    def enrol(self, lesson: Lesson | None) -> None:
        """Take part from the next tick on; without a lesson, only listen."""
        if not self._listens or (lesson is None) != (self._lesson is None):
            self._enrolled_at = None
        self._lesson, self._listens = lesson, True

    def withdraw(self, now: Instant) -> None:
        """Leave at once, also in the middle of a sum, and say so."""
        if self._listens:
            self._lesson, self._taught, self._sum = None, None, None
            self._listens = False
            self._repeats.clear()
            self._enrolled_at = None
            leaving = Enrolment(subject=self._subject, takes_part=False)
            self._say(leaving)
            self.enrolments.hear(self._me, leaving, now)

    def resume(self, record: Record) -> None:
        """Know again what an earlier life of this member has recorded."""
        self._remembered = Remembered(record.past)
        found = PublishedSum(sum_name=record.name, homes=record.homes, data=record.data)
        self._known.keep(found, part=self._part())

    def receive(self, author: PartyId, message: TrainingMessage, now: Instant) -> None:
        """Take a message of a member."""
        self.tick(now)
        match message:
            case Enrolment():
                self._greet(author, message, now)
                self._answer(author, message, now)
            case PublishedSum():
                self._hear_claim(author, message, now)
            case _:
                self._hear(author, message, now)

    def tick(self, now: Instant) -> None:
        """Begin what is due, end what has taken too long, repeat what may be lost."""
        self._turn_over(now)
        if self._listens:
            said_at = self._enrolled_at
            if said_at is None or now >= after(said_at, SAID_EVERY_MS):
                self._say_enrolment(now)
            self._begin(now)
        if self._sum is not None:
            self._sum.tick(now)
            self._follow(self._sum, now)
        self._outbox.extend(self._repeats.due(now))

    # -- what goes out -------------------------------------------------------------

    @property
    def is_summing(self) -> bool:
        """Tell whether a sum is under way that this member takes part in."""
        return self._sum is not None

    def deadline(self, now: Instant) -> Instant | None:
        """Return when to tick next; None for who takes no part."""
        if not self._listens:
            return None
        if self._enrolled_at is None:
            return now
        due = [
            after(self._enrolled_at, SAID_EVERY_MS),
            self.timetable.next_sitting(now),
            self._repeats.deadline(),
            None if self._sum is None else self._sum.deadline(),
        ]
        return min(at for at in due if at is not None)

    def take_outbox(self) -> tuple[Letter, ...]:
        """Return what is to be said, once.  Persist before sending."""
        letters = tuple(self._outbox)
        self._outbox.clear()
        return letters

    def take_records(self) -> tuple[Record, ...]:
        """Return what must not be forgotten, once."""
        records = tuple(self._records)
        self._records.clear()
        return records

    @property
    def finals(self) -> Mapping[int, Mapping[int, PublishedSum]]:
        """The last sums of trainings by week, then cohort; the latest at least."""
        return self._known.finals

    # -- how it works --------------------------------------------------------------

    def _turn_over(self, now: Instant) -> None:
        week = self.timetable.week(now)
        if week > self._week:
            self._week, self._cohorts, self._claims = week, [], Claims()
            self._sum, self._began, self._taught = None, None, None
            self._known.turn_over(week)

    def _begin(self, now: Instant) -> None:
        """Begin the sum whose sitting this is, if it is still needed and possible."""
        sitting = self.timetable.sitting(now)
        if sitting is None or self._lesson is None or sitting == self._began:
            return
        week, step, attempt = sitting
        part, cohort = self._cohort(now)
        name = SumName(
            subject=self._subject, week=week, part=part, step=step, attempt=attempt
        )
        before = self._known.before(step)
        if not self._is_due(name, now) or (step and before is None):
            return
        if len(cohort) < COHORT_MIN:
            self.outcome = AbortReason.TOO_FEW
            return
        lesson = self._taught or self._lesson
        vector = lesson.contribution(week, step, before)
        if vector is not None:
            self._taught, self._began = lesson, sitting
            self._take_part(name, cohort, vector, now)

    def _is_due(self, name: SumName, now: Instant) -> bool:
        """Tell whether a sum is needed, and can still be joined safely."""
        timing = self.timetable.timing(name)
        return (
            not self._known.has_step(name.step)
            and timing.starts > self._born
            and now < timing.list_at(Phase.ANNOUNCING)
        )

    def _take_part(
        self, name: SumName, cohort: tuple[PartyId, ...], vector: Floats, now: Instant
    ) -> None:
        self._repeats.clear()
        self._sum = SecureSum(
            name=name,
            me=self._me,
            members=cohort,
            vector=to_words(vector),
            seed=self._seed_of(name),
            timing=self.timetable.timing(name),
            remembered=self._remembered,
        )
        early, self._early = self._early, []
        for author, message in early:
            self._hear(author, message, now)

    def _cohort(self, now: Instant) -> tuple[int, tuple[PartyId, ...]]:
        """Return number and members of this member's cohort.

        One cohort is whoever takes part now.  Several are drawn once a week, and those
        who have left are left out.
        """
        live = self.enrolments.live(now)
        if not self._cohorts:
            self._cohorts = divide(live, week=self._week)
        if len(self._cohorts) == 1:
            return 0, live
        for part, cohort in enumerate(self._cohorts):
            if self._me in cohort:
                return part, tuple(party for party in cohort if party in live)
        return 0, ()

    def _hear(self, author: PartyId, message: FederationMessage, now: Instant) -> None:
        name = message.sum_name
        if self._sum is None or name != self._sum.name:
            ahead = self.timetable.starts(name) - now
            known = sum(who == author for who, _ in self._early)
            if 0 < ahead <= EARLY_MS and known < EARLY_MAX:
                self._early.append((author, message))
            return
        refusal = self._sum.receive(author, message, now)
        if refusal not in {None, Refusal.DUPLICATE}:
            self.refused += 1
        self._follow(self._sum, now)

    def _follow(self, secure_sum: SecureSum, now: Instant) -> None:
        """Say what a sum has to say, and take what it came to."""
        for message in secure_sum.take_outbox():
            letter = Letter(message, to=self._others(secure_sum))
            self._outbox.append(letter)
            self._repeats.plan(letter, now)
        outcome = secure_sum.outcome
        if outcome is None:
            return
        self._sum = None
        match outcome:
            case Aborted(reason=reason):
                self.outcome = reason
                self._repeats.clear()
            case Summed(words=words, senders=senders):
                self.outcome = None
                found = PublishedSum(
                    sum_name=secure_sum.name, homes=len(senders), data=to_bytes(words)
                )
                self._come_about(found)
                if self._me in publishers(secure_sum.name, senders):
                    is_last = found.sum_name.step == self.timetable.steps - 1
                    to = None if is_last else self._others(secure_sum)
                    self._outbox.append(Letter(found, to=to))

    def _others(self, secure_sum: SecureSum) -> tuple[PartyId, ...]:
        return tuple(party for party in secure_sum.members if party != self._me)

    def _come_about(self, found: PublishedSum) -> None:
        self._known.keep(found, part=self._part())
        self._records.append(
            Record(
                name=found.sum_name,
                homes=found.homes,
                data=found.data,
                past=self._remembered.past,
            )
        )

    def _part(self) -> int:
        parts = (part for part, c in enumerate(self._cohorts) if self._me in c)
        return next(parts, 0)

    def _hear_claim(self, author: PartyId, claim: PublishedSum, now: Instant) -> None:
        """Believe what two members say of a sum this member lacks."""
        name = claim.sum_name
        fits = self._listens and len(claim.data) == 8 * self._length
        if not fits or not self._known.is_of_use(name, part=self._part()):
            return
        found = self._claims.hear(author, claim)
        if found is not None and numbers(found) is not None:
            self._come_about(found)
            if self._sum is not None and self._sum.name.step == name.step:
                self._sum = None
                self._repeats.clear()
            self._begin(now)

    def _answer(self, asker: PartyId, enrolment: Enrolment, now: Instant) -> None:
        about = enrolment.missing
        known = [] if about is None else self._known.about(*about)
        if about is None or not known or not self._listens:
            return
        if self.enrolments.is_mine_to_answer(self._me, asker, about, now):
            self._outbox.extend(Letter(found, to=(asker,)) for found in known)

    def _missing(self, now: Instant) -> tuple[int, int] | None:
        """Return week and step of what this member should know by now, and does not."""
        last = self.timetable.steps - 1
        sitting = self.timetable.sitting(now)
        if sitting is not None and self._lesson is not None:
            week, step, _ = sitting
            is_missing = step > 0 and not self._known.has_step(step - 1)
            return (week, step - 1) if is_missing else None
        week = self.timetable.week(now)
        if sitting is not None or now < self.timetable.begins(week):
            week -= 1
        return None if week in self._known.finals else (week, last)

    def _greet(self, author: PartyId, enrolment: Enrolment, now: Instant) -> None:
        """Take note of an enrolment; who is new has not heard of us."""
        is_new = self.enrolments.hear(author, enrolment, now)
        if is_new and self._lesson is not None and self._enrolled_at is not None:
            ours = Enrolment(subject=self._subject, takes_part=True)
            self._outbox.append(Letter(ours, to=(author,)))

    def _say_enrolment(self, now: Instant) -> None:
        self._enrolled_at = now
        enrolment = Enrolment(
            subject=self._subject,
            takes_part=self._lesson is not None,
            missing=self._missing(now),
        )
        self.enrolments.hear(self._me, enrolment, now)
        self._say(enrolment)

    def _say(self, message: TrainingMessage) -> None:
        self._outbox.append(Letter(message, to=None))
