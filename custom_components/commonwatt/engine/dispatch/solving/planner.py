"""The ladder: from a home to a plan, whatever happens on the way.

Rung by rung (docs/explanation/planning.md): mended inputs, a search with a start, a
rounded relaxation, a fresh start without memory, the last good plan, the rule.  A home
always gets a plan, and a plan always tells how it was made.
"""

from dataclasses import replace
from typing import Final

from ...model.order import Step
from ...model.period import DeliveryPeriod
from ..bidding import BidLimits, Outside
from ..checks import Checked, check
from ..fallback import fall_back
from ..home import Flaw, HomePlan, HomeProblem, PlanReason
from ..linear import Case, Exclusions, HomeModel, case_of, model_of
from .bids import bid
from .end_values import EndValues
from .extraction import cheats, plan_of, unfounded
from .search import Found, Limits, search
from .warm import Memory

EXCLUSION_ROUNDS: Final = 3
"""Where both directions could pay; where they were taken, too; everywhere."""


class Planner:
    """Plans one home again and again, each time a little later.

    The same problem after the same history gives the same plan, unless a search was
    stopped by its time limit.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        """Start without a memory."""
        self._limits: Final = limits or Limits()
        self._memory: Memory | None = None
        self._last: HomePlan | None = None
        self._ends: Final = EndValues()

    def forget(self) -> None:
        """Start the next plan from nothing."""
        self._memory = None

    def plan(self, problem: HomeProblem) -> HomePlan:
        """Return the best plan that can be had, on whatever rung."""
        checked = check(self._ends.put_into(problem))
        if checked is None:
            return self._fallen(problem, PlanReason.INPUT_MISSING, ())
        memory, self._memory = self._memory, None
        outcome = self._attempt(checked, memory)
        if not isinstance(outcome, HomePlan) and memory is not None:
            # A memory may mislead the solver: once more, from nothing.
            outcome = self._attempt(checked, None)
        if isinstance(outcome, HomePlan):
            self._last = outcome
            self._ends.learn(problem, outcome)
            return outcome
        return self._fallen(problem, outcome, checked.flaws)

    def bid(
        self, period: DeliveryPeriod, outside: Outside, limits: BidLimits
    ) -> tuple[Step, ...] | None:
        """Return the steps of an order that follows from the last plan.

        None if there is no plan of the solver's, or no answer: the rule then bids.
        """
        if self._memory is None:
            return None
        try:
            return bid(self._memory, period, outside, limits)
        except Exception:  # noqa: BLE001  # whatever a solver raises, there is a rule
            return None

    def _attempt(
        self, checked: Checked, memory: Memory | None
    ) -> HomePlan | PlanReason:
        try:
            return self._solved(case_of(checked), memory)
        except Exception:  # noqa: BLE001  # whatever a solver raises, there is a rung
            return PlanReason.SOLVER_ERROR

    def _solved(self, case: Case, memory: Memory | None) -> HomePlan | PlanReason:
        """Return a plan that stands up to recomputing it, or why there is none."""
        exclusions, left = Exclusions.needed(case), self._limits
        for attempt in range(EXCLUSION_ROUNDS):
            model = model_of(case, exclusions)
            found = search(model, left, memory)
            if found is None:
                return PlanReason.SOLVER_ERROR
            more = cheats(model, found.point.x)
            if not more.any:
                return self._checked(model, found)
            first = attempt == 0
            exclusions = exclusions | more if first else Exclusions.everywhere(case)
            left = replace(left, seconds=max(0.0, left.seconds - found.seconds))
        return PlanReason.IMPLAUSIBLE

    def _checked(self, model: HomeModel, found: Found) -> HomePlan | PlanReason:
        plan, result = plan_of(model, found)
        if unfounded(model, found, result):
            return PlanReason.IMPLAUSIBLE
        self._memory = Memory(model=model, basis=found.basis, x=found.point.x)
        return plan

    def _fallen(
        self, problem: HomeProblem, reason: PlanReason, flaws: tuple[Flaw, ...]
    ) -> HomePlan:
        return fall_back(problem, self._last, reason, flaws)
