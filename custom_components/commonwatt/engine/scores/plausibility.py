"""Whether a meter can be believed: what homes with panels export, by the panels' size.

A home uses some of what its panels give, so a low export says nothing; one far above
all others does, added up or at the best moment of a week, when next to nothing is used
and every battery is full.  A meter that stands out is not punished: its home gets a
request to look at the sensor, and meanwhile no points and no good evidence, for nobody
knows.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from ..model.party import PartyId
from ..model.units import PPM, div_floor

WINDOW_DAYS: Final = 7
DEVIATIONS: Final = 3
NEIGHBOURS_MIN: Final = 4
SPREAD_PPM_MIN: Final = 50_000
"""Panels next to each other differ by this much in the clearest week."""

DEVIATION_PER_MAD_PPM: Final = 1_482_600
"""A standard deviation over the median absolute deviation, of a normal spread."""


def stands_out(*, own: int, neighbours: Sequence[int]) -> bool | None:
    """Tell whether an export is three deviations above others; None: too few to say.

    Medians, so that one doctored meter does not bring its neighbours into doubt.

    Args:
        own: export of some days over what the panels give in full sun in an hour, ppm.
        neighbours: the same of other members with panels.

    """
    if len(neighbours) < NEIGHBOURS_MIN:
        return None
    middle = _median(neighbours)
    mad = _median([abs(one - middle) for one in neighbours])
    spread = max(
        div_floor(mad * DEVIATION_PER_MAD_PPM, PPM),
        div_floor(middle * SPREAD_PPM_MIN, PPM),
    )
    return own > middle + DEVIATIONS * spread


def doubted_days(
    own: Sequence[int],
    neighbours: Sequence[Sequence[int]],
    *,
    over_week: Callable[[Sequence[int]], int] = sum,
) -> tuple[bool, ...]:
    """Tell of each day whether the meter was in doubt.

    Seven days whose sum stands out are all in doubt, so small daily differences that
    go the same way are found, and one odd day is not.

    Args:
        own: exports by day, as in ``stands_out``.
        neighbours: for each neighbour, its exports of the same days.
        over_week: what is compared of seven days.

    """
    doubted = [False] * len(own)
    for start in range(len(own) - WINDOW_DAYS + 1):
        days = slice(start, start + WINDOW_DAYS)
        others = [over_week(one[days]) for one in neighbours]
        if stands_out(own=over_week(own[days]), neighbours=others):
            doubted[days] = [True] * WINDOW_DAYS
    return tuple(doubted)


def doubts(
    days: Sequence[int],
    exports: Sequence[Mapping[PartyId, int]],
    *,
    over_week: Callable[[Sequence[int]], int] = sum,
) -> frozenset[tuple[PartyId, int]]:
    """Return which meters were in doubt on which days.

    Args:
        days: of UTC, ascending.
        exports: of the same days, by party; who is missing on one was not metered and
            is not judged.
        over_week: what is compared of seven days: their sum, or the best of them.

    """
    judged = sorted(set.intersection(*map(set, exports))) if exports else []
    series = {party: [day[party] for day in exports] for party in judged}
    return frozenset(
        (party, day)
        for party in judged
        for day, doubted in zip(
            days,
            doubted_days(
                series[party],
                [series[other] for other in judged if other != party],
                over_week=over_week,
            ),
            strict=True,
        )
        if doubted
    )


def _median(values: Sequence[int]) -> int:
    """Return the lower of the middle values: one of them, so an integer."""
    return sorted(values)[(len(values) - 1) // 2]
