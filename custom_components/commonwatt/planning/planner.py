"""The optimiser, loaded when it is needed first: its libraries are large.

Everything here blocks and belongs in an executor, one call at a time.
"""

from typing import Protocol

from ..engine.dispatch.fallback import fall_back
from ..engine.dispatch.home import HomePlan, HomeProblem, PlanReason


class PlanMaker(Protocol):
    """Makes a plan of a problem, whatever happens on the way."""

    def plan(self, problem: HomeProblem) -> HomePlan:
        """Return the best plan that can be had; never raises."""


class RulePlanner:
    """What is left where the solver cannot be loaded: the rule."""

    def plan(self, problem: HomeProblem) -> HomePlan:
        """Return the plan of plain self-consumption."""
        return fall_back(problem, None, PlanReason.SOLVER_MISSING)


def load_planner() -> PlanMaker:
    """Return the optimiser, or the rule on a machine without its libraries."""
    try:
        from ..engine.dispatch.solving.planner import Planner  # noqa: PLC0415
    except ImportError:
        return RulePlanner()
    return Planner()
