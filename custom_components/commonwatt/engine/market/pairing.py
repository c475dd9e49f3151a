"""Who supplies whom: matched energy becomes trades between two parties each.

The neighbours of a zone serve each other first; what is left over meets in the lowest
zone that the ways have in common, so that no energy passes an edge both ways.
Moves no price: every pairing of the same fills pays the same sums.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from ..model.order import Side
from ..model.party import PartyId
from .sheet import Decision, Network, Sheet

type Parcel = tuple[PartyId, int]
"""A party and energy (Wh) it still has to find a partner for."""

type EnergyOfPairs = dict[tuple[PartyId, PartyId], int]
"""Energy (Wh) by seller and buyer."""


def pair(
    sheet: Sheet,
    network: Network,
    decision: Decision,
    districts: Mapping[int, PartyId] = MappingProxyType({}),
) -> tuple[EnergyOfPairs, list[Parcel], list[Parcel]]:
    """Return energy by (seller, buyer), and the offers and bids that leave the root.

    Offers and bids are left over only where the root's own edge carries a flow.
    ``districts`` take part as a whole: with what their edge carries.
    """
    count = len(network.parents)
    offers: list[list[Parcel]] = [[] for _ in range(count)]
    bids: list[list[Parcel]] = [[] for _ in range(count)]
    for zone, district in districts.items():
        export_wh = decision.exports_wh[zone]
        if export_wh:
            pools = offers if export_wh > 0 else bids
            pools[zone].append((district, abs(export_wh)))
    for row, energy_wh in enumerate(decision.fills_wh):
        if energy_wh:
            pools = offers if sheet.steps[row].side is Side.SELL else bids
            pools[sheet.zones[row]].append((sheet.parties[row], energy_wh))
    energy_wh_of: EnergyOfPairs = {}
    for zone in reversed(range(count)):
        for child in network.children[zone]:
            offers[zone] += offers[child]
            bids[zone] += bids[child]
            offers[child], bids[child] = [], []
        offers[zone], bids[zone] = match(offers[zone], bids[zone], energy_wh_of)
    return energy_wh_of, offers[0], bids[0]


def match(
    offers: Sequence[Parcel],
    bids: Sequence[Parcel],
    energy_wh_of: EnergyOfPairs,
) -> tuple[list[Parcel], list[Parcel]]:
    """Match two queues from their fronts into ``energy_wh_of``; return what is left."""
    waiting_offers, waiting_bids = iter(offers), iter(bids)
    offer, bid = next(waiting_offers, None), next(waiting_bids, None)
    while offer is not None and bid is not None:
        (seller, supply_wh), (buyer, demand_wh) = offer, bid
        energy_wh = min(supply_wh, demand_wh)
        pair_key = (seller, buyer)
        energy_wh_of[pair_key] = energy_wh_of.get(pair_key, 0) + energy_wh
        offer = (seller, supply_wh - energy_wh)
        bid = (buyer, demand_wh - energy_wh)
        if supply_wh == energy_wh:
            offer = next(waiting_offers, None)
        if demand_wh == energy_wh:
            bid = next(waiting_bids, None)
    return (
        [*([offer] if offer else []), *waiting_offers],
        [*([bid] if bid else []), *waiting_bids],
    )
