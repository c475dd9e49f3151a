"""Simulated homes: their devices, habits and weather.  Knows no market and no messages.

Everything follows from the seed, the key of the home, the time of day and the days
since the start: the same seed gives the same energy, whatever the date and however
often one looks.
"""

from .characters import (
    HOME,
    assign_recordings,
    neighbourhood_specs,
    open_neighbourhood,
)
from .commands import (
    NO_COMMANDS,
    BatteryCommand,
    ChargerCommand,
    HomeCommands,
    PowerCommand,
)
from .model import HomeModel
from .spec import (
    NOMINAL_VOLTAGE_V,
    BatterySpec,
    CarSpec,
    CHPSpec,
    Habit,
    HeatPumpSpec,
    HomeKey,
    HomeSpec,
    HotWaterSpec,
    HydrogenSpec,
    PVSpec,
    Trip,
    WindShare,
    WindSpec,
)
from .state import (
    BatteryMode,
    BatteryState,
    CarState,
    Counters,
    HomeState,
    Place,
    StoreState,
)
from .traces import Recording, Sample, Traces, TraceSeries, common_days
from .weather import Weather

__all__ = [
    "HOME",
    "NOMINAL_VOLTAGE_V",
    "NO_COMMANDS",
    "BatteryCommand",
    "BatteryMode",
    "BatterySpec",
    "BatteryState",
    "CHPSpec",
    "CarSpec",
    "CarState",
    "ChargerCommand",
    "Counters",
    "Habit",
    "HeatPumpSpec",
    "HomeCommands",
    "HomeKey",
    "HomeModel",
    "HomeSpec",
    "HomeState",
    "HotWaterSpec",
    "HydrogenSpec",
    "PVSpec",
    "Place",
    "PowerCommand",
    "Recording",
    "Sample",
    "StoreState",
    "TraceSeries",
    "Traces",
    "Trip",
    "Weather",
    "WindShare",
    "WindSpec",
    "assign_recordings",
    "common_days",
    "neighbourhood_specs",
    "open_neighbourhood",
]
