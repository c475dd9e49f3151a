"""The load of a home: what it will use, and how sure that is.

Learns every night from the home's own past, with sums of the neighbours' if they pass
its own test.  Knows numbers of days, no clocks, no calendars, no prices.
"""

from .arrays import Floats, Ints
from .consensus import agree_on
from .days import SUNDAY, Days, LocalTimes, fold, unfold
from .features import LEVELS, Views, view
from .model import LoadForecast, LoadModel, forecast, forecast_days, train
from .prior import SUMS, VECTOR_LENGTH, Experience, Prior, first_coefficients
from .scores import Accuracy, accuracy

__all__ = [
    "LEVELS",
    "SUMS",
    "SUNDAY",
    "VECTOR_LENGTH",
    "Accuracy",
    "Days",
    "Experience",
    "Floats",
    "Ints",
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
    "train",
    "unfold",
    "view",
]
