"""A community in bad weather: real nodes, and everything that can go wrong.

One thread, one seed.  The network loses, delays, doubles, garbles and splits; members
crash and come back with their disk, a damaged one or an old backup; clocks differ; some
members lie; others join, leave and vote meanwhile.  A watch looks on after every event.
What is simulated and what is real: ``docs/explanation/fault-simulation.md``.
"""

from .trial import Trial, TrialReport, TrialSpec
from .watch import Breach, Wrong
from .weather import WEATHERS, FaultLevel, Weather

__all__ = [
    "WEATHERS",
    "Breach",
    "FaultLevel",
    "Trial",
    "TrialReport",
    "TrialSpec",
    "Weather",
    "Wrong",
]
