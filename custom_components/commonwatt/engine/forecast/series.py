"""Energies of consecutive delivery periods, in which a gap stays a gap."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from ..model.period import DAY_MS, PERIOD_MS, PERIODS_PER_HOUR, DeliveryPeriod

type Floats = NDArray[np.float64]

PERIODS_PER_DAY: Final = DAY_MS // PERIOD_MS
DAYS_KEPT: Final = 200
"""Models look back half a year; what is older is forgotten."""

PERIODS_KEPT: Final = DAYS_KEPT * PERIODS_PER_DAY


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """Wh of delivery periods from ``first`` on; nan where nobody counted."""

    first: DeliveryPeriod
    energy_wh: Floats

    @classmethod
    def of(cls, known: Mapping[DeliveryPeriod, float]) -> Self:
        """Lay out what is known; of nothing, a series without periods."""
        if not known:
            return cls(DeliveryPeriod(0), np.empty(0))
        first, last = min(known), max(known)
        first = max(first, last.next(1 - PERIODS_KEPT))
        energy_wh = np.full(last.number - first.number + 1, np.nan)
        for period, value in known.items():
            if period >= first:
                energy_wh[period.number - first.number] = value
        return cls(first, energy_wh)

    @classmethod
    def of_hours(cls, first: DeliveryPeriod, hours_wh: Sequence[float | None]) -> Self:
        """Return hours from ``first`` on, each spread evenly over its four periods."""
        hours = np.array([np.nan if h is None else h for h in hours_wh], np.float64)
        return cls(first, np.repeat(hours / PERIODS_PER_HOUR, PERIODS_PER_HOUR))

    @property
    def end(self) -> DeliveryPeriod:
        """The first period after the last."""
        return self.first.next(len(self.energy_wh))

    def at(self, period: DeliveryPeriod) -> float | None:
        """Return the energy of a period; None if nobody counted."""
        index = period.number - self.first.number
        if not 0 <= index < len(self.energy_wh) or np.isnan(self.energy_wh[index]):
            return None
        return float(self.energy_wh[index])

    def between(self, first: DeliveryPeriod, end: DeliveryPeriod) -> Self:
        """Return the periods from ``first`` up to ``end``, unknown beyond what is."""
        energy_wh = np.full(max(end.number - first.number, 0), np.nan)
        start = max(first.number, self.first.number)
        stop = min(end.number, self.end.number)
        if start < stop:
            energy_wh[start - first.number : stop - first.number] = self.energy_wh[
                start - self.first.number : stop - self.first.number
            ]
        return type(self)(first, energy_wh)

    def put(self, period: DeliveryPeriod, energy_wh: float) -> Self:
        """Return the series with one period more, or another value of it."""
        if not len(self.energy_wh):
            return type(self)(period, np.array([energy_wh]))
        end = max(self.end, period.next())
        first = max(min(self.first, period), end.next(-PERIODS_KEPT))
        grown = self.between(first, end)
        if period >= first:
            grown.energy_wh[period.number - first.number] = energy_wh
        return grown
