"""How good the sun's forecasts are on recorded roofs, and what the day's update earns.

Walks forward: a night learns from the days before, every four hours asks again.  A
provider's forecasts are those recorded beside what came.  Errors are of the median,
the bias is of the mean.
"""

from collections.abc import Iterator, Sequence
import csv
from dataclasses import dataclass, field
from datetime import datetime
import gzip
from pathlib import Path
from typing import Final

import numpy as np

from custom_components.commonwatt.engine.forecast.energy_forecast import EnergyForecast
from custom_components.commonwatt.engine.forecast.series import (
    PERIODS_PER_DAY,
    Floats,
    Series,
)
from custom_components.commonwatt.engine.forecast.solar import (
    Site,
    forecast_sun,
    learn_sun,
)
from custom_components.commonwatt.engine.model.period import DeliveryPeriod

FRANCE: Final = Site(latitude_deg=43.6, longitude_deg=1.4)
CALIFORNIA: Final = Site(latitude_deg=34.1, longitude_deg=-117.4)
FIRST_DAY: Final = 45
FRENCH_EVERY: Final = 3
CALIFORNIAN_EVERY: Final = 7
"""Days from one tested day to the next."""

ASKED_EVERY: Final = 16
HOUR: Final = 4
HOUR_AHEAD: Final = slice(0, HOUR)
DAY_AHEAD: Final = slice(0, PERIODS_PER_DAY)
SECOND_DAY: Final = slice(PERIODS_PER_DAY, 2 * PERIODS_PER_DAY)
DAYLIGHT: Final = 0.05
PACIFIC_HOURS: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Roof:
    """What panels gave, and what was said of them."""

    measured: Series
    providers: tuple[Series, ...]
    site: Site
    neighbours: Series | None = None
    """What the others feed in together."""


@dataclass(slots=True)
class Errors:
    """Sums over everything asked."""

    error: float = 0.0
    came: float = 0.0
    bias: float = 0.0
    """Of what is given as mean, where that is another."""

    inside: list[Floats] = field(default_factory=list)

    def add(self, truth: Floats, said: Floats, mean: Floats | None = None) -> None:
        """Count what is known of some periods."""
        known = ~np.isnan(truth) & ~np.isnan(said)
        self.error += float(np.abs(truth - said)[known].sum())
        self.bias += float(((said if mean is None else mean) - truth)[known].sum())
        self.came += float(truth[known].sum())

    @property
    def nmae(self) -> float:
        """Errors over what came."""
        return round(self.error / self.came, 4)


def sun_figures(folder: Path) -> dict[str, dict[str, float]]:
    """Return the figures of each set of roofs."""
    provided = _french_roof(folder)
    alone = Roof(measured=provided.measured, providers=(), site=FRANCE)
    return {
        "emhass_provider": _walk([provided], FRENCH_EVERY),
        "emhass_clear_sky": _walk([alone], FRENCH_EVERY),
        "citylearn9_clear_sky": _walk(
            list(_californian_roofs(folder)), CALIFORNIAN_EVERY
        ),
    }


def _walk(roofs: Sequence[Roof], every_days: int) -> dict[str, float]:
    tallies: dict[str, Errors] = {
        name: Errors()
        for name in (
            *("day", "second_day", "provider", "yesterday", "hour", "hour_night"),
            *("hour_with_neighbours", "silent", "silent_with_neighbours"),
        )
    }
    for roof in roofs:
        days = len(roof.measured.energy_wh) // PERIODS_PER_DAY
        for number in range(FIRST_DAY, days - 2, every_days):
            _night(roof, number, tallies)
    day = tallies["day"]
    figures = {
        "nmae_day_ahead": day.nmae,
        "nmae_second_day": tallies["second_day"].nmae,
        "nmae_yesterday": tallies["yesterday"].nmae,
        "bias": round(day.bias / day.came, 4),
        "coverage": round(float(np.concatenate(day.inside).mean()), 4),
        "nmae_next_hour": tallies["hour"].nmae,
        "nmae_next_hour_without_update": tallies["hour_night"].nmae,
    }
    if roofs[0].neighbours is not None:
        for name in ("hour_with_neighbours", "silent", "silent_with_neighbours"):
            figures[f"nmae_next_{name}"] = tallies[name].nmae
    if roofs[0].providers:
        figures["nmae_provider"] = tallies["provider"].nmae
    return figures


def _night(roof: Roof, day: int, tallies: dict[str, Errors]) -> None:
    """Learn before a day, and ask during it."""
    first = roof.measured.first.next(day * PERIODS_PER_DAY)
    past = roof.measured.between(roof.measured.first, first)
    told = _until(roof.neighbours, first)
    learned = learn_sun(
        past,
        site=roof.site,
        providers=roof.providers,
        neighbours=told,
        now=first.start,
    )
    assert learned is not None, "there is a place"

    def ask(
        known: Series, at: DeliveryPeriod, neighbours: Series | None = None
    ) -> EnergyForecast:
        found = forecast_sun(
            learned,
            known,
            providers=roof.providers,
            neighbours=neighbours,
            now=at.start,
        )
        assert found is not None, "the sky always speaks"
        return found

    truth = _truth(roof, first, 2 * PERIODS_PER_DAY)
    for provider in roof.providers[:1]:
        said = _of(provider, first, 2 * PERIODS_PER_DAY)
        truth = np.where(np.isnan(said), np.nan, truth)  # all by the same periods
        tallies["provider"].add(truth[DAY_AHEAD], said[DAY_AHEAD])
    night = ask(past, first)
    light = learned.ceiling_wh > DAYLIGHT * learned.ceiling_wh.max()
    inside = ((truth >= night.p10_wh) & (truth <= night.p90_wh))[DAY_AHEAD]
    tallies["day"].add(
        truth[DAY_AHEAD], night.p50_wh[DAY_AHEAD], night.mean_wh[DAY_AHEAD]
    )
    tallies["day"].inside.append(inside[light & ~np.isnan(truth[DAY_AHEAD])])
    tallies["second_day"].add(truth[SECOND_DAY], night.p50_wh[SECOND_DAY])
    yesterday = _truth(roof, first.next(-PERIODS_PER_DAY), PERIODS_PER_DAY)
    tallies["yesterday"].add(truth[DAY_AHEAD], yesterday)
    for later in range(0, PERIODS_PER_DAY, ASKED_EVERY):
        at = first.next(later)
        known = roof.measured.between(roof.measured.first, at)
        came = _truth(roof, at, PERIODS_PER_DAY)[HOUR_AHEAD]
        tallies["hour"].add(came, ask(known, at).p50_wh[HOUR_AHEAD])
        tallies["hour_night"].add(came, ask(past, at).p50_wh[HOUR_AHEAD])
        if roof.neighbours is not None:
            told = _until(roof.neighbours, at)
            # Its link has been down for an hour.
            silent = roof.measured.between(roof.measured.first, at.next(-HOUR))
            for name, seen, by in (
                ("hour_with_neighbours", known, told),
                ("silent", silent, None),
                ("silent_with_neighbours", silent, told),
            ):
                tallies[name].add(came, ask(seen, at, by).p50_wh[HOUR_AHEAD])


def _until(series: Series | None, end: DeliveryPeriod) -> Series | None:
    return None if series is None else series.between(series.first, end)


def _truth(roof: Roof, first: DeliveryPeriod, count: int) -> Floats:
    return _of(roof.measured, first, count)


def _of(series: Series, first: DeliveryPeriod, count: int) -> Floats:
    return series.between(first, first.next(count)).energy_wh


def _french_roof(folder: Path) -> Roof:
    """Read half hours of one real home, with the forecasts it was given."""
    with gzip.open(folder / "homes" / "emhass_home_30min.csv.gz", "rt") as file:
        rows = list(csv.reader(file))[1:]
    start = next(i for i, row in enumerate(rows) if row[0].endswith("00:00:00+00:00"))
    rows = rows[start:]
    at = datetime.fromisoformat(rows[0][0]).timestamp()
    first = DeliveryPeriod(int(at) // 900)

    def column(number: int) -> Series:
        power_w = [max(float(row[number] or "nan"), 0.0) for row in rows]
        return Series(first, np.repeat(np.array(power_w) / 4, 2))

    return Roof(measured=column(2), providers=(column(3),), site=FRANCE)


def _californian_roofs(folder: Path) -> Iterator[Roof]:
    """Read hours of nine roofs, each as if it had 5 kWp, and what the others export."""
    with np.load(folder / "homes" / "citylearn9_hourly.npz") as recorded:
        hours = recorded["time"].astype(np.int64) + PACIFIC_HOURS
        roofs = recorded["pv_w_per_kwp"].astype(np.float64) * 5
        loads = recorded["load_kwh"].astype(np.float64) * 1000
    start = int(-hours[0] % 24)
    first = DeliveryPeriod(int(hours[start]) * 4)
    exports = np.maximum(roofs - loads, 0.0)
    for number, roof in enumerate(roofs):
        others = exports.sum(axis=0) - exports[number]
        yield Roof(
            measured=Series.of_hours(first, roof[start:]),
            providers=(),
            site=CALIFORNIA,
            neighbours=Series.of_hours(first, others[start:]),
        )
