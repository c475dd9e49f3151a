"""Whether a meter can be believed: panels beside the neighbours' panels.

A doctored meter is not punished on suspicion: its home gets a request to look at the
sensor, and no points while it stands out.
"""

from collections.abc import Sequence
from math import isqrt
from typing import Final

from ..model.units import PPM, div_floor

SUSPICIOUS_DAYS: Final = 7
DEVIATIONS: Final = 3
NEIGHBOURS_MIN: Final = 4
SPREAD_PPM_MIN: Final = 50_000
"""Panels next to each other differ by this much on the clearest day."""


def stands_out(*, own_ppm: int, neighbours_ppm: Sequence[int]) -> bool | None:
    """Tell whether a day's yield is beyond three deviations; None: too few to say.

    Args:
        own_ppm: energy of the day over what the panels give in full sun in an hour.
        neighbours_ppm: the same of other members' panels.

    """
    count = len(neighbours_ppm)
    if count < NEIGHBOURS_MIN:
        return None
    mean = div_floor(sum(neighbours_ppm), count)
    variance = div_floor(sum((one - mean) ** 2 for one in neighbours_ppm), count)
    spread = max(isqrt(variance), div_floor(mean * SPREAD_PPM_MIN, PPM))
    return abs(own_ppm - mean) > DEVIATIONS * spread


def check_the_sensor(days: Sequence[bool | None]) -> bool:
    """Tell whether the last seven days that could be judged all stood out."""
    judged = [day for day in days if day is not None]
    return len(judged) >= SUSPICIOUS_DAYS and all(judged[-SUSPICIOUS_DAYS:])
