"""Contracts and gifts around the auction of one delivery period.

What both sides declared before gate closure is taken out of their orders and off the
capacity of the way; what was not declared is served after the positions, from what the
meters have left.  Neither moves a clearing price otherwise.
Rules: docs/reference/market-rules.md, section 9.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import assert_never

from ..ledger.rules import Agreement, AgreementKind
from ..model.clearing import ClearingResult, Trade
from ..model.contract import (
    Contract,
    ContractId,
    Declaration,
    FeePayer,
    FixedPrice,
    Gift,
    ShareOfSpread,
    ZonePricePlus,
)
from ..model.order import Order, OrderBook, Side, Step
from ..model.party import PartyId
from ..model.period import DeliveryPeriod
from ..model.tariff import Tariff
from ..model.units import PPM, div_round
from ..model.zone import FeeTree, ZoneId
from .gifts import contract_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What contracts and gifts have moved before this period, as settled."""

    today_wh: Mapping[ContractId, int] = field(default_factory=dict)
    total_wh: Mapping[ContractId, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """Energy a contract moves in one period, not yet priced."""

    kind: AgreementKind
    contract: Contract
    energy_wh: int
    declared: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """What is left for the auction, and what is not up for it."""

    book: OrderBook
    tree: FeeTree
    promises: tuple[Promise, ...]
    """In the order in which they are served: declared ones first, then by priority."""


def reserve(
    book: OrderBook,
    tree: FeeTree,
    *,
    contracts: Sequence[Contract] = (),
    gifts: Sequence[Gift] = (),
    declarations: Sequence[Declaration] = (),
    usage: Usage | None = None,
) -> Reservation:
    """Take declared energy out of ``book`` and off the limits of ``tree``.

    A contract moves what both parties declared, a gift what its giver did, and neither
    more than the seller offers, the buyer asks for and the way between them carries.
    Contracts with a party that has no order in the book are left out; a gift needs no
    order of its receiver to be served from what is left.
    """
    usage = usage or Usage()
    zone_of = {placed.order.party: placed.zone for placed in book.orders}
    terms = _in_force(book.period, contracts, gifts, usage)
    room = _Room.of(book, tree)
    declared_wh = {(d.contract, d.party): d.energy_wh for d in declarations}
    declared: list[Promise] = []
    undeclared: list[Promise] = []
    for kind, contract in terms:
        has_orders = {contract.seller, contract.buyer} <= zone_of.keys()
        if not has_orders and kind is AgreementKind.CONTRACT:
            continue
        wanted_wh = declared_wh.get((contract.id, contract.seller), 0)
        if kind is AgreementKind.CONTRACT:
            buyers_wh = declared_wh.get((contract.id, contract.buyer), 0)
            wanted_wh = min(wanted_wh, buyers_wh)
        limit_wh = _limit_wh(contract, usage)
        energy_wh = 0
        if has_orders:
            energy_wh = room.take(contract, min(wanted_wh, limit_wh))
        if energy_wh:
            declared.append(_promise(kind, contract, energy_wh, declared=True))
        if limit_wh > energy_wh:
            rest_wh = limit_wh - energy_wh
            undeclared.append(_promise(kind, contract, rest_wh, declared=False))
    return Reservation(
        book=room.reduced_book(book),
        tree=room.reduced_tree(tree),
        promises=(*declared, *undeclared),
    )


def agreements(
    promises: Iterable[Promise],
    tree: FeeTree,
    *,
    zone_of: Mapping[PartyId, ZoneId],
    result: ClearingResult | None,
    tariffs: Mapping[PartyId, Tariff],
) -> tuple[Agreement, ...]:
    """Price ``promises`` for the settlement, in their order.

    A promise whose price cannot be known (no trade in the zone, no tariff) or whose
    parties are not all known is left out: its energy is shared like any other.
    """
    priced: list[Agreement] = []
    for promise in promises:
        contract = promise.contract
        if not {contract.seller, contract.buyer} <= zone_of.keys():
            continue
        seller, buyer = zone_of[contract.seller], zone_of[contract.buyer]
        price = contract_price(contract, seller, result, tariffs)
        if price is None:
            continue
        fee = tree.network_fee_micro_per_kwh(seller=seller, buyer=buyer)
        seller_pays = contract.fee_payer is FeePayer.SELLER
        trade = Trade(
            seller=contract.seller,
            buyer=contract.buyer,
            energy_wh=promise.energy_wh,
            seller_price_micro_per_kwh=price - fee if seller_pays else price,
            buyer_price_micro_per_kwh=price if seller_pays else price + fee,
        )
        priced.append(
            Agreement(
                kind=promise.kind,
                trade=trade,
                declared=promise.declared,
                contract=contract.id,
            )
        )
    return tuple(priced)


def contract_price(
    contract: Contract,
    seller_zone: ZoneId,
    result: ClearingResult | None,
    tariffs: Mapping[PartyId, Tariff],
) -> int | None:
    """Return the price of ``contract`` without the fee, or None if nobody can know."""
    match contract.price:
        case FixedPrice(price_micro_per_kwh=price):
            return price
        case ZonePricePlus(premium_micro_per_kwh=premium):
            for zone in result.prices if result is not None else ():
                if zone.zone == seller_zone and zone.traded_wh:
                    return zone.price_micro_per_kwh + premium
            return None
        case ShareOfSpread(seller_share_ppm=share):
            seller, buyer = tariffs.get(contract.seller), tariffs.get(contract.buyer)
            if seller is None or buyer is None:
                return None
            low = seller.feed_in_micro_per_kwh
            return low + div_round((buyer.import_micro_per_kwh - low) * share, PPM)
        case _ as never:
            assert_never(never)


def _promise(
    kind: AgreementKind, contract: Contract, energy_wh: int, *, declared: bool
) -> Promise:
    return Promise(kind=kind, contract=contract, energy_wh=energy_wh, declared=declared)


def _in_force(
    period: DeliveryPeriod,
    contracts: Sequence[Contract],
    gifts: Sequence[Gift],
    usage: Usage,
) -> list[tuple[AgreementKind, Contract]]:
    """Return what is valid in ``period``, in the order in which it is served."""
    given = (contract_of(g, given_wh=usage.total_wh.get(g.id, 0)) for g in gifts)
    terms = [
        *((AgreementKind.CONTRACT, contract) for contract in contracts),
        *((AgreementKind.GIFT, gift) for gift in given if gift is not None),
    ]
    valid = [term for term in terms if term[1].covers(period)]
    return sorted(valid, key=lambda term: (term[1].priority, term[1].id))


def _limit_wh(contract: Contract, usage: Usage) -> int:
    left_today_wh = contract.energy_wh_max_day - usage.today_wh.get(contract.id, 0)
    return max(0, min(contract.energy_wh_max, left_today_wh))


@dataclass(frozen=True, slots=True)
class _Room:
    """What orders and edges have left."""

    tree: FeeTree
    zone_of: Mapping[PartyId, ZoneId]
    energy_wh: dict[tuple[PartyId, Side], int]
    taken_wh: dict[tuple[PartyId, Side], int]
    edge_wh: dict[tuple[ZoneId, Side], int]
    """Energy that declared contracts send over an edge: out (SELL) or in (BUY)."""

    @classmethod
    def of(cls, book: OrderBook, tree: FeeTree) -> _Room:
        """Return the room of a book nobody has taken anything from."""
        return cls(
            tree,
            {placed.order.party: placed.zone for placed in book.orders},
            {
                (placed.order.party, side): placed.order.energy_wh(side)
                for placed in book.orders
                for side in Side
            },
            {},
            {},
        )

    def take(self, contract: Contract, wanted_wh: int) -> int:
        """Take what is possible of ``wanted_wh``, and return it."""
        seller, buyer = (contract.seller, Side.SELL), (contract.buyer, Side.BUY)
        way = self._way(self.zone_of[contract.seller], self.zone_of[contract.buyer])
        energy_wh = min(
            wanted_wh,
            self.energy_wh[seller],
            self.energy_wh[buyer],
            *(
                limit - self.edge_wh.get(key, 0)
                for key, limit in way
                if limit is not None
            ),
        )
        for party in (seller, buyer):
            self.energy_wh[party] -= energy_wh
            self.taken_wh[party] = self.taken_wh.get(party, 0) + energy_wh
        for key, _ in way:
            self.edge_wh[key] = self.edge_wh.get(key, 0) + energy_wh
        return energy_wh

    def _way(
        self, seller: ZoneId, buyer: ZoneId
    ) -> list[tuple[tuple[ZoneId, Side], int | None]]:
        up = list(self.tree.path_to_root(seller))
        down = list(self.tree.path_to_root(buyer))
        shared = {zone.id for zone in up} & {zone.id for zone in down}
        return [
            *(((z.id, Side.SELL), z.export_wh_max) for z in up if z.id not in shared),
            *(((z.id, Side.BUY), z.import_wh_max) for z in down if z.id not in shared),
        ]

    def reduced_book(self, book: OrderBook) -> OrderBook:
        """Return the book without what was taken, the keenest steps first."""
        return replace(
            book,
            orders=tuple(
                replace(placed, order=self._reduced_order(placed.order))
                for placed in book.orders
            ),
        )

    def _reduced_order(self, order: Order) -> Order:
        steps: list[Step] = []
        for side in Side:
            taken_wh = self.taken_wh.get((order.party, side), 0)
            own = [step for step in order.steps if step.side is side]
            for step in sorted(own, key=lambda step: side * step.price_micro_per_kwh):
                left_wh = max(0, step.energy_wh - taken_wh)
                taken_wh -= step.energy_wh - left_wh
                if left_wh:
                    steps.append(replace(step, energy_wh=left_wh))
        return Order.of(order.party, order.period, *steps)

    def reduced_tree(self, tree: FeeTree) -> FeeTree:
        """Return the tree with what is left of the limits, each way on its own."""
        return FeeTree(
            tuple(
                replace(
                    zone,
                    export_wh_max=self._left(zone.id, Side.SELL, zone.export_wh_max),
                    import_wh_max=self._left(zone.id, Side.BUY, zone.import_wh_max),
                )
                for zone in tree.zones
            )
        )

    def _left(self, zone: ZoneId, side: Side, limit_wh: int | None) -> int | None:
        return (
            None if limit_wh is None else limit_wh - self.edge_wh.get((zone, side), 0)
        )
