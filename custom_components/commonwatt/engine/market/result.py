"""The outcome of a clearing as the members publish it: prices, flows, fills, trades."""

from ..model.clearing import ClearingResult, EdgeFlow, Fill, Trade, ZonePrice
from ..model.order import Side
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
) -> ClearingResult:
    """Put a decision and its pairing into the shape every member compares."""
    prices = [price_of(tick) for tick in decision.ticks]
    return ClearingResult(
        period=period,
        prices=_prices(tree, sheet, decision, prices),
        flows=_flows(tree, decision, prices),
        fills=_fills(sheet, decision),
        trades=_trades(sheet, prices, energy_wh_of),
    )


def _prices(
    tree: FeeTree, sheet: Sheet, decision: Decision, prices: list[int]
) -> tuple[ZonePrice, ...]:
    parents = Network.of(tree).parents
    passed_wh = [0] * len(prices)
    for zone, step, fill_wh in zip(
        sheet.zones, sheet.steps, decision.fills_wh, strict=True
    ):
        if step.side is Side.BUY:
            passed_wh[zone] += fill_wh
    for zone, export_wh in enumerate(decision.exports_wh):
        if export_wh > 0:
            passed_wh[zone] += export_wh
        elif zone:
            passed_wh[parents[zone]] -= export_wh
    return tuple(
        ZonePrice(zone=zone.id, price_micro_per_kwh=price, traded_wh=energy_wh)
        for zone, price, energy_wh in zip(tree.zones, prices, passed_wh, strict=True)
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
    sheet: Sheet, prices: list[int], energy_wh_of: EnergyOfPairs
) -> tuple[Trade, ...]:
    price_of_party = {
        party: prices[zone]
        for party, zone in zip(sheet.parties, sheet.zones, strict=True)
    }
    return tuple(
        Trade(
            seller=seller,
            buyer=buyer,
            energy_wh=energy_wh_of[seller, buyer],
            seller_price_micro_per_kwh=price_of_party[seller],
            buyer_price_micro_per_kwh=price_of_party[buyer],
        )
        for seller, buyer in sorted(energy_wh_of)
    )
