"""What members can promise and buy on their word: terms that follow from reputations.

A member's word is good for so many Wh in one delivery period.  Contracts take a part of
it as a deposit; what it may buy in the auction is what is left.  Energy that is given
asks for no word, and neither does selling.  Knows no reputations, only the terms.
Rules: docs/reference/market-rules.md, section 11.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from ..ledger.reclearing import cut, keen_first
from ..model.contract import Contract, ContractId
from ..model.order import Order, OrderBook, Side
from ..model.party import PartyId
from ..model.units import PPM, div_floor
from .pledges import Agenda


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On what terms one member deals with the others in a delivery period."""

    credit_wh: int
    """What it may buy, and promise by contract, on its word."""

    deposit_ppm: int
    """The part of a contract's energy that its word has to be good for."""

    may_contract: bool
    tie_weight_permille: int


type TermsOf = Mapping[PartyId, Terms]


def weighted(book: OrderBook, terms: TermsOf) -> OrderBook:
    """Return the book with the weight that each party's wishes have in ties."""
    return replace(
        book,
        orders=tuple(
            replace(placed, tie_weight_permille=known.tie_weight_permille)
            if (known := terms.get(placed.order.party)) is not None
            else placed
            for placed in book.orders
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Secured:
    """What of an agenda the parties' word is good for."""

    agenda: Agenda
    left_wh: Mapping[PartyId, int]
    """What each party may still buy."""


def secured(agenda: Agenda, terms: TermsOf) -> Secured:
    """Leave out contracts that their parties' word does not cover; no gift ever.

    Served by priority, then name, each contract takes its deposit from both sides: of
    the energy that both declared.  One that moves only what is left over promises
    nothing, and takes none.
    """
    left_wh = {party: known.credit_wh for party, known in terms.items()}
    declared_wh = {(d.contract, d.party): d.energy_wh for d in agenda.declarations}
    covered: set[ContractId] = set()
    for contract in sorted(agenda.contracts, key=lambda one: (one.priority, one.id)):
        sides = [side for side in (contract.seller, contract.buyer) if side in terms]
        energy_wh = min(
            declared_wh.get((contract.id, side), 0)
            for side in (contract.seller, contract.buyer)
        )
        deposits_wh = {
            side: -div_floor(-energy_wh * terms[side].deposit_ppm, PPM)
            for side in sides
        }
        if not all(terms[side].may_contract for side in sides):
            continue
        if any(left_wh[side] < deposit for side, deposit in deposits_wh.items()):
            continue
        covered.add(contract.id)
        for side, deposit in deposits_wh.items():
            left_wh[side] -= deposit
    return Secured(
        agenda=replace(agenda, contracts=_named(agenda.contracts, covered)),
        left_wh=left_wh,
    )


def within_credit(book: OrderBook, left_wh: Mapping[PartyId, int]) -> OrderBook:
    """Cut every party's bids to what it may still buy, the dearest first."""
    return replace(
        book,
        orders=tuple(
            replace(placed, order=_cut_bids(placed.order, left_wh[placed.order.party]))
            if placed.order.party in left_wh
            else placed
            for placed in book.orders
        ),
    )


def _cut_bids(order: Order, energy_wh: int) -> Order:
    if order.energy_wh(Side.BUY) <= energy_wh:
        return order
    offers = [step for step in order.steps if step.side is Side.SELL]
    bids = cut(keen_first(order, Side.BUY), energy_wh)
    return Order.of(order.party, order.period, *bids, *offers)


def _named(
    contracts: Iterable[Contract], names: set[ContractId]
) -> tuple[Contract, ...]:
    return tuple(contract for contract in contracts if contract.id in names)
