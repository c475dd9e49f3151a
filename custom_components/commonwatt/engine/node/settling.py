"""Readings come in, settlements go out.

A decided period is settled once all readings are in, or at the deadline with those that
are missing flagged.  A reading that comes later corrects what was booked.
"""

from collections.abc import Callable
from typing import Final

from ..ledger.certificates import CertificateRegister
from ..ledger.journal import EntryKind
from ..ledger.settlement import Settlement, correction
from ..model.comparison import CLOSED, NOTHING
from ..model.extract import Attestation, SettlementExtract
from ..model.party import PartyId
from ..model.period import DAY_MS, PERIOD_MS, DeliveryPeriod, Instant
from ..model.tariff import Tariff
from ..peer import Fault, Misdeed
from ..wire.envelope import Envelope
from ..wire.messages import ReadingReport
from .agreements import Agreements
from .attesting import Attesting
from .case import Outcome
from .config import NodeConfig
from .docket import Docket, Word
from .door import Door
from .events import PeriodCorrected, PeriodSettled
from .lacking import gaps, is_of_late
from .origins import Origins, OwnSide
from .outbox import Outbox
from .own_part import OwnPart
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
        self._own_part: Final = OwnPart(config.party, origins)
        self._agreements: Final = agreements
        self._outbox: Final = outbox
        self._door: Final = door
        self._dockets: Final[dict[DeliveryPeriod, Docket]] = {}
        self._unsettled: Final[set[DeliveryPeriod]] = set()
        """Those of the dockets that nothing is booked for."""

        self._unbooked: Final[set[DeliveryPeriod]] = set()
        """Those that know of a reading that the journal has not booked."""

        self._figures: Final[dict[DeliveryPeriod, Figures]] = {}
        self._attesting: Final = Attesting(config, outbox)
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

    def docket(self, period: DeliveryPeriod) -> Docket | None:
        """Return what is known of a period, as long as it can be corrected."""
        return self._dockets.get(period)

    def mark(self, period: DeliveryPeriod) -> bytes:
        """Return what this home has settled, in 16 bytes; clause 7.2 of agreement."""
        if not self.is_settled(period):
            return NOTHING if self._is_ours(period) else CLOSED
        docket = self._dockets.get(period)
        charter = self._config.charter_at(period)
        return CLOSED if docket is None else docket.mark(charter)

    def figures(self, period: DeliveryPeriod) -> Figures | None:
        """Return this home's part in a settled period of the last two days."""
        return self._figures.get(period)

    def certified(self, period: DeliveryPeriod) -> CertificateRegister | None:
        """Return the certificates of a period, while it can still be corrected.

        None outside the committee: they say what everybody delivered.
        """
        docket, settlement = self._dockets.get(period), self.whole(period)
        if docket is None or settlement is None:
            return None
        return self._origins.certified(settlement, docket.exports, docket.origins)

    def whole(self, period: DeliveryPeriod) -> Settlement | None:
        """Return how a period is settled now, while it can still be corrected.

        None outside the committee.
        """
        docket = self._dockets.get(period)
        is_whole = self._config.committee.settles(period)
        if docket is None or docket.settled is None or not is_whole:
            return None
        return docket.settled.settlement

    @property
    def first_open(self) -> DeliveryPeriod | None:
        """The first period for which something may still be booked; None: none yet."""
        return min(self._dockets, default=None)

    def deadline(self, is_decided: Callable[[DeliveryPeriod], bool]) -> Instant | None:
        """Return when the next decided period is settled without what is missing."""
        waiting = (
            p
            for p in self._unsettled
            if is_decided(p) and self._config.committee.settles(p)
        )
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
        is_shown = self._config.committee.settles(period) or docket.entrusted.part
        if outcome is not None and outcome.phase.decided and is_shown:
            docket.booked = docket.settle(outcome, self._config)
            self._unbooked.discard(period)
            self._attesting.attest(docket, docket.booked, now)
        else:
            self._drop(period)
        self._origins.tank = record.tank
        self._remember(record.figures, record.totals, now)
        self._drop_old()

    def expect(self, period: DeliveryPeriod) -> None:
        """Know that ``period`` will have to be settled."""
        if not self.is_settled(period):
            self._docket(period).is_expected = True

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
        self,
        envelope: Envelope,
        report: ReadingReport,
        now: Instant,
        *,
        is_journaled: bool = False,
    ) -> None:
        """Take what the meter of a member counted; its first word counts.

        A later word counts only if it says that it is a correction.  Our own may come
        from others: we have forgotten it then.
        """
        period, party = report.reading.period, report.reading.party
        if not is_of_late(period, now, periods=PERIODS_BEHIND_MAX):
            self._door.blame(Misdeed(party=party, fault=Fault.OUT_OF_BOUNDS), now)
            return
        if self.is_settled(period) and period not in self._dockets:
            return
        if self._config.charter_at(period).member(party) is None:
            return
        if not self._config.committee.settles(period) and party != self._config.party:
            return  # nobody should have shown us, and we would not know what for
        docket = self._docket(period)
        word = docket.add(envelope, report)
        if word is Word.NOTHING_NEW:
            return
        if word is Word.CONTRADICTION:
            self._convict(docket, party, now)
        elif not is_journaled:
            self._outbox.keep(EntryKind.RECEIVED, envelope.data, now)
        if self._config.committee.settles(period):
            self._correct(docket, now)

    def take_part(
        self,
        envelope: Envelope,
        message: Attestation | SettlementExtract,
        now: Instant,
    ) -> None:
        """Take what the committee attests, and our part in what it settled."""
        period = message.period
        committee = self._config.committee.at(period)
        distance = DeliveryPeriod.containing(now).number - period.number
        is_late = self.is_settled(period) and period not in self._dockets
        if committee is None or envelope.author not in committee.voters or is_late:
            return
        if not 1 <= distance <= PERIODS_BEHIND_MAX or not self._is_ours(period):
            return
        docket = self._docket(period)
        if isinstance(message, Attestation):
            news = docket.entrusted.attest(envelope, message, committee)
        else:
            basis = self._config.charter_at(period).billing_basis
            me = self._config.party
            news = docket.entrusted.show(envelope, message, me=me, basis=basis)
        if not news or self._config.committee.settles(period):
            return
        if not docket.entrusted.weigh():
            return
        for data in docket.entrusted.proof:
            self._outbox.keep(EntryKind.RECEIVED, data, now)
        self._correct(docket, now)

    def show_settlement(
        self, period: DeliveryPeriod, party: PartyId, now: Instant
    ) -> None:
        """Show a member outside the committee its part in what we settled."""
        docket = self._dockets.get(period)
        if docket is not None:
            self._attesting.show(docket, party, now)

    def drive(self, now: Instant, outcome_of: OutcomeOf) -> bool:
        """Settle every period that can be settled; tell whether there was one."""
        self._attesting.drive(self._dockets, now)
        for period in sorted(self._unbooked):
            self._correct(self._dockets[period], now)
        self._unbooked.clear()
        before = self.totals.settled_periods
        oldest = DeliveryPeriod.containing(now).next(-PERIODS_BEHIND_MAX)
        for period in sorted(p for p in self._unsettled if p.end <= now):
            if period < oldest or not self._is_ours(period):
                self._drop(period)
            elif self._is_ripe(period, now):
                outcome = outcome_of(period)
                if outcome is not None and outcome.phase.decided:
                    self._settle(self._dockets[period], outcome, now)
        return self.totals.settled_periods > before

    def roundless(
        self, now: Instant, outcome_of: OutcomeOf
    ) -> tuple[DeliveryPeriod, ...]:
        """Return what was metered and could be settled, had there been a round.

        Before the first round there ever was, nobody has slept through one.
        """
        begun = [p for p, docket in self._dockets.items() if docket.is_expected]
        first = min([*begun, *self._figures], default=None)
        oldest = DeliveryPeriod.containing(now).next(-CORRECTABLE)
        return tuple(
            period
            for period in sorted(self._unsettled)
            if first is not None
            and max(first, oldest) <= period
            and self._dockets[period].reports
            and self._config.committee.settles(period)
            and self._is_ours(period)
            and self._is_ripe(period, now)
            and outcome_of(period) is None
        )

    @property
    def unheeded(self) -> tuple[DeliveryPeriod, ...]:
        """Where a committee settled without the reading we have told, ascending."""
        me = self._config.party
        return tuple(p for p in self.correctable if self._dockets[p].lacks(me))

    @property
    def correctable(self) -> tuple[DeliveryPeriod, ...]:
        """The settled periods in which another reading still counts, ascending."""
        return tuple(sorted(self._dockets.keys() - self._unsettled))

    def gaps(self, current: DeliveryPeriod) -> tuple[DeliveryPeriod, ...]:
        """Return where what we have not settled begins: ascending, at most two."""
        begun = [p for p, docket in self._dockets.items() if docket.is_expected]
        return gaps(begun, self._figures, current, is_ours=self._is_ours)

    # -- how it works ------------------------------------------------------------------

    def _convict(self, docket: Docket, party: PartyId, now: Instant) -> None:
        """Keep the proof that a member has signed two readings, and show it around."""
        evidence = (docket.sealed[party], docket.contradicting[party])
        fault = Fault.CONTRADICTION
        self._door.blame(Misdeed(party=party, fault=fault, evidence=evidence), now)
        self._outbox.keep(EntryKind.RECEIVED, docket.contradicting[party], now)
        for data in evidence:
            circle = self._config.committee.circle(docket.period)
            self._outbox.pass_round(data, now, circle)

    def _docket(self, period: DeliveryPeriod) -> Docket:
        docket = self._dockets.get(period)
        if docket is None:
            docket = self._dockets[period] = Docket(period=period)
            if not self.is_settled(period):
                self._unsettled.add(period)
        return docket

    def _drop(self, period: DeliveryPeriod) -> None:
        del self._dockets[period]
        self._unsettled.discard(period)
        self._unbooked.discard(period)

    def _is_ours(self, period: DeliveryPeriod) -> bool:
        """Tell whether this home is a member in a period, and so settles it."""
        charter = self._config.charter_at(period)
        return charter.member(self._config.party) is not None

    def _is_ripe(self, period: DeliveryPeriod, now: Instant) -> bool:
        docket = self._dockets[period]
        if not self._config.committee.settles(period):
            return docket.entrusted.part is not None
        if now >= self._config.timing.readings_due(period):
            return True
        return len(docket.reports) == len(self._config.charter_at(period).members)

    def _settle(self, docket: Docket, outcome: Outcome, now: Instant) -> None:
        settlement = docket.booked = docket.settle(outcome, self._config)
        figures = self._own_part.figures(docket, settlement, earlier=None)
        self._remember(figures, self.totals.plus(figures), now)
        self._outbox.keep(EntryKind.SETTLED, self._body(docket, settlement), now)
        event = PeriodSettled(period=docket.period, settlement=settlement)
        self._outbox.report(event)
        self._attesting.attest(docket, settlement, now)
        self._drop_old()

    def _correct(self, docket: Docket, now: Instant) -> None:
        """Book the difference that a late or corrected reading makes.

        What the journal tells is booked there already, unless its end was lost.
        """
        if docket.settled is None or docket.booked is None:
            return
        after = docket.settle(docket.settled.outcome, self._config)
        if self._outbox.is_muted:
            self._unbooked.add(docket.period)
            return
        delta, docket.booked = correction(docket.booked, after), after
        earlier = self._figures[docket.period]
        figures = self._own_part.figures(docket, after, earlier=earlier)
        self._remember(figures, self.totals.minus(earlier).plus(figures), now)
        self._outbox.keep(EntryKind.CORRECTED, self._body(docket, delta), now)
        self._outbox.report(PeriodCorrected(period=docket.period, difference=delta))
        self._attesting.attest(docket, after, now)

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
        self._unsettled.discard(figures.period)
        if len(self._figures) > FIGURES_KEPT:
            del self._figures[min(self._figures)]
        self.totals = totals
        self._agreements.note_settled(figures.period, dict(figures.moved), now)

    def _drop_old(self) -> None:
        for old in self.correctable[:-CORRECTABLE]:
            self._drop(old)
