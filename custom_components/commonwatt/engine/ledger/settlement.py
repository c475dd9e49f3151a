"""Settlement of one delivery period: from metered energy to transactions.

Readings, the cleared result and the charter go in; double entry comes out, in whole Wh
and nano-currency, the same at every member.  Only the bills of the retailer need a
tariff; they are kept apart, for the parties whose tariff is known.

Rules: docs/reference/settlement-rules.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ..model.clearing import ClearingResult
from ..model.party import BillingBasis, Charter, PartyId
from ..model.period import DeliveryPeriod
from ..model.posting import Transaction
from ..model.reading import MeterReading
from ..model.tariff import Tariff
from .allocation import Allocation, Delivery, Fulfilled
from .billing import alone_nano, book_bills
from .booking import Booking
from .bookings import book_community, written
from .case import Case, allocation_of, energy_of, prices_of
from .rules import Agreement, Reclearing, SettlementRules


class ReadingState(StrEnum):
    """What is known of a party's meter."""

    METERED = "metered"
    MISSING = "missing"
    """Not there yet: what concerns the party waits in suspense."""

    OVERDUE = "overdue"
    """Not there when the deadline passed: nothing counts as delivered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartySummary:
    """One member's period at a glance; None is unknown, never zero."""

    party: PartyId
    reading: ReadingState
    basis: BillingBasis
    """What ``cost_nano`` and ``saved_nano`` rest on.  With ``insight`` no bill changes:
    amounts are community credits, valued as if local energy replaced the retailer's."""

    position_wh: int
    """Sold minus bought in the auction."""

    failed_wh: int
    """Part of the position the meter does not confirm."""

    bought_wh: int
    sold_wh: int
    """Local energy, metered; while the reading is missing, as traded."""

    import_wh: int | None
    export_wh: int | None
    retailer_import_wh: int | None
    retailer_export_wh: int | None
    earned_nano: int
    """From the community; negative: paid to it."""

    retailer_nano: int | None
    """Paid to the retailer less what it paid; None without reading or tariff."""

    cost_nano: int | None
    """Paid in all, less what was earned."""

    saved_nano: int | None
    """Against trading with the retailer alone, same meter, same tariff."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """The outcome of one period."""

    period: DeliveryPeriod
    community: tuple[Transaction, ...]
    """Equal at every member: they follow from signed facts alone."""

    bills: tuple[Transaction, ...]
    """Money between parties and their retailers, where the tariff is known."""

    parties: tuple[PartySummary, ...]
    """Ascending by party."""

    deliveries: tuple[Delivery, ...]
    """Who supplied whom; adds up to the local energy of the period."""

    fulfilled: tuple[Fulfilled, ...] = ()
    """Contracts and gifts, as far as the meters confirm them."""

    @property
    def transactions(self) -> tuple[Transaction, ...]:
        """All double entry of the period."""
        return (*self.community, *self.bills)

    @property
    def energy_wh(self) -> int:
        """Local energy of the period."""
        return sum(delivery.energy_wh for delivery in self.deliveries)

    @property
    def missing(self) -> tuple[PartyId, ...]:
        """Parties whose reading is not there."""
        return tuple(
            s.party for s in self.parties if s.reading is not ReadingState.METERED
        )

    def summary(self, party: PartyId) -> PartySummary | None:
        """Return the period of one member, None for a stranger."""
        return next((s for s in self.parties if s.party == party), None)


def settle(  # noqa: PLR0913  # the inputs the rules name, each by its name
    *,
    period: DeliveryPeriod,
    charter: Charter,
    result: ClearingResult | None,
    readings: Mapping[PartyId, MeterReading],
    tariffs: Mapping[PartyId, Tariff],
    rules: SettlementRules | None = None,
    reclearing: Reclearing | None = None,
    agreements: Sequence[Agreement] = (),
    deadline_passed: bool = False,
) -> Settlement:
    """Settle one delivery period.

    ``result`` is None when no auction took place or the period was void.  Readings of
    strangers and of other periods are the caller's mistake.  A member without a
    reading is flagged: until the deadline its share waits in suspense, afterwards
    nothing counts as delivered.  Without ``reclearing`` imbalances are paid at the
    auction's own prices and nobody's influence on the price is examined.
    """
    zone_of = {
        member.party: member.zone
        for member in sorted(charter.members, key=lambda member: member.party)
    }
    assert readings.keys() <= zone_of.keys(), "a stranger's reading is not settled"
    assert all(r.period == period for r in readings.values()), "another period"
    absent = frozenset(zone_of.keys() - readings.keys())
    case = Case(
        period=period,
        charter=charter,
        result=result,
        readings={party: readings[party] for party in sorted(readings)},
        tariffs=tariffs,
        rules=rules or SettlementRules(),
        reclearing=reclearing if result is not None else None,
        agreements=agreements,
        held=frozenset() if deadline_passed else absent,
        zone_of=zone_of,
    )
    prices = prices_of(case)
    allocation = allocation_of(case, prices)
    bookings = book_community(case, allocation, prices)
    bills = book_bills(case, allocation)
    return Settlement(
        period=period,
        community=written(bookings),
        bills=written([*bills.values()]),
        parties=_summaries(case, allocation, bookings, bills),
        deliveries=allocation.deliveries,
        fulfilled=allocation.fulfilled,
    )


def correction(before: Settlement, after: Settlement) -> Settlement:
    """Return ``after`` with transactions that turn ``before`` into it.

    For late and corrected readings: what was posted stays posted, the signed difference
    is added, and adding up both gives the accounts of ``after`` alone.  Both are whole
    settlements; a second correction starts from the whole settlement of the first.
    """
    assert before.period == after.period, "a correction is for the same period"
    return Settlement(
        period=after.period,
        community=_difference(before.community, after.community),
        bills=_difference(before.bills, after.bills),
        parties=after.parties,
        deliveries=after.deliveries,
        fulfilled=after.fulfilled,
    )


def _difference(
    before: tuple[Transaction, ...], after: tuple[Transaction, ...]
) -> tuple[Transaction, ...]:
    booking = Booking("correction", frozenset())
    for sign, transactions in ((-1, before), (1, after)):
        for posting in (p for t in transactions for p in t.postings):
            booking.add(sign * posting.amount, posting.unit, account=posting.account)
    return written([booking])


def _summaries(
    case: Case,
    allocation: Allocation,
    bookings: Sequence[Booking],
    bills: Mapping[PartyId, Booking],
) -> tuple[PartySummary, ...]:
    summaries: list[PartySummary] = []
    for party, energy in energy_of(case, allocation).items():
        reading = case.readings.get(party)
        position = allocation.position_wh.get(party, 0)
        account = bookings[0].party(party)
        earned = sum(booking.earned_nano(account) for booking in bookings)
        owed = -bills[party].earned_nano(account) if party in bills else None
        alone = alone_nano(case, party) if party in bills else None
        summaries.append(
            PartySummary(
                party=party,
                reading=_reading_state(case, party),
                basis=case.charter.billing_basis,
                position_wh=position,
                failed_wh=abs(position - allocation.honoured_wh.get(party, 0)),
                bought_wh=energy.bought_wh,
                sold_wh=energy.sold_wh,
                import_wh=reading.import_wh if reading else None,
                export_wh=reading.export_wh if reading else None,
                retailer_import_wh=energy.retailer_import_wh,
                retailer_export_wh=energy.retailer_export_wh,
                earned_nano=earned,
                retailer_nano=owed,
                cost_nano=None if owed is None else owed - earned,
                saved_nano=(
                    None if alone is None or owed is None else alone - owed + earned
                ),
            )
        )
    return tuple(summaries)


def _reading_state(case: Case, party: PartyId) -> ReadingState:
    if party in case.readings:
        return ReadingState.METERED
    return ReadingState.MISSING if party in case.held else ReadingState.OVERDUE
