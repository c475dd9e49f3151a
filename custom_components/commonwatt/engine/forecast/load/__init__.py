"""The load of a home: what it will use, and how sure that is.

Learns every night from the home's own past, with sums of the neighbours' if they pass
its own test.  Knows numbers of days, no clocks, no calendars, no prices.
"""

from ..carry import Carry
from .arrays import Floats, Ints
from .backtest import Backtest
from .consensus import agree_on
from .days import SUNDAY, Days, LocalTimes, fold, unfold
from .features import LEVELS, Views, view
from .model import LoadForecast, LoadModel, forecast, forecast_days, train
from .nightly import LearnedLoad, forecast_load, learn_load
from .prior import SUMS, VECTOR_LENGTH, Experience, Prior, first_coefficients
from .scores import Accuracy, accuracy

__all__ = [
    "LEVELS",
    "SUMS",
    "SUNDAY",
    "VECTOR_LENGTH",
    "Accuracy",
    "Backtest",
    "Carry",
    "Days",
    "Experience",
    "Floats",
    "Ints",
    "LearnedLoad",
    "LoadForecast",
    "LoadModel",
    "LocalTimes",
    "Prior",
    "Views",
    "accuracy",
    "agree_on",
    "first_coefficients",
    "fold",
    "forecast",
    "forecast_days",
    "forecast_load",
    "learn_load",
    "train",
    "unfold",
    "view",
]
