"""What a home would trade if it looks two days ahead: the optimiser's bids.

Makes a problem of what the node knows of its home and asks whoever plans for it; knows
no solver.  Where no plan can be had, nothing is said and the rule bids.
"""

from collections.abc import Callable, Iterator
from typing import Final, Protocol

from ..dispatch import CarNow, Generator, Problem, StoreNow, home as plans
from ..dispatch.bidding import BidLimits, Outside
from ..forecast import PeriodEnergy
from ..model.order import Step
from ..model.period import (
    HOUR_MS,
    PERIOD_MS,
    PERIODS_PER_HOUR,
    DeliveryPeriod,
)
from ..model.units import PPM, div_floor
from .mandate import Mandate

NO_LIMITS: Final = Mandate()

QUARTERS: Final = 96
HOURS: Final = 24
"""A day in quarters of an hour, a day in hours."""

CONNECTION_W_MAX: Final = 100_000
"""Beyond what any member's connection carries: limits are the market's to set."""


class Planning(Protocol):
    """Plans one home again and again, and bids by its last plan."""

    def plan(self, problem: plans.HomeProblem) -> plans.HomePlan:
        """Return a plan, on whatever rung."""
        ...

    def bid(
        self, period: DeliveryPeriod, outside: Outside, limits: BidLimits
    ) -> tuple[Step, ...] | None:
        """Return the steps of an order; None if there is no plan to follow."""
        ...


type Forecast = Callable[[DeliveryPeriod], PeriodEnergy | None]


def planned_steps(
    planning: Planning,
    problem: Problem,
    forecast: Forecast,
    mandate: Mandate = NO_LIMITS,
    *,
    energy_wh_max: int,
) -> tuple[Step, ...] | None:
    """Return the order of the first period of ``problem``; None: let the rule bid.

    A home with nothing to steer has nothing to plan.
    """
    if not (problem.stores or problem.cars or problem.generators):
        return None
    outlook = problem.outlooks[0]
    planning.plan(home_problem(problem, forecast))
    outside = Outside(
        feed_in_micro_per_kwh=outlook.tariff.feed_in_micro_per_kwh,
        import_micro_per_kwh=outlook.tariff.import_micro_per_kwh,
        avoided_micro_per_kwh=outlook.avoided_micro_per_kwh,
    )
    limits = BidLimits(
        sell_micro_per_kwh_min=mandate.sell_micro_per_kwh_min,
        buy_micro_per_kwh_max=mandate.buy_micro_per_kwh_max,
        energy_wh_max=energy_wh_max,
    )
    return planning.bid(outlook.period, outside, limits)


def home_problem(problem: Problem, forecast: Forecast) -> plans.HomeProblem:
    """Return the two days that begin with the first period of ``problem``."""
    outlook = problem.outlooks[0]
    step_ms = (PERIOD_MS,) * QUARTERS + (HOUR_MS,) * HOURS
    horizon = plans.Horizon(start=outlook.period.start, step_ms=step_ms)
    count = len(horizon)
    return plans.HomeProblem(
        horizon=horizon,
        scenarios=(_expected(problem, horizon, forecast),),
        grid=plans.Grid(
            import_w_max=CONNECTION_W_MAX,
            export_w_max=CONNECTION_W_MAX,
            prices=plans.Prices(
                import_micro_per_kwh=(outlook.tariff.import_micro_per_kwh,) * count,
                export_micro_per_kwh=(outlook.tariff.feed_in_micro_per_kwh,) * count,
            ),
        ),
        storages=(*map(_battery, problem.stores), *map(_car, problem.cars)),
        generators=tuple(map(_generator, problem.generators)),
    )


def _expected(
    problem: Problem, horizon: plans.Horizon, forecast: Forecast
) -> plans.Scenario:
    """Return the forecast of every step; the first is the one of the rule."""
    first = problem.outlooks[0]
    known = tuple(_energies(horizon, forecast))[1:]
    loads = (None if e is None else e.load_wh * PERIODS_PER_HOUR for e in known)
    suns = (None if e is None else e.production_wh * PERIODS_PER_HOUR for e in known)
    return plans.Scenario(
        load_w=(first.load_wh * PERIODS_PER_HOUR, *loads),
        production_w=(first.production_wh * PERIODS_PER_HOUR, *suns),
    )


def _energies(
    horizon: plans.Horizon, forecast: Forecast
) -> Iterator[PeriodEnergy | None]:
    """Yield a forecast for every step; an hour is like its second quarter."""
    for start, length_ms in zip(horizon.boundaries, horizon.step_ms, strict=False):
        period = DeliveryPeriod.containing(start)
        yield forecast(period.next(1 if length_ms > PERIOD_MS else 0))


def _battery(now: StoreNow) -> plans.Battery:
    store = now.store
    return plans.Battery(
        id=store.id,
        stored_wh=now.stored_wh,
        capacity_wh=store.capacity_wh,
        reserve_wh=min(store.reserve_wh, store.capacity_wh),
        charge_w_max=store.charge_w_max,
        discharge_w_max=store.discharge_w_max,
        # Losses are counted when charging: what is stored is what comes back.
        charge_ppm=store.efficiency_ppm,
        discharge_ppm=PPM,
        wear_micro_per_kwh=div_floor(store.wear_micro_per_kwh, 2),
    )


def _car(now: CarNow) -> plans.Car:
    """Return a car by what it still needs: how full it is, only the car knows."""
    trip = plans.Trip(
        leaves_at=now.leaves_at, returns_at=None, stored_wh_goal=now.needed_wh
    )
    return plans.Car(
        id=now.point.id,
        stored_wh=0,
        capacity_wh=now.needed_wh,
        charge_w_min=now.point.power_w_min,
        charge_w_max=now.point.power_w_max,
        charge_ppm=PPM,
        trips=(trip,),
        worth=(),
    )


def _generator(generator: Generator) -> plans.Generator:
    return plans.Generator(
        id=generator.id,
        power_w_max=generator.power_w_max,
        power_w_min=generator.power_w_min,
        cost_micro_per_kwh=generator.cost_micro_per_kwh,
    )
