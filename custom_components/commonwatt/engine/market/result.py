"""The outcome of a clearing as the members publish it: prices, flows, fills, trades."""

from collections.abc import Mapping
from types import MappingProxyType

from ..model.clearing import ClearingResult, EdgeFlow, Fill, Trade, ZonePrice
from ..model.party import PartyId
from ..model.period import DeliveryPeriod
from ..model.units import cost_nano
from ..model.zone import FeeTree
from .curve import price_of
from .pairing import EnergyOfPairs
from .sheet import Decision, Network, Sheet


def publish(
    period: DeliveryPeriod,
    tree: FeeTree,
    sheet: Sheet,
    decision: Decision,
    energy_wh_of: EnergyOfPairs,
    districts: Mapping[int, PartyId] = MappingProxyType({}),
) -> ClearingResult:
    """Put a decision and its pairing into the shape every member compares.

    ``districts`` are parties, by zone, that trade there without orders.
    """
    prices = [price_of(tick) for tick in decision.ticks]
    zone_of = dict(zip(sheet.parties, sheet.zones, strict=True))
    zone_of |= {party: zone for zone, party in districts.items()}
    return ClearingResult(
        period=period,
        prices=_prices(tree, zone_of, decision, energy_wh_of),
        flows=_flows(tree, decision, prices),
        fills=_fills(sheet, decision),
        trades=_trades(zone_of, prices, energy_wh_of),
    )


def _prices(
    tree: FeeTree,
    zone_of: Mapping[PartyId, int],
    decision: Decision,
    energy_wh_of: EnergyOfPairs,
) -> tuple[ZonePrice, ...]:
    parents = Network.of(tree).parents
    passed_wh = [0] * len(tree.zones)
    for (_, buyer), energy_wh in energy_wh_of.items():
        passed_wh[zone_of[buyer]] += energy_wh
    for zone, export_wh in enumerate(decision.exports_wh[1:], start=1):
        passed_wh[zone if export_wh > 0 else parents[zone]] += abs(export_wh)
    return tuple(
        ZonePrice(zone=zone.id, price_micro_per_kwh=price_of(tick), traded_wh=energy_wh)
        for zone, tick, energy_wh in zip(
            tree.zones, decision.ticks, passed_wh, strict=True
        )
    )


def _flows(
    tree: FeeTree, decision: Decision, prices: list[int]
) -> tuple[EdgeFlow, ...]:
    parents = Network.of(tree).parents
    flows = []
    for index, zone in enumerate(tree.zones[1:], start=1):
        export_wh = decision.exports_wh[index]
        fee_nano = cost_nano(
            energy_wh=abs(export_wh),
            price_micro_per_kwh=zone.export_fee_micro_per_kwh
            if export_wh > 0
            else zone.import_fee_micro_per_kwh,
        )
        earned_nano = cost_nano(
            energy_wh=export_wh,
            price_micro_per_kwh=prices[parents[index]] - prices[index],
        )
        flows.append(
            EdgeFlow(
                zone=zone.id,
                export_wh=export_wh,
                fee_nano=fee_nano,
                rent_nano=earned_nano - fee_nano,
            )
        )
    return tuple(flows)


def _fills(sheet: Sheet, decision: Decision) -> tuple[Fill, ...]:
    return tuple(
        Fill(
            party=party,
            side=step.side,
            limit_micro_per_kwh=step.price_micro_per_kwh,
            energy_wh=energy_wh,
        )
        for party, step, energy_wh in zip(
            sheet.parties, sheet.steps, decision.fills_wh, strict=True
        )
        if energy_wh
    )


def _trades(
    zone_of: Mapping[PartyId, int], prices: list[int], energy_wh_of: EnergyOfPairs
) -> tuple[Trade, ...]:
    return tuple(
        Trade(
            seller=seller,
            buyer=buyer,
            energy_wh=energy_wh_of[seller, buyer],
            seller_price_micro_per_kwh=prices[zone_of[seller]],
            buyer_price_micro_per_kwh=prices[zone_of[buyer]],
        )
        for seller, buyer in sorted(energy_wh_of)
    )
