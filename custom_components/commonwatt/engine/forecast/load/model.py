"""The load of a home, learned every night: a mean for plans, deciles for bids.

Day one is served by the baseline (weighted hourly quantiles and climatology).  The
regressions come in as far as the home's own past days, predicted by a fit that had not
seen them, say that they help: never on faith, and never on the neighbours' word.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from .arrays import Floats, Ints
from .bands import widen, widening
from .days import Days
from .drift import DRIFT_DAYS, drift
from .features import LEVELS, MEDIAN, PAST_DAYS, Views, view
from .gate import (
    SHARE_OF_WEIGHTED,
    share_of_mean,
    share_of_quantiles,
    share_of_weighted,
)
from .prior import DAYS_LEARNED_MAX, FEATURES, Prior
from .regression import (
    MODELS,
    QUANTILES,
    Anchor,
    Sample,
    fit,
    own_anchor,
    sample,
)

DAYS_LEAST: Final = 4
"""With fewer days there is nothing to test a regression on."""

FOLDS: Final = 4
"""Blocks of days that are predicted without having been seen."""

DAYS_TESTED_MAX: Final = 28

OWN_ROWS: Final = 80.0
OWN_DAYS: Final = 28
"""Strength of a lone home's anchor in hours; more where there are fewer days."""

COMMUNITY_ROWS: Final = 600.0
COMMUNITY_ROWS_MEAN: Final = 4000.0
"""How many hours of its own the neighbours' sums are worth to a home."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LoadModel:
    """What one night has taught."""

    coefficients: Floats
    """(models, features); zeros where the regressions are not used."""

    weighted_share: float
    """How much of the baseline is weighted quantiles; the rest is climatology."""

    quantile_share: float
    mean_share: float
    """How much of the regression is in the forecast; the rest is the baseline."""

    widening: float
    """By how much bands are stretched so that P10 to P90 covers 80 %."""

    from_neighbours: bool
    """Whether the neighbours' sums are in it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LoadForecast:
    """One local day in Wh per step."""

    mean_wh: Floats
    """(steps,): for plans and for sums over homes."""

    quantiles_wh: Floats
    """(steps, 9): the deciles, ascending; the fifth is the best single guess."""

    @property
    def median_wh(self) -> Floats:
        """The best single guess by absolute error."""
        return np.asarray(self.quantiles_wh[:, MEDIAN])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DayForecasts:
    """Several days, each as forecast the evening before."""

    mean_wh: Floats
    """(days, steps)."""

    quantiles_wh: Floats
    """(days, steps, levels)."""

    usual_wh: Floats
    """The climatology beside it, (days, steps, levels)."""

    scale_wh: Floats
    """Mean energy of a step before each day; nan where nothing was known."""


def train(
    history: Days, prior: Prior | None = None, *, seen: Views | None = None
) -> LoadModel:
    """Learn from whole past days; with neighbours if their sums pass the test.

    A prior under which the home's own past days come out no better than by the baseline
    is refused, and the home learns alone.  ``seen`` are views of all days but the
    first, if somebody has looked at them already.
    """
    if seen is None:
        history = history.last(DAYS_LEARNED_MAX)
    if history.count <= DAYS_LEAST:
        return _baseline_only()
    days = np.arange(1, history.count)
    views = view(history, days) if seen is None else seen.part(0, len(days))
    rows = sample(history, views, days)
    if len(np.unique(rows.day)) < DAYS_LEAST:
        return _baseline_only()
    if prior is not None:
        model = _learn(history, views, rows, prior)
        if model.quantile_share > 0:
            return model
    return _learn(history, views, rows, None)


def forecast(model: LoadModel, history: Days, kind: int) -> LoadForecast | None:
    """Return the day after ``history``, of that kind; None if nothing is known.

    For the day after next, append the mean of this one to the history.
    """
    days = forecast_each(model, history.then_unknown(kind), np.array([history.count]))
    if not np.isfinite(days.scale_wh[0]):
        return None
    return LoadForecast(mean_wh=days.mean_wh[0], quantiles_wh=days.quantiles_wh[0])


def forecast_each(
    model: LoadModel, history: Days, days: Ints, *, seen: Views | None = None
) -> DayForecasts:
    """Forecast consecutive ``days`` (indices into ``history``) from those before.

    ``seen`` are views of all days but the first, as for :func:`train`.
    """
    first, end = max(int(days[0]) - DRIFT_DAYS, min(int(days[0]), 1)), int(days[-1]) + 1
    if seen is None:
        seen = view(history, np.arange(first, end))
    else:
        seen = seen.part(first - 1, end - 1)
    scale_wh = seen.scale_wh[:, None]
    regression = np.maximum(seen.columns @ model.coefficients[0], 0.0)
    mean = _blend(regression, seen.mean, model.mean_share)
    mean *= drift(history.energy_wh[first:end] / scale_wh, mean)[:, None]
    quantiles = _blend(
        _quantiles(seen.columns, model.coefficients),
        _blend(seen.weighted, seen.usual, model.weighted_share),
        model.quantile_share,
    )
    asked = slice(int(days[0]) - first, None)
    return DayForecasts(
        mean_wh=(mean * scale_wh)[asked],
        quantiles_wh=(widen(quantiles, model.widening) * scale_wh[..., None])[asked],
        usual_wh=(seen.usual * scale_wh[..., None])[asked],
        scale_wh=seen.scale_wh[asked],
    )


def forecast_days(
    model: LoadModel, history: Days, kinds: tuple[int, ...]
) -> tuple[LoadForecast, ...]:
    """Return several days, each seen as if the mean of the one before had come true."""
    found = []
    for kind in kinds:
        day = forecast(model, history, kind)
        if day is None:
            break
        found.append(day)
        history = history.then(day.mean_wh, kind)
    return tuple(found)


def _baseline_only() -> LoadModel:
    return LoadModel(
        coefficients=np.zeros((len(MODELS), FEATURES)),
        weighted_share=SHARE_OF_WEIGHTED,
        quantile_share=0.0,
        mean_share=0.0,
        widening=1.0,
        from_neighbours=False,
    )


def _learn(history: Days, views: Views, rows: Sample, prior: Prior | None) -> LoadModel:
    hour = history.steps / 24
    start = _coefficients(rows, prior, hour, None)
    days = np.unique(rows.day)
    days = days[-min(max(len(days) // 2, FOLDS), DAYS_TESTED_MAX) :]
    blocks = np.array_split(days, FOLDS)
    tested = [
        _predict(views, block, _coefficients(_without(rows, block), prior, hour, start))
        for block in blocks
    ]
    truth = history.energy_wh[days] / views.scale_wh[days - 1, None]
    quantiles = np.concatenate([quantiles for quantiles, _ in tested])
    mean = np.concatenate([mean for _, mean in tested])
    weighted, usual = views.weighted[days - 1], views.usual[days - 1]
    weighted_share = share_of_weighted(truth, weighted, usual)
    baseline = _blend(weighted, usual, weighted_share)
    alone = prior is None
    share = share_of_quantiles(truth, quantiles, baseline, alone=alone)
    mean_share = share_of_mean(truth, mean, views.mean[days - 1], alone=alone)
    return LoadModel(
        coefficients=start,
        weighted_share=weighted_share,
        quantile_share=share,
        mean_share=mean_share,
        widening=widening(truth, _blend(quantiles, baseline, share)),
        from_neighbours=not alone,
    )


def _coefficients(
    rows: Sample, prior: Prior | None, hour: float, start: Floats | None
) -> Floats:
    """Fit every model; from ``start`` if there is a guess."""
    anchors = [_anchor(rows, prior, hour, index, start) for index in range(len(MODELS))]
    warm = start is not None or prior is not None
    return np.stack(
        [
            fit(rows, model, anchor, warm=warm)
            for model, anchor in zip(MODELS, anchors, strict=True)
        ]
    )


def _anchor(
    rows: Sample, prior: Prior | None, hour: float, index: int, start: Floats | None
) -> Anchor:
    if prior is None:
        days = len(np.unique(rows.day))
        fewness = max(OWN_DAYS / days, 1.0) ** 2
        anchor = own_anchor(rows, MODELS[index], OWN_ROWS * fewness * hour)
    else:
        weight = hour * (COMMUNITY_ROWS if index else COMMUNITY_ROWS_MEAN)
        anchor = Anchor(
            weight * prior.grams[index],
            weight * prior.crosses[index],
            prior.coefficients[index],
        )
    if start is None:
        return anchor
    return Anchor(anchor.gram, anchor.cross, start[index])


def _without(rows: Sample, days: Ints) -> Sample:
    return rows.only(~np.isin(rows.day, days))


def _predict(views: Views, days: Ints, coefficients: Floats) -> tuple[Floats, Floats]:
    columns = views.columns[days - 1]
    mean = np.maximum(columns @ coefficients[0], 0.0)
    return _quantiles(columns, coefficients), mean


def _quantiles(columns: Floats, coefficients: Floats) -> Floats:
    """Return all deciles, in ascending order, from those that were fitted."""
    fitted = columns @ coefficients[1:].T
    fitted = np.maximum(np.sort(fitted, axis=-1), 0.0)
    return fitted @ _INTERPOLATION


def _interpolation() -> Floats:
    identity = np.eye(len(QUANTILES))
    return np.stack([np.interp(LEVELS, QUANTILES, row) for row in identity])


_INTERPOLATION: Final = _interpolation()


def _blend(regression: Floats, baseline: Floats, share: float) -> Floats:
    return share * regression + (1 - share) * baseline


assert PAST_DAYS >= DAYS_TESTED_MAX, "a tested day has a past"
