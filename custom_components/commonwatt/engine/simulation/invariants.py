"""What must never happen in a neighbourhood, looked for after every event.

Every node is watched; what they report and journal is compared with what the others do.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ..ledger.balances import Balances, balances
from ..ledger.journal import EntryKind
from ..ledger.settlement import Settlement
from ..model.clearing import ClearingResult
from ..model.party import PartyId
from ..model.period import DeliveryPeriod
from ..node import Effects, PeriodCorrected, PeriodFinal, PeriodSettled
from .summary import sums_of

type _Missing = tuple[PartyId, ...]

PERIODS_KEPT: Final = 200
"""Longer than any node may keep a period open."""


class Wrong(StrEnum):
    """Every way to be wrong."""

    TWO_RESULTS = "two_results"
    """Two members hold different results of one period for final."""

    TWO_LEDGERS = "two_ledgers"
    """Two members have booked different postings for one period."""

    MONEY_LOST = "money_lost"
    """Postings in nano-currency do not sum to zero."""

    ENERGY_LOST = "energy_lost"
    """Postings in Wh do not sum to zero."""

    UNBALANCED_RESULT = "unbalanced_result"
    """Payments are not receipts, network fees and congestion rents together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """Something that must never happen, and where it did."""

    wrong: Wrong
    party: PartyId
    period: DeliveryPeriod


class Inspector:
    """Compares what all nodes of a neighbourhood say."""

    def __init__(self) -> None:
        """Begin with nothing seen."""
        self.violations: Final[list[Violation]] = []
        self._results: Final[dict[DeliveryPeriod, ClearingResult | None]] = {}
        self._ledgers: Final[dict[DeliveryPeriod, dict[_Missing, Balances]]] = {}
        self._booked: Final[dict[DeliveryPeriod, dict[PartyId, Balances]]] = {}

    def inspect(self, party: PartyId, effects: Effects) -> None:
        """Look at what one node wants from the world."""
        bodies = iter(
            entry.body
            for entry in effects.persist
            if entry.kind in {EntryKind.SETTLED, EntryKind.CORRECTED}
        )
        for event in effects.report:
            match event:
                case PeriodFinal(period=period, result=result):
                    wrongs = self._wrongs_of_result(period, result)
                case (
                    PeriodSettled(period=period, settlement=settlement)
                    | PeriodCorrected(period=period, difference=settlement)
                ):
                    wrongs = self._wrongs_of_ledger(party, settlement, next(bodies))
                case _:
                    continue
            self.violations.extend(
                Violation(wrong=wrong, party=party, period=period) for wrong in wrongs
            )

    def _wrongs_of_result(
        self, period: DeliveryPeriod, result: ClearingResult | None
    ) -> Iterator[Wrong]:
        _forget_oldest(self._results)
        if self._results.setdefault(period, result) != result:
            yield Wrong.TWO_RESULTS
        if result is not None and not is_balanced(result):
            yield Wrong.UNBALANCED_RESULT

    def _wrongs_of_ledger(
        self, party: PartyId, settlement: Settlement, body: bytes
    ) -> Iterator[Wrong]:
        """Compare accounts of members that know of the same readings."""
        period = settlement.period
        _forget_oldest(self._ledgers)
        _forget_oldest(self._booked)
        booked = self._booked.setdefault(period, {})
        booked[party] = balances(settlement.community, booked.get(party))
        ledgers = self._ledgers.setdefault(period, {})
        if ledgers.setdefault(settlement.missing, booked[party]) != booked[party]:
            yield Wrong.TWO_LEDGERS
        sums = sums_of(body)
        if sums.nano != 0:
            yield Wrong.MONEY_LOST
        if sums.wh != 0:
            yield Wrong.ENERGY_LOST


def _forget_oldest[Value](known: dict[DeliveryPeriod, Value]) -> None:
    if len(known) > PERIODS_KEPT:
        del known[min(known)]


def is_balanced(result: ClearingResult) -> bool:
    """Tell whether payments are receipts, network fees and rents, exactly."""
    paid = sum(trade.paid_nano for trade in result.trades)
    received = sum(trade.received_nano for trade in result.trades)
    return paid == received + sum(
        flow.fee_nano + flow.rent_nano for flow in result.flows
    )
