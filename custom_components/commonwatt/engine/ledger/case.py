"""One delivery period to be settled: its facts, its prices, its energy.

Everything here is derived from what all members know; tariffs ride along for the bills.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ..model.clearing import ClearingResult
from ..model.party import Charter, PartyId
from ..model.period import DeliveryPeriod
from ..model.reading import MeterReading
from ..model.tariff import Tariff
from ..model.zone import FeeTree, ZoneId
from .allocation import Allocation, allocate, less_declared, positions
from .imbalance import PartyPrices
from .reclearing import metered_book, metered_quantities
from .restitution import Charge, charges, deviations
from .rules import Agreement, Reclearing, SettlementRules, ZonePrices
from .terms import Terms, keenest_limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The facts of one period, indexed."""

    period: DeliveryPeriod
    charter: Charter
    result: ClearingResult | None
    readings: Mapping[PartyId, MeterReading]
    tariffs: Mapping[PartyId, Tariff]
    rules: SettlementRules
    reclearing: Reclearing | None
    agreements: Sequence[Agreement]
    held: frozenset[PartyId]
    """Parties without a reading, before the deadline."""

    zone_of: Mapping[PartyId, ZoneId]
    """Every member's zone, ascending by party."""

    @property
    def tree(self) -> FeeTree:
        """The network as the auction found it."""
        reserved = None if self.reclearing is None else self.reclearing.tree
        return reserved or self.charter.fee_tree

    @property
    def kept_agreements(self) -> list[Agreement]:
        """The agreements that can be kept, in their order."""
        return [a for a in self.agreements if self.keepable(a)]

    @property
    def readings_of_auction(self) -> Mapping[PartyId, MeterReading]:
        """The readings less what agreements moved that were declared before it."""
        return less_declared(self.readings, self.kept_agreements)

    def fee_micro_per_kwh(self, seller: PartyId, buyer: PartyId) -> int:
        """Return the network fee from one party to another."""
        return self.charter.fee_tree.network_fee_micro_per_kwh(
            seller=self.zone_of[seller], buyer=self.zone_of[buyer]
        )

    def keepable(self, agreement: Agreement) -> bool:
        """Tell whether an agreement is between members and pays for its way."""
        trade = agreement.trade
        if trade.energy_wh <= 0 or not {trade.seller, trade.buyer} <= set(self.zone_of):
            return False
        fee = self.fee_micro_per_kwh(trade.seller, trade.buyer)
        between = trade.buyer_price_micro_per_kwh - trade.seller_price_micro_per_kwh
        return between >= fee


@dataclass(frozen=True, slots=True, kw_only=True)
class Energy:
    """A party's local energy, and what its meter counted beyond it."""

    bought_wh: int
    sold_wh: int
    retailer_import_wh: int | None
    retailer_export_wh: int | None


def energy_of(case: Case, allocation: Allocation) -> dict[PartyId, Energy]:
    """Return the energy of every member, its retailer's as far as it is known."""
    sold, bought = allocation.sold_wh(), allocation.bought_wh()
    energy: dict[PartyId, Energy] = {}
    for party in case.zone_of:
        reading = case.readings.get(party)
        taken, given = bought.get(party, 0), sold.get(party, 0)
        energy[party] = Energy(
            bought_wh=taken,
            sold_wh=given,
            retailer_import_wh=reading.import_wh - taken if reading else None,
            retailer_export_wh=reading.export_wh - given if reading else None,
        )
    return energy


def prices_of(case: Case) -> PartyPrices:
    """Price every party's zone twice; without a second clearing, alike."""
    if case.result is None:
        return PartyPrices(traded={}, metered={})
    traded = _of_parties(case, case.result.zone_prices)
    if case.reclearing is None:
        return PartyPrices(traded=traded, metered=traded)
    quantity = metered_quantities(
        case.readings_of_auction, positions(case.result), case.held
    )
    book = metered_book(case.reclearing.book, case.charter, quantity)
    if not book.orders:
        return PartyPrices(traded=traded, metered=traded)
    again = case.reclearing.prices(book, case.tree)
    return PartyPrices(traded=traded, metered=_of_parties(case, again))


def _of_parties(case: Case, prices: ZonePrices) -> dict[PartyId, int]:
    """Return the price of every member's zone."""
    return {party: prices[zone] for party, zone in case.zone_of.items()}


def allocation_of(case: Case, prices: PartyPrices) -> Allocation:
    """Allocate the metered energy of the period."""
    return allocate(
        period=case.period,
        result=case.result,
        readings=case.readings,
        held=case.held,
        stand_in=_zone_terms(case, prices),
        sharing=sharing_terms(case, prices),
        rules=case.rules,
        agreements=case.kept_agreements,
    )


def charges_of(case: Case, allocation: Allocation, prices: PartyPrices) -> list[Charge]:
    """Return what the parties owe each other for prices that were not kept."""
    if case.reclearing is None or case.result is None:
        return []
    book, prices_of_book = case.reclearing.book, case.reclearing.prices
    metered = metered_quantities(
        case.readings_of_auction, allocation.position_wh, case.held
    )
    return charges(
        book=book,
        allocation=allocation,
        found=deviations(book, case.result.fills, metered, case.held),
        traded=prices.traded,
        price_book=lambda kept: _of_parties(case, prices_of_book(kept, case.tree)),
        examined_max=case.rules.examined_max,
    )


def sharing_terms(case: Case, prices: PartyPrices) -> Terms:
    """Return the terms of energy shared by the key: a fixed price, or the zones'."""
    zones, fixed = _zone_terms(case, prices), case.rules.sharing_price_micro_per_kwh
    if fixed is None:
        return zones
    return replace(
        zones, price=dict.fromkeys(case.zone_of, fixed), dearer_than_home=True
    )


def _zone_terms(case: Case, prices: PartyPrices) -> Terms:
    """Return the terms of energy at zone prices.

    A zone where the auction traded nothing has no price.  Where there was no auction
    nothing could be declared before gate closure: no spread.
    """
    traded = case.result.prices if case.result is not None else ()
    live = {price.zone for price in traded if price.traded_wh}
    return Terms(
        price={
            party: prices.metered[party]
            for party, zone in case.zone_of.items()
            if zone in live
        },
        spread=case.rules.spread_micro_per_kwh if case.result is not None else 0,
        limits=keenest_limits(case.reclearing.book if case.reclearing else None),
        fee=case.fee_micro_per_kwh,
        dearer_than_home=False,
    )
