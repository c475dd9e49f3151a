"""What a delivery period came to, added up from the postings of one journal."""

from collections.abc import Iterable
from dataclasses import dataclass

from ..ledger.journal import EntryKind, JournalEntry
from ..ledger.settlement import Settlement
from ..model.clearing import ClearingResult
from ..model.party import PartyId
from ..model.period import DeliveryPeriod
from ..model.posting import Unit
from ..model.zone import ZoneId
from ..node import Event, Node, PeriodSettled, read_postings
from ..peer import Phase


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodSummary:
    """One settled delivery period, as one home sees it."""

    period: DeliveryPeriod
    phase: Phase
    """FINAL or VOID."""

    trades: int
    energy_traded_wh: int
    clearing_price_micro_per_kwh: int | None
    """In the home's own zone; None where nothing was traded."""

    my_position_wh: int
    """Sold minus bought by the home."""

    my_saved_nano: int | None
    money_sum_nano: int
    """Over all postings of the period: zero, or somebody made a mistake."""

    energy_sum_wh: int
    missing: tuple[PartyId, ...]
    """Members whose reading never came."""


class SummaryBook:
    """Collects what one node reports and journals, period by period."""

    def __init__(self, node: Node, zone: ZoneId) -> None:
        """Watch ``node``, whose home lies in ``zone``."""
        self._node = node
        self._zone = zone
        self._summaries: list[PeriodSummary] = []

    def follow(self, entries: Iterable[JournalEntry], events: Iterable[Event]) -> None:
        """Take what one turn of the node has written and reported."""
        bodies = iter(e.body for e in entries if e.kind is EntryKind.SETTLED)
        for event in events:
            if isinstance(event, PeriodSettled):
                outcome = self._node.outcome(event.period)
                assert outcome is not None, "a round lasts until it is settled"
                sums = sums_of(next(bodies))
                self._summaries.append(
                    self._summary(event.settlement, outcome.result, sums)
                )

    def drain(self) -> tuple[PeriodSummary, ...]:
        """Return the summaries since the last call, in the order of settlement."""
        summaries = tuple(self._summaries)
        self._summaries.clear()
        return summaries

    def _summary(
        self,
        settlement: Settlement,
        result: ClearingResult | None,
        sums: Sums,
    ) -> PeriodSummary:
        mine = settlement.summary(self._node.party)
        trades = () if result is None else result.trades
        with_others = [trade for trade in trades if trade.seller != trade.buyer]
        price = None
        if result is not None and with_others:
            price = result.price_micro_per_kwh(self._zone)
        return PeriodSummary(
            period=settlement.period,
            phase=Phase.VOID if result is None else Phase.FINAL,
            trades=len(with_others),
            energy_traded_wh=sum(trade.energy_wh for trade in with_others),
            clearing_price_micro_per_kwh=price,
            my_position_wh=0
            if result is None
            else result.position_wh(self._node.party),
            my_saved_nano=None if mine is None else mine.saved_nano,
            money_sum_nano=sums.nano,
            energy_sum_wh=sums.wh,
            missing=settlement.missing,
        )


@dataclass(frozen=True, slots=True)
class Sums:
    """All postings of a settlement added up, by unit."""

    wh: int
    nano: int


def sums_of(settled_body: bytes) -> Sums:
    """Add up all postings of a journaled settlement."""
    amounts = dict.fromkeys(Unit, 0)
    for posting in read_postings(settled_body):
        amounts[posting.unit] += posting.amount
    return Sums(wh=amounts[Unit.WH], nano=amounts[Unit.NANO])
