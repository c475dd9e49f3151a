"""A book and a fee tree as plain lists: the form in which they are cleared.

Owns the way from orders to rows and the shape of a decision.  Decides nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from ..model.order import PlacedOrder, Step
from ..model.party import PartyId
from ..model.zone import FeeTree, ZoneId
from .curve import Edge, tick_of

type Placed = tuple[PartyId, ZoneId, tuple[Step, ...], int]
"""Who wants what, where, with which weight; the steps are in canonical order."""


@dataclass(frozen=True, slots=True)
class Network:
    """A fee tree by index: parents stand before their children, the root is zone 0."""

    names: list[ZoneId]
    parents: list[int]
    """The root is its own parent."""

    edges: list[Edge]
    children: list[list[int]]
    """Ascending by name, so that the order of a listing decides nothing."""

    @classmethod
    def of(cls, tree: FeeTree) -> Self:
        """Return the indexed form of ``tree``."""
        index = {zone.id: number for number, zone in enumerate(tree.zones)}
        parents = [index[zone.parent or zone.id] for zone in tree.zones]
        children: list[list[int]] = [[] for _ in parents]
        for zone_id in sorted(index):
            zone = index[zone_id]
            if zone != parents[zone]:
                children[parents[zone]].append(zone)
        edges = [Edge.of(zone) for zone in tree.zones]
        return cls(list(index), parents, edges, children)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One row for each step: ascending by party, bids before offers, then by limit."""

    parties: list[PartyId]
    zones: list[int]
    steps: list[Step]
    ticks: list[int]
    weights_permille: list[int]
    """In ties."""

    @classmethod
    def of(cls, placed: Iterable[Placed], tree: FeeTree) -> Self:
        """Lay out orders, one for each party; ValueError for an unknown zone."""
        index = {zone.id: number for number, zone in enumerate(tree.zones)}
        sheet = cls([], [], [], [], [])
        for party, zone_id, steps, weight in sorted(placed, key=lambda order: order[0]):
            tree.zone(zone_id)
            count = len(steps)
            sheet.parties.extend([party] * count)
            sheet.zones.extend([index[zone_id]] * count)
            sheet.steps.extend(steps)
            sheet.weights_permille.extend([weight] * count)
            sheet.ticks.extend(tick_of(s.side, s.price_micro_per_kwh) for s in steps)
        return sheet


def placed(orders: Sequence[PlacedOrder]) -> Iterable[Placed]:
    """Return what a sheet needs to know of ``orders``."""
    return (
        (o.order.party, o.zone, o.order.steps, o.tie_weight_permille) for o in orders
    )


@dataclass(frozen=True, slots=True)
class Decision:
    """What the clearing of a tree decided."""

    ticks: list[int]
    """The price of each zone, as a tick."""

    exports_wh: list[int]
    """Energy over each zone's edge to its parent."""

    fills_wh: list[int]
    """Energy matched for each row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """All that the inside of a district has to know of the outside."""

    edge: Edge
    parent_tick: int
    export_wh: int
