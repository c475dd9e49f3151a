"""The score book of one home: settled periods go in, standing comes out.

Young periods are kept one by one, so that corrections, excuses and doubts change them;
older ones are added up to days.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from ..model.party import PartyId
from ..model.period import DAY_MS, Instant
from ..model.units import PPM, div_floor
from .badges import Badge, Career, earned
from .evidence import (
    DayEvidence,
    Excuse,
    day_of,
    evidence_by_day,
)
from .facts import SeasonFacts, score_of
from .fixed import clip_ppm, ratio_ppm
from .plausibility import doubts
from .progress import Progress
from .records import CommunityEnergy, OwnEnergy, Partners, PeriodRecord, added
from .reputation import Reputation, reputations
from .season import Attainment, SeasonScore, season_days, season_of
from .vouching import Vouch

DAYS_KEPT: Final = 400
"""Beyond, evidence has faded to a hundredth and no season asks."""

YOUNG_MS: Final = 8 * DAY_MS
"""Longer than a member can appeal, and than a doubt looks back."""

DOUBT_DAYS: Final = 15
"""How far back meters are compared: a week before the oldest young day."""

ROCK_PPM: Final = 950_000
WEEK_DAYS: Final = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRecord:
    """One day of UTC, as one home keeps it."""

    evidence: DayEvidence
    own: OwnEnergy
    community: CommunityEnergy
    exports: Partners = ()
    """As in the periods it was added up from."""

    @property
    def day(self) -> int:
        """Counted from 1970-01-01."""
        return self.evidence.day


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a home and its neighbours stand."""

    season: int
    score: SeasonScore | None
    progress: Progress
    career: Career
    badges: frozenset[Badge]
    reputations: Mapping[PartyId, Reputation]
    """At the start of the day: of yesterday nobody knows all yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What a score book needs to go on after a restart."""

    days: tuple[DayRecord, ...] = ()
    periods: tuple[PeriodRecord, ...] = ()
    progress: Progress = field(default_factory=Progress)
    career: Career = field(default_factory=Career)
    badges: frozenset[Badge] = frozenset()
    scored_until: int | None = None
    """First day that has not earned experience yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Grace:
    """What does not count, and for whom."""

    excuses: tuple[Excuse, ...] = ()
    doubted: frozenset[tuple[PartyId, int]] = frozenset()


NO_GRACE: Final = _Grace()

type _Question = tuple[
    int, tuple[PartyId, ...], tuple[Vouch, ...], tuple[DayEvidence, ...]
]
"""What reputations follow from: as long as it is the same, so are they."""


class ScoreBook:
    """Keeps what scores rest on.  Not thread-safe; does nothing by itself."""

    def __init__(self, party: PartyId, saved: Saved | None = None) -> None:
        """Open the book of ``party``, as it was saved."""
        found = saved or Saved()
        self._party = party
        self._days = {one.day: one for one in found.days}
        self._periods = {one.period: one for one in found.periods}
        self._progress = found.progress
        self._career = found.career
        self._badges = found.badges
        self._scored_until = found.scored_until
        self._added_up: dict[int, dict[_Grace, DayRecord]] = {}
        self._asked: _Question | None = None
        self._reputations: Mapping[PartyId, Reputation] = {}

    def add(self, record: PeriodRecord) -> None:
        """Take in a settled period, or its correction; what is old stays as it is."""
        if day_of(record.period) not in self._days:
            self._periods[record.period] = record
            self._added_up.pop(day_of(record.period), None)

    def save(self) -> Saved:
        """Return everything the book knows."""
        return Saved(
            days=tuple(self._days[day] for day in sorted(self._days)),
            periods=tuple(self._periods[p] for p in sorted(self._periods)),
            progress=self._progress,
            career=self._career,
            badges=self._badges,
            scored_until=self._scored_until,
        )

    def credit(self, deeds: Career) -> None:
        """Add what no settlement tells: cars, events, storms, newcomers, learning."""
        self._career = self._career.plus(deeds)

    def turn(
        self,
        now: Instant,
        facts: SeasonFacts,
        *,
        excuses: Iterable[Excuse] = (),
    ) -> tuple[Badge, ...]:
        """Close the days that are over; return badges earned since the last turn.

        ``facts`` are what the home knows apart from settlements; what follows from
        settlements is filled in here.
        """
        today = div_floor(now, DAY_MS)
        for one in self._open_days():
            if one.day < today:
                self._close(one, facts)
        self._fold(div_floor(now - YOUNG_MS, DAY_MS), self._grace(today, excuses))
        new = earned(self._career_so_far(facts)) - self._badges
        self._badges |= new
        return tuple(sorted(new))

    def standing(
        self,
        now: Instant,
        facts: SeasonFacts,
        *,
        members: Iterable[PartyId],
        vouches: Iterable[Vouch] = (),
        excuses: Iterable[Excuse] = (),
    ) -> Standing:
        """Return how everybody stands now."""
        today = div_floor(now, DAY_MS)
        grace = self._grace(today, excuses)
        known_days = tuple(
            one.evidence for one in self._all_days(grace) if one.day < today
        )
        question = (today, tuple(sorted(members)), tuple(vouches), known_days)
        if self._asked != question:
            self._asked = question
            self._reputations = reputations(
                known_days, members=question[1], until_day=today, vouches=question[2]
            )
        found = self._reputations
        mine = found.get(self._party)
        season = season_of(today)
        known = replace(
            facts,
            trust_ppm=None if mine is None else mine.trust_ppm,
            sensor_in_doubt=(self._party, today - 1) in grace.doubted,
        )
        return Standing(
            season=season,
            score=score_of(self._filled(known, season)),
            progress=self._progress,
            career=self._career_so_far(known),
            badges=self._badges,
            reputations=found,
        )

    def community(self, first_day: int, until_day: int) -> CommunityEnergy:
        """Return what all members did together in some days."""
        total = CommunityEnergy()
        for one in self._all_days():
            if first_day <= one.day < until_day:
                total = total.plus(one.community)
        return total

    def own(self, first_day: int, until_day: int) -> tuple[OwnEnergy, int]:
        """Return this home's energy of some days, and of how many anything is known."""
        days = [one for one in self._all_days() if first_day <= one.day < until_day]
        total = OwnEnergy()
        for one in days:
            total = total.plus(one.own)
        return total, len(days)

    def _close(self, day: DayRecord, facts: SeasonFacts) -> None:
        """Let a day that is over count: experience, streak, career."""
        season = season_of(day.day)
        if self._scored_until is not None:
            for missed in range(self._scored_until, day.day):
                self._progress = self._progress.day(
                    season=season_of(missed), points_ppm=None
                )
        score = score_of(self._filled(facts, season))
        points_ppm = None if score is None else score.points_ppm
        self._progress = self._progress.day(season=season, points_ppm=points_ppm)
        self._career = _careered(self._career, day, facts)
        self._scored_until = day.day + 1

    def _career_so_far(self, facts: SeasonFacts) -> Career:
        """Return the career with the days that are not over yet."""
        career = self._career
        for one in self._open_days():
            career = _careered(career, one, facts)
        return career

    def _open_days(self) -> list[DayRecord]:
        first = self._scored_until
        return [one for one in self._all_days() if first is None or one.day >= first]

    def _filled(self, facts: SeasonFacts, season: int) -> SeasonFacts:
        """Fill in what follows from the settlements of a season."""
        days = [one for one in self._all_days() if one.day in season_days(season)]
        weeks: dict[int, OwnEnergy] = {}
        for one in days:
            week = div_floor(one.day - season_days(season)[0], WEEK_DAYS)
            weeks[week] = weeks.get(week, OwnEnergy()).plus(one.own)
        return replace(
            facts,
            local_share=_local_share(weeks.values()),
            net_given_wh_by_week=tuple(
                _sum(week.given) - _sum(week.taken) for week in weeks.values()
            ),
        )

    def _grace(self, today: int, excuses: Iterable[Excuse]) -> _Grace:
        """Return what does not count: what is excused, and what nobody can believe."""
        judged = [
            one for one in self._all_days() if today - DOUBT_DAYS <= one.day < today
        ]
        doubted = doubts(
            [one.day for one in judged], [dict(one.exports) for one in judged]
        )
        return _Grace(excuses=tuple(excuses), doubted=doubted)

    def _all_days(self, grace: _Grace = NO_GRACE) -> list[DayRecord]:
        young = self._young_days()
        found = {**self._days, **{day: self._young(day, young, grace) for day in young}}
        return [found[day] for day in sorted(found)]

    def _young(
        self, day: int, days: Mapping[int, list[PeriodRecord]], grace: _Grace
    ) -> DayRecord:
        """Return a young day; added up anew only when something in it has changed."""
        known = self._added_up.setdefault(day, {})
        if grace not in known:
            known[grace] = _day_record(day, days[day], grace)
        return known[grace]

    def _young_days(self) -> dict[int, list[PeriodRecord]]:
        days: dict[int, list[PeriodRecord]] = {}
        for period in sorted(self._periods):
            days.setdefault(day_of(period), []).append(self._periods[period])
        return days

    def _fold(self, before_day: int, grace: _Grace) -> None:
        young = self._young_days()
        for day, records in young.items():
            if day < before_day:
                self._days[day] = self._young(day, young, grace)
                del self._added_up[day]
                for one in records:
                    del self._periods[one.period]
        for day in sorted(self._days)[:-DAYS_KEPT]:
            del self._days[day]


def _careered(career: Career, day: DayRecord, facts: SeasonFacts) -> Career:
    own = day.own
    reliable = (facts.trust_ppm or 0) >= ROCK_PPM
    return replace(
        career,
        trades=career.trades + own.trades,
        sold_local_wh=career.sold_local_wh + max(0, _sum(own.sold) - _sum(own.bought)),
        net_given_wh=career.net_given_wh + _sum(own.given) - _sum(own.taken),
        reliable_days=career.reliable_days + 1 if reliable else 0,
        island_periods=max(career.island_periods, day.community.island_periods),
    )


def _day_record(day: int, records: Iterable[PeriodRecord], grace: _Grace) -> DayRecord:
    own, community, evidence = OwnEnergy(), CommunityEnergy(), []
    exports: Partners = ()
    for one in records:
        own, community = own.plus(one.own), community.plus(one.community)
        exports = added(exports, one.exports)
        evidence.append(one.evidence)
    (whole,) = evidence_by_day(evidence, grace.excuses, doubted=grace.doubted)
    assert whole.day == day, "periods of one day"
    return DayRecord(evidence=whole, own=own, community=community, exports=exports)


def _local_share(weeks: Iterable[OwnEnergy]) -> Attainment | None:
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


def _sum(partners: Iterable[tuple[PartyId, int]]) -> int:
    return sum(energy_wh for _, energy_wh in partners)
