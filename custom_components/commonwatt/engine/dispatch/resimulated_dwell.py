"""Recompute how long machines stay on and off, from their powers alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import numpy as np

from ..model.period import HOUR_MS
from .linear.case import Case
from .linear.program import Floats
from .linear.rows import Converting
from .linear.switching import EARLY_PRICES, owed_steps, runs_now

POWER_TOLERANCE: Final = 0.005
"""kW that count as off."""

HOURS_TOLERANCE: Final = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class TooSoon:
    """A machine is switched in ``step``, so many hours before it may be."""

    step: int
    hours: float


def switched_too_soon(case: Case, way: Converting, used: Floats) -> Iterator[TooSoon]:
    """Yield every switch before its time.

    What was begun before the horizon or goes on after it is not known in full; what was
    begun before may be broken off at a price.
    """
    if not way.switched or way.power_min <= 0:
        return
    on = used > POWER_TOLERANCE
    first, started_on = 0, runs_now(way)
    for is_on, steps in groupby(on.tolist()):
        end = first + len(list(steps))
        least_ms = way.dwell.on_ms_min if is_on else way.dwell.off_ms_min
        begun_inside = first > 0 or is_on != started_on
        hours = float(case.hours[first:end].sum())
        missing = least_ms / HOUR_MS - hours
        if begun_inside and end < len(on) and missing > HOURS_TOLERANCE:
            yield TooSoon(step=end, hours=missing)
        first = end
    rests = owed_steps(case, way) & (not started_on)
    for step in np.flatnonzero(rests & on)[:1].tolist():
        yield TooSoon(step=step, hours=way.dwell.owed_ms / HOUR_MS)


def starts(way: Converting, used: Floats) -> int:
    """Count starts; a machine without a least power may idle between two runs."""
    on = used > POWER_TOLERANCE
    first = bool(on[0]) and not runs_now(way)
    if way.power_min <= 0:
        return int(on.any() and not runs_now(way))
    return int(first) + int(np.count_nonzero(on[1:] & ~on[:-1]))


def cost_of_breaking_off(case: Case, way: Converting, used: Floats) -> float:
    """Return the price of a machine that should have stayed on."""
    bound = way.power_min > 0 and runs_now(way)
    early = owed_steps(case, way) & (used <= POWER_TOLERANCE)
    return EARLY_PRICES * case.scale if bound and early.any() else 0.0
