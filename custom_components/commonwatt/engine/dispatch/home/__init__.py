"""What a home has, knows and wants, and the plan it gets back: integers only.

Standard library only: a home can be described, and a plan read, without any solver.
"""

from .dwell import Dwell
from .grid import CapacityTariff, Grid, Position, Prices, Tranche
from .horizon import Horizon
from .machines import Appliance, CycleAppliance, FlexibleAppliance, Generator
from .plan import (
    AssetPlan,
    Flaw,
    FlawKind,
    HomePlan,
    PlanReason,
    Rung,
    Violation,
    ViolationKind,
)
from .problem import HomeProblem, Scenario
from .stores import (
    Battery,
    Car,
    Converter,
    DepthWear,
    Goal,
    HydrogenStore,
    Storage,
    Tank,
    Taper,
    Trip,
    Worth,
)
from .wishes import Autonomy, Weights

__all__ = [
    "Appliance",
    "AssetPlan",
    "Autonomy",
    "Battery",
    "CapacityTariff",
    "Car",
    "Converter",
    "CycleAppliance",
    "DepthWear",
    "Dwell",
    "Flaw",
    "FlawKind",
    "FlexibleAppliance",
    "Generator",
    "Goal",
    "Grid",
    "HomePlan",
    "HomeProblem",
    "Horizon",
    "HydrogenStore",
    "PlanReason",
    "Position",
    "Prices",
    "Rung",
    "Scenario",
    "Storage",
    "Tank",
    "Taper",
    "Tranche",
    "Trip",
    "Violation",
    "ViolationKind",
    "Weights",
    "Worth",
]
