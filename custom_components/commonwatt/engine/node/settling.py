"""Readings come in, settlements go out.

A decided period is settled once all readings are in, or at the deadline with those that
are missing flagged.  A reading that comes later corrects what was booked.
"""

from collections.abc import Callable
from typing import Final

from ..ledger.certificates import CertificateRegister
from ..ledger.journal import EntryKind
from ..ledger.settlement import Settlement, correction
from ..model.contract import ContractId
from ..model.period import DAY_MS, PERIOD_MS, DeliveryPeriod, Instant
from ..model.tariff import Tariff
from ..peer import Fault, Misdeed
from ..wire.envelope import Envelope
from ..wire.messages import ReadingReport
from .agreements import Agreements
from .case import Outcome
from .config import NodeConfig
from .docket import Docket, Word
from .door import Door
from .events import PeriodCorrected, PeriodSettled
from .mix import Mix
from .origins import Origins, OwnSide
from .outbox import Outbox
from .settled_records import SettledRecord, settled_body
from .totals import Day, Figures, Totals

PERIODS_BEHIND_MAX: Final = 96
FIGURES_KEPT: Final = 2 * DAY_MS // PERIOD_MS
CORRECTABLE: Final = 32
"""Latest settled periods in which a late or corrected reading still counts: a night."""

type OutcomeOf = Callable[[DeliveryPeriod], Outcome | None]


class Settling:
    """Periods under way and not settled, and what came of those that are."""

    def __init__(
        self,
        config: NodeConfig,
        outbox: Outbox,
        door: Door,
        *,
        origins: Origins,
        agreements: Agreements,
    ) -> None:
        """Begin with nothing settled."""
        self._config: Final = config
        self._origins: Final = origins
        self._agreements: Final = agreements
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

    def sealed(self, period: DeliveryPeriod) -> tuple[bytes, ...]:
        """Return the sealed readings of a period, as long as it can be corrected."""
        docket = self._dockets.get(period)
        if docket is None:
            return ()
        return tuple(docket.sealed[party] for party in sorted(docket.sealed))

    def own_report(self, period: DeliveryPeriod) -> ReadingReport | None:
        """Return what this node has last reported as its reading."""
        docket = self._dockets.get(period)
        return None if docket is None else docket.reports.get(self._config.party)

    def is_correctable(self, period: DeliveryPeriod) -> bool:
        """Tell whether another reading for ``period`` would still be booked."""
        return period in self._dockets

    def figures(self, period: DeliveryPeriod) -> Figures | None:
        """Return this home's part in a settled period of the last two days."""
        return self._figures.get(period)

    def certified(self, period: DeliveryPeriod) -> CertificateRegister | None:
        """Return the certificates of a period, while it can still be corrected."""
        docket = self._dockets.get(period)
        if docket is None or docket.settled is None:
            return None
        settlement = docket.settled.settlement
        return self._origins.certified(settlement, docket.exports, docket.origins)

    def deadline(self, is_decided: Callable[[DeliveryPeriod], bool]) -> Instant | None:
        """Return when the next decided period is settled without what is missing."""
        waiting = (p for p in self._dockets if not self.is_settled(p) and is_decided(p))
        first = min(waiting, default=None)
        return None if first is None else self._config.timing.readings_due(first)

    # -- what happens ----------------------------------------------------------------

    def resume(
        self, record: SettledRecord, outcome: Outcome | None, now: Instant
    ) -> None:
        """Go on from what the journal says was settled.

        With its outcome known again, the period can be corrected as before.
        """
        period = record.figures.period
        docket = self._docket(period)
        docket.tariff = record.tariff
        docket.consumption_wh = record.figures.consumption_wh
        if outcome is not None and outcome.phase.decided:
            docket.settle(outcome, self._config)
        else:
            del self._dockets[period]
        self._origins.tank = record.tank
        self._remember(record.figures, record.totals, now)
        self._drop_old()

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

    def note_own(self, period: DeliveryPeriod, own: OwnSide) -> None:
        """Keep what this home's export and use in ``period`` begin with."""
        self._docket(period).own = own

    def take_reading(
        self, envelope: Envelope, report: ReadingReport, now: Instant
    ) -> None:
        """Take what the meter of a member counted; its first word counts.

        A later word counts only if it says that it is a correction.
        """
        period, party = report.reading.period, report.reading.party
        distance = DeliveryPeriod.containing(now).number - period.number
        if not 1 <= distance <= PERIODS_BEHIND_MAX:
            self._door.blame(Misdeed(party=party, fault=Fault.OUT_OF_BOUNDS), now)
            return
        if self.is_settled(period) and period not in self._dockets:
            return
        if self._config.charter_at(period).member(party) is None:
            return
        docket = self._docket(period)
        earlier = docket.sealed.get(party, b"")
        match docket.add(envelope, report):
            case Word.NOTHING_NEW:
                pass
            case Word.CONTRADICTION:
                evidence = (earlier, envelope.data)
                fault = Fault.CONTRADICTION
                self._door.blame(
                    Misdeed(party=party, fault=fault, evidence=evidence), now
                )
            case Word.NEWS:
                if party != self._config.party:
                    self._outbox.keep(EntryKind.RECEIVED, envelope.data, now)
                self._correct(docket, now)

    def drive(self, now: Instant, outcome_of: OutcomeOf) -> bool:
        """Settle every period that can be settled; tell whether there was one."""
        before = self.totals.settled_periods
        oldest = DeliveryPeriod.containing(now).next(-PERIODS_BEHIND_MAX)
        for period in sorted(p for p in self._dockets if p not in self._figures):
            if period < oldest or not self._is_ours(period):
                del self._dockets[period]
            elif self._is_ripe(period, now):
                outcome = outcome_of(period)
                if outcome is not None and outcome.phase.decided:
                    self._settle(self._dockets[period], outcome, now)
        return self.totals.settled_periods > before

    # -- how it works ------------------------------------------------------------------

    def _docket(self, period: DeliveryPeriod) -> Docket:
        return self._dockets.setdefault(period, Docket(period=period))

    def _is_ours(self, period: DeliveryPeriod) -> bool:
        """Tell whether this home is a member in a period, and so settles it."""
        charter = self._config.charter_at(period)
        return charter.member(self._config.party) is not None

    def _is_ripe(self, period: DeliveryPeriod, now: Instant) -> bool:
        if now < period.end:
            return False
        members = self._config.charter_at(period).members
        complete = len(self._dockets[period].reports) == len(members)
        return complete or now >= self._config.timing.readings_due(period)

    def _settle(self, docket: Docket, outcome: Outcome, now: Instant) -> None:
        settlement = docket.settle(outcome, self._config)
        figures = self._figures_of(docket, settlement, is_first=True)
        self._remember(figures, self.totals.plus(figures), now)
        self._outbox.keep(EntryKind.SETTLED, self._body(docket, settlement), now)
        event = PeriodSettled(period=docket.period, settlement=settlement)
        self._outbox.report(event)
        self._drop_old()

    def _correct(self, docket: Docket, now: Instant) -> None:
        """Book the difference that a late or corrected reading makes."""
        if docket.settled is None:
            return
        before = docket.settled
        after = docket.settle(before.outcome, self._config)
        delta = correction(before.settlement, after)
        figures = self._figures_of(docket, after, is_first=False)
        earlier = self._figures[docket.period]
        self._remember(figures, self.totals.minus(earlier).plus(figures), now)
        self._outbox.keep(EntryKind.CORRECTED, self._body(docket, delta), now)
        self._outbox.report(PeriodCorrected(period=docket.period, difference=delta))

    def _figures_of(
        self, docket: Docket, settlement: Settlement, *, is_first: bool
    ) -> Figures:
        """Return this home's part; the first time, what was charged is stored."""
        summary = settlement.summary(self._config.party)
        assert summary is not None, "this node is a member"
        return Figures.of(
            docket.period,
            summary,
            consumption_wh=docket.consumption_wh,
            mix=self._mix(docket, settlement, is_first=is_first),
            moved=self._moved(settlement),
        )

    def _mix(self, docket: Docket, settlement: Settlement, *, is_first: bool) -> Mix:
        own, report = docket.own, docket.reports.get(self._config.party)
        if report is None or report.revision:
            return ()  # what the devices counted is not what is settled
        if own is None:
            earlier = self._figures.get(docket.period)
            return () if earlier is None else earlier.mix
        inside = self._origins.used(own, settlement, docket.exports, docket.origins)
        if is_first:
            self._origins.tank = inside.tank
        return self._origins.mix(inside.consumed)

    def _moved(self, settlement: Settlement) -> tuple[tuple[ContractId, int], ...]:
        moved: dict[ContractId, int] = {}
        for one in settlement.fulfilled:
            contract, trade = one.agreement.contract, one.agreement.trade
            if contract and self._config.party in {trade.seller, trade.buyer}:
                moved[contract] = moved.get(contract, 0) + one.energy_wh
        return tuple(sorted(moved.items()))

    def _body(self, docket: Docket, settlement: Settlement) -> bytes:
        record = SettledRecord(
            figures=self._figures[docket.period],
            totals=self.totals,
            tariff=docket.tariff,
            tank=self._origins.tank,
        )
        return settled_body(settlement, record)

    def _remember(self, figures: Figures, totals: Totals, now: Instant) -> None:
        self._figures[figures.period] = figures
        if len(self._figures) > FIGURES_KEPT:
            del self._figures[min(self._figures)]
        self.totals = totals
        self._agreements.note_settled(figures.period, dict(figures.moved), now)

    def _drop_old(self) -> None:
        settled = [p for p in sorted(self._dockets) if p in self._figures]
        for old in settled[:-CORRECTABLE]:
            del self._dockets[old]
