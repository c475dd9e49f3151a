"""What is known about one delivery period on its way to being settled."""

from dataclasses import dataclass, field
from enum import Enum, auto

from ..ledger.settlement import Settlement, settle
from ..model.origin import ExportOrigin
from ..model.party import PartyId
from ..model.period import DeliveryPeriod
from ..model.reading import MeterReading
from ..model.tariff import Tariff
from ..wire.envelope import Envelope
from ..wire.messages import ReadingReport
from .case import Outcome
from .config import NodeConfig
from .origins import OwnSide


class Word(Enum):
    """What a reading report is to what is known already."""

    NEWS = auto()
    NOTHING_NEW = auto()
    CONTRADICTION = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What a period was settled from, and what came of it."""

    outcome: Outcome
    settlement: Settlement


@dataclass(slots=True, kw_only=True)
class Docket:
    """Readings as they come in, and this home's own circumstances."""

    period: DeliveryPeriod
    reports: dict[PartyId, ReadingReport] = field(default_factory=dict)
    sealed: dict[PartyId, bytes] = field(default_factory=dict)
    tariff: Tariff | None = None
    consumption_wh: int | None = None
    own: OwnSide | None = None
    settled: Settled | None = None

    def add(self, envelope: Envelope, report: ReadingReport) -> Word:
        """Take a report; a corrected one takes the place of all before it."""
        party = report.reading.party
        known = self.reports.get(party)
        if known is not None and report.revision <= known.revision:
            same = report == known or report.revision < known.revision
            return Word.NOTHING_NEW if same else Word.CONTRADICTION
        self.reports[party] = report
        self.sealed[party] = envelope.data
        return Word.NEWS

    @property
    def readings(self) -> dict[PartyId, MeterReading]:
        """What the meters counted, as far as it is known."""
        return {party: report.reading for party, report in self.reports.items()}

    @property
    def exports(self) -> dict[PartyId, int]:
        """What went out of each home, in Wh."""
        return {party: one.reading.export_wh for party, one in self.reports.items()}

    @property
    def origins(self) -> dict[PartyId, tuple[ExportOrigin, ...]]:
        """What each home has told about its export."""
        return {party: report.origins for party, report in self.reports.items()}

    def settle(self, outcome: Outcome, config: NodeConfig) -> Settlement:
        """Settle with the readings that are there; the deadline has passed.

        Only our own tariff goes in: the bills of others are not our business.
        """
        known = outcome.cleared
        charter = config.charter_at(self.period)
        settlement = settle(
            period=self.period,
            charter=charter,
            result=outcome.result,
            readings=self.readings,
            tariffs={} if self.tariff is None else {config.party: self.tariff},
            rules=charter.settlement,
            reclearing=None if known is None else known.reclearing,
            agreements=() if known is None else known.agreements(charter),
            deadline_passed=True,
        )
        self.settled = Settled(outcome=outcome, settlement=settlement)
        return settlement
