"""A proposed book, cleared: contracts and gifts set aside, auction, partners joined.

All of it follows from the book and the rules of the community, so every member comes to
the same; the digest that members vote for binds it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from ..ledger.capability import capped_book
from ..ledger.merkle import merkle_root
from ..ledger.rules import Agreement, Reclearing, SettlementRules
from ..market import (
    Preference,
    Promise,
    Reservation,
    agenda_of,
    agreements,
    assign,
    clear,
    reserve,
    secured,
    weighted,
    within_credit,
    zone_prices,
)
from ..model.clearing import ClearingResult, Trade
from ..model.order import OrderBook
from ..model.origin import EnergySource
from ..model.party import Charter, Mechanism, PartyId, PrivacyMode
from ..model.tariff import Tariff
from ..model.zone import FeeTree
from ..peer import Book
from ..wire.digests import clearing_digest
from .config import NodeConfig
from .result_extracts import ResultPart, result_records
from .terms import terms_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared:
    """What a book comes to."""

    result: ClearingResult
    """Of the auction; its trades say who supplies whom."""

    book: OrderBook
    """The orders the auction ran on."""

    tree: FeeTree
    """The network, less the way of declared contracts and gifts."""

    promises: tuple[Promise, ...]
    tariffs: Mapping[PartyId, Tariff]
    """Retailers' prices, as far as contracts rest on them."""

    digest: bytes
    """What members vote for."""

    records: tuple[bytes, ...] = ()
    """In a private community: what the digest is the root of."""

    source: Book | None = None
    """The proposed book; None where only a part of the result was shown."""

    @property
    def reclearing(self) -> Reclearing:
        """How imbalances of the auction are priced."""
        return Reclearing(book=self.book, prices=zone_prices, tree=self.tree)

    def agreements(self, charter: Charter) -> tuple[Agreement, ...]:
        """Return contracts and gifts as the settlement wants them."""
        return agreements(
            self.promises,
            charter.fee_tree,
            zone_of={member.party: member.zone for member in charter.members},
            result=self.result,
            tariffs=self.tariffs,
        )


def cleared(book: Book, config: NodeConfig) -> Cleared:
    """Clear ``book`` by the market rules, sections 2 to 6, 9 and 10."""
    charter = config.charter_at(book.period)
    agenda = agenda_of(
        book.period, {reveal.order.party: reveal.pledges for reveal in book.reveals}
    )
    terms = terms_of(charter)
    word = secured(agenda, terms)
    reserved = reserve(
        weighted(
            capped_book(_auctioned(book, charter), charter.settlement.capabilities),
            terms,
        ),
        charter.fee_tree,
        contracts=word.agenda.contracts,
        gifts=agenda.gifts,
        declarations=word.agenda.declarations,
        usage=agenda.usage,
    )
    reserved = replace(reserved, book=within_credit(reserved.book, word.left_wh))
    wishes = [r.preference for r in book.reveals if r.preference is not None]
    result = _joined(reserved, wishes, sources_of(charter.settlement))
    promised = [(p.contract.id, p.energy_wh, p.declared) for p in reserved.promises]
    digest = clearing_digest(result, seed=book.seed, promised=promised)
    records: tuple[bytes, ...] = ()
    if charter.privacy is PrivacyMode.COMMITTEE:
        records = result_records(
            result,
            charter=charter,
            seed=book.seed,
            digests=book.digests,
            whole=digest,
        )
    return Cleared(
        result=result,
        book=reserved.book,
        tree=reserved.tree,
        promises=reserved.promises,
        tariffs=agenda.tariffs,
        digest=merkle_root(records) if records else digest,
        records=records,
        source=book,
    )


def shown(part: ResultPart, digest: bytes, charter: Charter) -> Cleared:
    """Return what a member knows of a result that it was shown its part of."""
    period = part.result.period
    return Cleared(
        result=part.result,
        book=OrderBook(period=period, seed=b"", orders=()),
        tree=charter.fee_tree,
        promises=(),
        tariffs={},
        digest=digest,
    )


def _auctioned(book: Book, charter: Charter) -> OrderBook:
    """Return the orders to clear: none where all goes by the sharing key."""
    placed = book.order_book(charter)
    if charter.mechanism is not Mechanism.SHARING:
        return placed
    unpriced = (
        replace(one, order=replace(one.order, steps=())) for one in placed.orders
    )
    return replace(placed, orders=tuple(unpriced))


def sources_of(rules: SettlementRules) -> dict[PartyId, EnergySource]:
    """Return what members produce from who registered plants of one source only."""
    known: dict[PartyId, set[EnergySource]] = {}
    for plant in rules.plants:
        known.setdefault(plant.owner, set()).add(plant.source)
    return {
        owner: source
        for owner, sources in known.items()
        for source in sources
        if len(sources) == 1
    }


def _joined(
    reserved: Reservation,
    wishes: list[Preference],
    sources: Mapping[PartyId, EnergySource],
) -> ClearingResult:
    """Run the auction, and say who supplies whom as parties would have it."""
    result = clear(reserved.book, reserved.tree)
    agreed = {(p.contract.seller, p.contract.buyer) for p in reserved.promises}
    if not wishes and not agreed:
        return result
    supplies = assign(
        reserved.book,
        reserved.tree,
        result,
        agreed=sorted(agreed),
        preferences=wishes,
        sources=sources,
    )
    return replace(result, trades=_merged(supply.trade for supply in supplies))


def _merged(trades: Iterable[Trade]) -> tuple[Trade, ...]:
    """Return one trade for each pair, ascending by seller, then buyer."""
    merged: dict[tuple[PartyId, PartyId], Trade] = {}
    for trade in trades:
        pair = (trade.seller, trade.buyer)
        known = merged.get(pair)
        energy_wh = trade.energy_wh + (0 if known is None else known.energy_wh)
        merged[pair] = replace(trade, energy_wh=energy_wh)
    return tuple(merged[pair] for pair in sorted(merged))
