"""Members of a community that train together over a network that loses and repeats."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
import heapq
import random

import numpy as np

from custom_components.commonwatt.engine.forecast.federation import (
    Record,
    Timetable,
    Training,
    numbers,
)
from custom_components.commonwatt.engine.forecast.federation.fixed_point import Floats
from custom_components.commonwatt.engine.model.federation import (
    SumName,
    TrainingMessage,
)
from custom_components.commonwatt.engine.model.party import PartyId
from custom_components.commonwatt.engine.model.period import (
    HOUR_MS,
    Instant,
    after,
)

LENGTH = 12
STEPS = 3
TIMETABLE = Timetable(steps=STEPS, attempts=3)
WEEK = 2900
BEGINS = TIMETABLE.begins(WEEK)
MORNING = after(BEGINS, -3 * HOUR_MS)
EVENING = after(TIMETABLE.begins(WEEK), STEPS * 3 * TIMETABLE.sitting_ms + HOUR_MS)

type Wire = Callable[[PartyId, PartyId, TrainingMessage, Instant], bool]
"""Whether a message gets through, from whom to whom."""


def party(number: int) -> PartyId:
    return PartyId(f"{number:040x}")


@dataclass
class Lesson:
    """Numbers of one home; a later step adds what the sum before was."""

    number: int

    def contribution(
        self, _week: int, step: int, before: Floats | None
    ) -> Floats | None:
        """Return this home's numbers."""
        own = np.arange(LENGTH, dtype=np.float64) * 0.125 + self.number
        assert (before is None) == (step == 0)
        return own if before is None else own + before / 1024


def reliable(
    _sender: PartyId, _to: PartyId, _message: TrainingMessage, _now: Instant
) -> bool:
    return True


@dataclass
class Village:
    """Trainings and the queue of what is on its way."""

    trainings: dict[PartyId, Training]
    wire: Wire = reliable
    chance: random.Random = field(default_factory=lambda: random.Random(1))
    loss: float = 0.0
    gone: set[PartyId] = field(default_factory=set)
    skew_ms: dict[PartyId, int] = field(default_factory=dict)
    said: list[tuple[PartyId, TrainingMessage]] = field(default_factory=list)
    records: dict[PartyId, list[Record]] = field(default_factory=dict)
    now: Instant = MORNING
    _queue: list[tuple[Instant, int, PartyId, PartyId, TrainingMessage]] = field(
        default_factory=list
    )
    _count: int = 0

    @classmethod
    def of(cls, count: int, *, enrolled: int | None = None) -> Village:
        """Let so many members live there, of whom so many enrol in the morning."""
        village = cls({party(n): training_of(n) for n in range(count)})
        for number in range(count if enrolled is None else enrolled):
            village.trainings[party(number)].enrol(Lesson(number))
        return village

    def clock(self, member: PartyId) -> Instant:
        """Return what a member takes for the time."""
        return after(self.now, self.skew_ms.get(member, 0))

    def run(self, until: Instant) -> None:
        """Let everything happen up to an instant."""
        while True:
            self._send()
            at = self._next()
            if at is None or at > until:
                self.now = until
                return
            self.now = max(at, self.now)
            self._deliver()
            for member, training in self._living():
                training.tick(self.clock(member))

    def inject(self, author: PartyId, message: TrainingMessage) -> None:
        """Let everybody hear something that ``author`` signed."""
        for member, training in self._living():
            if member != author:
                training.receive(author, message, self.clock(member))

    def restart(self, member: PartyId, lesson: Lesson) -> None:
        """Let a member forget all but what it has recorded."""
        number = int(member, 16)
        fresh = training_of(number, born=self.clock(member))
        for record in self.records.get(member, []):
            fresh.resume(record)
        self.trainings[member] = fresh
        self.gone.discard(member)
        fresh.enrol(lesson)

    def sums(self, week: int = WEEK) -> dict[PartyId, tuple[int, Floats]]:
        """Return homes and numbers of the last sum, for each member that knows it."""
        known: dict[PartyId, tuple[int, Floats]] = {}
        for member, training in self._living():
            found = training.finals.get(week, {}).get(0)
            if found is not None:
                total = numbers(found)
                assert total is not None
                known[member] = (found.homes, total)
        return known

    def _living(self) -> list[tuple[PartyId, Training]]:
        return [(p, t) for p, t in self.trainings.items() if p not in self.gone]

    def _send(self) -> None:
        for member, training in self._living():
            self.records.setdefault(member, []).extend(training.take_records())
            for letter in training.take_outbox():
                self.said.append((member, letter.message))
                for to in letter.to if letter.to is not None else self.trainings:
                    if to != member and self.wire(member, to, letter.message, self.now):
                        self._plan(member, to, letter.message)

    def _plan(self, member: PartyId, to: PartyId, message: TrainingMessage) -> None:
        if self.chance.random() < self.loss:
            return
        for _ in range(2 if self.loss and self.chance.random() < 0.1 else 1):
            self._count += 1
            at = after(self.now, self.chance.randint(5, 2_000))
            heapq.heappush(self._queue, (at, self._count, member, to, message))

    def _next(self) -> Instant | None:
        deadlines = [
            after(at, -self.skew_ms.get(member, 0))
            for member, training in self._living()
            if (at := training.deadline(self.clock(member))) is not None
        ]
        ahead = [self._queue[0][0]] if self._queue else []
        return min([*deadlines, *ahead], default=None)

    def _deliver(self) -> None:
        while self._queue and self._queue[0][0] <= self.now:
            _, _, author, to, message = heapq.heappop(self._queue)
            lives = to in self.trainings and to not in self.gone
            if lives and author not in self.gone:
                self.trainings[to].receive(author, message, self.clock(to))


def training_of(number: int, *, born: Instant = MORNING) -> Training:
    """Return the training of one member."""

    def seed_of(name: SumName) -> bytes:
        return bytes([number, name.week % 256, name.step, name.attempt] * 8)

    return Training(
        me=party(number),
        timetable=TIMETABLE,
        length=LENGTH,
        seed_of=seed_of,
        born=born,
    )


def expected(members: Sequence[int]) -> Floats:
    """Return the sum of the last step over these members."""
    before: Floats | None = None
    for step in range(STEPS):
        parts = [Lesson(n).contribution(WEEK, step, before) for n in members]
        known = [part for part in parts if part is not None]
        before = np.asarray(np.sum(known, axis=0), dtype=np.float64)
    assert before is not None
    return before
