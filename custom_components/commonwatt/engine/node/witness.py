"""Keeps what this node saw of settled periods: for as long as it matters, no longer.

Every period is in the journal as soon as it is settled or corrected; whole days are
written once more when nothing of them changes any more, and outlast the rest.
"""

from collections import Counter
from collections.abc import Callable
from typing import Final

from ..ledger.journal import BODY_BYTES_MAX, EntryKind
from ..model.period import DAY_MS, DeliveryPeriod, Instant
from ..model.units import div_floor
from ..peer.standings import PERIODS_A_DAY, WEEK_DAYS
from ..scores.evidence import PeriodEvidence, day_of
from ..scores.reputation import PARTNER_DAYS
from .case import Outcome
from .config import NodeConfig
from .events import Event, PeriodCorrected, PeriodSettled
from .outbox import Outbox
from .testimony import (
    Testimony,
    day_written,
    met,
    period_of,
    read,
    read_day,
    testimony_of,
    written,
)

WHOLE_DAYS: Final = 3 * WEEK_DAYS
"""So long every period is kept: a week, until it is assessed, and some more."""

KEPT_DAYS: Final = WHOLE_DAYS + PARTNER_DAYS
"""So long it is known who dealt with whom."""

CLOSED_AFTER_DAYS: Final = 3
"""So old a day is when it is written whole: no reading of it is late any more."""


class Witness:
    """Testimonies of this node, by period.  Not thread-safe."""

    def __init__(
        self,
        config: NodeConfig,
        outbox: Outbox,
        outcome_of: Callable[[DeliveryPeriod], Outcome | None],
    ) -> None:
        """Begin having seen nothing."""
        self._config: Final = config
        self._outbox: Final = outbox
        self._outcome_of: Final = outcome_of
        self._said: Final[dict[DeliveryPeriod, bytes]] = {}
        self._periods: Final[Counter[int]] = Counter()
        """How many periods are known of a day."""

        self._met: Final[dict[int, PeriodEvidence]] = {}
        """Of days too old to be assessed: who dealt with whom."""

        self._written_until: int | None = None
        """First day that is not in the journal as a whole."""

        self._news: Final[list[bytes]] = []
        """What is not in the journal yet."""

        outbox.on_report = self._hear

    def resume(self, body: bytes) -> None:
        """Take a period the journal tells of."""
        self._note(period_of(body), body)

    def resume_day(self, body: bytes) -> None:
        """Take a whole day the journal tells of."""
        for one in read_day(body):
            self._note(period_of(one), one)
            day = day_of(period_of(one))
            self._written_until = max(self._written_until or 0, day + 1)

    def drive(self, now: Instant) -> None:
        """Write down what is new, and days that are closed; forget what is too old."""
        for body in self._news:
            self._outbox.keep(EntryKind.EVIDENCE, body, now)
        self._news.clear()
        today = div_floor(now, DAY_MS)
        closed = today - CLOSED_AFTER_DAYS
        if self._written_until == closed or not self._said:
            return
        days = {day_of(period) for period in self._said}
        for day in sorted(d for d in days if (self._written_until or 0) <= d < closed):
            body = day_written(self._bodies(day))
            if len(body) <= BODY_BYTES_MAX:
                self._outbox.keep(EntryKind.WITNESSED, body, now)
        self._written_until = closed
        self._fold(today)

    def testimonies(self, first_day: int, until_day: int) -> list[Testimony]:
        """Return what is known of some days, ascending by period."""
        return [
            read(body)
            for day in range(first_day, until_day)
            for body in self._bodies(day)
        ]

    def known(self, first_day: int, until_day: int) -> int:
        """Return of how many periods anything is known."""
        return sum(self._periods[day] for day in range(first_day, until_day))

    def meetings(self, first_day: int, until_day: int) -> list[PeriodEvidence]:
        """Return who dealt with whom on some days, ascending."""
        found = (
            self._met.get(day) or met(self.testimonies(day, day + 1))
            for day in range(first_day, until_day)
        )
        return [one for one in found if one is not None]

    def _hear(self, event: Event) -> None:
        """Take what is settled or corrected, where it tells of everybody."""
        if isinstance(event, PeriodSettled):
            settlement = event.settlement
        elif isinstance(event, PeriodCorrected):
            settlement = event.difference
        else:
            return
        charter = self._config.charter_at(event.period)
        outcome = self._outcome_of(event.period)
        if charter.standing is None or outcome is None:
            return
        if not self._config.committee.settles(event.period):
            return
        body = written(testimony_of(settlement, outcome.result))
        self._note(event.period, body)
        self._news.append(body)

    def _note(self, period: DeliveryPeriod, body: bytes) -> None:
        self._periods[day_of(period)] += period not in self._said
        self._said[period] = body

    def _bodies(self, day: int) -> list[bytes]:
        first = DeliveryPeriod(day * PERIODS_A_DAY)
        periods = (first.next(place) for place in range(PERIODS_A_DAY))
        return [self._said[period] for period in periods if period in self._said]

    def _fold(self, today: int) -> None:
        for day in sorted({day_of(period) for period in self._said}):
            if day >= today - WHOLE_DAYS:
                break
            meeting = met(self.testimonies(day, day + 1))
            if meeting is not None:
                self._met[day] = meeting
            for period in [p for p in self._said if day_of(p) == day]:
                del self._said[period]
            del self._periods[day]
        for day in [day for day in self._met if day < today - KEPT_DAYS]:
            del self._met[day]
