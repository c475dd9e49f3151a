"""Whatever happens to the worker, there is a plan."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
import logging
import multiprocessing
import os
import threading
from typing import override

import pytest

from custom_components.commonwatt.drivers.solver import Plans, Solver
from custom_components.commonwatt.engine.dispatch.bidding import BidLimits, Outside
from custom_components.commonwatt.engine.dispatch.home import (
    HomePlan,
    HomeProblem,
    PlanReason,
    Rung,
)
from custom_components.commonwatt.engine.dispatch.solving import Planner
from custom_components.commonwatt.engine.model.order import Side, Step
from custom_components.commonwatt.engine.model.period import HOUR_MS, DeliveryPeriod
from tests.engine.dispatch.planning import START, at, battery, home

PERIOD = DeliveryPeriod.containing(START)
OUTSIDE = Outside(
    feed_in_micro_per_kwh=80_000,
    import_micro_per_kwh=300_000,
    avoided_micro_per_kwh=300_000,
)
HOME = home([30, 20, 40], battery(), feed_in_cent=8, load_w=1_000)


class Scripted:
    """A planner that does what the test says."""

    def __init__(self, *acts: Callable[[HomeProblem], HomePlan]) -> None:
        self._acts = iter(acts)

    def plan(self, problem: HomeProblem) -> HomePlan:
        """Do the next act."""
        return next(self._acts)(problem)

    def bid(
        self, period: DeliveryPeriod, outside: Outside, limits: BidLimits
    ) -> tuple[Step, ...] | None:
        """Refuse."""
        raise RuntimeError(f"no bids for {period} at {outside} within {limits}")


def good(problem: HomeProblem) -> HomePlan:
    """Return a real plan."""
    return Planner().plan(problem)


def fail(_: HomeProblem) -> HomePlan:
    """Raise as a solver would."""
    raise RuntimeError("HiGHS is unwell")


def without_highs() -> Plans:
    """Raise as an import would on a machine without the solver."""
    raise ModuleNotFoundError("No module named 'highspy'")


async def test_a_plan_comes_from_the_solver_in_another_thread() -> None:
    threads: list[int] = []

    def remember(problem: HomeProblem) -> HomePlan:
        threads.append(threading.get_ident())
        return good(problem)

    solver = Solver(make_planner=lambda: Scripted(remember, remember))
    plan = await solver.plan(HOME)
    assert plan.rung is Rung.OPTIMAL
    await solver.plan(HOME)
    await solver.close()
    assert len(set(threads)) == 1
    assert threading.get_ident() not in threads


async def test_bids_follow_from_the_last_plan() -> None:
    solver = Solver()
    await solver.plan(HOME)
    steps = await solver.bid(PERIOD, OUTSIDE, BidLimits(energy_wh_max=50_000))
    await solver.close()
    assert steps
    assert all(step.side is Side.BUY for step in steps)


async def test_plans_are_made_one_at_a_time() -> None:
    running = threading.Semaphore(1)

    def alone(problem: HomeProblem) -> HomePlan:
        assert running.acquire(blocking=False), "two plans at once"
        plan = good(problem)
        running.release()
        return plan

    solver = Solver(make_planner=lambda: Scripted(*[alone] * 5))
    plans = await asyncio.gather(*(solver.plan(HOME) for _ in range(5)))
    await solver.close()
    assert {plan.rung for plan in plans} == {Rung.OPTIMAL}


async def test_a_planner_that_raises_is_replaced(
    caplog: pytest.LogCaptureFixture,
) -> None:
    planners = iter([Scripted(fail), Scripted(good)])
    solver = Solver(make_planner=lambda: next(planners))
    with caplog.at_level(logging.CRITICAL):
        first = await solver.plan(HOME)
    second = await solver.plan(HOME)
    await solver.close()
    assert (first.rung, first.reason) == (Rung.RULE, PlanReason.SOLVER_ERROR)
    assert second.rung is Rung.OPTIMAL


async def test_the_last_good_plan_is_used_for_four_hours(
    caplog: pytest.LogCaptureFixture,
) -> None:
    solver = Solver(make_planner=lambda: Scripted(good, fail))
    await solver.plan(replace(HOME))
    later = replace(HOME, horizon=replace(HOME.horizon, start=at(1)))
    with caplog.at_level(logging.CRITICAL):
        plan = await solver.plan(later)
    await solver.close()
    assert (plan.rung, plan.reason) == (Rung.PREVIOUS, PlanReason.SOLVER_ERROR)
    assert plan.horizon.start == at(1)
    assert len(plan.net_export_w) == len(plan.horizon) == 2


async def test_a_machine_without_the_solver_follows_the_rule() -> None:
    solver = Solver(make_planner=without_highs)
    plan = await solver.plan(HOME)
    bids = await solver.bid(PERIOD, OUTSIDE, BidLimits(energy_wh_max=50_000))
    await solver.close()
    assert (plan.rung, plan.reason) == (Rung.RULE, PlanReason.SOLVER_MISSING)
    assert bids is None


async def test_a_silent_worker_is_left_behind() -> None:
    wake = threading.Event()

    def sleep(problem: HomeProblem) -> HomePlan:
        wake.wait(20)
        return good(problem)

    planners = iter([Scripted(sleep), Scripted(good)])
    solver = Solver(make_planner=lambda: next(planners), silence_s_max=0.2)
    plan = await solver.plan(HOME)
    assert (plan.rung, plan.reason) == (Rung.RULE, PlanReason.WORKER_SILENT)
    wake.set()
    patient = await solver.plan(HOME)
    await solver.close()
    assert patient.rung in {Rung.OPTIMAL, Rung.RULE}


async def test_after_some_silent_workers_no_more_are_started() -> None:
    wake = threading.Event()
    started: list[None] = []

    def sleep(problem: HomeProblem) -> HomePlan:
        started.append(None)
        wake.wait(20)
        return good(problem)

    solver = Solver(make_planner=lambda: Scripted(sleep), silence_s_max=0.05)
    plans = [await solver.plan(HOME) for _ in range(6)]
    wake.set()
    await solver.close()
    assert {plan.rung for plan in plans} == {Rung.RULE}
    assert len(started) == 3


class Doomed(Executor):
    """A worker process that dies of the first task it gets."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("fork")
        self._pool = ProcessPoolExecutor(max_workers=1, mp_context=context)

    @override
    def submit[**P, T](
        self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs
    ) -> Future[T]:
        died = self._pool.submit(os._exit, 1)
        with pytest.raises(BrokenProcessPool):
            died.result(timeout=20)
        return self._pool.submit(fn, *args, **kwargs)

    @override
    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._pool.shutdown(wait=wait, cancel_futures=cancel_futures)


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
async def test_a_worker_that_dies_is_no_reason_to_be_without_a_plan() -> None:
    solver = Solver(make_worker=Doomed)
    plan = await solver.plan(HOME)
    await solver.close()
    assert (plan.rung, plan.reason) == (Rung.RULE, PlanReason.WORKER_DIED)
    assert plan.horizon.end - plan.horizon.start == 3 * HOUR_MS
