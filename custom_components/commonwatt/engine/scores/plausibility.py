"""Whether a meter can be believed: panels beside the neighbours' panels.

A meter that stands out is not punished: its home gets a request to look at the sensor,
and meanwhile no points and no good evidence, for nobody knows.
"""

from collections.abc import Sequence
from typing import Final

from ..model.units import PPM, div_floor

WINDOW_DAYS: Final = 7
DEVIATIONS: Final = 3
NEIGHBOURS_MIN: Final = 4
SPREAD_PPM_MIN: Final = 50_000
"""Panels next to each other differ by this much in the clearest week."""

DEVIATION_PER_MAD_PPM: Final = 1_482_600
"""A standard deviation over the median absolute deviation, of a normal spread."""


def stands_out(*, own: int, neighbours: Sequence[int]) -> bool | None:
    """Tell whether a yield is beyond three deviations; None: too few to say.

    Medians, so that one doctored meter does not bring its neighbours into doubt.

    Args:
        own: energy of some days over what the panels give in full sun in an hour, ppm.
        neighbours: the same of other members' panels.

    """
    if len(neighbours) < NEIGHBOURS_MIN:
        return None
    middle = _median(neighbours)
    mad = _median([abs(one - middle) for one in neighbours])
    spread = max(
        div_floor(mad * DEVIATION_PER_MAD_PPM, PPM),
        div_floor(middle * SPREAD_PPM_MIN, PPM),
    )
    return abs(own - middle) > DEVIATIONS * spread


def doubted_days(
    own: Sequence[int], neighbours: Sequence[Sequence[int]]
) -> tuple[bool, ...]:
    """Tell of each day whether the meter was in doubt.

    Seven days whose sum stands out are all in doubt, so small daily differences that
    go the same way are found, and one odd day is not.

    Args:
        own: yields by day, as in ``stands_out``.
        neighbours: for each neighbour, its yields of the same days.

    """
    doubted = [False] * len(own)
    for start in range(len(own) - WINDOW_DAYS + 1):
        days = slice(start, start + WINDOW_DAYS)
        sums = [sum(one[days]) for one in neighbours]
        if stands_out(own=sum(own[days]), neighbours=sums):
            doubted[days] = [True] * WINDOW_DAYS
    return tuple(doubted)


def _median(values: Sequence[int]) -> int:
    """Return the lower of the middle values: one of them, so an integer."""
    return sorted(values)[(len(values) - 1) // 2]
