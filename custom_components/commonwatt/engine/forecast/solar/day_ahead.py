"""One day of panels from the days before it: providers put right, or the clear sky.

Days of UTC in quarters of an hour.  What is learned and how it is used are apart, so
that the past can be forecast again by exactly what is used for tomorrow.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from ...model.period import DeliveryPeriod
from ..series import PERIODS_PER_DAY, Floats, Series
from .clear_sky import Site, clear_sky_day
from .correction import SiteGains, learn_gains, weigh_providers
from .days import SolarDay
from .persistence import USUAL_SHARE, forecast_from_past, shares_of_yesterday


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ahead:
    """What is known of a day to come."""

    providers: tuple[Floats, ...]
    """What each says, (steps,); nan where it says nothing."""

    clear_sky: Floats | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Grid:
    """Past days of UTC, oldest first: (days, steps) each."""

    today: DeliveryPeriod
    """The first period after them."""

    site: Site | None
    measured: Floats
    providers: tuple[Floats, ...]
    clear_sky: Floats | None
    shares: Floats
    """Yesterday's say in each of the days, and in today: (days + 1,)."""

    @classmethod
    def of(
        cls,
        measured: Series,
        providers: Sequence[Series],
        site: Site | None,
        *,
        today: DeliveryPeriod,
        days: int,
    ) -> Self:
        """Lay out the ``days`` before ``today``, or as many as were counted."""
        counted = today.number - measured.first.number
        whole = -(-counted // PERIODS_PER_DAY) if len(measured.energy_wh) else 0
        count = min(max(whole, 0), days)
        first = today.next(-count * PERIODS_PER_DAY)

        def laid_out(series: Series) -> Floats:
            return series.between(first, today).energy_wh.reshape(-1, PERIODS_PER_DAY)

        starts = [first.next(day * PERIODS_PER_DAY) for day in range(count)]
        past, clear_sky = laid_out(measured), None
        shares = np.full(count + 1, USUAL_SHARE)
        if site is not None:
            every = np.array([_clear_sky(site, start) for start in starts])
            clear_sky = every.reshape(-1, PERIODS_PER_DAY)
            shares = shares_of_yesterday(past, clear_sky)
        return cls(
            today=today,
            site=site,
            measured=past,
            providers=tuple(map(laid_out, providers)),
            clear_sky=clear_sky,
            shares=shares,
        )

    @property
    def count(self) -> int:
        """How many days."""
        return len(self.measured)

    def before(self, day: int) -> Self:
        """Return the days before one of them."""
        return replace(
            self,
            today=self.today.next((day - self.count) * PERIODS_PER_DAY),
            measured=self.measured[:day],
            providers=tuple(said[:day] for said in self.providers),
            clear_sky=None if self.clear_sky is None else self.clear_sky[:day],
            shares=self.shares[: day + 1],
        )

    def known_before(self, day: int) -> Ahead:
        """Return what was known of one of the days the evening before."""
        return Ahead(
            providers=tuple(said[day] for said in self.providers),
            clear_sky=None if self.clear_sky is None else self.clear_sky[day],
        )

    def ahead(self, providers: Sequence[Series], day: int) -> Ahead:
        """Return what is known of a day to come, ``day`` days after today."""
        start = self.today.next(day * PERIODS_PER_DAY)
        end = start.next(PERIODS_PER_DAY)
        return Ahead(
            providers=tuple(said.between(start, end).energy_wh for said in providers),
            clear_sky=None if self.site is None else _clear_sky(self.site, start),
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Method:
    """What is learned from past days to forecast the next."""

    gains: tuple[SiteGains | None, ...]
    """One for each provider; None before a week of both is known."""

    weights: tuple[float, ...]
    """How much each provider counts; adds up to one."""

    measured: tuple[SolarDay, ...]
    clear_sky: tuple[tuple[float, ...], ...]
    """The last days, for when no provider speaks."""

    share_of_yesterday: float

    @classmethod
    def learn(cls, grid: Grid) -> Self:
        """Learn from all days of ``grid``."""
        measured = tuple(map(_solar_day, grid.measured))
        said = [tuple(map(_solar_day, days)) for days in grid.providers]
        gains = tuple(learn_gains(days, measured) for days in said)
        corrected = [
            days if gain is None else tuple(map(gain.correct, days))
            for days, gain in zip(said, gains, strict=True)
        ]
        clear_sky = () if grid.clear_sky is None else grid.clear_sky.tolist()
        return cls(
            gains=gains,
            weights=weigh_providers(corrected, measured) if corrected else (),
            measured=measured,
            clear_sky=tuple(map(tuple, clear_sky)),
            share_of_yesterday=float(grid.shares[-1]),
        )


def day_ahead(method: Method, ahead: Ahead, days_ahead: int) -> Floats:
    """Return a day's energies (steps,), the first day ahead or a later one.

    Where providers are silent the clear sky speaks; nan where nobody does.
    """
    said = _by_providers(method, ahead)
    if not np.isnan(said).any() or ahead.clear_sky is None:
        return said
    persisted = forecast_from_past(
        method.measured,
        clear_past=method.clear_sky,
        clear_today=tuple(ahead.clear_sky.tolist()),
        days_ahead=days_ahead,
        share_of_yesterday=method.share_of_yesterday,
    )
    if persisted is None:
        return said
    return np.asarray(np.where(np.isnan(said), np.array(persisted), said))


def forecast_again(grid: Grid, day: int) -> Floats:
    """Forecast a past day from the days before it.

    Nothing of a day whose providers were not yet put right: what they promise a roof
    they do not know is no error of a forecast that does.
    """
    method, ahead = Method.learn(grid.before(day)), grid.known_before(day)
    for said, gain in zip(ahead.providers, method.gains, strict=True):
        if gain is None and not np.isnan(said).all():
            return np.full(PERIODS_PER_DAY, np.nan)
    return day_ahead(method, ahead, 0)


def _by_providers(method: Method, ahead: Ahead) -> Floats:
    """Return the weighted mean of what providers say, each put right."""
    total, weight = np.zeros(PERIODS_PER_DAY), np.zeros(PERIODS_PER_DAY)
    for said, gain, share in zip(
        ahead.providers, method.gains, method.weights, strict=True
    ):
        right = said if gain is None else said * np.array(gain.gains)
        known = ~np.isnan(right)
        total[known] += share * right[known]
        weight[known] += share
    unknown = np.full(PERIODS_PER_DAY, np.nan)
    return np.asarray(np.divide(total, weight, out=unknown, where=weight > 0))


def _clear_sky(site: Site, midnight: DeliveryPeriod) -> Floats:
    day = clear_sky_day(site, midnight=midnight.start, steps=PERIODS_PER_DAY)
    return np.array(day)


def _solar_day(values: Floats) -> SolarDay:
    return [None if np.isnan(value) else float(value) for value in values]
