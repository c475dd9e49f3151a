"""Plans for the homes of the street; the solver is loaded when it is needed first."""

from typing import TYPE_CHECKING, Final

from ..engine.dispatch.bidding import BidLimits, Outside
from ..engine.dispatch.fallback import fall_back
from ..engine.dispatch.home import HomePlan, HomeProblem, PlanReason
from ..engine.model.order import Step
from ..engine.model.period import DeliveryPeriod

if TYPE_CHECKING:
    from ..engine.dispatch.solving import Planner

GAP: Final = 1e-3
SECONDS: Final = 30.0
"""So long that the gap ends every search: a time limit would make two runs differ."""


class StreetPlanner:
    """Plans one home of the street (blocking); bids by the rule without a solver."""

    def __init__(self) -> None:
        """Load nothing yet."""
        self._planner: Planner | None = None

    def plan(self, problem: HomeProblem) -> HomePlan:
        """Return a plan, on whatever rung."""
        if self._planner is None:
            try:
                from ..engine.dispatch.solving import (  # noqa: PLC0415
                    Limits,
                    Planner,
                )
            except ImportError:
                return fall_back(problem, None, PlanReason.SOLVER_MISSING)
            self._planner = Planner(Limits(seconds=SECONDS, gap=GAP))
        return self._planner.plan(problem)

    def bid(
        self, period: DeliveryPeriod, outside: Outside, limits: BidLimits
    ) -> tuple[Step, ...] | None:
        """Return bids that follow from the last plan; None: let the rule bid."""
        if self._planner is None:
            return None
        return self._planner.bid(period, outside, limits)
