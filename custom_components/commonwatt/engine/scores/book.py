"""The score book of one home: settled periods go in, standing comes out.

Young periods are kept one by one, so that corrections, excuses and doubts change them;
older ones are added up to days.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from ..model.party import PartyId
from ..model.period import DAY_MS, Instant
from ..model.units import div_floor
from .badges import Badge, Career, earned
from .days import (
    NO_GRACE,
    DayEnergy,
    DayRecord,
    Grace,
    careered,
    day_record,
    energy_of,
    local_share,
)
from .evidence import DayEvidence, Excuse, day_of
from .facts import SeasonFacts, score_of
from .plausibility import doubts
from .progress import Progress
from .records import CommunityEnergy, OwnEnergy, PeriodRecord
from .reputation import Reputation, reputations
from .season import SeasonScore, bucket_of, season_days, season_of
from .vouching import Vouch

DAYS_KEPT: Final = 400
"""Beyond, evidence has faded to a hundredth and no season asks."""

YOUNG_MS: Final = 8 * DAY_MS
"""Longer than a member can appeal, and than a doubt looks back."""

DOUBT_DAYS: Final = 15
"""How far back meters are compared: a week before the oldest young day."""

WEEK_DAYS: Final = 7


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

    facts: SeasonFacts
    """What the score rests on: the home's own."""

    improvement: int = 0
    """Against its own season before, in points rounded down to five."""


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

    finals_ppm: tuple[tuple[int, int], ...] = ()
    """Points of each season at its last scored day."""


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
        self._finals_ppm = dict(found.finals_ppm)
        self._added_up: dict[int, dict[Grace, DayRecord]] = {}
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
            finals_ppm=tuple(sorted(self._finals_ppm.items())),
        )

    def turn(
        self,
        now: Instant,
        facts: SeasonFacts,
        *,
        members: Iterable[PartyId] = (),
        vouches: Iterable[Vouch] = (),
        excuses: Iterable[Excuse] = (),
    ) -> tuple[Badge, ...]:
        """Close the days that are over; return badges earned since the last turn.

        ``facts`` are what the home knows apart from settlements; what follows from
        settlements is filled in here.  Without ``members`` no reputation is known.
        """
        today = div_floor(now, DAY_MS)
        grace = self._grace(today, excuses)
        known = self._known(facts, today, grace, members=members, vouches=vouches)
        for one in self._open_days():
            if one.day < today:
                self._close(one, known)
        self._fold(div_floor(now - YOUNG_MS, DAY_MS), grace)
        new = earned(self._career_so_far(known)) - self._badges
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
        known = self._known(facts, today, grace, members=members, vouches=vouches)
        season = season_of(today)
        filled = self._filled(known, season)
        score = score_of(filled)
        return Standing(
            season=season,
            facts=filled,
            score=score,
            progress=self._progress,
            career=self._career_so_far(known),
            badges=self._badges,
            reputations=self._reputations,
            improvement=self._improvement(season, score),
        )

    def by_day(self) -> Mapping[int, DayEnergy]:
        """Return the energy of every day anything is known of."""
        return {
            one.day: DayEnergy(own=one.own, community=one.community)
            for one in self._all_days()
        }

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

    def _known(
        self,
        facts: SeasonFacts,
        today: int,
        grace: Grace,
        *,
        members: Iterable[PartyId],
        vouches: Iterable[Vouch],
    ) -> SeasonFacts:
        """Fill in what all members know: this home's reputation, and doubts."""
        known_days = tuple(
            one.evidence for one in self._all_days(grace) if one.day < today
        )
        question = (today, tuple(sorted(members)), tuple(vouches), known_days)
        if self._asked != question:
            self._asked = question
            self._reputations = reputations(
                known_days, members=question[1], until_day=today, vouches=question[2]
            )
        mine = self._reputations.get(self._party)
        return replace(
            facts,
            trust_ppm=None if mine is None else mine.trust_ppm,
            sensor_in_doubt=(self._party, today - 1) in grace.doubted,
        )

    def _improvement(self, season: int, score: SeasonScore | None) -> int:
        before_ppm = self._finals_ppm.get(season - 1)
        if score is None or before_ppm is None:
            return 0
        return score.bucket - bucket_of(before_ppm)

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
        if points_ppm is not None:
            self._finals_ppm[season] = points_ppm
        self._career = careered(self._career, day, facts)
        self._scored_until = day.day + 1

    def _career_so_far(self, facts: SeasonFacts) -> Career:
        """Return the career with the days that are not over yet."""
        career = self._career
        for one in self._open_days():
            career = careered(career, one, facts)
        return career.plus(facts.deeds)

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
            local_share=local_share(weeks.values()),
            net_given_wh_by_week=tuple(
                energy_of(week.given) - energy_of(week.taken) for week in weeks.values()
            ),
        )

    def _grace(self, today: int, excuses: Iterable[Excuse]) -> Grace:
        """Return what does not count: what is excused, and what nobody can believe."""
        judged = [
            one for one in self._all_days() if today - DOUBT_DAYS <= one.day < today
        ]
        days = [one.day for one in judged]
        in_sum = doubts(days, [dict(one.exports) for one in judged])
        at_best = doubts(days, [dict(one.peaks) for one in judged], over_week=max)
        doubted = in_sum | at_best
        return Grace(excuses=tuple(excuses), doubted=doubted)

    def _all_days(self, grace: Grace = NO_GRACE) -> list[DayRecord]:
        young = self._young_days()
        found = {**self._days, **{day: self._young(day, young, grace) for day in young}}
        return [found[day] for day in sorted(found)]

    def _young(
        self, day: int, days: Mapping[int, list[PeriodRecord]], grace: Grace
    ) -> DayRecord:
        """Return a young day; added up anew only when something in it has changed."""
        known = self._added_up.setdefault(day, {})
        if grace not in known:
            known[grace] = day_record(day, days[day], grace)
        return known[grace]

    def _young_days(self) -> dict[int, list[PeriodRecord]]:
        days: dict[int, list[PeriodRecord]] = {}
        for period in sorted(self._periods):
            days.setdefault(day_of(period), []).append(self._periods[period])
        return days

    def _fold(self, before_day: int, grace: Grace) -> None:
        young = self._young_days()
        for day, records in young.items():
            if day < before_day:
                self._days[day] = self._young(day, young, grace)
                del self._added_up[day]
                for one in records:
                    del self._periods[one.period]
        for day in sorted(self._days)[:-DAYS_KEPT]:
            del self._days[day]
