"""Who was allocated which metered energy in one delivery period.

Order: agreements declared before gate closure, positions of the auction, agreements
that were not declared, and what is left by the community's sharing key.  Nobody is
allocated more than its meter counted; energy without a counterpart is the retailer's.
Knows no money.  Rules: docs/reference/settlement-rules.md, section 3.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby
from typing import Self

from ..model.clearing import ClearingResult, Fill
from ..model.order import Side
from ..model.party import PartyId
from ..model.period import DeliveryPeriod
from ..model.reading import MeterReading
from .rules import Agreement, SettlementRules
from .sharing import Matrix, Wh, share, split
from .terms import Terms


class DeliveryKind(StrEnum):
    """Why energy went from one party to another."""

    CONTRACT = "contract"
    GIFT = "gift"
    POSITION = "position"
    """Bought and sold in the auction, or put in the place of what was."""

    SHARED = "shared"
    """By the sharing key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Metered energy of one party that counts as taken by another."""

    seller: PartyId
    buyer: PartyId
    energy_wh: int
    kind: DeliveryKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Fulfilled:
    """An agreement as far as both meters confirm it."""

    agreement: Agreement
    energy_wh: int

    @property
    def delivery(self) -> Delivery:
        """The energy that went from one party to the other."""
        return Delivery(
            seller=self.agreement.trade.seller,
            buyer=self.agreement.trade.buyer,
            energy_wh=self.energy_wh,
            kind=DeliveryKind(self.agreement.kind.value),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """The energy side of a settlement."""

    position_wh: Mapping[PartyId, int]
    """What each party sold minus what it bought in the auction, itself left out."""

    honoured_wh: Mapping[PartyId, int]
    """The part of the position the party's own meter confirms, with its sign."""

    balanced_wh: Mapping[PartyId, int]
    """Sold minus bought as positions and what covers their gaps; adds up to zero."""

    stood_in_wh: Mapping[PartyId, int]
    """Energy nobody traded that took the place of failed positions."""

    broken_wh: Mapping[PartyId, int]
    """What each party's meter lacks of the agreements it declared."""

    fulfilled: tuple[Fulfilled, ...]
    shared: tuple[Delivery, ...]
    deliveries: tuple[Delivery, ...]
    """All of it, ascending by kind's turn, seller, buyer."""

    held: frozenset[PartyId]
    """Parties whose reading is missing and whose position waits for it."""

    def undeclared_wh(self) -> Wh:
        """Return the energy of each party that was not as declared before closure."""
        energy_wh: Wh = dict(self.stood_in_wh)
        for party, position in self.position_wh.items():
            failed = abs(position - self.honoured_wh[party])
            if failed:
                energy_wh[party] = energy_wh.get(party, 0) + failed
        return energy_wh

    def sold_wh(self) -> Wh:
        """Return what each party supplied to others and, by the key, to itself."""
        sold: Wh = {}
        for delivery in self.deliveries:
            sold[delivery.seller] = sold.get(delivery.seller, 0) + delivery.energy_wh
        return sold

    def bought_wh(self) -> Wh:
        """Return what each party was supplied with by the community."""
        bought: Wh = {}
        for delivery in self.deliveries:
            bought[delivery.buyer] = bought.get(delivery.buyer, 0) + delivery.energy_wh
        return bought


@dataclass(slots=True)
class _Meters:
    """Metered energy nobody has been allocated yet."""

    export_wh: Wh
    import_wh: Wh

    @classmethod
    def of(cls, readings: Mapping[PartyId, MeterReading]) -> Self:
        return cls(
            export_wh={p: reading.export_wh for p, reading in readings.items()},
            import_wh={p: reading.import_wh for p, reading in readings.items()},
        )

    def take(self, seller: PartyId, buyer: PartyId, wanted_wh: int) -> int:
        energy_wh = min(
            wanted_wh, self.export_wh.get(seller, 0), self.import_wh.get(buyer, 0)
        )
        if energy_wh:
            self.export_wh[seller] -= energy_wh
            self.import_wh[buyer] -= energy_wh
        return energy_wh


def allocate(
    *,
    period: DeliveryPeriod,
    result: ClearingResult | None,
    readings: Mapping[PartyId, MeterReading],
    held: frozenset[PartyId],
    stand_in: Terms,
    sharing: Terms,
    rules: SettlementRules,
    agreements: Sequence[Agreement] = (),
) -> Allocation:
    """Allocate the energy of one period.

    ``held`` parties have no reading and wait for it: their positions stand meanwhile.
    ``stand_in`` are the terms of energy that takes the place of failed positions,
    ``sharing`` those of energy shared by the key.
    """
    meters = _Meters.of(readings)
    declared = [agreement for agreement in agreements if agreement.declared]
    first = _fulfil(meters, declared)
    position = positions(result)
    honoured = _honour(meters, position, held)
    stood_in = _stand_in(period, meters, sum(honoured.values()), stand_in)
    fills = result.fills if result is not None else ()
    balanced = _balance(period, meters, honoured, stood_in, fills)
    trades = _pair(balanced, result)
    second = _fulfil(meters, [a for a in agreements if not a.declared])
    matrix = sharing.agreeable(
        share(
            rules.sharing_key,
            period=period,
            surplus=sharing.sellers(meters.export_wh),
            demand=sharing.buyers(meters.import_wh),
        )
    )
    return Allocation(
        position_wh=position,
        honoured_wh=honoured,
        balanced_wh=balanced,
        stood_in_wh={party: abs(wh) for party, wh in stood_in.items()},
        broken_wh=_broken(readings, declared, held),
        fulfilled=(*first, *second),
        shared=_deliveries(DeliveryKind.SHARED, matrix),
        deliveries=(
            *(f.delivery for f in first),
            *_deliveries(DeliveryKind.POSITION, trades),
            *(f.delivery for f in second),
            *_deliveries(DeliveryKind.SHARED, matrix),
        ),
        held=held,
    )


def less_declared(
    readings: Mapping[PartyId, MeterReading], agreements: Sequence[Agreement]
) -> dict[PartyId, MeterReading]:
    """Return what declared agreements leave on the meters: the auction's part."""
    left = dict(readings)
    declared = [agreement for agreement in agreements if agreement.declared]
    meters = _Meters.of(readings)
    for fulfilled in _fulfil(meters, declared):
        for party in (fulfilled.delivery.seller, fulfilled.delivery.buyer):
            left[party] = replace(
                left[party],
                import_wh=meters.import_wh[party],
                export_wh=meters.export_wh[party],
            )
    return left


def positions(result: ClearingResult | None) -> Wh:
    """Return what each party sold minus what it bought; nobody trades with itself."""
    position: Wh = {}
    for fill in result.fills if result is not None else ():
        position[fill.party] = position.get(fill.party, 0) + fill.side * fill.energy_wh
    return {party: position[party] for party in sorted(position)}


def _fulfil(meters: _Meters, agreements: Iterable[Agreement]) -> list[Fulfilled]:
    """Serve agreements in their order, as far as both meters go."""
    done: list[Fulfilled] = []
    for agreement in agreements:
        trade = agreement.trade
        energy_wh = meters.take(trade.seller, trade.buyer, trade.energy_wh)
        if energy_wh:
            done.append(Fulfilled(agreement=agreement, energy_wh=energy_wh))
    return done


def _broken(
    readings: Mapping[PartyId, MeterReading],
    declared: Iterable[Agreement],
    held: frozenset[PartyId],
) -> Wh:
    """Return what each party's meter lacks of all that it declared."""
    promised: dict[tuple[PartyId, Side], int] = {}
    for agreement in declared:
        trade = agreement.trade
        for key in ((trade.seller, Side.SELL), (trade.buyer, Side.BUY)):
            promised[key] = promised.get(key, 0) + trade.energy_wh
    broken: Wh = {}
    for (party, side), energy_wh in sorted(promised.items()):
        reading = readings.get(party)
        metered_wh = 0
        if reading is not None:
            selling = side is Side.SELL
            metered_wh = reading.export_wh if selling else reading.import_wh
        if party not in held and energy_wh > metered_wh:
            broken[party] = broken.get(party, 0) + energy_wh - metered_wh
    return broken


def _deliveries(kind: DeliveryKind, matrix: Matrix) -> tuple[Delivery, ...]:
    return tuple(
        Delivery(seller=seller, buyer=buyer, energy_wh=matrix[seller, buyer], kind=kind)
        for seller, buyer in sorted(matrix)
    )


def _honour(meters: _Meters, position: Wh, held: frozenset[PartyId]) -> Wh:
    """Cut each position to what the meter counted in its direction."""
    honoured: Wh = {}
    for party, wanted in position.items():
        left = meters.export_wh if wanted > 0 else meters.import_wh
        energy_wh = abs(wanted)
        if party not in held:
            energy_wh = min(energy_wh, left.get(party, 0))
            left[party] = left.get(party, 0) - energy_wh
        honoured[party] = energy_wh if wanted > 0 else -energy_wh
    return honoured


def _stand_in(period: DeliveryPeriod, meters: _Meters, gap_wh: int, terms: Terms) -> Wh:
    """Fill the gap that failed positions leave with energy nobody traded, pro rata."""
    left, suited, sign = meters.export_wh, terms.sellers(meters.export_wh), 1
    if gap_wh > 0:
        left, suited, sign = meters.import_wh, terms.buyers(meters.import_wh), -1
    covered = min(abs(gap_wh), sum(suited.values()))
    parts = split(period, covered, suited)
    for party, energy_wh in parts.items():
        left[party] -= energy_wh
    return {party: sign * energy_wh for party, energy_wh in parts.items() if energy_wh}


def _balance(
    period: DeliveryPeriod,
    meters: _Meters,
    honoured: Wh,
    stood_in: Wh,
    fills: Sequence[Fill],
) -> Wh:
    """Add up what was honoured and what stood in; too much on one side is given up."""
    balanced = dict(honoured)
    for party, energy_wh in stood_in.items():
        balanced[party] = balanced.get(party, 0) + energy_wh
    excess = sum(balanced.values())
    longer = Side.SELL if excess > 0 else Side.BUY
    back = meters.export_wh if excess > 0 else meters.import_wh
    for party, energy_wh in _last_in_line(
        period, abs(excess), longer, honoured, fills
    ).items():
        balanced[party] -= longer * energy_wh
        if party in back:
            back[party] += energy_wh
    return {party: balanced[party] for party in sorted(balanced) if balanced[party]}


def _last_in_line(
    period: DeliveryPeriod,
    energy_wh: int,
    side: Side,
    honoured: Wh,
    fills: Sequence[Fill],
) -> Wh:
    """Return who gives up ``energy_wh``: the least keen first, equals in proportion."""
    given_up: Wh = {}
    left = {party: side * wh for party, wh in honoured.items() if side * wh > 0}
    on_side = [f for f in fills if f.side is side and f.party in left]
    keen_last = sorted(on_side, key=lambda f: -side * f.limit_micro_per_kwh)
    for _, group in groupby(keen_last, key=lambda f: f.limit_micro_per_kwh):
        weights: Wh = {}
        for fill in group:
            weights[fill.party] = min(fill.energy_wh, left[fill.party])
        part = min(energy_wh, sum(weights.values()))
        for party, wh in split(period, part, weights).items():
            left[party] -= wh
            given_up[party] = given_up.get(party, 0) + wh
        energy_wh -= part
    assert energy_wh == 0, "the honoured energy of a side covers its own gap"
    return given_up


def _pair(balanced: Wh, result: ClearingResult | None) -> Matrix:
    """Say who supplied whom: as traded as far as it goes, the rest in party order."""
    give = {party: wh for party, wh in balanced.items() if wh > 0}
    take = {party: -wh for party, wh in balanced.items() if wh < 0}
    matrix: Matrix = {}
    for trade in result.trades if result is not None else ():
        _match(matrix, give, take, trade.seller, trade.buyer, trade.energy_wh)
    for seller in sorted(give):
        for buyer in sorted(take):
            _match(matrix, give, take, seller, buyer, give[seller])
    return matrix


def _match(  # one cell of the matrix and its two margins
    matrix: Matrix,
    give: Wh,
    take: Wh,
    seller: PartyId,
    buyer: PartyId,
    wanted_wh: int,
) -> None:
    energy_wh = min(wanted_wh, give.get(seller, 0), take.get(buyer, 0))
    if energy_wh:
        give[seller] -= energy_wh
        take[buyer] -= energy_wh
        matrix[seller, buyer] = matrix.get((seller, buyer), 0) + energy_wh
