"""How much a home should be using, by its own past and by what others do.

The past is frozen with the season: who wastes during it cannot raise what is expected.
Weather and season move everybody, so what the others take more than they did is granted
as well; what they take less is not asked of anybody.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from ...model.units import PPM, div_floor
from ..fixed import clip_ppm, ratio_ppm, times_ppm
from ..season import season_days
from .periods import HomeDay

DAYS_BEFORE: Final = 28
DAYS_MIN: Final = 7
GROWTH_PPM_MAX: Final = 2 * PPM


def expected_use_wh(
    days: Iterable[HomeDay], others_wh: Mapping[int, int], season: int
) -> tuple[int, int] | None:
    """Return what a home used in a season and what was to be expected.

    None while nothing is known to compare with: the first week of a newcomer.

    Args:
        days: of the home, any order.
        others_wh: what all others imported, by day.
        season: which one.

    """
    known = sorted((one for one in days if one.periods), key=lambda one: one.day)
    first = season_days(season)[0]
    frozen = [one for one in known if first - DAYS_BEFORE <= one.day < first]
    if len(frozen) < DAYS_MIN:
        frozen = [one for one in known if one.day >= first][:DAYS_BEFORE]
    judged = [one for one in known if one.day in season_days(season)]
    judged = [one for one in judged if one.day > frozen[-1].day] if frozen else []
    if len(frozen) < DAYS_MIN or not judged:
        return None
    usual_wh = sum(one.used_wh for one in frozen)
    periods = sum(one.periods for one in judged)
    expected_wh = div_floor(usual_wh * periods, sum(one.periods for one in frozen))
    growth_ppm = _growth_ppm(frozen, judged, others_wh)
    return sum(one.used_wh for one in judged), times_ppm(expected_wh, growth_ppm)


def _growth_ppm(
    frozen: Sequence[HomeDay], judged: Sequence[HomeDay], others_wh: Mapping[int, int]
) -> int:
    then = [others_wh[one.day] for one in frozen if one.day in others_wh]
    now = [others_wh[one.day] for one in judged if one.day in others_wh]
    if not now or sum(then) <= 0:
        return PPM
    growth_ppm = ratio_ppm(sum(now) * len(then), sum(then) * len(now))
    return clip_ppm(growth_ppm, least=PPM, most=GROWTH_PPM_MAX)
