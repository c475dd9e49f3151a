"""Statuses and trades of a node, as examples."""

from dataclasses import replace

from custom_components.commonwatt.engine.model.clearing import Trade
from custom_components.commonwatt.engine.model.party import BillingBasis, PartyId
from custom_components.commonwatt.engine.model.period import DeliveryPeriod, Instant
from custom_components.commonwatt.engine.model.social import PoolGift
from custom_components.commonwatt.engine.node import (
    NodeStatus,
    OpenPoolGift,
    TradeMatched,
)
from custom_components.commonwatt.engine.peer import Phase

HOME = PartyId("aa" * 20)
NEIGHBOUR = PartyId("bb" * 20)
STRANGER = PartyId("cc" * 20)

NOON = Instant(1_742_986_800_000)
"""2025-03-26T11:00Z: noon in Paris."""

PERIOD = DeliveryPeriod.containing(NOON)

STATUS = NodeStatus(
    at=NOON,
    period=PERIOD,
    phase=Phase.FINAL,
    round_period=PERIOD.next(),
    members=12,
    members_online=11,
    clearing_price_micro_per_kwh=152_300,
    clearing_price_final=True,
    position_wh=-400,
    neighbour_power_w=1600,
    bought_wh_total=12_340,
    sold_wh_total=5_670,
    saved_nano_today=1_230_000_000,
    saved_nano_total=4_560_000_000,
    saved_basis=BillingBasis.SHARING,
    import_wh_today=3_000,
    export_wh_today=1_000,
    local_share_ppm=625_000,
    self_sufficiency_ppm=871_000,
    settled_periods=44,
    last_settled=PERIOD.next(-1),
    open_periods=2,
    advice=(),
    faults={},
    pool=(
        OpenPoolGift(
            party=NEIGHBOUR,
            gift=PoolGift(number=1, energy_wh=1_500, until=PERIOD.next(4)),
        ),
    ),
)

UNKNOWN = replace(
    STATUS,
    clearing_price_micro_per_kwh=None,
    saved_nano_today=None,
    clearing_price_final=False,
    position_wh=None,
    neighbour_power_w=None,
    local_share_ppm=None,
    self_sufficiency_ppm=None,
)


def matched(seller: PartyId, buyer: PartyId) -> TradeMatched:
    """Return a trade of 400 Wh: 0.10 to the seller, 0.12 from the buyer."""
    return TradeMatched(
        period=PERIOD,
        trade=Trade(
            seller=seller,
            buyer=buyer,
            energy_wh=400,
            seller_price_micro_per_kwh=100_000,
            buyer_price_micro_per_kwh=120_000,
        ),
    )
