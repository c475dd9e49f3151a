"""How good the forecasts of the last two weeks were, told honestly.

Every day is forecast from the days before it, by a model that knew nothing of its week:
what a sensor shows here is what a home would have got.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from .arrays import Floats, Ints
from .days import Days
from .features import MEDIAN, Views
from .model import DayForecasts, forecast_each, train
from .prior import Prior
from .scores import Accuracy, accuracy

DAYS_JUDGED: Final = 14
DAYS_PER_BLOCK: Final = 7
DAYS_LEAST: Final = 7
"""A home that is younger has nothing to be judged by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """The last days, as three forecasts would have had them."""

    days: int
    ours: Accuracy | None
    yesterday: Accuracy | None
    climatology: Accuracy | None


def backtest(history: Days, prior: Prior | None, seen: Views) -> Backtest | None:
    """Walk through the last two weeks; None for a home younger than a week.

    A prior of the neighbours may have seen their same days, never this home's.
    ``seen`` are views of all days but the first.
    """
    if history.days_known < DAYS_LEAST:
        return None
    count = min(DAYS_JUDGED, history.count - DAYS_LEAST // 2)
    first = history.count - count
    starts = range(first, history.count, DAYS_PER_BLOCK)
    blocks = [_block(history, start, prior, seen) for start in starts]
    truth = history.energy_wh[first:]
    before = history.energy_wh[first - 1 : -1]
    ours = np.concatenate([block.quantiles_wh for block in blocks])
    usual = np.concatenate([block.usual_wh for block in blocks])
    mean = np.concatenate([block.mean_wh for block in blocks])
    return Backtest(
        days=count,
        ours=_judge(truth, ours, mean),
        yesterday=accuracy(truth, point=before, mean=before, quantiles=None),
        climatology=_judge(truth, usual, usual[..., MEDIAN]),
    )


def _block(history: Days, start: int, prior: Prior | None, seen: Views) -> DayForecasts:
    """Forecast a week by a model that was trained on the day before it."""
    past = Days(energy_wh=history.energy_wh[:start], kinds=history.kinds[:start])
    days: Ints = np.arange(start, min(start + DAYS_PER_BLOCK, history.count))
    return forecast_each(train(past, prior, seen=seen), history, days, seen=seen)


def _judge(truth: Floats, quantiles: Floats, mean: Floats) -> Accuracy | None:
    return accuracy(truth, point=quantiles[..., MEDIAN], mean=mean, quantiles=quantiles)
