"""What the sky does now, seen by the neighbours' panels.

A roof whose own last hour is known has little to learn from others under the same
cloud; one whose inverter is silent has much.  So the neighbours stand in where our own
reading is missing, and have a say beside it only where past days show that it helps.
Errors here are in shares of what a roof can give at that time of day.
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from ...model.period import DeliveryPeriod
from ..carry import WINDOW, known_error
from ..series import PERIODS_PER_DAY, Floats, Series
from .bands import ceiling_of, over_ceiling
from .clear_sky import Site
from .day_ahead import Grid, Method, day_ahead, forecast_again

DAYS_LEAST: Final = 7
WEIGHTS: Final = (0.0, 0.25, 0.5)
"""How much the neighbours may count beside our own last hour."""

EXPLAINED_LEAST: Final = 0.2
"""Share of our errors theirs must explain before they may stand in for ours."""

GAIN_LEAST: Final = 0.01
"""By how much a weight must lessen the loss to be chosen at all: do no harm."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Nowcast:
    """How what the neighbours' panels give tells of ours."""

    method: Method
    grid: Grid
    ceiling_wh: Floats
    slope: float
    """Our error for one of theirs."""

    weight: float

    @classmethod
    def learn(
        cls, own: Floats, neighbours: Series, site: Site, today: DeliveryPeriod
    ) -> Self | None:
        """Learn from the errors of our past days (days, steps), the last yesterday's.

        None where the neighbours have told too little, or explain too little.
        """
        grid = Grid.of(neighbours, (), site, today=today, days=2 * len(own))
        count = min(len(own), max(grid.count - 1, 0))
        if count < DAYS_LEAST:
            return None
        days = range(grid.count - count, grid.count)
        said = np.array([forecast_again(grid, day) for day in days])
        ceiling = ceiling_of(grid.measured)
        theirs = over_ceiling(grid.measured[-count:] - said, ceiling)
        own = own[-count:]
        slope = _slope(theirs[: count // 2], own[: count // 2])
        judged = own[count // 2 :], theirs[count // 2 :]
        if slope is None or _explained(*judged, slope) < EXPLAINED_LEAST:
            return None
        weight = _weight(*judged, slope)
        slope = _slope(theirs, own)
        assert slope is not None, "half of these days were enough"
        return cls(
            method=Method.learn(grid),
            grid=grid,
            ceiling_wh=ceiling,
            slope=slope,
            weight=weight,
        )

    def error(
        self, own: float | None, neighbours: Series, first: DeliveryPeriod
    ) -> float | None:
        """Return the error of the last hour before ``first``, as far as anybody saw it.

        ``own`` is what our panels say of it, None if they were silent.
        """
        theirs = self._latest(neighbours, first)
        if theirs is None:
            return own
        if own is None:
            return self.slope * theirs
        return (1 - self.weight) * own + self.weight * self.slope * theirs

    def _latest(self, neighbours: Series, first: DeliveryPeriod) -> float | None:
        offset = first.number - self.grid.today.number
        if not WINDOW <= offset <= PERIODS_PER_DAY:
            return None  # by then nights have passed: of those nothing is to be told
        window = slice(offset - WINDOW, offset)
        said = day_ahead(self.method, self.grid.ahead((), 0), 0)[window]
        came = neighbours.between(first.next(-WINDOW), first).energy_wh
        return known_error(over_ceiling(came - said, self.ceiling_wh, at=window))


def _slope(theirs: Floats, own: Floats) -> float | None:
    known = ~np.isnan(theirs) & ~np.isnan(own)
    power = float((theirs[known] ** 2).sum())
    return float((theirs[known] * own[known]).sum()) / power if power > 0 else None


def _explained(own: Floats, theirs: Floats, slope: float) -> float:
    """Return the share of our squared errors that goes with theirs."""
    known = ~np.isnan(theirs) & ~np.isnan(own)
    power = float((own[known] ** 2).sum())
    left = float(((own[known] - slope * theirs[known]) ** 2).sum())
    return 1 - left / power if power > 0 else 0.0


def _weight(own: Floats, theirs: Floats, slope: float) -> float:
    """Return the weight under which the last hour tells most of the next."""
    ours, others = _hours(own), slope * _hours(theirs)
    after = ours[1:]
    known = ~np.isnan(ours[:-1]) & ~np.isnan(others[:-1]) & ~np.isnan(after)
    losses = [
        _loss(
            (1 - weight) * ours[:-1][known] + weight * others[:-1][known], after[known]
        )
        for weight in WEIGHTS
    ]
    best = min(losses)
    helps = best < (1 - GAIN_LEAST) * losses[0]
    return WEIGHTS[losses.index(best)] if helps else 0.0


def _hours(errors: Floats) -> Floats:
    """Return the means of consecutive windows; unknown where a part is."""
    return np.asarray(errors.reshape(-1, WINDOW).mean(axis=1))


def _loss(before: Floats, after: Floats) -> float:
    """Return the squared error that is left where ``before`` is carried on."""
    power = float((before**2).sum())
    share = float((before * after).sum()) / power if power > 0 else 0.0
    return float(((after - share * before) ** 2).sum())
