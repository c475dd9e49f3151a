"""What a home of the year replay expects: plainly, or by the engine's own forecasts.

Both know nothing but half hours that are over.  The learned ones are those a home in
Home Assistant has: trained every night, corrected by today's surprises, with scenarios
made of the errors of past days.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from custom_components.commonwatt.engine.dispatch.home import Scenario
from custom_components.commonwatt.engine.forecast.load import (
    LearnedLoad,
    forecast_load,
    learn_load,
)
from custom_components.commonwatt.engine.forecast.paths import Path, paths
from custom_components.commonwatt.engine.forecast.series import Series
from custom_components.commonwatt.engine.forecast.solar import (
    LearnedSun,
    Site,
    forecast_sun,
    learn_sun,
)
from custom_components.commonwatt.engine.model.period import (
    PERIOD_MS,
    DeliveryPeriod,
    Instant,
)
from tools.bench._year_home import DAY, FEES, Year, expected, expected_prices

SITE: Final = Site(latitude_deg=46.0, longitude_deg=5.0)
"""Somewhere in France, as the recording says no more: tilt and shade are learned."""

ZONE: Final = ZoneInfo("Europe/Paris")
PATHS: Final = 5
LEARNED_FROM: Final = 2 * DAY
"""Before that the plain forecast is all there is."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Expected:
    """What is expected from a half hour on."""

    scenarios: tuple[Scenario, ...]
    buy: np.ndarray
    """EUR/kWh, as is ``sell``."""

    sell: np.ndarray


type Forecaster = Callable[[int, int], Expected]
"""From a half hour and a number of half hours ahead to what is expected of them."""


def plainly(year: Year) -> Forecaster:
    """Return the plain forecaster: means of the days before, one scenario."""

    def look(now: int, ahead: int) -> Expected:
        load_w, production_w, buy, sell = expected(year, now, ahead)
        return Expected(scenarios=(scenario(load_w, production_w),), buy=buy, sell=sell)

    return look


class Learned:
    """The engine's forecasts, learned anew every night."""

    def __init__(self, year: Year) -> None:
        """Know nothing yet of the year."""
        self._year: Final = year
        self._first: Final = DeliveryPeriod(year.start // PERIOD_MS)
        # A half hour is two delivery periods of the same power.
        self._load_wh: Final = np.repeat(year.load_w / 4, 2)
        self._production_wh: Final = np.repeat(year.production_w / 4, 2)
        self._calendar: Final = _Calendar()
        self._plainly: Final = plainly(year)
        self._load: LearnedLoad | None = None
        self._sun: LearnedSun | None = None

    def __call__(self, now: int, ahead: int) -> Expected:
        """Return what is expected from the half hour ``now`` on."""
        drawn = () if now < LEARNED_FROM else self._paths(now)
        if not drawn:
            return self._plainly(now, ahead)
        count = min(ahead, len(self._year.load_w) - now, len(drawn[0].load_wh) // 2)
        sell = expected_prices(self._year, now, count)
        scenarios = tuple(
            scenario(
                _half_hours(path.load_wh, count),
                _half_hours(path.production_wh, count),
                path.weight_ppm,
            )
            for path in drawn
        )
        return Expected(scenarios=scenarios, buy=sell + FEES, sell=sell)

    def _paths(self, now: int) -> tuple[Path, ...]:
        instant = Instant(self._year.start + now * 2 * PERIOD_MS)
        load = Series(self._first, self._load_wh[: 2 * now])
        sun = Series(self._first, self._production_wh[: 2 * now])
        period = DeliveryPeriod.containing(instant)
        if self._load is None or self._calendar.local(period)[1] == 0:
            self._load = learn_load(load, self._calendar, now=instant)
        if self._sun is None or now % DAY == 0:
            self._sun = learn_sun(sun, site=SITE, now=instant)
        used = forecast_load(self._load, load, self._calendar, now=instant)
        if used is None or self._sun is None:
            return ()
        made = forecast_sun(self._sun, sun, now=instant)
        return paths(used, self._load.errors, made, self._sun.errors, count=PATHS)


class _Calendar:
    """Local days in France; the recording says nothing of holidays."""

    def __init__(self) -> None:
        self._known: Final[dict[DeliveryPeriod, tuple[int, int]]] = {}

    def local(self, period: DeliveryPeriod) -> tuple[int, int]:
        if period not in self._known:
            moment = datetime.fromtimestamp(period.start / 1000, UTC).astimezone(ZONE)
            minute = moment.hour * 60 + moment.minute
            self._known[period] = (moment.toordinal(), minute)
        return self._known[period]

    def kind(self, day: int) -> int:
        return (day - 1) % 7  # the first of January of year 1 was a Monday


def scenario(
    load_w: np.ndarray, production_w: np.ndarray, weight_ppm: int = 1_000_000
) -> Scenario:
    """Return powers in W as a scenario."""
    return Scenario(
        load_w=whole(load_w), production_w=whole(production_w), weight_ppm=weight_ppm
    )


def _half_hours(energy_wh: np.ndarray, count: int) -> np.ndarray:
    """Return mean powers in W of half hours from energies of delivery periods."""
    powers: np.ndarray = energy_wh[: 2 * count].reshape(-1, 2).sum(axis=1) * 2
    return powers


def whole(values: np.ndarray) -> tuple[int, ...]:
    """Return integers."""
    return tuple(np.round(values).astype(np.int64).tolist())
