"""What a home keeps of settled periods for its scores: by period, then by day.

Everything here follows from settlements; a corrected settlement replaces its period.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..ledger.allocation import DeliveryKind
from ..ledger.settlement import Settlement
from ..model.clearing import ClearingResult
from ..model.party import PartyId
from ..model.period import DeliveryPeriod
from ..model.units import div_floor
from .evidence import PeriodEvidence, evidence_of
from .fixed import ratio_ppm

type Partners = tuple[tuple[PartyId, int], ...]
"""Energy by partner, ascending by party."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnEnergy:
    """One home's energy; what nobody metered is not in it."""

    import_wh: int = 0
    export_wh: int = 0
    local_wh: int = 0
    """Bought from and sold to neighbours."""

    attainable_wh: int = 0
    """Of import and export, what neighbours could have covered or taken."""

    trades: int = 0
    sold: Partners = ()
    bought: Partners = ()
    given: Partners = ()
    taken: Partners = ()
    periods: int = 0
    """That were metered."""

    retailer_wh: int = 0
    """Of the import, what no neighbour supplied."""

    evening_wh: int = 0
    """Imported in the hours missions speak of."""

    evening_periods: int = 0

    def plus(self, other: OwnEnergy) -> OwnEnergy:
        """Add up two times."""
        return OwnEnergy(
            import_wh=self.import_wh + other.import_wh,
            export_wh=self.export_wh + other.export_wh,
            local_wh=self.local_wh + other.local_wh,
            attainable_wh=self.attainable_wh + other.attainable_wh,
            trades=self.trades + other.trades,
            sold=added(self.sold, other.sold),
            bought=added(self.bought, other.bought),
            given=added(self.given, other.given),
            taken=added(self.taken, other.taken),
            periods=self.periods + other.periods,
            retailer_wh=self.retailer_wh + other.retailer_wh,
            evening_wh=self.evening_wh + other.evening_wh,
            evening_periods=self.evening_periods + other.evening_periods,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunityEnergy:
    """What all members together did: sums, and nobody's part."""

    traded_wh: int = 0
    given_wh: int = 0
    evening_import_wh: int = 0
    island_periods: int = 0
    """In which the community took nothing from the grid, and all meters were read."""

    import_wh: int = 0
    """At all meters, what neighbours supplied included."""

    evening_all_wh: int = 0
    """Of that, in the hours missions speak of."""

    def plus(self, other: CommunityEnergy) -> CommunityEnergy:
        """Add up two times."""
        return CommunityEnergy(
            traded_wh=self.traded_wh + other.traded_wh,
            given_wh=self.given_wh + other.given_wh,
            evening_import_wh=self.evening_import_wh + other.evening_import_wh,
            island_periods=self.island_periods + other.island_periods,
            import_wh=self.import_wh + other.import_wh,
            evening_all_wh=self.evening_all_wh + other.evening_all_wh,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodRecord:
    """One settled period, as one home keeps it."""

    evidence: PeriodEvidence
    own: OwnEnergy
    community: CommunityEnergy
    exports: Partners = ()
    """Export of each home with panels, in ppm of what they give in an hour of sun."""

    @property
    def period(self) -> DeliveryPeriod:
        """The period."""
        return self.evidence.period


def record_of(
    settlement: Settlement,
    result: ClearingResult | None,
    *,
    party: PartyId,
    evening: bool,
    panels_w: Mapping[PartyId, int] | None = None,
    not_revealed: Iterable[PartyId] = (),
    bad_messages: Iterable[PartyId] = (),
) -> PeriodRecord:
    """Return what ``party`` keeps of a settled period.

    Args:
        settlement: as it stands, corrections included.
        result: what the auction decided, None for a void period.
        party: whose energy is its own.
        evening: whether the period lies in the hours missions speak of.
        panels_w: size of the panels of everybody who registered some.
        not_revealed: who committed to an order and did not show it.
        bad_messages: who signed what is against the rules.

    """
    return PeriodRecord(
        evidence=evidence_of(
            settlement, result, not_revealed=not_revealed, bad_messages=bad_messages
        ),
        own=_own(settlement, result, party, evening=evening),
        community=_community(settlement, evening=evening),
        exports=_exports(settlement, panels_w or {}),
    )


def added(one: Partners, other: Partners) -> Partners:
    """Add up energy partner by partner."""
    total: Counter[PartyId] = Counter(dict(one))
    for party, energy_wh in other:
        total[party] += energy_wh
    return tuple(sorted(total.items()))


def _exports(settlement: Settlement, panels_w: Mapping[PartyId, int]) -> Partners:
    return tuple(
        (one.party, ratio_ppm(one.export_wh, panels_w[one.party]))
        for one in settlement.parties
        if one.export_wh is not None and panels_w.get(one.party)
    )


def _own(
    settlement: Settlement,
    result: ClearingResult | None,
    party: PartyId,
    *,
    evening: bool,
) -> OwnEnergy:
    summary = settlement.summary(party)
    if summary is None or summary.import_wh is None or summary.export_wh is None:
        return OwnEnergy()
    trades = () if result is None else result.trades
    import_wh, export_wh = summary.import_wh, summary.export_wh
    return OwnEnergy(
        import_wh=import_wh,
        export_wh=export_wh,
        local_wh=min(import_wh, summary.bought_wh) + min(export_wh, summary.sold_wh),
        attainable_wh=_attainable_wh(settlement, import_wh, export_wh),
        trades=sum(party in {trade.seller, trade.buyer} for trade in trades),
        sold=_partners(settlement, seller=party, gifts=False),
        bought=_partners(settlement, buyer=party, gifts=False),
        given=_partners(settlement, seller=party, gifts=True),
        taken=_partners(settlement, buyer=party, gifts=True),
        periods=1,
        retailer_wh=import_wh
        if summary.retailer_import_wh is None
        else summary.retailer_import_wh,
        evening_wh=import_wh if evening else 0,
        evening_periods=int(evening),
    )


def _attainable_wh(settlement: Settlement, import_wh: int, export_wh: int) -> int:
    """Return a fair part of what supply and demand of all could have covered."""
    demand_wh = sum(one.import_wh or 0 for one in settlement.parties)
    supply_wh = sum(one.export_wh or 0 for one in settlement.parties)
    covered_wh = min(demand_wh, supply_wh)
    attainable_wh = 0
    if demand_wh:
        attainable_wh += div_floor(import_wh * covered_wh, demand_wh)
    if supply_wh:
        attainable_wh += div_floor(export_wh * covered_wh, supply_wh)
    return attainable_wh


def _partners(
    settlement: Settlement,
    *,
    gifts: bool,
    seller: PartyId | None = None,
    buyer: PartyId | None = None,
) -> Partners:
    total: Counter[PartyId] = Counter()
    for one in settlement.deliveries:
        if (one.kind is DeliveryKind.GIFT) != gifts or one.seller == one.buyer:
            continue
        if one.seller == seller:
            total[one.buyer] += one.energy_wh
        elif one.buyer == buyer:
            total[one.seller] += one.energy_wh
    return tuple(sorted(total.items()))


def _community(settlement: Settlement, *, evening: bool) -> CommunityEnergy:
    net_import_wh = sum(
        (one.import_wh or 0) - (one.export_wh or 0) for one in settlement.parties
    )
    given_wh = sum(
        one.energy_wh for one in settlement.deliveries if one.kind is DeliveryKind.GIFT
    )
    import_wh = sum(one.import_wh or 0 for one in settlement.parties)
    alone = len(settlement.parties) > 1 and not settlement.missing
    return CommunityEnergy(
        traded_wh=settlement.energy_wh - given_wh,
        given_wh=given_wh,
        evening_import_wh=max(0, net_import_wh) if evening else 0,
        island_periods=int(alone and net_import_wh <= 0),
        import_wh=import_wh,
        evening_all_wh=import_wh if evening else 0,
    )
