"""Readings come in, settlements go out.

A decided period is settled once all readings are in, or at the deadline with those that
are missing flagged.  A reading that comes later corrects what was booked.
"""

from collections.abc import Callable
from typing import Final

from ..ledger.journal import EntryKind
from ..ledger.settlement import Settlement, correction
from ..model.period import DAY_MS, PERIOD_MS, DeliveryPeriod, Instant
from ..model.reading import MeterReading
from ..model.tariff import Tariff
from ..peer import Fault, Misdeed
from ..wire.envelope import Envelope
from .case import Outcome
from .config import NodeConfig
from .docket import Docket
from .door import Door
from .events import PeriodCorrected, PeriodSettled
from .outbox import Outbox
from .records import settled_body
from .totals import Day, Figures, Totals

PERIODS_BEHIND_MAX: Final = 96
FIGURES_KEPT: Final = 2 * DAY_MS // PERIOD_MS
CORRECTABLE: Final = 8
"""Latest settled periods in which a late reading still counts."""

type OutcomeOf = Callable[[DeliveryPeriod], Outcome | None]


class Settling:
    """Periods under way and not settled, and what came of those that are."""

    def __init__(self, config: NodeConfig, outbox: Outbox, door: Door) -> None:
        """Begin with nothing settled."""
        self._config: Final = config
        self._outbox: Final = outbox
        self._door: Final = door
        self._dockets: Final[dict[DeliveryPeriod, Docket]] = {}
        self._figures: Final[dict[DeliveryPeriod, Figures]] = {}
        self.totals = Totals()

    # -- what is known ---------------------------------------------------------------

    @property
    def last_settled(self) -> DeliveryPeriod | None:
        """The latest settled period."""
        return max(self._figures, default=None)

    def is_settled(self, period: DeliveryPeriod) -> bool:
        """Tell whether ``period`` is behind us."""
        return period in self._figures

    def day(self, started_at: Instant) -> Day:
        """Return the sums of a day."""
        return Day.since(started_at, self._figures.values())

    def own_reading(self, period: DeliveryPeriod) -> bytes | None:
        """Return the envelope in which this node has reported its reading."""
        docket = self._dockets.get(period)
        return None if docket is None else docket.sealed.get(self._config.party)

    def deadline(self, is_decided: Callable[[DeliveryPeriod], bool]) -> Instant | None:
        """Return when the next decided period is settled without what is missing."""
        waiting = (p for p in self._dockets if not self.is_settled(p) and is_decided(p))
        first = min(waiting, default=None)
        return None if first is None else self._config.timing.readings_due(first)

    # -- what happens ----------------------------------------------------------------

    def resume(self, figures: Figures, totals: Totals) -> None:
        """Go on from what the journal says was settled."""
        self._dockets.pop(figures.period, None)
        self._remember(figures, totals)

    def expect(self, period: DeliveryPeriod) -> None:
        """Know that ``period`` will have to be settled."""
        if not self.is_settled(period):
            self._docket(period)

    def note_tariff(self, period: DeliveryPeriod, tariff: Tariff | None) -> None:
        """Keep the tariff that holds at the start of ``period``."""
        self._docket(period).tariff = tariff

    def note_consumption(self, period: DeliveryPeriod, energy_wh: int | None) -> None:
        """Keep what this home used in ``period``."""
        self._docket(period).consumption_wh = energy_wh

    def take_reading(
        self, envelope: Envelope, reading: MeterReading, now: Instant
    ) -> None:
        """Take what the meter of a member counted; its first word counts."""
        period, party = reading.period, reading.party
        distance = DeliveryPeriod.containing(now).number - period.number
        if not 1 <= distance <= PERIODS_BEHIND_MAX:
            self._door.blame(Misdeed(party=party, fault=Fault.OUT_OF_BOUNDS), now)
            return
        if self.is_settled(period) and period not in self._dockets:
            return
        docket = self._docket(period)
        is_new = party not in docket.readings
        earlier = docket.add(envelope, reading)
        if earlier is not None:
            evidence = (earlier, envelope.data)
            misdeed = Misdeed(party=party, fault=Fault.CONTRADICTION, evidence=evidence)
            self._door.blame(misdeed, now)
        elif is_new:
            if party != self._config.party:
                self._outbox.keep(EntryKind.RECEIVED, envelope.data, now)
            self._correct(docket, now)

    def drive(self, now: Instant, outcome_of: OutcomeOf) -> bool:
        """Settle every period that can be settled; tell whether there was one."""
        before = self.totals.settled_periods
        oldest = DeliveryPeriod.containing(now).next(-PERIODS_BEHIND_MAX)
        for period in sorted(p for p in self._dockets if p not in self._figures):
            if period < oldest:
                del self._dockets[period]
            elif self._is_ripe(period, now):
                outcome = outcome_of(period)
                if outcome is not None and outcome.phase.decided:
                    self._settle(self._dockets[period], outcome, now)
        return self.totals.settled_periods > before

    # -- how it works ------------------------------------------------------------------

    def _docket(self, period: DeliveryPeriod) -> Docket:
        return self._dockets.setdefault(period, Docket(period=period))

    def _is_ripe(self, period: DeliveryPeriod, now: Instant) -> bool:
        if now < period.end:
            return False
        members = self._config.charter.members
        complete = len(self._dockets[period].readings) == len(members)
        return complete or now >= self._config.timing.readings_due(period)

    def _settle(self, docket: Docket, outcome: Outcome, now: Instant) -> None:
        settlement = docket.settle(outcome, self._config)
        figures = self._figures_of(docket, settlement)
        self._remember(figures, self.totals.plus(figures))
        body = settled_body(settlement, figures, self.totals)
        self._outbox.keep(EntryKind.SETTLED, body, now)
        event = PeriodSettled(period=docket.period, settlement=settlement)
        self._outbox.report(event)
        settled = [p for p in sorted(self._dockets) if p in self._figures]
        for old in settled[:-CORRECTABLE]:
            del self._dockets[old]

    def _correct(self, docket: Docket, now: Instant) -> None:
        """Book the difference that a late reading makes."""
        if docket.settled is None:
            return
        before = docket.settled
        after = docket.settle(before.outcome, self._config)
        delta = correction(before.settlement, after)
        figures = self._figures_of(docket, after)
        earlier = self._figures[docket.period]
        self._remember(figures, self.totals.minus(earlier).plus(figures))
        body = settled_body(delta, figures, self.totals)
        self._outbox.keep(EntryKind.CORRECTED, body, now)
        self._outbox.report(PeriodCorrected(period=docket.period, difference=delta))

    def _figures_of(self, docket: Docket, settlement: Settlement) -> Figures:
        summary = settlement.summary(self._config.party)
        assert summary is not None, "this node is a member"
        return Figures.of(docket.period, summary, consumption_wh=docket.consumption_wh)

    def _remember(self, figures: Figures, totals: Totals) -> None:
        self._figures[figures.period] = figures
        if len(self._figures) > FIGURES_KEPT:
            del self._figures[min(self._figures)]
        self.totals = totals
