"""What a trip takes: so much to get going, so much per kilometre.

Short trips cost more per kilometre (a cold car, a cold cabin), so energy is a line in
the distance, not a constant.  Fitted by least squares with a few pseudo-trips of a
typical car, that hold it until the car has trips of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """One trip and what it took from the battery."""

    distance_km: float
    energy_wh: float


TYPICAL: Final = (
    Trip(distance_km=5.0, energy_wh=1_200.0),
    Trip(distance_km=20.0, energy_wh=3_700.0),
    Trip(distance_km=60.0, energy_wh=10_600.0),
)
"""About 400 Wh to get going and 170 Wh/km."""

TRIPS_KEPT: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Consumption:
    """The line through a car's trips."""

    start_wh: float
    wh_per_km: float

    def energy_wh(self, distance_km: float) -> float:
        """Return what a trip of that length will take."""
        return self.start_wh + self.wh_per_km * distance_km if distance_km > 0 else 0.0


def learn_consumption(trips: Sequence[Trip]) -> Consumption:
    """Fit a car's own trips beside the typical ones; never negative."""
    known = [*TYPICAL, *trips[-TRIPS_KEPT:]]
    # Long trips scatter more: each counts by one over its length.
    weights = [1 / max(trip.distance_km, 1.0) for trip in known]
    total = sum(weights)
    pairs = list(zip(weights, known, strict=True))
    mean_km = sum(w * trip.distance_km for w, trip in pairs) / total
    mean_wh = sum(w * trip.energy_wh for w, trip in pairs) / total
    spread = sum(w * (trip.distance_km - mean_km) ** 2 for w, trip in pairs)
    slope = (
        sum(
            w * (trip.distance_km - mean_km) * (trip.energy_wh - mean_wh)
            for w, trip in pairs
        )
        / spread
    )
    slope = max(slope, 0.0)
    start = max(mean_wh - slope * mean_km, 0.0)
    return Consumption(
        start_wh=start, wh_per_km=mean_wh / mean_km if not start else slope
    )
