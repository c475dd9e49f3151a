"""Runs the planner in a thread of its own: one plan at a time, and never for ever.

Whatever happens in there (an exception, a missing library, a worker that dies or falls
silent) becomes a rung of the ladder: the caller always gets a plan.  The solver and
numpy are imported in the thread, when the first plan is asked for.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, ThreadPoolExecutor
from contextlib import suppress
import logging
from typing import Final, Protocol

from ..engine.dispatch.bidding import BidLimits, Outside
from ..engine.dispatch.fallback import fall_back
from ..engine.dispatch.home import HomePlan, HomeProblem, PlanReason, Rung
from ..engine.model.order import Step
from ..engine.model.period import DeliveryPeriod

_LOGGER = logging.getLogger(__name__)

SILENCE_S_MAX: Final = 15.0
"""A planner that takes longer is left to itself; its own limits are far lower."""

CLOSE_S_MAX: Final = 5.0
"""How long whoever closes a planner waits for it."""

ABANDONED_MAX: Final = 2
"""Workers left to themselves; after that no more are started."""


class Plans(Protocol):
    """What a planner does."""

    def plan(self, problem: HomeProblem) -> HomePlan:
        """Return a plan on whatever rung."""
        ...

    def bid(
        self, period: DeliveryPeriod, outside: Outside, limits: BidLimits
    ) -> tuple[Step, ...] | None:
        """Return bids that follow from the last plan."""
        ...


def planner() -> Plans:
    """Return a planner; imports the solver, so call it where that may take time."""
    from ..engine.dispatch.solving import Planner  # noqa: PLC0415  # not at start-up

    return Planner()


def one_thread() -> Executor:
    """Return a worker for one planner."""
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="commonwatt-plan")


class Solver:
    """Plans for one home, behind a lock, a time limit and a safety net."""

    def __init__(
        self,
        *,
        make_planner: Callable[[], Plans] = planner,
        make_worker: Callable[[], Executor] = one_thread,
        silence_s_max: float = SILENCE_S_MAX,
    ) -> None:
        """Start nothing yet: the first plan starts the worker."""
        self._make_planner: Final = make_planner
        self._make_worker: Final = make_worker
        self._silence_s_max: Final = silence_s_max
        self._turn: Final = asyncio.Lock()
        self._worker: Executor | None = None
        self._planner: Plans | None = None
        self._last: HomePlan | None = None
        self._abandoned: int = 0

    async def plan(self, problem: HomeProblem) -> HomePlan:
        """Return a plan, on whatever rung; waits for its turn."""
        async with self._turn:
            outcome = await self._in_worker(lambda: self._ready().plan(problem))
        if isinstance(outcome, PlanReason):
            return fall_back(problem, self._last, outcome)
        if outcome.rung in {Rung.OPTIMAL, Rung.FEASIBLE, Rung.ROUNDED}:
            self._last = outcome
        return outcome

    async def bid(
        self, period: DeliveryPeriod, outside: Outside, limits: BidLimits
    ) -> tuple[Step, ...] | None:
        """Return bids that follow from the last plan; None: let the rule bid."""
        async with self._turn:
            outcome = await self._in_worker(
                lambda: self._ready().bid(period, outside, limits)
            )
        return None if isinstance(outcome, PlanReason) else outcome

    async def close(self) -> None:
        """Let the worker go; a plan under way gets a moment to end."""
        worker = self._worker
        self._dismiss()
        if worker is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.to_thread(worker.shutdown), CLOSE_S_MAX)

    def _ready(self) -> Plans:
        """Return the planner, in the worker's thread."""
        if self._planner is None:
            self._planner = self._make_planner()
        return self._planner

    async def _in_worker[T](self, work: Callable[[], T]) -> T | PlanReason:
        if self._abandoned > ABANDONED_MAX:
            return PlanReason.WORKER_SILENT
        try:
            if self._worker is None:
                self._worker = self._make_worker()
            running = asyncio.wrap_future(self._worker.submit(work))
            return await asyncio.wait_for(running, self._silence_s_max)
        except TimeoutError:
            self._abandoned += 1
            return self._lost(PlanReason.WORKER_SILENT)
        except BrokenExecutor:
            return self._lost(PlanReason.WORKER_DIED)
        except ImportError:
            return self._lost(PlanReason.SOLVER_MISSING)
        except Exception:
            _LOGGER.exception("The planner raised: the rule takes over")
            return self._lost(PlanReason.SOLVER_ERROR)

    def _lost(self, reason: PlanReason) -> PlanReason:
        """Forget a worker that failed; the next plan gets a new one."""
        self._dismiss()
        return reason

    def _dismiss(self) -> None:
        worker, self._worker, self._planner = self._worker, None, None
        if worker is not None:
            worker.shutdown(wait=False, cancel_futures=True)
