"""What must never happen among honest members, looked for after every event."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ...ledger.balances import Balances, balances
from ...ledger.journal import EntryKind, JournalEntry
from ...ledger.settlement import Settlement
from ...model.clearing import ClearingResult
from ...model.community import Ballot, CharterVote, Enactment
from ...model.party import PartyId
from ...model.period import DeliveryPeriod, Instant
from ...model.posting import AccountKind, Transaction, Unit
from ...model.reading import MeterReading
from ...node import (
    CharterChanged,
    Effects,
    PeriodFinal,
    PeriodSettled,
    read_settled,
    read_transactions,
)
from ...node.result_extracts import own_result
from ...wire.envelope import Envelope, peek
from ...wire.messages import (
    BookProposal,
    OrderCommitment,
    OrderReveal,
    ReadingReport,
    ResultVote,
)
from ..invariants import is_balanced
from ..summary import sums_of
from .founding import ZONE

type SeesAll = Callable[[DeliveryPeriod], bool]

type _Word = tuple[object, ...]
"""A question to which a member has one answer in all its lives."""


class Wrong(StrEnum):
    """Every way to be wrong."""

    TWO_RESULTS = "two_results"
    """Two members hold different results of one period for final."""

    TWO_CHARTERS = "two_charters"
    """Two members hold different charters of one number for decided."""

    SIGNED_TWICE = "signed_twice"
    """A member has signed two things that contradict each other."""

    NOT_ON_DISK = "not_on_disk"
    """A member has sent what it signed before it was in its journal."""

    MONEY_LOST = "money_lost"
    """Postings in nano-currency do not sum to zero."""

    ENERGY_LOST = "energy_lost"
    """Postings in Wh do not sum to zero."""

    UNBALANCED_RESULT = "unbalanced_result"
    """Payments are not receipts, network fees and congestion rents together."""

    FORGED_READING = "forged_reading"
    """A member was settled with a reading it has never signed."""

    TWO_LEDGERS = "two_ledgers"
    """When all is said, two members have booked different postings for one period."""

    UNSETTLED = "unsettled"
    """When all is said, a member has not settled a period that others have."""

    STILL_OPEN = "still_open"
    """Two periods after the weather cleared up, a period is not decided."""

    SLEEPLESS = "sleepless"
    """A node that was just woken wants to be woken at once, and so for ever."""

    HONEST_BLAMED = "honest_blamed"
    """A member says of an honest one what no lost letter explains."""

    UNDETECTED = "undetected"
    """Liars made two results final, and nobody has evidence of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """Something that must never happen, and where it did."""

    wrong: Wrong
    party: PartyId
    period: DeliveryPeriod


@dataclass(frozen=True, slots=True, kw_only=True)
class _Booking:
    """What a member has booked for a period, and where in its journal that is."""

    entry: int
    period: DeliveryPeriod
    accounts: Balances


class Watch:
    """Compares what all honest members sign, decide and book."""

    def __init__(self) -> None:
        """Begin with nothing seen."""
        self.breaches: Final[list[Breach]] = []
        self.results: Final[dict[DeliveryPeriod, ClearingResult | None]] = {}
        self.disputed: Final[set[DeliveryPeriod]] = set()
        """Periods of which two results were held for final."""

        self._parts: Final[dict[DeliveryPeriod, dict[PartyId, ClearingResult]]] = {}
        """What members outside a committee hold for final: their own parts."""

        self._charters: Final[dict[int, object]] = {}
        self._words: Final[dict[tuple[PartyId, _Word], object]] = {}
        self._seen: Final[dict[bytes, None]] = {}
        self._readings: Final[dict[DeliveryPeriod, set[MeterReading]]] = {}
        self._bookings: Final[dict[PartyId, list[_Booking]]] = {}

    def inspect(
        self,
        party: PartyId,
        effects: Effects,
        *,
        on_disk: int,
        now: Instant,
        sees_all: SeesAll = lambda _period: True,
    ) -> None:
        """Look at one turn of an honest member; its journal had ``on_disk`` entries.

        ``sees_all`` tells of which periods it knows more than its own part.
        """
        period = DeliveryPeriod.containing(now)
        journaled = {e.body for e in effects.persist if e.kind is EntryKind.SENT}
        for entry in effects.persist:
            if entry.kind is EntryKind.SENT:
                self._hear(party, entry.body, period)
        for outgoing in effects.send:
            if outgoing.data not in self._seen and outgoing.data not in journaled:
                self._check_sent(party, outgoing.data, period)
        self._seen.update(dict.fromkeys(journaled))
        self._follow(party, effects, on_disk, sees_all)

    def forget_after(self, party: PartyId, entries: int) -> None:
        """Know that a member's journal was cut off after so many entries."""
        kept = [b for b in self._bookings.get(party, ()) if b.entry < entries]
        self._bookings[party] = kept

    def settled(self, party: PartyId) -> dict[DeliveryPeriod, Balances]:
        """Return what a member has booked, by period."""
        return {b.period: b.accounts for b in self._bookings.get(party, ())}

    def was_metered(self, period: DeliveryPeriod) -> bool:
        """Tell whether somebody honest has said what its meter counted."""
        return bool(self._readings.get(period))

    def accuse(self, wrong: Wrong, party: PartyId, period: DeliveryPeriod) -> None:
        """Write something down that must never happen."""
        self.breaches.append(Breach(wrong=wrong, party=party, period=period))

    # -- what members sign -------------------------------------------------------------

    def _hear(self, party: PartyId, data: bytes, period: DeliveryPeriod) -> None:
        envelope = peek(data)
        assert isinstance(envelope, Envelope), "a node signs what can be read"
        words = {("sequence", envelope.sequence): data, **_words_of(envelope)}
        for word, answer in words.items():
            if self._words.setdefault((party, word), answer) != answer:
                self.accuse(Wrong.SIGNED_TWICE, party, period)
        if isinstance(envelope.message, ReadingReport):
            reading = envelope.message.reading
            self._readings.setdefault(reading.period, set()).add(reading)

    def _check_sent(self, party: PartyId, data: bytes, period: DeliveryPeriod) -> None:
        envelope = peek(data)
        assert isinstance(envelope, Envelope), "a node passes on what can be read"
        if envelope.author == party:
            self.accuse(Wrong.NOT_ON_DISK, party, period)
        else:
            self._seen[data] = None

    # -- what members decide and book --------------------------------------------------

    def _follow(
        self, party: PartyId, effects: Effects, on_disk: int, sees_all: SeesAll
    ) -> None:
        for index, entry in enumerate(effects.persist, start=on_disk):
            if entry.kind in {EntryKind.SETTLED, EntryKind.CORRECTED}:
                self._book(party, entry, index)
        for event in effects.report:
            match event:
                case PeriodFinal(period=period, result=result):
                    if result is None or sees_all(period):
                        self._take_result(party, period, result)
                    else:
                        self._take_part(party, period, result)
                case PeriodSettled(settlement=settlement):
                    self._check_readings(party, settlement)
                case CharterChanged(number=number, charter=charter):
                    if self._charters.setdefault(number, charter) != charter:
                        period = DeliveryPeriod(0)
                        self.accuse(Wrong.TWO_CHARTERS, party, period)
                case _:
                    pass

    def _take_result(
        self, party: PartyId, period: DeliveryPeriod, result: ClearingResult | None
    ) -> None:
        if self.results.setdefault(period, result) != result:
            self._dispute(party, period)
        if result is not None and not is_balanced(result):
            self.accuse(Wrong.UNBALANCED_RESULT, party, period)
        for other, part in self._parts.get(period, {}).items():
            self._compare(other, period, part)

    def _take_part(
        self, party: PartyId, period: DeliveryPeriod, part: ClearingResult
    ) -> None:
        """Compare with the whole, as soon as somebody has told it."""
        self._parts.setdefault(period, {})[party] = part
        if period in self.results:
            self._compare(party, period, part)

    def _compare(
        self, party: PartyId, period: DeliveryPeriod, part: ClearingResult
    ) -> None:
        """A liar may have shown the whole book to somebody outside the committee."""
        whole = self.results[period]
        if whole is None or part not in (whole, own_result(whole, party, ZONE)):
            self._dispute(party, period)

    def _dispute(self, party: PartyId, period: DeliveryPeriod) -> None:
        self.disputed.add(period)
        self.accuse(Wrong.TWO_RESULTS, party, period)

    def _book(self, party: PartyId, entry: JournalEntry, index: int) -> None:
        """Book what the journal holds, whoever lived to tell of it or not."""
        period = read_settled(entry.body).figures.period
        first = entry.kind is EntryKind.SETTLED
        before = None if first else self.settled(party).get(period)
        shared = filter(_is_shared, read_transactions(entry.body))
        booking = _Booking(
            entry=index, period=period, accounts=balances(shared, before)
        )
        self._bookings.setdefault(party, []).append(booking)
        sums = sums_of(entry.body)
        if sums.nano != 0:
            self.accuse(Wrong.MONEY_LOST, party, period)
        if sums.wh != 0:
            self.accuse(Wrong.ENERGY_LOST, party, period)

    def _check_readings(self, party: PartyId, settlement: Settlement) -> None:
        """Compare what honest members are said to have metered with what they signed.

        What liars say of themselves is their own affair, and is not known here.
        """
        signed = self._readings.get(settlement.period, set())
        honest = {reading.party for reading in signed}
        for one in settlement.parties:
            if one.party not in honest or one.import_wh is None:
                continue
            if one.export_wh is None:
                continue
            reading = MeterReading(
                party=one.party,
                period=settlement.period,
                import_wh=one.import_wh,
                export_wh=one.export_wh,
            )
            if reading not in signed:
                self.accuse(Wrong.FORGED_READING, party, settlement.period)


def _is_shared(transaction: Transaction) -> bool:
    """Tell whether every member books it: a retailer's bill is its customer's alone."""
    return not any(
        posting.account.kind is AccountKind.RETAILER and posting.unit is Unit.NANO
        for posting in transaction.postings
    )


def _words_of(envelope: Envelope) -> dict[_Word, object]:  # noqa: PLR0911  # by kind
    """Return what an envelope says that its author may say in one way only."""
    match message := envelope.message:
        case OrderCommitment(period=period, digest=digest):
            return {("commitment", period.number): digest}
        case OrderReveal(order=order):
            return {("reveal", order.period.number): message}
        case BookProposal(period=period, attempt=attempt):
            return {("book", period.number, attempt): message}
        case ResultVote(period=period, attempt=attempt, stage=stage, digest=digest):
            return {("vote", period.number, attempt, stage): digest}
        case ReadingReport(reading=reading, revision=revision):
            return {("reading", reading.period.number, revision): message}
        case Enactment(number=number, attempt=attempt):
            return {("enactment", number, attempt): message}
        case CharterVote(number=number, attempt=attempt, stage=stage, digest=digest):
            return {("charter vote", number, attempt, stage): digest}
        case Ballot(motion=motion, in_favour=in_favour):
            return {("ballot", motion): in_favour}
        case _:
            return {}
