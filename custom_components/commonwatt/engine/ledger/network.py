"""What the network is owed: fees on the net path of all local energy of a period.

Each edge counts once, whatever agreements, trades and sharing crossed it and however
often, because its fee is for energy that flowed and opposite flows never did.
"""

from collections.abc import Iterable, Mapping

from ..model.party import PartyId
from ..model.units import cost_nano
from ..model.zone import FeeTree, ZoneId
from .allocation import Delivery


def net_flows_wh(
    tree: FeeTree,
    zone_of: Mapping[PartyId, ZoneId],
    deliveries: Iterable[Delivery],
) -> dict[ZoneId, int]:
    """Return the energy each zone sends to its parent (negative: gets from it)."""
    flow: dict[ZoneId, int] = {zone.id: 0 for zone in tree.zones}
    for delivery in deliveries:
        flow[zone_of[delivery.seller]] += delivery.energy_wh
        flow[zone_of[delivery.buyer]] -= delivery.energy_wh
    for zone in reversed(tree.zones):
        if zone.parent is not None:
            flow[zone.parent] += flow[zone.id]
    assert flow[tree.root.id] == 0, "what is sold locally is bought locally"
    return flow


def network_fees_nano(tree: FeeTree, flows_wh: Mapping[ZoneId, int]) -> int:
    """Return the fees on net flows over all edges."""
    return sum(
        cost_nano(
            energy_wh=abs(flows_wh[zone.id]),
            price_micro_per_kwh=(
                zone.export_fee_micro_per_kwh
                if flows_wh[zone.id] > 0
                else zone.import_fee_micro_per_kwh
            ),
        )
        for zone in tree.zones
    )
