"""Readings come in, settlements go out.

A decided period is settled once all readings are in, or at the deadline with those that
are missing flagged.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from ..ledger.journal import EntryKind
from ..ledger.rules import Reclearing
from ..ledger.settlement import Settlement, settle
from ..market import clear
from ..model.party import PartyId
from ..model.period import DAY_MS, PERIOD_MS, DeliveryPeriod, Instant
from ..model.reading import MeterReading
from ..model.tariff import Tariff
from ..peer import Fault, Misdeed
from ..wire.envelope import Envelope
from .case import Outcome
from .config import NodeConfig
from .door import Door
from .events import PeriodSettled
from .outbox import Outbox
from .records import settled_body
from .totals import Day, Figures, Totals

PERIODS_BEHIND_MAX: Final = 96
FIGURES_KEPT: Final = 2 * DAY_MS // PERIOD_MS

type OutcomeOf = Callable[[DeliveryPeriod], Outcome | None]


@dataclass(slots=True, kw_only=True)
class _Pending:
    """A period that is not settled yet."""

    readings: dict[PartyId, MeterReading] = field(default_factory=dict)
    sealed: dict[PartyId, bytes] = field(default_factory=dict)
    tariff: Tariff | None = None
    consumption_wh: int | None = None


class Settling:
    """Periods under way and not settled, and what came of those that are."""

    def __init__(self, config: NodeConfig, outbox: Outbox, door: Door) -> None:
        """Begin with nothing settled."""
        self._config: Final = config
        self._outbox: Final = outbox
        self._door: Final = door
        self._pending: Final[dict[DeliveryPeriod, _Pending]] = {}
        self._figures: Final[deque[Figures]] = deque(maxlen=FIGURES_KEPT)
        self.totals = Totals()

    @property
    def last_settled(self) -> DeliveryPeriod | None:
        """The latest settled period."""
        return max((figures.period for figures in self._figures), default=None)

    def is_settled(self, period: DeliveryPeriod) -> bool:
        """Tell whether ``period`` is behind us."""
        return any(figures.period == period for figures in self._figures)

    def day(self, started_at: Instant) -> Day:
        """Return the sums of a day."""
        return Day.since(started_at, self._figures)

    def resume(self, figures: Figures, totals: Totals) -> None:
        """Go on from what the journal says was settled."""
        self._figures.append(figures)
        self._pending.pop(figures.period, None)
        self.totals = totals

    def note_tariff(self, period: DeliveryPeriod, tariff: Tariff | None) -> None:
        """Keep the tariff that holds at the start of ``period``."""
        self._at(period).tariff = tariff

    def note_consumption(self, period: DeliveryPeriod, energy_wh: int | None) -> None:
        """Keep what this home used in ``period``."""
        self._at(period).consumption_wh = energy_wh

    def take_reading(
        self, envelope: Envelope, reading: MeterReading, now: Instant
    ) -> None:
        """Take what the meter of a member counted; the first word counts."""
        period, party = reading.period, reading.party
        distance = DeliveryPeriod.containing(now).number - period.number
        if not 1 <= distance <= PERIODS_BEHIND_MAX:
            self._door.blame(Misdeed(party=party, fault=Fault.OUT_OF_BOUNDS), now)
            return
        if self.is_settled(period):
            return
        pending = self._at(period)
        known = pending.readings.setdefault(party, reading)
        sealed = pending.sealed.setdefault(party, envelope.data)
        if known != reading:
            evidence = (sealed, envelope.data)
            misdeed = Misdeed(party=party, fault=Fault.CONTRADICTION, evidence=evidence)
            self._door.blame(misdeed, now)
        elif sealed is envelope.data and party != self._config.party:
            self._outbox.keep(EntryKind.RECEIVED, envelope.data, now)

    def deadline(self, is_decided: Callable[[DeliveryPeriod], bool]) -> Instant | None:
        """Return when the next decided period is settled without what is missing."""
        first = min(filter(is_decided, self._pending), default=None)
        return None if first is None else self._config.timing.readings_due(first)

    def drive(self, now: Instant, outcome_of: OutcomeOf) -> bool:
        """Settle every period that can be settled; tell whether there was one."""
        before = self.totals
        oldest = DeliveryPeriod.containing(now).next(-PERIODS_BEHIND_MAX)
        for period in sorted(self._pending):
            if period < oldest:
                del self._pending[period]
            elif self._is_ripe(period, now):
                outcome = outcome_of(period)
                if outcome is not None and outcome.phase.decided:
                    self._settle(period, outcome, now)
        return self.totals != before

    def _at(self, period: DeliveryPeriod) -> _Pending:
        return self._pending.setdefault(period, _Pending())

    def _is_ripe(self, period: DeliveryPeriod, now: Instant) -> bool:
        if now < period.end:
            return False
        complete = len(self._pending[period].readings) == len(
            self._config.charter.members
        )
        return complete or now >= self._config.timing.readings_due(period)

    def _settle(self, period: DeliveryPeriod, outcome: Outcome, now: Instant) -> None:
        pending = self._pending.pop(period)
        settlement = self._settled(period, outcome, pending)
        summary = settlement.summary(self._config.party)
        assert summary is not None, "this node is a member"
        figures = Figures.of(period, summary, consumption_wh=pending.consumption_wh)
        self.totals = self.totals.plus(figures)
        self._figures.append(figures)
        body = settled_body(settlement, figures, self.totals)
        self._outbox.keep(EntryKind.SETTLED, body, now)
        self._outbox.report(PeriodSettled(period=period, settlement=settlement))

    def _settled(
        self, period: DeliveryPeriod, outcome: Outcome, pending: _Pending
    ) -> Settlement:
        """Settle with our own tariff only: the bills of others are not our business."""
        tariffs = {} if pending.tariff is None else {self._config.party: pending.tariff}
        reclearing = None
        if outcome.book is not None:
            reclearing = Reclearing(book=outcome.book, clear=clear)
        return settle(
            period=period,
            charter=self._config.charter,
            result=outcome.result,
            readings=pending.readings,
            tariffs=tariffs,
            rules=self._config.rules,
            reclearing=reclearing,
            deadline_passed=True,
        )
