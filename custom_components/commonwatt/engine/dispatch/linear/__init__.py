"""A home as a linear programme: one named function for each constraint.

Needs numpy; knows no solver.  The formulation is docs/reference/dispatch-model.md: the
functions bear the names of its sections.  Inside, energy is in kWh, power in kW and
money in units of currency; integers are left behind in ``case`` and nowhere else.
"""

from .build import Exclusions, HomeModel, model_of
from .case import Case, case_of
from .program import Block, Kind, LinearProgram

__all__ = [
    "Block",
    "Case",
    "Exclusions",
    "HomeModel",
    "Kind",
    "LinearProgram",
    "case_of",
    "model_of",
]
