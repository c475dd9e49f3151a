"""A home that looks two days ahead: what it asks for, and whose bids it takes."""

import pytest

from custom_components.commonwatt.engine.dispatch import (
    AssetId,
    CarNow,
    ChargingPoint,
    Generator,
    Outlook,
    Problem,
    Store,
    StoreNow,
)
from custom_components.commonwatt.engine.dispatch.bidding import BidLimits, Outside
from custom_components.commonwatt.engine.dispatch.fallback import fall_back
from custom_components.commonwatt.engine.dispatch.home import (
    Battery,
    Car,
    HomePlan,
    HomeProblem,
    PlanReason,
)
from custom_components.commonwatt.engine.forecast import PeriodEnergy
from custom_components.commonwatt.engine.model.order import Side, Step
from custom_components.commonwatt.engine.model.period import (
    DAY_MS,
    HOUR_MS,
    DeliveryPeriod,
    after,
)
from custom_components.commonwatt.engine.model.tariff import Tariff
from custom_components.commonwatt.engine.node.foresight import (
    home_problem,
    planned_steps,
)

PERIOD = DeliveryPeriod(2_000_000)
OUTLOOK = Outlook(
    period=PERIOD,
    load_wh=100,
    production_wh=300,
    tariff=Tariff(energy_micro_per_kwh=300_000, feed_in_micro_per_kwh=80_000),
    avoided_micro_per_kwh=250_000,
)
STORE = Store(
    id=AssetId("battery"),
    capacity_wh=10_000,
    charge_w_max=3_000,
    discharge_w_max=3_000,
)
POINT = ChargingPoint(id=AssetId("car"))
FULL = Problem(
    outlooks=(OUTLOOK,),
    stores=(StoreNow(store=STORE, stored_wh=4_000),),
    cars=(
        CarNow(point=POINT, needed_wh=8_000, leaves_at=after(PERIOD.start, HOUR_MS)),
    ),
    generators=(
        Generator(id=AssetId("chp"), power_w_max=5_000, cost_micro_per_kwh=150_000),
    ),
)
ORDER = (Step(side=Side.SELL, price_micro_per_kwh=90_000, energy_wh=200),)


class Recorder:
    """Plans nothing, remembers what it was asked for."""

    def __init__(self, steps: tuple[Step, ...] | None = ORDER) -> None:
        self.problem: HomeProblem | None = None
        self.asked: tuple[DeliveryPeriod, Outside, BidLimits] | None = None
        self._steps = steps

    def plan(self, problem: HomeProblem) -> HomePlan:
        """Remember the problem."""
        self.problem = problem
        return fall_back(problem, None, PlanReason.NONE)

    def bid(
        self, period: DeliveryPeriod, outside: Outside, limits: BidLimits
    ) -> tuple[Step, ...] | None:
        """Remember the question, and give the answer that was prepared."""
        self.asked = (period, outside, limits)
        return self._steps


def forecast(period: DeliveryPeriod) -> PeriodEnergy | None:
    """Expect more and more, and nothing after the first day."""
    later = period.number - PERIOD.number
    return PeriodEnergy(load_wh=later, production_wh=0) if later < 96 else None


@pytest.mark.parametrize("steps", [ORDER, (), None])
def test_a_home_bids_by_its_plan(steps: tuple[Step, ...] | None) -> None:
    planning = Recorder(steps)

    assert planned_steps(planning, FULL, forecast, energy_wh_max=5_000) == steps

    assert planning.problem is not None
    assert planning.asked is not None
    period, outside, limits = planning.asked
    assert period == PERIOD
    assert outside.surcharge_micro_per_kwh == 50_000
    assert limits.energy_wh_max == 5_000


def test_a_home_with_nothing_to_steer_has_nothing_to_plan() -> None:
    planning = Recorder()
    bare = Problem(outlooks=(OUTLOOK,))

    assert planned_steps(planning, bare, forecast, energy_wh_max=5_000) is None
    assert planning.problem is None


def test_two_days_are_asked_for_from_the_period_that_is_bid_for() -> None:
    asked = home_problem(FULL, forecast)

    assert asked.horizon.start == PERIOD.start
    assert asked.horizon.end == PERIOD.start + 2 * DAY_MS
    (expected,) = asked.scenarios
    assert expected.load_w[:3] == (400, 4, 8)
    assert expected.production_w[0] == 1_200
    assert expected.load_w[96] is None


def test_assets_are_asked_about_as_the_node_knows_them() -> None:
    asked = home_problem(FULL, forecast)

    battery, car = asked.storages
    assert isinstance(battery, Battery)
    assert isinstance(car, Car)
    assert battery.stored_wh == 4_000
    assert battery.charge_ppm == STORE.efficiency_ppm
    assert car.trips[0].stored_wh_goal == 8_000
    assert asked.generators[0].cost_micro_per_kwh == 150_000
