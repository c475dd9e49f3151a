"""The load of one home in delivery periods: learned every night, asked at any time.

Puts calendar, model, backtest and today's surprises together; what it learns is a
value, so whoever asks decides where and when the work is done.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from ...model.period import DeliveryPeriod, Instant
from ..calendar import Calendar
from ..carry import LEADS, WINDOW, Carry, latest_error, measure_carry
from ..energy_forecast import EnergyForecast
from ..errors import surprises
from ..series import PERIODS_PER_DAY, Series
from .arrays import Floats
from .backtest import Backtest, backtest
from .days import Days, LocalTimes, fold, unfold
from .features import MEDIAN, Views, view
from .model import DayForecasts, LoadModel, forecast_days, forecast_each, train
from .prior import Experience, Prior

DAYS_LEARNED: Final = 104
"""A season to learn from and two weeks more to be judged by: a second of work."""

DAYS_AHEAD: Final = 4
"""Local days that are forecast at once: today, and what two days ahead may touch."""

DAYS_OF_ERRORS: Final = 28
"""Past days whose errors tell how an error lives on, and how days go wrong."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LearnedLoad:
    """What one night has taught about one home."""

    model: LoadModel
    days: Days
    """Whole local days up to yesterday."""

    today: int
    """Number of the local day in which this was learned."""

    carry: Carry
    errors: Series
    """Where the truth lay in the band of each past period: 0 the median, +1 P90."""

    accuracy: Backtest | None
    quantiles_wh: Floats
    mean_wh: Floats
    """The local days from ``today`` on: (days, steps, levels) and (days, steps)."""

    @property
    def from_neighbours(self) -> bool:
        """Tell whether the neighbours' sums are in it."""
        return self.model.from_neighbours

    @property
    def days_known(self) -> int:
        """How many days it was learned from."""
        return self.days.days_known

    @property
    def experience(self) -> Experience | None:
        """What this home can teach its neighbours; None while it is too young."""
        return Experience.of(self.days)


def learn_load(
    past: Series, calendar: Calendar, *, now: Instant, prior: Prior | None = None
) -> LearnedLoad:
    """Learn from everything before the local day of ``now``.

    At most a second of one core; gaps and days without a number are no errors.
    """
    today, _ = calendar.local(DeliveryPeriod.containing(now))
    days, periods = _whole_days(past, calendar, today)
    seen = view(days, np.arange(1, days.count)) if days.count > 1 else None
    model = train(days, prior, seen=seen)
    kinds = tuple(calendar.kind(today + ahead) for ahead in range(DAYS_AHEAD))
    ahead = forecast_days(model, days, kinds)
    carry, errors = Carry(), Series(periods.end, np.empty(0))
    if seen is not None:
        again = _forecast_again(model, days, seen)
        carry, errors = _learn_from_errors(again, periods, calendar, today)
    return LearnedLoad(
        model=model,
        days=days,
        today=today,
        carry=carry,
        errors=errors,
        accuracy=None if seen is None else backtest(days, prior, seen),
        quantiles_wh=np.array([day.quantiles_wh for day in ahead]),
        mean_wh=np.array([day.mean_wh for day in ahead]),
    )


def forecast_load(
    learned: LearnedLoad,
    past: Series,
    calendar: Calendar,
    *,
    now: Instant,
    count: int = 2 * PERIODS_PER_DAY,
) -> EnergyForecast | None:
    """Return the periods from the one of ``now`` on; None if nothing is known.

    ``past`` has today's periods, as far as they have been counted.  A forecast reaches
    to the end of the third day after the night it was learned in, no further.
    """
    first = DeliveryPeriod.containing(now)
    periods = [first.next(index) for index in range(-WINDOW, count)]
    if not len(learned.mean_wh):
        return None
    times = _local_times(periods, calendar, learned.today)
    inside = (times.day >= 0) & (times.day < len(learned.mean_wh))
    if not inside[WINDOW]:
        return None
    reach = WINDOW + int(inside[WINDOW:].cumprod().sum())
    times = LocalTimes(day=times.day[:reach], minute=times.minute[:reach])
    mean = _unfold_known(learned.mean_wh, times)
    quantiles = _unfold_known(learned.quantiles_wh, times)
    counted = past.between(first.next(-WINDOW), first).energy_wh
    added = learned.carry.over(latest_error(counted - mean[:WINDOW]), reach - WINDOW)
    mean, quantiles = mean[WINDOW:], quantiles[WINDOW:] + added[:, None]
    return EnergyForecast(
        first=first,
        mean_wh=np.maximum(mean + added, 0.0),
        p10_wh=np.maximum(quantiles[:, 0], 0.0),
        p50_wh=np.maximum(quantiles[:, MEDIAN], 0.0),
        p90_wh=np.maximum(quantiles[:, -1], 0.0),
    )


def _whole_days(past: Series, calendar: Calendar, today: int) -> tuple[Days, Series]:
    """Fold the last months of whole local days, and return their periods as well."""
    first = max(past.first, past.end.next(-(DAYS_LEARNED + 1) * PERIODS_PER_DAY))
    periods = past.between(first, past.end)
    every = [first.next(index) for index in range(len(periods.energy_wh))]
    times = _local_times(every, calendar, today)
    before = times.day < 0
    if not before.any():
        return Days(energy_wh=np.empty((0, PERIODS_PER_DAY)), kinds=np.zeros(0, int)), (
            Series(first, np.empty(0))
        )
    length = -int(times.day[before].min())
    kinds = np.array([calendar.kind(today - ago) for ago in range(length, 0, -1)])
    times = LocalTimes(day=times.day[before] + length, minute=times.minute[before])
    energy_wh = periods.energy_wh[before]
    return (
        fold(energy_wh, times, kinds=kinds, steps=PERIODS_PER_DAY),
        Series(first, energy_wh),
    )


def _local_times(
    periods: Sequence[DeliveryPeriod], calendar: Calendar, today: int
) -> LocalTimes:
    """Return where periods lie, in days since ``today``."""
    places = np.array([calendar.local(period) for period in periods], dtype=np.int64)
    places = places.reshape(-1, 2)
    return LocalTimes(day=places[:, 0] - today, minute=places[:, 1])


def _unfold_known(values: Floats, times: LocalTimes) -> Floats:
    """Return values of periods; those of a day before the first are unknown."""
    clipped = LocalTimes(day=np.maximum(times.day, 0), minute=times.minute)
    found = unfold(values, clipped, periods_per_step=1)
    found[times.day < 0] = np.nan
    return found


def _forecast_again(model: LoadModel, days: Days, seen: Views) -> DayForecasts:
    """Forecast the last weeks as the model would have it."""
    first = max(days.count - DAYS_OF_ERRORS, 1)
    return forecast_each(model, days, np.arange(first, days.count), seen=seen)


def _learn_from_errors(
    again: DayForecasts, periods: Series, calendar: Calendar, today: int
) -> tuple[Carry, Series]:
    """Look at what came instead of what the last weeks' forecasts said."""
    count = len(again.mean_wh)
    last = periods.end.next(-count * PERIODS_PER_DAY)
    recent = periods.between(max(last, periods.first), periods.end)
    places = [recent.first.next(index) for index in range(len(recent.energy_wh))]
    times = _local_times(places, calendar, today - count)
    mean = _unfold_known(again.mean_wh, times)
    quantiles = _unfold_known(again.quantiles_wh, times)
    carry = measure_carry(recent.energy_wh - mean)
    return carry, Series(
        recent.first,
        surprises(
            recent.energy_wh,
            low=quantiles[:, 0],
            middle=quantiles[:, MEDIAN],
            high=quantiles[:, -1],
        ),
    )


assert LEADS <= PERIODS_PER_DAY, "an error does not outlive its day"
