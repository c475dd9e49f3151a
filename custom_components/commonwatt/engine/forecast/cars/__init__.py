"""When a car will be plugged in, until when, and how much it will want.

A car is a set of scenarios, never a mean load curve: half a car never comes home.
Knows no charger and no price.
"""

from .consumption import Consumption, Trip, learn_consumption
from .habits import Habits, PluggedIn, Profile, profile_of
from .scenarios import CarScenario, Stated, scenarios

__all__ = [
    "CarScenario",
    "Consumption",
    "Habits",
    "PluggedIn",
    "Profile",
    "Stated",
    "Trip",
    "learn_consumption",
    "profile_of",
    "scenarios",
]
