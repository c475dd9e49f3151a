"""Periods added up to days, and what days add to a career and to the local share."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from ..model.party import PartyId
from ..model.units import PPM
from .badges import Career
from .evidence import PERIODS_A_DAY, DayEvidence, Excuse, evidence_by_day
from .facts import SeasonFacts
from .fixed import clip_ppm, ratio_ppm
from .records import CommunityEnergy, OwnEnergy, Partners, PeriodRecord, added
from .season import Attainment

ROCK_PPM: Final = 950_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRecord:
    """One day of UTC, as one home keeps it."""

    evidence: DayEvidence
    own: OwnEnergy
    community: CommunityEnergy
    exports: Partners = ()
    """As in the periods it was added up from."""

    peaks: Partners = ()
    """The most of them in one period."""

    @property
    def day(self) -> int:
        """Counted from 1970-01-01."""
        return self.evidence.day


@dataclass(frozen=True, slots=True, kw_only=True)
class DayEnergy:
    """One day of UTC: this home's energy, and what all did together."""

    own: OwnEnergy
    community: CommunityEnergy


@dataclass(frozen=True, slots=True, kw_only=True)
class Grace:
    """What does not count, and for whom."""

    excuses: tuple[Excuse, ...] = ()
    doubted: frozenset[tuple[PartyId, int]] = frozenset()


NO_GRACE: Final = Grace()


def careered(career: Career, day: DayRecord, facts: SeasonFacts) -> Career:
    """Return a career with one more day in it."""
    own = day.own
    reliable = (facts.trust_ppm or 0) >= ROCK_PPM
    return replace(
        career,
        trades=career.trades + own.trades,
        sold_local_wh=career.sold_local_wh
        + max(0, energy_of(own.sold) - energy_of(own.bought)),
        net_given_wh=career.net_given_wh + energy_of(own.given) - energy_of(own.taken),
        reliable_days=career.reliable_days + 1 if reliable else 0,
        island_periods=max(career.island_periods, day.community.island_periods),
        zero_carbon_days=career.zero_carbon_days + int(_is_without_grid(own)),
    )


def _is_without_grid(own: OwnEnergy) -> bool:
    """Tell whether a whole metered day went by without a Wh from the retailer."""
    return own.periods == PERIODS_A_DAY and own.retailer_wh == 0


def day_record(day: int, records: Iterable[PeriodRecord], grace: Grace) -> DayRecord:
    """Add up the periods of a day."""
    own, community, evidence = OwnEnergy(), CommunityEnergy(), []
    exports: Partners = ()
    peaks: dict[PartyId, int] = {}
    for one in records:
        own, community = own.plus(one.own), community.plus(one.community)
        exports = added(exports, one.exports)
        for party, share_ppm in one.exports:
            peaks[party] = max(peaks.get(party, 0), share_ppm)
        evidence.append(one.evidence)
    (whole,) = evidence_by_day(evidence, grace.excuses, doubted=grace.doubted)
    assert whole.day == day, "periods of one day"
    return DayRecord(
        evidence=whole,
        own=own,
        community=community,
        exports=exports,
        peaks=tuple(sorted(peaks.items())),
    )


def local_share(weeks: Iterable[OwnEnergy]) -> Attainment | None:
    """Return the local share of metered energy, net by partner and week."""
    metered_wh = local_wh = attainable_wh = 0
    for week in weeks:
        metered_wh += week.import_wh + week.export_wh
        local_wh += min(week.local_wh, _net(week))
        attainable_wh += week.attainable_wh
    if metered_wh == 0:
        return None
    return Attainment(
        reached_ppm=clip_ppm(ratio_ppm(local_wh, metered_wh)),
        without_ppm=0,
        best_ppm=clip_ppm(ratio_ppm(attainable_wh, metered_wh), most=PPM),
    )


def _net(week: OwnEnergy) -> int:
    sold, bought = dict(week.sold), dict(week.bought)
    return sum(
        abs(sold.get(partner, 0) - bought.get(partner, 0)) for partner in sold | bought
    )


def energy_of(partners: Iterable[tuple[PartyId, int]]) -> int:
    """Return the energy with all partners together."""
    return sum(energy_wh for _, energy_wh in partners)
