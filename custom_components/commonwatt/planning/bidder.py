"""Bids of a real home: from a plan of what its owner lets it promise.

The plan people see also advises devices nobody armed.  What is promised to neighbours
rests on armed devices alone; the others are expected to do what they do by themselves.
"""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import CancelledError
from dataclasses import replace
from typing import Final

from ..drivers.solver import Solver
from ..engine.devices import DeviceId
from ..engine.dispatch import AssetId, Store, StoreNow
from ..engine.dispatch.alone import left_alone
from ..engine.dispatch.bidding import BidLimits, Outside
from ..engine.dispatch.fallback import fall_back
from ..engine.dispatch.home import (
    Battery,
    Car,
    HomePlan,
    HomeProblem,
    PlanReason,
    Scenario,
)
from ..engine.model.order import Step
from ..engine.model.period import DeliveryPeriod
from ..engine.model.units import PPM, div_floor

ANSWER_S_MAX: Final = 20.0
"""How long the node waits for a plan; then the rule bids."""

type Armed = frozenset[DeviceId]


class Bidder:
    """Plans and bids for the node of one home, which asks from a thread of its own."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        *,
        problem: Callable[[], HomeProblem],
        armed: Callable[[], Armed],
    ) -> None:
        """Ask for the home as it is, and for who may be driven, on the event loop."""
        self._loop: Final = loop
        self._problem: Final = problem
        self._armed: Final = armed
        self._solver: Final = Solver()

    def plan(self, problem: HomeProblem) -> HomePlan:
        """Plan the home as Home Assistant knows it: more than the node does."""
        plan = self._ask(self._plan())
        return plan or fall_back(problem, None, PlanReason.WORKER_SILENT)

    def bid(
        self, period: DeliveryPeriod, outside: Outside, limits: BidLimits
    ) -> tuple[Step, ...] | None:
        """Return the bids of the last plan; None: let the rule bid."""
        return self._ask(self._solver.bid(period, outside, limits))

    async def close(self) -> None:
        """Let go of the solver."""
        await self._solver.close()

    async def _plan(self) -> HomePlan:
        return await self._solver.plan(promised(self._problem(), self._armed()))

    def _ask[T](self, question: Coroutine[object, object, T]) -> T | None:
        """Wait in the node's thread for an answer of the event loop."""
        try:
            answer = asyncio.run_coroutine_threadsafe(question, self._loop)
        except RuntimeError:
            question.close()
            return None
        try:
            return answer.result(ANSWER_S_MAX)
        except TimeoutError, CancelledError:
            answer.cancel()
            return None


def promised(problem: HomeProblem, armed: Armed) -> HomeProblem:
    """Return the home without what is not ours to promise.

    Batteries nobody armed balance the home by themselves, cars nobody armed charge as
    soon as they can.  No charging point we drive takes energy back from a car, so none
    is promised.  What people or their automations switch, such as appliances and
    heaters, is part of the load as it has been.
    """
    ours = tuple(
        _drivable(storage)
        for storage in problem.storages
        if isinstance(storage, Battery | Car) and DeviceId(storage.id) in armed
    )
    others = [s for s in problem.storages if DeviceId(s.id) not in armed]
    cars = [car for car in others if isinstance(car, Car)]
    batteries = [now for s in others if (now := _store_of(s)) is not None]
    scenarios = tuple(
        _expected(scenario, problem, cars, batteries) for scenario in problem.scenarios
    )
    return replace(
        problem, storages=ours, scenarios=scenarios, appliances=(), generators=()
    )


def _drivable(storage: Battery | Car) -> Battery | Car:
    """Return what can be driven of it: a charging point is told a current, no more."""
    return replace(storage, discharge_w_max=0) if isinstance(storage, Car) else storage


def _expected(
    scenario: Scenario,
    problem: HomeProblem,
    cars: list[Car],
    batteries: list[StoreNow],
) -> Scenario:
    load_w = scenario.load_w
    for car in cars:
        load_w = _with_car(load_w, problem.horizon.step_ms, car)
    loads, suns = left_alone(
        load_w, scenario.production_w, problem.horizon.step_ms, batteries
    )
    return replace(scenario, load_w=loads, production_w=suns)


def _with_car(
    load_w: tuple[int | None, ...], step_ms: tuple[int, ...], car: Car
) -> tuple[int | None, ...]:
    """Add a car that charges with all it can until it has what it needs."""
    goal_wh = max((trip.stored_wh_goal for trip in car.trips), default=0)
    missing_wh = max(0, goal_wh - (car.stored_wh or 0))
    left_mws = div_floor(missing_wh * PPM, car.charge_ppm) * 3_600_000
    powers: list[int | None] = []
    for load, length_ms in zip(load_w, step_ms, strict=False):
        power_w = min(car.charge_w_max, div_floor(left_mws, length_ms))
        left_mws -= power_w * length_ms
        powers.append(None if load is None else load + power_w)
    return tuple(powers)


def _store_of(storage: object) -> StoreNow | None:
    """Return a battery whose content is known as it behaves when left alone."""
    if not isinstance(storage, Battery) or storage.stored_wh is None:
        return None
    store = Store(
        id=AssetId(storage.id),
        capacity_wh=storage.capacity_wh,
        reserve_wh=storage.reserve_wh,
        charge_w_max=storage.charge_w_max,
        discharge_w_max=storage.discharge_w_max,
        efficiency_ppm=div_floor(storage.charge_ppm * storage.discharge_ppm, PPM),
    )
    return StoreNow(store=store, stored_wh=storage.stored_wh)
