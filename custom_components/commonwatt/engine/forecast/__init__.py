"""What a home will use and produce, learned from what it used and produced.

Knows energies of past delivery periods; knows no weather service, device or market.
``load`` and ``federation`` need numpy and are imported where they are used.
"""

from .cars import CarScenario, Habits, scenarios
from .history import History, PeriodEnergy
from .neighbour_market import NeighbourMarket, NeighbourTrade
from .signals import (
    CarbonBasis,
    CarbonForecast,
    expect,
    expect_carbon,
    for_steering,
    for_the_books,
)
from .solar import Site, forecast_from_past, learn_gains, shortfall

__all__ = [
    "CarScenario",
    "CarbonBasis",
    "CarbonForecast",
    "Habits",
    "History",
    "NeighbourMarket",
    "NeighbourTrade",
    "PeriodEnergy",
    "Site",
    "expect",
    "expect_carbon",
    "for_steering",
    "for_the_books",
    "forecast_from_past",
    "learn_gains",
    "scenarios",
    "shortfall",
]
