"""What is known about one delivery period on its way to being settled."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum, auto

from ..ledger.merkle import merkle_root
from ..ledger.settlement import Settlement, settle
from ..model.origin import ExportOrigin
from ..model.party import Charter, PartyId
from ..model.period import DeliveryPeriod
from ..model.reading import MeterReading
from ..model.tariff import Tariff
from ..wire.envelope import Envelope
from ..wire.messages import ReadingReport
from .case import Outcome
from .config import NodeConfig
from .entrusted import Entrusted
from .marks import mark_of, marks_of, reading_mark
from .origins import OwnSide
from .settlement_extracts import with_bill


class Word(Enum):
    """What a reading report is to what is known already."""

    NEWS = auto()
    NOTHING_NEW = auto()
    CONTRADICTION = auto()
    """The first proof that its author has signed two readings; it has none, then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What a period was settled from, and what came of it."""

    outcome: Outcome
    settlement: Settlement


@dataclass(slots=True, kw_only=True)
class Docket:
    """Readings as they come in, and this home's own circumstances.

    Which of two readings of one revision came first looks different from every home, so
    neither counts: whoever signs both has none until it corrects them.
    """

    period: DeliveryPeriod
    reports: dict[PartyId, ReadingReport] = field(default_factory=dict)
    sealed: dict[PartyId, bytes] = field(default_factory=dict)
    contradicting: dict[PartyId, bytes] = field(default_factory=dict)
    """A second reading of the same revision, sealed by who has signed two."""

    tariff: Tariff | None = None
    consumption_wh: int | None = None
    own: OwnSide | None = None
    settled: Settled | None = None
    booked: Settlement | None = None
    """What the journal says of it, corrections included."""

    is_expected: bool = False
    """There was a round: something was said about it."""

    records: tuple[bytes, ...] = ()
    """On a committee: the parts of what was settled, to be shown."""

    entrusted: Entrusted = field(default_factory=Entrusted)
    """Outside the committee: what we were shown."""

    _marks: dict[PartyId, bytes] = field(default_factory=dict)
    _mark: bytes | None = None

    @property
    def known(self) -> int:
        """How many readings and corrections are known."""
        told = sum(1 + report.revision for report in self.reports.values())
        return told + len(self.contradicting)

    def said(self, party: PartyId) -> tuple[bytes, ...]:
        """Return what a member has signed about its meter: nothing, one word or two."""
        both = (self.sealed, self.contradicting)
        return tuple(known[party] for known in both if party in known)

    def reading_marks(self, parties: Iterable[PartyId]) -> bytes:
        """Return what we hold of the readings of ``parties``, a mark for each."""
        for party in self.reports.keys() - self._marks.keys():
            self._marks[party] = reading_mark(
                self.reports[party], is_contradicted=party in self.contradicting
            )
        return marks_of(self._marks, parties)

    def mark(self, charter: Charter) -> bytes:
        """Return what we hold of the period, once it is settled.

        Where a committee settles, that is the root it attests; elsewhere all readings.
        """
        if self._mark is None:
            self._mark = mark_of(self._content(charter))
        return self._mark

    @property
    def seed(self) -> bytes:
        """Seed of the book; empty if there was none."""
        known = None if self.settled is None else self.settled.outcome.cleared
        return b"" if known is None else known.book.seed

    def add(self, envelope: Envelope, report: ReadingReport) -> Word:
        """Take a report; a corrected one takes the place of all before it."""
        party = report.reading.party
        self._marks.pop(party, None)
        self._mark = None
        known = self.reports.get(party)
        if known is not None and report.revision <= known.revision:
            same = report == known or report.revision < known.revision
            if same or party in self.contradicting:
                return Word.NOTHING_NEW
            self.contradicting[party] = envelope.data
            return Word.CONTRADICTION
        self.reports[party] = report
        self.sealed[party] = envelope.data
        self.contradicting.pop(party, None)
        return Word.NEWS

    @property
    def words(self) -> tuple[bytes, ...]:
        """Every sealed reading that is known, by its author."""
        return tuple(data for party in sorted(self.sealed) for data in self.said(party))

    @property
    def counted(self) -> dict[PartyId, ReadingReport]:
        """The reports of those who have signed one, and no other of that revision."""
        return {
            party: report
            for party, report in self.reports.items()
            if party not in self.contradicting
        }

    @property
    def salts(self) -> dict[PartyId, bytes]:
        """What came with the readings that count: only those who settle know it."""
        return {party: report.salt for party, report in self.counted.items()}

    def lacks(self, party: PartyId) -> bool:
        """Tell whether we were shown a part without the reading this party has said."""
        part, report = self.entrusted.part, self.reports.get(party)
        if part is None or report is None or party in self.contradicting:
            return False
        (shown,), said = part.parties, report.reading
        return (shown.import_wh, shown.export_wh) != (said.import_wh, said.export_wh)

    @property
    def readings(self) -> dict[PartyId, MeterReading]:
        """What the meters counted, as far as it is known."""
        return {party: report.reading for party, report in self.counted.items()}

    @property
    def exports(self) -> dict[PartyId, int]:
        """What went out of each home, in Wh."""
        return {party: one.reading.export_wh for party, one in self.counted.items()}

    @property
    def origins(self) -> dict[PartyId, tuple[ExportOrigin, ...]]:
        """What each home has told about its export."""
        return {party: report.origins for party, report in self.counted.items()}

    def settle(self, outcome: Outcome, config: NodeConfig) -> Settlement:
        """Settle with the readings that are there; the deadline has passed.

        Only our own tariff goes in: the bills of others are not our business.
        """
        charter = config.charter_at(self.period)
        if config.committee.settles(self.period):
            settlement = self._whole(outcome, config, charter)
        else:
            assert self.entrusted.part is not None, "shown before it is settled"
            settlement = with_bill(self.entrusted.part, self.tariff, charter.settlement)
        self.settled = Settled(outcome=outcome, settlement=settlement)
        self._mark = None
        return settlement

    def _content(self, charter: Charter) -> bytes:
        if self.entrusted.root is not None:
            return self.entrusted.root
        if self.records:
            return merkle_root(self.records)
        return self.reading_marks(sorted(member.party for member in charter.members))

    def _whole(
        self, outcome: Outcome, config: NodeConfig, charter: Charter
    ) -> Settlement:
        known = outcome.cleared
        return settle(
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
