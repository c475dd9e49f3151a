"""From a home's own book and what was settled to the facts a season's score needs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ...model.units import PPM, div_floor
from ..badges import Career
from ..days import DayEnergy
from ..facts import SeasonFacts
from ..honesty import Losses
from ..missions import WEEK_DAYS
from ..season import SEASON_FIRST_DAY, season_days, season_of
from .book import OwnBook
from .evenings import Evening, draw, evenings_of, kept_promises, participations
from .helping import Help, learning_ppm
from .periods import HomeDay, shares_of
from .use import expected_use_wh

MONTH_DAYS: Final = 28
HONEST_SKILL_PPM: Final = PPM // 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What neither book nor settlement tells."""

    prosumer: bool
    newcomers_helped: int = 0
    """Whom this home vouched for, and who kept their word since."""


def facts_of(
    own: OwnBook,
    energy: Mapping[int, DayEnergy],
    circumstances: Circumstances,
    *,
    today: int,
) -> SeasonFacts:
    """Return the facts of the season of ``today``; what is unknown stays None.

    Args:
        own: the home's own book, its past days closed.
        energy: what was settled, by day.
        circumstances: what neither tells.
        today: day of UTC.

    """
    season = season_of(today)
    days = [one for one in own.days if one.day in season_days(season)]
    shares = shares_of(days)
    use = expected_use_wh(own.days, _others_wh(energy), season)
    evenings = _evenings(energy, until_day=today)
    return SeasonFacts(
        prosumer=circumstances.prosumer,
        self_sufficiency=shares.self_sufficiency,
        self_consumption=shares.self_consumption,
        carbon=shares.carbon,
        events=participations(evenings, season=season, joined=own.joined),
        losses=_losses(days[-MONTH_DAYS:]),
        learning_ppm=learning_ppm(_help(own, circumstances, season)),
        used_wh=None if use is None else use[0],
        expected_use_wh=None if use is None else use[1],
        deeds=_deeds(own, evenings, circumstances),
    )


def _deeds(
    own: OwnBook, evenings: Sequence[Evening], circumstances: Circumstances
) -> Career:
    """Return what badges ask for and no settlement tells, as far back as is kept."""
    seasons = sorted({season_of(one.day) for one in evenings})
    return Career(
        car_wh=sum(one.car_wh for one in own.days),
        car_green_wh=sum(one.car_green_wh for one in own.days),
        events_kept=sum(
            kept_promises(participations(evenings, season=season, joined=own.joined))
            for season in seasons
        ),
        honest_weeks=honest_weeks(own.days),
        storms_kept=own.storms,
        newcomers_helped=circumstances.newcomers_helped,
        learning_weeks=sum(taught for _, taught in own.trainings),
    )


def honest_weeks(days: Iterable[HomeDay]) -> int:
    """Return the most weeks in a row whose forecasts beat the usual by a tenth."""
    weeks: dict[int, list[HomeDay]] = {}
    for one in days:
        week = div_floor(one.day - SEASON_FIRST_DAY, WEEK_DAYS)
        weeks.setdefault(week, []).append(one)
    longest = run = 0
    before: int | None = None
    for week, members in sorted(weeks.items()):
        skill_ppm = _losses(members).skill_ppm
        honest = len(members) == WEEK_DAYS and (skill_ppm or 0) > HONEST_SKILL_PPM
        run = (run if before == week - 1 else 0) + 1 if honest else 0
        longest, before = max(longest, run), week
    return longest


def _losses(days: Iterable[HomeDay]) -> Losses:
    known = list(days)
    return Losses(
        loss=sum(one.loss for one in known), usual=sum(one.usual_loss for one in known)
    )


def _help(own: OwnBook, circumstances: Circumstances, season: int) -> Help:
    first, last = season_days(season)[0], season_days(season)[-1]
    missions = [done for day, done in own.missions if first <= day <= last]
    weeks = range(
        div_floor(first - SEASON_FIRST_DAY, WEEK_DAYS),
        div_floor(last - SEASON_FIRST_DAY, WEEK_DAYS) + 1,
    )
    trainings = [taught for week, taught in own.trainings if week in weeks]
    return Help(
        weeks=len(trainings),
        weeks_taught=sum(trainings),
        missions=len(missions),
        missions_done=sum(missions),
        newcomers=circumstances.newcomers_helped,
    )


def _others_wh(energy: Mapping[int, DayEnergy]) -> dict[int, int]:
    return {
        day: max(0, one.community.import_wh - one.own.import_wh)
        for day, one in energy.items()
        if one.community.import_wh
    }


def _evenings(
    energy: Mapping[int, DayEnergy], *, until_day: int
) -> tuple[Evening, ...]:
    return evenings_of(
        {
            day: (
                one.own.evening_wh,
                one.own.evening_periods,
                one.community.evening_all_wh,
                _drawn(day, one),
            )
            for day, one in energy.items()
            if day < until_day
        }
    )


def _drawn(day: int, one: DayEnergy) -> int:
    all_ = one.community
    return draw(day, (all_.traded_wh, all_.given_wh, all_.import_wh))
