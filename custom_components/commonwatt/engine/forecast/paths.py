"""Ways the coming days may go, for an optimiser that must not bet on one.

Not invented noise: past days of this home, whose errors are laid on today's forecast,
load and sun of the same day together, so that a cloudy morning stays a cloudy morning.
Few days stand for many: they are ranked by what they would need from the grid, cut
into equal groups, and the middle of each group speaks for it.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from .energy_forecast import EnergyForecast
from .errors import surprised
from .series import PERIODS_PER_DAY, Floats, Series

PPM: Final = 1_000_000
PATHS_MIN: Final = 3
PATHS_MAX: Final = 5
DAYS_DRAWN_MAX: Final = 28
DAYS_DRAWN_LEAST: Final = 7
"""With fewer days of errors there is the expected path alone."""

KNOWN_LEAST: Final = 0.75
"""Share of a past day's errors that must be known for it to be drawn."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Path:
    """One way, in Wh per delivery period."""

    weight_ppm: int
    load_wh: Floats
    production_wh: Floats


def paths(
    load: EnergyForecast,
    load_errors: Series,
    sun: EnergyForecast | None = None,
    sun_errors: Series | None = None,
    *,
    count: int = PATHS_MIN,
) -> tuple[Path, ...]:
    """Return ``count`` paths, the expected one first; weights add up to a million.

    In every period the weighted mean of the paths is the mean forecast, unless that
    would make one negative.  ``sun`` must begin with ``load`` and is cut to its length.
    """
    assert PATHS_MIN <= count <= PATHS_MAX, "three to five paths"
    length = len(load.mean_wh)
    mean_sun = np.zeros(length) if sun is None else _fitted(sun, length)
    drawn = [
        (_laid_on(load, load_errors, ago), _sunny(sun, sun_errors, ago, length))
        for ago in range(1, DAYS_DRAWN_MAX + 1)
        if _is_known(load_errors, load, ago)
    ]
    if len(drawn) < DAYS_DRAWN_LEAST:
        expected = Path(weight_ppm=PPM, load_wh=load.mean_wh, production_wh=mean_sun)
        return (expected,)
    loads = np.array([one for one, _ in drawn])
    suns = np.array([one for _, one in drawn])
    chosen, weights = _middles(loads - suns, count - 1)
    loads = _centred(loads[chosen], weights, load.mean_wh)
    suns = _centred(suns[chosen], weights, mean_sun)
    first = PPM // count
    shares = [int((PPM - first) * weight) for weight in weights]
    shares[0] += PPM - first - sum(shares)
    return (
        Path(weight_ppm=first, load_wh=load.mean_wh, production_wh=mean_sun),
        *(
            Path(weight_ppm=share, load_wh=one, production_wh=other)
            for share, one, other in zip(shares, loads, suns, strict=True)
        ),
    )


def _errors(errors: Series, forecast: EnergyForecast, ago: int) -> Floats:
    """Return the errors that began ``ago`` days before the forecast.

    Beyond what has been, the days before are repeated.
    """
    first = forecast.first.next(-ago * PERIODS_PER_DAY)
    wanted = errors.between(first, first.next(len(forecast.mean_wh))).energy_wh
    index = np.arange(len(wanted)) % (ago * PERIODS_PER_DAY)
    return np.asarray(wanted[index])


def _is_known(errors: Series, forecast: EnergyForecast, ago: int) -> bool:
    known = ~np.isnan(_errors(errors, forecast, ago))
    return bool(known.size) and float(known.mean()) >= KNOWN_LEAST


def _laid_on(forecast: EnergyForecast, errors: Series, ago: int) -> Floats:
    return surprised(
        np.nan_to_num(_errors(errors, forecast, ago)),
        low=forecast.p10_wh,
        middle=forecast.p50_wh,
        high=forecast.p90_wh,
    )


def _sunny(
    sun: EnergyForecast | None, errors: Series | None, ago: int, length: int
) -> Floats:
    if sun is None:
        return np.zeros(length)
    if errors is None:
        return _fitted(sun, length)
    found = np.zeros(length)
    laid = _laid_on(sun, errors, ago)[:length]
    found[: len(laid)] = laid
    return found


def _fitted(sun: EnergyForecast, length: int) -> Floats:
    """Return the mean, cut or filled up with nights."""
    found = np.zeros(length)
    known = sun.mean_wh[:length]
    found[: len(known)] = known
    return found


def _middles(net: Floats, groups: int) -> tuple[list[int], Floats]:
    """Return the day in the middle of each group of days, and the groups' weights."""
    first_day = net[:, :PERIODS_PER_DAY].sum(axis=1)
    ranked = np.array_split(np.argsort(first_day, kind="stable"), groups)
    middles = [int(group[len(group) // 2]) for group in ranked]
    return middles, np.array([len(group) for group in ranked]) / len(net)


def _centred(values: Floats, weights: Floats, mean: Floats) -> Floats:
    """Move all paths alike, so that their mean is the mean; none below zero."""
    moved = values + (mean - weights @ values)
    return np.asarray(np.maximum(moved, 0.0))
