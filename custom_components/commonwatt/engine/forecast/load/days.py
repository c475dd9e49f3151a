"""A home's past as whole local days: one row a day, one column a step of the day.

Owns the way from delivery periods to local days and back: gaps stay gaps, the hour that
a clock change repeats is averaged, the hour it leaves out is unknown.  Knows no time
zone: the local day and minute of each period enter as arguments.
"""

from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np

from .arrays import Floats, Ints

SATURDAY: Final = 5
SUNDAY: Final = 6
"""Also the day kind of every public holiday."""

STEPS_PER_DAY: Final = (24, 48, 96)
MINUTES_PER_DAY: Final = 24 * 60


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LocalTimes:
    """Where delivery periods lie in the home's calendar; arrays of equal length."""

    day: Ints
    """Number of the local day, counted from any fixed day."""

    minute: Ints
    """Local minute of the day at which the period starts."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Days:
    """Consecutive local days of one home."""

    energy_wh: Floats
    """(days, steps of the day); nan where nobody counted."""

    kinds: Ints
    """0 (Monday) to 6 for each day; a public holiday is a Sunday."""

    def __post_init__(self) -> None:
        """Assert what every reader relies on."""
        count, steps = self.energy_wh.shape
        assert steps in STEPS_PER_DAY, f"{steps} steps a day"
        assert self.kinds.shape == (count,), "one kind for each day"

    @property
    def count(self) -> int:
        """How many days."""
        return len(self.energy_wh)

    @property
    def steps(self) -> int:
        """Steps of a day."""
        return int(self.energy_wh.shape[1])

    @property
    def days_known(self) -> int:
        """How many days have at least half of their steps."""
        known = (~np.isnan(self.energy_wh)).mean(axis=1)
        return int((known >= 1 / 2).sum())

    def last(self, count: int) -> Self:
        """Return the ``count`` latest days (all, if there are fewer)."""
        first = max(self.count - count, 0)
        return replace(self, energy_wh=self.energy_wh[first:], kinds=self.kinds[first:])

    def then(self, energy_wh: Floats, kind: int) -> Self:
        """Return these days and one more."""
        return replace(
            self,
            energy_wh=np.vstack([self.energy_wh, energy_wh]),
            kinds=np.append(self.kinds, kind),
        )

    def then_unknown(self, kind: int) -> Self:
        """Return these days and one of which only the kind is known."""
        return self.then(np.full(self.steps, np.nan), kind)


def fold(energy_wh: Floats, times: LocalTimes, *, kinds: Ints, steps: int) -> Days:
    """Lay periods out in days; day 0 of ``times`` has the first of ``kinds``.

    Periods finer than a step are added up; a step of which a period is missing is
    unknown, for half an hour is not an hour.  Raises ValueError for a day that has no
    kind and for a minute beyond the day.
    """
    minutes = MINUTES_PER_DAY // steps
    if times.day.size and not 0 <= times.day.min() <= times.day.max() < len(kinds):
        raise ValueError("a period lies on a day without a kind")
    if times.day.size and not 0 <= times.minute.min() <= times.minute.max() < (
        MINUTES_PER_DAY
    ):
        raise ValueError("a local day has 1440 minutes")
    known = ~np.isnan(energy_wh)
    # Each minute of the day at which a period starts is averaged on its own first: in
    # autumn a local hour comes twice, and twice the energy is not one hour's.
    finest = np.unique(times.minute % minutes) if times.minute.size else np.zeros(1)
    shape = (len(kinds), steps, len(finest))
    part = np.searchsorted(finest, times.minute % minutes)
    cell = (times.day[known], (times.minute // minutes)[known], part[known])
    total, count = np.zeros(shape), np.zeros(shape)
    np.add.at(total, cell, energy_wh[known])
    np.add.at(count, cell, 1)
    mean = np.divide(total, count, out=np.full(shape, np.nan), where=count > 0)
    return Days(energy_wh=mean.sum(axis=2), kinds=kinds)


def unfold(values: Floats, times: LocalTimes, *, periods_per_step: int) -> Floats:
    """Return the values of periods from values (days, steps, ...) of whole steps.

    A step's energy is spread evenly over its periods.  The hour that a clock change
    leaves out is simply not asked for.
    """
    minutes = MINUTES_PER_DAY // values.shape[1]
    return np.asarray(values[times.day, times.minute // minutes] / periods_per_step)
