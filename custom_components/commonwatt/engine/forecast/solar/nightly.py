"""The panels of one home in delivery periods: learned every night, asked at any time.

What a provider says is put right for this roof; without one, the clear sky and the last
days' clearness stand in.  How far that was off in the last weeks gives the bands, how
long an error lasts the update within the day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from ...model.period import DAY_MS, DeliveryPeriod, Instant
from ..carry import WINDOW, Carry, known_error, measure_carry
from ..energy_forecast import EnergyForecast
from ..errors import surprises
from ..series import PERIODS_PER_DAY, Floats, Series
from .bands import SolarBands, ceiling_of, is_day, over_ceiling
from .clear_sky import Site
from .day_ahead import Grid, Method, day_ahead, forecast_again
from .nowcast import Nowcast

DAYS_SEEN: Final = 42
DAYS_JUDGED: Final = 28
"""Past days that are forecast again, each from the days before it."""

DAYS_SHOWN: Final = 14
DAYS_AHEAD: Final = 4
CEILING_MARGIN: Final = 1.05
DAYS_BELIEVED: Final = 3.0
"""Days of a right level that count beside those that were seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SunBacktest:
    """The last two weeks of daylight; errors in shares of what was produced."""

    days: int
    ours_nmae: float
    provider_nmae: float | None
    """Of the first provider, as it spoke."""

    yesterday_nmae: float
    coverage: float
    """Share of daylight periods between P10 and P90."""

    bias: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LearnedSun:
    """What one night has taught about one roof."""

    method: Method
    grid: Grid
    """Whole days of UTC up to yesterday."""

    ceiling_wh: Floats
    bands: SolarBands
    level: float
    """What came over what was said: a sum of likely values is not a likely sum."""

    carry: Carry
    errors: Series
    """Where the truth lay in the band of each past period; 0 at night."""

    accuracy: SunBacktest | None
    nowcast: Nowcast | None
    """What the neighbours' panels tell of ours; None where they tell nothing."""


def learn_sun(
    measured: Series,
    *,
    site: Site | None,
    providers: Sequence[Series] = (),
    neighbours: Series | None = None,
    now: Instant,
) -> LearnedSun | None:
    """Learn from the days of UTC before ``now``; None without provider and place.

    What providers are given as saying of a past day must have been said before it;
    ``neighbours`` is what the panels of at least five others gave or fed in together.
    """
    if site is None and not providers:
        return None
    today = DeliveryPeriod(now // DAY_MS * PERIODS_PER_DAY)
    grid = Grid.of(measured, providers, site, today=today, days=DAYS_SEEN)
    first = max(grid.count - DAYS_JUDGED, 1)
    said = np.array([forecast_again(grid, day) for day in range(first, grid.count)])
    said = said.reshape(-1, PERIODS_PER_DAY)
    came = grid.measured[first:]
    ceiling = ceiling_of(grid.measured)
    bands = SolarBands.learn(came, said, ceiling)
    clearness = over_ceiling(came - said, ceiling)
    start = today.next(-len(said) * PERIODS_PER_DAY)
    told = None if site is None or neighbours is None else (neighbours, site, today)
    return LearnedSun(
        method=Method.learn(grid),
        grid=grid,
        ceiling_wh=ceiling,
        bands=bands,
        level=_level(came, said),
        carry=measure_carry(clearness.ravel()),
        errors=Series(start, _errors(came, said, bands, ceiling).ravel()),
        accuracy=_judge(grid, came, said, bands, ceiling),
        nowcast=None if told is None else Nowcast.learn(clearness, *told),
    )


def forecast_sun(
    learned: LearnedSun,
    measured: Series,
    *,
    providers: Sequence[Series] = (),
    neighbours: Series | None = None,
    now: Instant,
    count: int = 2 * PERIODS_PER_DAY,
) -> EnergyForecast | None:
    """Return the periods from the one of ``now`` on; None if nobody says anything.

    ``providers`` are those it was learned with, in the same order, now with what they
    say of the days to come; ``measured`` and ``neighbours`` have today's periods as far
    as counted.
    """
    first = DeliveryPeriod.containing(now)
    today = learned.grid.today
    offset = first.number - today.number
    if not 0 <= offset < PERIODS_PER_DAY * (DAYS_AHEAD - 2):
        return None
    days = [
        day_ahead(learned.method, learned.grid.ahead(providers, day), day)
        for day in range(DAYS_AHEAD)
    ]
    said = np.concatenate([np.full(PERIODS_PER_DAY, np.nan), *days])
    start = PERIODS_PER_DAY + offset
    said, before = said[start : start + count], said[start - WINDOW : start]
    if np.isnan(said).all():
        return None
    said = np.nan_to_num(said)
    place = (offset + np.arange(-WINDOW, len(said))) % PERIODS_PER_DAY
    ceiling = learned.ceiling_wh[place[WINDOW:]]
    counted = measured.between(first.next(-WINDOW), first).energy_wh
    lately = over_ceiling(counted - before, learned.ceiling_wh, at=place[:WINDOW])
    error = known_error(lately)
    if learned.nowcast is not None and neighbours is not None:
        error = learned.nowcast.error(error, neighbours, first)
    updated = said + learned.carry.over(error or 0.0, len(said)) * ceiling
    # A ceiling that was never reached says nothing: a new roof has none at all.
    most = np.where(ceiling > 0, np.maximum(ceiling * CEILING_MARGIN, said), said)
    mean = np.clip(updated, 0.0, most)
    periods_ahead = np.arange(len(said), dtype=np.float64)
    low, middle, high = learned.bands.around(mean, ceiling, periods_ahead).T
    high = np.minimum(high, np.maximum(most, mean))
    return EnergyForecast(
        first=first,
        mean_wh=np.minimum(mean * learned.level, most),
        p10_wh=np.minimum(low, high),
        p50_wh=np.minimum(middle, high),
        p90_wh=high,
    )


def _level(came: Floats, said: Floats) -> float:
    """Return the ratio of the sums, leaning on one while days are few."""
    known = ~np.isnan(came) & ~np.isnan(said)
    said_wh = float(said[known].sum())
    belief = said_wh * DAYS_BELIEVED / max(len(said), 1)
    return (float(came[known].sum()) + belief) / (said_wh + belief) if said_wh else 1.0


def _errors(came: Floats, said: Floats, bands: SolarBands, ceiling: Floats) -> Floats:
    low, middle, high = _bands_of_days(said, bands, ceiling)
    errors = surprises(came, low=low, middle=middle, high=high)
    night = np.broadcast_to(~is_day(ceiling), errors.shape)
    return np.where(night, 0.0, errors)


def _bands_of_days(
    said: Floats, bands: SolarBands, ceiling: Floats
) -> tuple[Floats, Floats, Floats]:
    flat, top = said.ravel(), np.tile(ceiling, len(said))
    periods_ahead = np.tile(np.arange(PERIODS_PER_DAY, dtype=np.float64), len(said))
    around = bands.around(flat, top, periods_ahead)
    low, middle, high = (column.reshape(said.shape) for column in around.T)
    return low, middle, high


def _judge(
    grid: Grid, came: Floats, said: Floats, bands: SolarBands, ceiling: Floats
) -> SunBacktest | None:
    """Look at the last two weeks; None with less than one."""
    came, said = came[-DAYS_SHOWN:], said[-DAYS_SHOWN:]
    count = len(came)
    yesterday = grid.measured[grid.count - count - 1 : grid.count - 1]
    known = ~np.isnan(came) & ~np.isnan(said) & ~np.isnan(yesterday)
    provider = grid.providers[0][-count:] if grid.providers else None
    if provider is not None and (known & ~np.isnan(provider)).any():
        known &= ~np.isnan(provider)  # all are judged by the same periods
    total = float(came[known].sum())
    if known.sum() < DAYS_SHOWN // 2 * PERIODS_PER_DAY or total <= 0:
        return None
    low, _, high = _bands_of_days(said, bands, ceiling)
    light = known & is_day(ceiling)
    inside = (came >= low) & (came <= high)
    return SunBacktest(
        days=count,
        ours_nmae=_nmae(came, said, known, total),
        provider_nmae=None if provider is None else _nmae(came, provider, known, total),
        yesterday_nmae=_nmae(came, yesterday, known, total),
        coverage=float(inside[light].mean()),
        bias=float((said - came)[known].sum()) / total,
    )


def _nmae(came: Floats, said: Floats, known: Floats, total: float) -> float:
    return float(np.abs(came - said)[known].sum()) / total
