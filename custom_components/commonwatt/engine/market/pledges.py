"""What parties pledged with their orders, read as contracts, gifts and declarations.

A contract counts where both its parties name it, a gift where its giver does; of two
words on what is left the lower counts.  Nothing else about a party is asked or known.
Rules: docs/reference/market-rules.md, section 9.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..model.contract import (
    Contract,
    ContractId,
    Declaration,
    Gift,
    Pledge,
    Terms,
    receiver_of,
    supplier_of,
)
from ..model.party import PartyId
from ..model.period import DeliveryPeriod
from ..model.tariff import Tariff
from .contracts import Usage

type PledgesOf = Mapping[PartyId, Sequence[Pledge]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """What comes before the auction of a period, and after it."""

    contracts: tuple[Contract, ...] = ()
    gifts: tuple[Gift, ...] = ()
    declarations: tuple[Declaration, ...] = ()
    usage: Usage = field(default_factory=Usage)
    tariffs: Mapping[PartyId, Tariff] = field(default_factory=dict)
    """Retailers' prices, as far as their customers named them for a contract."""


def agenda_of(period: DeliveryPeriod, pledges: PledgesOf) -> Agenda:
    """Return the agenda of a period; what is not in force in it is left out."""
    contracts: list[Contract] = []
    gifts: list[Gift] = []
    declarations: list[Declaration] = []
    used_wh: dict[ContractId, int] = {}
    for terms, sides in _joined(pledges):
        if not terms.covers(period):
            continue
        if isinstance(terms, Contract):
            contracts.append(terms)
        else:
            gifts.append(terms)
        left_wh = min(pledge.left_wh for pledge in sides.values())
        used_wh[terms.id] = max(0, terms.energy_wh_max_day - left_wh)
        declarations += (
            Declaration(contract=terms.id, party=party, energy_wh=pledge.energy_wh)
            for party, pledge in sides.items()
            if pledge.energy_wh
        )
    return Agenda(
        contracts=tuple(contracts),
        gifts=tuple(gifts),
        declarations=tuple(declarations),
        usage=Usage(today_wh=used_wh),
        tariffs=_tariffs(pledges),
    )


def _joined(pledges: PledgesOf) -> list[tuple[Terms, dict[PartyId, Pledge]]]:
    """Return the terms that everybody they need stands by, with those words."""
    found: list[tuple[Terms, dict[PartyId, Pledge]]] = []
    for party in sorted(pledges):
        for pledge in pledges[party]:
            terms = pledge.terms
            if isinstance(terms, str) or supplier_of(terms) != party:
                continue
            sides = {party: pledge}
            receiver = receiver_of(terms)
            answer = _named(pledges.get(receiver, ()), terms.id)
            if answer is not None:
                sides[receiver] = answer
            if isinstance(terms, Gift) or answer is not None:
                found.append((terms, sides))
    return found


def _named(pledges: Sequence[Pledge], contract: ContractId) -> Pledge | None:
    return next((pledge for pledge in pledges if pledge.contract == contract), None)


def _tariffs(pledges: PledgesOf) -> dict[PartyId, Tariff]:
    """Return the prices parties named: the first of each kind that each of them did."""
    tariffs: dict[PartyId, Tariff] = {}
    for party in sorted(pledges):
        supplied = [p for p in pledges[party] if not isinstance(p.terms, str)]
        received = [p for p in pledges[party] if isinstance(p.terms, str)]
        feed_in, bought = _price(supplied), _price(received)
        if feed_in is not None or bought is not None:
            tariffs[party] = Tariff(
                energy_micro_per_kwh=bought or 0, feed_in_micro_per_kwh=feed_in or 0
            )
    return tariffs


def _price(pledges: Sequence[Pledge]) -> int | None:
    prices = (pledge.retailer_micro_per_kwh for pledge in pledges)
    return next((price for price in prices if price is not None), None)
