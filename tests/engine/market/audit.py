"""Checks of a clearing result from its definition alone, without the engine's own code.

``audit`` proves optimality by complementary slackness; ``optimum`` asks HiGHS.
"""

from collections import Counter
from itertools import pairwise

import highspy
import numpy as np

from custom_components.commonwatt.engine.model.clearing import ClearingResult
from custom_components.commonwatt.engine.model.order import OrderBook, Side
from custom_components.commonwatt.engine.model.party import PartyId
from custom_components.commonwatt.engine.model.zone import FeeTree, ZoneId

type StepKey = tuple[PartyId, Side, int]


def welfare_nano(result: ClearingResult) -> int:
    """Return what buyers would have paid at most, minus sellers' limits, minus fees."""
    gains = sum(-f.side * f.limit_micro_per_kwh * f.energy_wh for f in result.fills)
    return gains - sum(flow.fee_nano for flow in result.flows)


def audit(book: OrderBook, tree: FeeTree, result: ClearingResult) -> None:
    """Assert everything that makes ``result`` the right one."""
    zone_of = {placed.order.party: placed.zone for placed in book.orders}
    wanted = {
        (placed.order.party, step.side, step.price_micro_per_kwh): step.energy_wh
        for placed in book.orders
        for step in placed.order.steps
    }
    fills = {
        (f.party, f.side, f.limit_micro_per_kwh): f.energy_wh for f in result.fills
    }
    assert list(fills) == sorted(fills)
    assert len(fills) == len(result.fills)
    prices = result.zone_prices
    assert list(prices) == [zone.id for zone in tree.zones]
    _audit_fills(wanted, fills, {p: prices[z] for p, z in zone_of.items()})
    _audit_edges(tree, result, prices)
    _audit_balance(tree, result, zone_of)
    _audit_trades(tree, result, zone_of)


def _audit_fills(
    wanted: dict[StepKey, int], fills: dict[StepKey, int], prices: dict[PartyId, int]
) -> None:
    assert fills.keys() <= wanted.keys()
    for (party, side, limit), energy_wh in wanted.items():
        filled_wh = fills.get((party, side, limit), 0)
        gain = side * (prices[party] - limit)
        assert 0 <= filled_wh <= energy_wh
        if gain > 0:
            assert filled_wh == energy_wh, "who does better than the price is served"
        if gain < 0:
            assert filled_wh == 0, "nobody trades at a loss"


def _audit_edges(
    tree: FeeTree, result: ClearingResult, prices: dict[ZoneId, int]
) -> None:
    assert [flow.zone for flow in result.flows] == [zone.id for zone in tree.zones[1:]]
    for zone, flow in zip(tree.zones[1:], result.flows, strict=True):
        assert zone.parent is not None
        rise = prices[zone.parent] - prices[zone.id]
        export, fees = (
            flow.export_wh,
            (
                zone.export_fee_micro_per_kwh,
                -zone.import_fee_micro_per_kwh,
            ),
        )
        if zone.export_wh_max is not None:
            assert export <= zone.export_wh_max
        if zone.import_wh_max is not None:
            assert -export <= zone.import_wh_max
        if export != zone.export_wh_max:
            assert rise <= fees[0], "an edge with room leaves no gain behind"
        if zone.import_wh_max is None or export != -zone.import_wh_max:
            assert rise >= fees[1], "an edge with room leaves no gain behind"
        fee = fees[0] if export > 0 else fees[1]
        assert flow.fee_nano == export * fee
        assert flow.rent_nano == export * (rise - fee) >= 0


def _audit_balance(
    tree: FeeTree, result: ClearingResult, zone_of: dict[PartyId, ZoneId]
) -> None:
    net: Counter[ZoneId] = Counter()
    passed: Counter[ZoneId] = Counter()
    for fill in result.fills:
        net[zone_of[fill.party]] += fill.side * fill.energy_wh
        if fill.side is Side.BUY:
            passed[zone_of[fill.party]] += fill.energy_wh
    for flow in result.flows:
        parent = tree.zone(flow.zone).parent
        assert parent is not None
        net[flow.zone] -= flow.export_wh
        net[parent] += flow.export_wh
        passed[flow.zone if flow.export_wh > 0 else parent] += abs(flow.export_wh)
    assert not any(net.values()), "energy is neither made nor lost in a zone"
    assert {p.zone: p.traded_wh for p in result.prices} == {
        zone.id: passed[zone.id] for zone in tree.zones
    }


def _audit_trades(
    tree: FeeTree, result: ClearingResult, zone_of: dict[PartyId, ZoneId]
) -> None:
    pairs = [(trade.seller, trade.buyer) for trade in result.trades]
    assert all(earlier < later for earlier, later in pairwise(pairs))
    positions: Counter[tuple[PartyId, Side]] = Counter()
    over: Counter[ZoneId] = Counter()
    for trade in result.trades:
        assert trade.energy_wh > 0
        seller, buyer = zone_of[trade.seller], zone_of[trade.buyer]
        assert trade.seller_price_micro_per_kwh == result.price_micro_per_kwh(seller)
        assert trade.buyer_price_micro_per_kwh == result.price_micro_per_kwh(buyer)
        positions[trade.seller, Side.SELL] += trade.energy_wh
        positions[trade.buyer, Side.BUY] += trade.energy_wh
        up = {zone.id for zone in tree.path_to_root(seller)}
        down = {zone.id for zone in tree.path_to_root(buyer)}
        for name in up ^ down:
            over[name] += trade.energy_wh
    filled: Counter[tuple[PartyId, Side]] = Counter()
    for fill in result.fills:
        filled[fill.party, fill.side] += fill.energy_wh
    assert positions == filled
    assert over == Counter({f.zone: abs(f.export_wh) for f in result.flows})
    paid = sum(trade.paid_nano for trade in result.trades)
    received = sum(trade.received_nano for trade in result.trades)
    earned = sum(flow.fee_nano + flow.rent_nano for flow in result.flows)
    assert paid == received + earned, "payments = receipts + fees + rents"


def optimum(book: OrderBook, tree: FeeTree) -> tuple[int, int]:
    """Return the greatest welfare (nano), and the most energy (Wh) that reaches it."""
    steps = [
        (placed.zone, step) for placed in book.orders for step in placed.order.steps
    ]
    index = {zone.id: number for number, zone in enumerate(tree.zones)}
    columns: list[tuple[float, float, float, list[int], list[int]]] = [
        (
            -step.side * step.price_micro_per_kwh,
            step.energy_wh,
            (1 + step.side) / 2,
            [index[name]],
            [step.side],
        )
        for name, step in steps
    ]
    for zone in tree.zones[1:]:
        assert zone.parent is not None
        ends = [index[zone.id], index[zone.parent]]
        for sign, fee, limit in (
            (1, zone.export_fee_micro_per_kwh, zone.export_wh_max),
            (-1, zone.import_fee_micro_per_kwh, zone.import_wh_max),
        ):
            most = highspy.kHighsInf if limit is None else limit
            columns.append((-fee, most, 0.0, ends, [-sign, sign]))
    if not columns:
        return 0, 0
    solver = highspy.Highs()
    solver.silent()
    for _ in tree.zones:
        solver.addRow(0.0, 0.0, 0, np.array([], np.int32), np.array([], float))
    for gain, most, _, rows, signs in columns:
        solver.addCol(-gain, 0.0, most, len(rows), np.array(rows), np.array(signs))
    welfare = -_solved(solver)
    gains = [column[0] for column in columns]
    used = np.flatnonzero(gains)
    solver.addRow(welfare, np.inf, len(used), used, np.array(gains)[used])
    for number, column in enumerate(columns):
        solver.changeColCost(number, -column[2])
    return round(welfare), round(-_solved(solver))


def _solved(solver: highspy.Highs) -> float:
    solver.run()
    assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return float(solver.getInfo().objective_function_value)
