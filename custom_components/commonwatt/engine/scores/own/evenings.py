"""Evenings on which a community asks for less: what was promised, and what was kept.

An event is every evening of a week whose mission is a lighter evening: the weeks take
turns, so everybody knows of it from the Monday on and nobody has to announce it.  A
tenth of the other evenings are audits; which ones, the day's own settlements decide, so
that nobody can know beforehand.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from statistics import median_low
from typing import Final

from ...model.period import DAY_MS, Instant
from ...model.units import PPM, div_floor
from ..fixed import clip_ppm, ratio_ppm, times_ppm
from ..flexibility import Participation, frozen_baseline_wh
from ..missions import LESS_EVENING_PPM, MissionKind, kind_of_week, monday_of
from ..season import season_days, season_of

DAYS_BEFORE: Final = 28
EVENINGS_MIN: Final = 7
"""With fewer evenings behind it, nobody knows what a home usually uses."""

BASELINE_WH_MIN: Final = 50
"""A home that takes less in an hour of an evening has nothing to leave out."""

AUDIT_ONE_IN: Final = 10
GROWTH_PPM_MAX: Final = 2 * PPM


@dataclass(frozen=True, slots=True, kw_only=True)
class Evening:
    """One evening, as settled: imports of an hour, on average."""

    day: int
    own_wh: int
    others_wh: int
    """Of all other members together."""

    drawn: int = 0
    """Follows from what all did that day: see ``draw``."""


def draw(day: int, figures: Iterable[int]) -> int:
    """Return a number that all members find and nobody knew the day before."""
    text = ",".join(map(str, (day, *figures)))
    return int.from_bytes(sha256(text.encode()).digest()[:8])


def is_event(day: int) -> bool:
    """Tell whether the community asks for less on the evening of a day."""
    return kind_of_week(day) is MissionKind.EVENING_IMPORT


def participations(
    evenings: Sequence[Evening], *, season: int, joined: frozenset[int]
) -> tuple[Participation, ...]:
    """Return a home's part in the events of a season, in order.

    Args:
        evenings: all that are settled and over, ascending by day.
        season: which one.
        joined: days before whose evening the home said that it takes part.

    """
    baselines, found = Baselines(evenings), []
    for one in evenings:
        if season_of(one.day) != season or not is_event(one.day):
            continue
        baseline_wh = baselines.fair_wh(one.day)
        if baseline_wh is None or baseline_wh < BASELINE_WH_MIN:
            continue
        takes_part = one.day in joined
        promise_wh = times_ppm(baseline_wh, LESS_EVENING_PPM) if takes_part else 0
        found.append(
            Participation(
                baseline_wh=baseline_wh,
                metered_wh=one.own_wh,
                committed_wh=promise_wh,
            )
        )
    return tuple(found)


class Baselines:
    """What a home would take on the evenings of a week, as known when it began.

    The smaller of two medians of evenings that were no events.  What the model of all
    expects is frozen with the season: the home's own evenings before it began, grown as
    much as the others' have since.
    """

    def __init__(self, evenings: Iterable[Evening]) -> None:
        """Take all ``evenings``, ascending by day."""
        self._quiet: Final = [one for one in evenings if not is_event(one.day)]
        self._known: Final[dict[int, int | None]] = {}
        self._fair: Final[dict[int, int | None]] = {}

    def fair_wh(self, day: int) -> int | None:
        """Return the baseline of a day's week, by what audits found of earlier ones."""
        monday = monday_of(day)
        if monday not in self._fair:
            self._fair[monday] = self._audited_wh(monday)
        return self._fair[monday]

    def _audited_wh(self, monday: int) -> int | None:
        baseline_wh = self._of(monday)
        if baseline_wh is None:
            return None
        usual = metered = 0
        for one in self._quiet:
            if (
                _first_near(monday) <= one.day < monday
                and one.drawn % AUDIT_ONE_IN == 0
            ):
                audited_wh = self._of(monday_of(one.day))
                if audited_wh is not None:
                    usual, metered = usual + audited_wh, metered + one.own_wh
        if not usual:
            return baseline_wh
        return times_ppm(baseline_wh, clip_ppm(ratio_ppm(metered, usual)))

    def _of(self, monday: int) -> int | None:
        if monday not in self._known:
            self._known[monday] = self._smaller_wh(monday)
        return self._known[monday]

    def _smaller_wh(self, monday: int) -> int | None:
        before = [one for one in self._quiet if one.day < monday]
        recent = [one for one in before if one.day >= monday - DAYS_BEFORE]
        first = season_days(season_of(monday))[0]
        frozen = [one for one in before if _first_near(monday) <= one.day < first]
        if len(frozen) < EVENINGS_MIN:
            frozen = before[:DAYS_BEFORE]
        if len(frozen) < EVENINGS_MIN or not recent:
            return None
        known_at = Instant((max(recent[-1].day, frozen[-1].day) + 1) * DAY_MS)
        return frozen_baseline_wh(
            community_p50_wh=times_ppm(_usual_wh(frozen), _growth_ppm(frozen, recent)),
            own_p50_wh=_usual_wh(recent),
            known_at=known_at,
            event_at=Instant(monday * DAY_MS),
        )


def _first_near(monday: int) -> int:
    """Return the first day from which a season's baselines are frozen."""
    return season_days(season_of(monday))[0] - DAYS_BEFORE


def _growth_ppm(frozen: Sequence[Evening], recent: Sequence[Evening]) -> int:
    """Return how much more the others take than they did, within bounds."""
    then_wh = div_floor(sum(one.others_wh for one in frozen), len(frozen))
    now_wh = div_floor(sum(one.others_wh for one in recent), len(recent))
    if then_wh <= 0:
        return PPM
    return clip_ppm(ratio_ppm(now_wh, then_wh), least=PPM, most=GROWTH_PPM_MAX)


def _usual_wh(evenings: Iterable[Evening]) -> int:
    return median_low(one.own_wh for one in evenings)


def kept_promises(parts: Iterable[Participation]) -> int:
    """Return how many promises were kept in full."""
    return sum(0 < one.committed_wh <= one.delivered_wh for one in parts)


def evenings_of(
    imports: Mapping[int, tuple[int, int, int, int]],
) -> tuple[Evening, ...]:
    """Return the evenings of some days.

    Args:
        imports: by day: own import in the evening and its metered periods, all members'
            import in the evening, and what was drawn.

    """
    return tuple(
        Evening(
            day=day,
            own_wh=div_floor(4 * own_wh, periods),
            others_wh=div_floor(4 * max(0, all_wh - own_wh), periods),
            drawn=drawn,
        )
        for day, (own_wh, periods, all_wh, drawn) in sorted(imports.items())
        if periods
    )
