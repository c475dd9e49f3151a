"""Clearing of one delivery period on a fee tree, in plain Python.

Curves go up, prices and flows come down: the optimum of a linear programme (welfare
minus network fees under the capacities of the edges) and, among its optima, the one
with the largest volume.  Rules: docs/reference/market-rules.md, sections 3 to 6.
Knows rows and zones; knows no money and no wire format.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ..model.order import Side
from .curve import Curve, middle, side_of, tick_behind
from .rationing import Claim, TieBreak, ration
from .sheet import Decision, Handover, Network, Sheet


def decide(
    sheet: Sheet,
    network: Network,
    tie_break: TieBreak,
    *,
    districts: Mapping[int, Curve] = MappingProxyType({}),
    handover: Handover | None = None,
) -> Decision:
    """Return prices, flows and fills.

    ``districts`` are zones of which only the curve is known.  With a ``handover`` the
    tree is a district: the price of its parent, and its own share of what flows, were
    decided outside.
    """
    curves = curves_of(sheet, network, districts)
    count = len(curves)
    decision = Decision([0] * count, [0] * count, [0] * len(sheet.zones))
    descent = _Descent(sheet, network, curves, tie_break, decision)
    if handover is None:
        decision.ticks[0] = middle(*curves[0].ticks_at(0))
    else:
        decision.exports_wh[0] = handover.export_wh
        decision.ticks[0] = tick_behind(
            handover.edge,
            export_wh=handover.export_wh,
            parent_tick=handover.parent_tick,
            interval=curves[0].ticks_at(handover.export_wh),
        )
    for zone, rows in enumerate(_rows_by_zone(sheet, count)):
        if zone:
            descent.set_price(zone)
        descent.serve(zone, rows)
    return decision


def curves_of(
    sheet: Sheet, network: Network, districts: Mapping[int, Curve]
) -> list[Curve]:
    """Return the net-export curve of each zone's subtree, at the zone's own prices."""
    count = len(network.parents)
    lowest_wh = [0] * count
    steps_at: list[dict[int, int]] = [defaultdict(int) for _ in range(count)]
    for zone, step, tick in zip(sheet.zones, sheet.steps, sheet.ticks, strict=True):
        steps_at[zone][tick] += step.energy_wh
        if step.side is Side.BUY:
            lowest_wh[zone] -= step.energy_wh
    curves: list[Curve] = []
    for zone in reversed(range(count)):
        curve = districts.get(zone) or Curve.of(lowest_wh[zone], steps_at[zone])
        curves.append(curve)
        if zone:
            parent = network.parents[zone]
            lowest, steps = curve.over(network.edges[zone])
            lowest_wh[parent] += lowest
            for tick, energy_wh in steps:
                steps_at[parent][tick] += energy_wh
    return curves[::-1]


def _rows_by_zone(sheet: Sheet, count: int) -> list[list[int]]:
    rows: list[list[int]] = [[] for _ in range(count)]
    for row, zone in enumerate(sheet.zones):
        rows[zone].append(row)
    return rows


@dataclass(frozen=True, slots=True)
class _Descent:
    """The way from the root down: each zone is served before its children."""

    sheet: Sheet
    network: Network
    curves: list[Curve]
    tie_break: TieBreak
    decision: Decision
    """Filled in on the way."""

    def set_price(self, zone: int) -> None:
        decision = self.decision
        decision.ticks[zone] = tick_behind(
            self.network.edges[zone],
            export_wh=decision.exports_wh[zone],
            parent_tick=decision.ticks[self.network.parents[zone]],
            interval=self.curves[zone].ticks_at(decision.exports_wh[zone]),
        )

    def serve(self, zone: int, rows: list[int]) -> None:
        """Fill the rows of ``zone`` and set the flows of its children."""
        tick = self.decision.ticks[zone]
        marginal_rows = list(self._fill_the_clear_cases(tick, rows))
        marginal_children = list(self._send_the_clear_cases(zone))
        if not marginal_rows and not marginal_children:
            return
        claims = [
            *(self._claim_of(row) for row in marginal_rows),
            *(
                Claim(energy_wh, zone=self.network.names[child])
                for child, energy_wh in marginal_children
            ),
        ]
        wanted_wh = sum(claim.energy_wh for claim in claims)
        leaving_wh = self.decision.exports_wh[zone] - self.curves[zone].below(tick)
        assert 0 <= leaving_wh <= wanted_wh, "a price serves what flows"
        selling = side_of(tick) is Side.SELL
        served_wh = leaving_wh if selling else wanted_wh - leaving_wh
        shares = iter(ration(served_wh, claims, self.tie_break))
        for row, share_wh in zip(marginal_rows, shares, strict=False):
            self.decision.fills_wh[row] = share_wh
        for (child, energy_wh), share_wh in zip(marginal_children, shares, strict=True):
            # An import that is served is an export that does not take place.
            extra_wh = share_wh if selling else energy_wh - share_wh
            self.decision.exports_wh[child] += extra_wh

    def _claim_of(self, row: int) -> Claim:
        sheet = self.sheet
        return Claim(
            sheet.steps[row].energy_wh,
            party=sheet.parties[row],
            weight_permille=sheet.weights_permille[row],
        )

    def _fill_the_clear_cases(self, tick: int, rows: list[int]) -> Iterator[int]:
        """Fill what is better than the price; yield what is exactly at it."""
        for row in rows:
            own_tick = self.sheet.ticks[row]
            if own_tick == tick:
                yield row
            elif (own_tick < tick) is (side_of(own_tick) is Side.SELL):
                self.decision.fills_wh[row] = self.sheet.steps[row].energy_wh

    def _send_the_clear_cases(self, zone: int) -> Iterator[tuple[int, int]]:
        """Set the least export of each child; yield children that could send more."""
        tick = self.decision.ticks[zone]
        for child in self.network.children[zone]:
            least, most = self.curves[child].exports(tick, self.network.edges[child])
            self.decision.exports_wh[child] = least
            if most > least:
                yield child, most - least
