"""Markets of markets: a district takes part in its city's auction with one curve.

The curve says all the outside needs: its prices, flows and fills are the same as if
every home of the district had sent its order there.  The inside then needs two numbers
back, the price of the parent zone and its own share of what flows.
Rules: docs/reference/market-rules.md, section 8.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ..model.clearing import ClearingResult
from ..model.district import DistrictCurve, PlacedDistrict
from ..model.order import OrderBook, Step
from ..model.party import PartyId
from ..model.zone import FeeTree, Zone
from .curve import Curve, Edge, side_of, tick_of
from .pairing import pair
from .plain import curves_of, decide
from .rationing import TieBreak
from .result import publish
from .sheet import Handover, Network, Sheet, placed
from .thinning import thin

THIN_STEPS_MAX: Final = 25
"""Loses less than a thousandth of the welfare: docs/explanation/market-design.md."""


@dataclass(frozen=True, slots=True)
class CityResult:
    """The result outside the districts, and what each of them has to be told."""

    result: ClearingResult
    """A district stands in the trades; what it sent or took is the flow of its zone."""

    handovers: Mapping[PartyId, Handover]


def district_curve(book: OrderBook, tree: FeeTree, district: PartyId) -> DistrictCurve:
    """Return the exact curve of ``book`` on ``tree``, the district's own tree."""
    sheet = Sheet.of(placed(book.orders), tree)
    curve = curves_of(sheet, Network.of(tree), {})[0]
    return _as_model(curve, district, book)


def thinned_curve(
    book: OrderBook,
    tree: FeeTree,
    district: PartyId,
    *,
    edge: Zone,
    steps_max: int = THIN_STEPS_MAX,
) -> DistrictCurve:
    """Return a curve of few steps, cut to what ``edge`` can carry.

    It reveals less and promises no more than the exact one.  ``edge`` is the district's
    zone in its city's tree.
    """
    assert steps_max >= 2, "one step each way is kept"  # noqa: PLR2004
    sheet = Sheet.of(placed(book.orders), tree)
    curve = curves_of(sheet, Network.of(tree), {})[0]
    limits = Edge.of(edge)
    free = Edge(
        export_fee=0,
        import_fee=0,
        export_wh_max=limits.export_wh_max,
        import_wh_max=limits.import_wh_max,
    )
    lowest_wh, steps = curve.over(free)
    energy_wh_at: dict[int, int] = {}
    for tick, energy_wh in steps:
        energy_wh_at[tick] = energy_wh_at.get(tick, 0) + energy_wh
    return _as_model(thin(Curve.of(lowest_wh, energy_wh_at), steps_max), district, book)


def clear_city(
    book: OrderBook, tree: FeeTree, districts: Sequence[PlacedDistrict]
) -> CityResult:
    """Clear a book some members of which are districts.

    ValueError if a district's zone has other orders or zones behind it, or its curve is
    of another period.
    """
    network = Network.of(tree)
    sheet = Sheet.of(placed(book.orders), tree)
    zones = _zones_of(districts, network, sheet)
    for district in districts:
        if district.curve.period != book.period:
            msg = f"the curve of {district.zone} is for another delivery period"
            raise ValueError(msg)
    decision = decide(
        sheet,
        network,
        TieBreak.of(book.period, book.seed),
        districts={
            zone: _from_model(district.curve)
            for zone, district in zip(zones, districts, strict=True)
        },
    )
    parties = {
        zone: district.curve.district
        for zone, district in zip(zones, districts, strict=True)
    }
    energy_wh_of, _, _ = pair(sheet, network, decision, parties)
    handovers = {
        party: Handover(
            edge=network.edges[zone],
            parent_tick=decision.ticks[network.parents[zone]],
            export_wh=decision.exports_wh[zone],
        )
        for zone, party in parties.items()
    }
    result = publish(book.period, tree, sheet, decision, energy_wh_of, parties)
    return CityResult(result, handovers)


def clear_district(
    book: OrderBook, tree: FeeTree, district: PartyId, handover: Handover
) -> ClearingResult:
    """Clear the inside of a district, given what was decided outside.

    The district itself is the partner of what leaves and enters, at its root's price.
    """
    network = Network.of(tree)
    sheet = Sheet.of(placed(book.orders), tree)
    tie_break = TieBreak.of(book.period, book.seed)
    decision = decide(sheet, network, tie_break, handover=handover)
    energy_wh_of, offers, bids = pair(sheet, network, decision)
    for seller, energy_wh in offers:
        key = (seller, district)
        energy_wh_of[key] = energy_wh_of.get(key, 0) + energy_wh
    for buyer, energy_wh in bids:
        key = (district, buyer)
        energy_wh_of[key] = energy_wh_of.get(key, 0) + energy_wh
    return publish(book.period, tree, sheet, decision, energy_wh_of, {0: district})


def _zones_of(
    districts: Sequence[PlacedDistrict], network: Network, sheet: Sheet
) -> list[int]:
    zones = [network.names.index(district.zone) for district in districts]
    taken = {*sheet.zones, *(z for z, below in enumerate(network.children) if below)}
    for zone in zones:
        if zone in taken:
            msg = f"zone {network.names[zone]} holds more than one district"
            raise ValueError(msg)
        taken.add(zone)
    return zones


def _as_model(curve: Curve, district: PartyId, book: OrderBook) -> DistrictCurve:
    steps = zip(curve.ticks, curve.totals, curve.totals[1:], strict=False)
    return DistrictCurve(
        district=district,
        period=book.period,
        lowest_wh=curve.totals[0],
        steps=tuple(
            Step(
                side=side_of(tick),
                price_micro_per_kwh=(tick + side_of(tick)) >> 2,
                energy_wh=end - start,
            )
            for tick, start, end in steps
        ),
    )


def _from_model(curve: DistrictCurve) -> Curve:
    return Curve.of(
        curve.lowest_wh,
        {tick_of(s.side, s.price_micro_per_kwh): s.energy_wh for s in curve.steps},
    )
