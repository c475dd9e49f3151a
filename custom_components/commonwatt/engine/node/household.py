"""The node's own home: what it has, what it needs, what it would pay.

Brings images, forecasts and plans together; knows no peers and no other home.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from ..devices import ProcessImage, Setpoint
from ..dispatch import (
    Assets,
    Outlook,
    Plan,
    Problem,
    order_steps,
    plan_by_rule,
    steer,
)
from ..forecast import History, PeriodEnergy
from ..model.order import Step
from ..model.period import (
    HOUR_MS,
    PERIOD_MS,
    PERIODS_PER_HOUR,
    DeliveryPeriod,
    Instant,
)
from ..model.tariff import Tariff
from ..model.units import div_floor
from .assets_now import (
    cars_now,
    other_cars_wh,
    setpoints,
    stored_wh,
    stores_now,
    unsteered_w,
)
from .foresight import Forecast, Planning, planned_steps
from .mandate import Mandate, expected_with
from .metering import Measured, Metering

PLANS_KEPT: Final = 4


class Household:
    """Devices, history, plans and tariff of one home."""

    def __init__(self, avoided: Callable[[Tariff], int]) -> None:
        """Start with nothing known; a neighbour's kWh saves what ``avoided`` says."""
        self._avoided: Final = avoided
        self.tariff: Tariff | None = None
        self.assets = Assets()
        self.planning: Planning | None = None
        """Who looks further ahead than the rule; None: nobody."""

        self.mandate = Mandate()
        """What the owner lets us promise."""

        self.expected: Forecast = _nothing
        """Who forecasts better than the days before; None: it does not know."""

        self.metering: Final = Metering()
        self._history: Final = History()
        self._image: ProcessImage | None = None
        self._plans: Final[dict[DeliveryPeriod, Plan]] = {}

    def observe(self, image: ProcessImage) -> None:
        """Take a fresh look at the devices."""
        self._image = image
        self.metering.observe(image)

    def measured(self, period: DeliveryPeriod) -> Measured | None:
        """Return what flowed in ``period``, as soon as it is known."""
        steered = {generator.id for generator in self.assets.generators}
        measured = self.metering.measured(period, steered=steered)
        if measured is None or self._image is None:
            return measured
        return replace(measured, stored_wh=stored_wh(self._image, self.assets))

    def learn(self, period: DeliveryPeriod, energy: PeriodEnergy) -> None:
        """Let forecasts know what a period was like."""
        self._history.learn(period, energy)

    def wish(
        self, period: DeliveryPeriod, *, energy_wh_max: int
    ) -> tuple[Step, ...] | None:
        """Plan ``period`` and return the steps of its order; None if nothing is known.

        No steps is a wish as well: the home has nothing to trade.
        """
        problem = self._problem(period)
        if problem is None:
            return None
        plan = plan_by_rule(problem)
        self._plans[period] = plan
        for old in sorted(self._plans)[:-PLANS_KEPT]:
            del self._plans[old]
        if self.planning is not None:
            steps = planned_steps(
                self.planning,
                problem,
                self._forecast,
                self.mandate,
                energy_wh_max=energy_wh_max,
            )
            if steps is not None:
                return steps
        outlook = problem.outlooks[0]
        steps = order_steps(plan, outlook, energy_wh_max=energy_wh_max)
        return self.mandate.within(steps)

    def advice(self, now: Instant, *, position_wh: int) -> tuple[Setpoint, ...]:
        """Return setpoints that bring the period under way to the home's position.

        Without a position, stores and generators mind their own business: nobody
        follows the load more closely than the device itself.
        """
        period = DeliveryPeriod.containing(now)
        plan = self._plans.get(period)
        if plan is None:
            return ()
        left_ms = period.end - now
        rest = plan.rest(net_w=self._unsteered_w(plan), left_ms=left_ms)
        if position_wh == 0:
            energies = steer(rest, rest.fixed_wh)
        else:
            exported_wh = self._exported_wh(period, now, position_wh)
            energies = steer(rest, position_wh - exported_wh)
        powers_w = {
            asset: div_floor(energy_wh * HOUR_MS, left_ms)
            for asset, energy_wh in energies.items()
        }
        return tuple(setpoints(powers_w, self.assets, period.end))

    def _problem(self, period: DeliveryPeriod) -> Problem | None:
        expected = self._forecast(period)
        image, tariff = self._image, self.tariff
        if expected is None or tariff is None or image is None:
            return None
        cars = tuple(cars_now(image, self.assets, period))
        outlook = Outlook(
            period=period,
            load_wh=expected.load_wh + other_cars_wh(image, cars),
            production_wh=expected.production_wh,
            tariff=tariff,
            avoided_micro_per_kwh=self._avoided(tariff),
        )
        stores, alone = self.mandate.split(stores_now(image, self.assets))
        return Problem(
            outlooks=(expected_with(outlook, alone),),
            stores=stores,
            cars=cars,
            generators=self.assets.generators,
        )

    def _forecast(self, period: DeliveryPeriod) -> PeriodEnergy | None:
        return self.expected(period) or self._history.forecast(period)

    def _unsteered_w(self, plan: Plan) -> int:
        now_w = None if self._image is None else unsteered_w(self._image, self.assets)
        return plan.net_wh * PERIODS_PER_HOUR if now_w is None else now_w

    def _exported_wh(
        self, period: DeliveryPeriod, now: Instant, position_wh: int
    ) -> int:
        exported_wh = self.metering.exported_wh_since(period.start)
        if exported_wh is None:
            return div_floor(position_wh * (now - period.start), PERIOD_MS)
        return exported_wh


def _nothing(_period: DeliveryPeriod) -> PeriodEnergy | None:
    return None


def energy_of(measured: Measured) -> PeriodEnergy | None:
    """Return what forecasts learn from a period; None if something is unknown."""
    consumption_wh, car_wh = measured.consumption_wh, measured.car_wh
    if consumption_wh is None or car_wh is None or measured.production_wh is None:
        return None
    return PeriodEnergy(
        load_wh=max(0, consumption_wh - car_wh), production_wh=measured.production_wh
    )
