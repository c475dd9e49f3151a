"""From a plan to a course: what the plan's values allow at the prices of this moment.

A battery balances the meter as long as that pays:

* it gives while an import costs at least what the stored energy is worth, plus wear;
* it takes while feeding in earns at most what the stored energy is worth, less wear.

Only where the plan itself means to buy for the battery, or to sell from it, are the
planned watts followed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ...model.period import HOUR_MS, MINUTE_MS, Instant
from ...model.units import PPM, div_floor
from ..assets import AssetId
from ..home import (
    AssetPlan,
    Battery,
    Car,
    Dwell,
    HomePlan,
    HomeProblem,
    HydrogenStore,
    Tank,
)
from .course import (
    OFF_MS_MIN,
    ON_MS_MIN,
    STANDING_STILL,
    BatteryCourse,
    ChargerCourse,
    Course,
    MachineCourse,
    PowerRange,
)
from .valued import ValuedBattery

TIE_MICRO_PER_KWH: Final = 500
"""Prices closer than that are equal: then a battery does balance the meter."""

CORRIDOR_PPM: Final = 100_000
"""A battery that far below its plan gives no more: others still count on it."""

FORCED_W_MIN: Final = 100
"""A planned exchange beyond this is meant, not a rest of rounding."""

DELIVERY_MS_MIN: Final = MINUTE_MS
"""What is still to be delivered is never crammed into less time."""

VOLTS: Final = 230
CURRENT_MA_MIN: Final = 6_000
ONE_PHASE_W_MIN: Final = VOLTS * CURRENT_MA_MIN // 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What is traded for the present delivery period, and what has flowed of it."""

    sold_wh: int
    """Sold minus bought."""

    delivered_wh: int
    """Exported minus imported since the period began."""

    left_ms: int

    @property
    def export_w(self) -> int:
        """Mean power that delivers the rest."""
        rest_wh = self.sold_wh - self.delivered_wh
        return div_floor(rest_wh * HOUR_MS, max(self.left_ms, DELIVERY_MS_MIN))


def course_of(
    problem: HomeProblem,
    plan: HomePlan,
    now: Instant,
    *,
    delivery: Delivery | None = None,
    stored_wh: Mapping[AssetId, int] | None = None,
) -> Course | None:
    """Return what to steer by at ``now``; None if the plan does not reach that far.

    ``problem`` is the one the plan was made for; ``stored_wh`` is what is in the
    batteries now, if that is known better than it was then.
    """
    step = plan.horizon.step_at(now)
    if step is None:
        return None
    grid = problem.grid
    export_w = 0 if delivery is None else delivery.export_w
    export_w = min(max(export_w, -grid.import_w_max), grid.export_w_max)
    moment = _Moment(problem, plan, step, now, export_w, stored_wh or {})
    return Course(
        grid_w_target=-export_w,
        import_w_max=grid.import_w_max,
        export_w_max=grid.export_w_max,
        batteries=tuple(moment.batteries()),
        chargers=tuple(moment.chargers()),
        machines=tuple(moment.machines()),
    )


type _Machine = tuple[AssetId, PowerRange, PowerRange, tuple[Dwell, ...]]
"""What a machine gives and takes, and how long it stays on and off."""


class _Moment:
    """One step of a plan and the prices of that step."""

    def __init__(
        self,
        problem: HomeProblem,
        plan: HomePlan,
        step: int,
        now: Instant,
        export_w: int,
        stored_wh: Mapping[AssetId, int],
    ) -> None:
        prices = problem.grid.prices
        known = problem.horizon.step_at(now)
        self._import = _at(prices.import_micro_per_kwh, known)
        self._export = _at(prices.export_micro_per_kwh, known)
        self._problem: Final = problem
        self._plan: Final = plan
        self._step: Final = step
        self._now: Final = now
        self._export_w: Final = export_w
        self._stored_wh: Final = stored_wh

    def batteries(self) -> Iterator[BatteryCourse]:
        for battery in self._problem.storages:
            planned = self._plan.asset(battery.id)
            if isinstance(battery, Battery) and planned is not None:
                yield self._battery(battery, planned)

    def _battery(self, battery: Battery, planned: AssetPlan) -> BatteryCourse:
        valued = self._valued(battery, planned)
        value = _at(planned.value_micro_per_kwh, self._step)
        if valued is not None:
            value = valued.value_micro_per_kwh
        return BatteryCourse(
            id=battery.id,
            charge_w_max=battery.charge_w_max,
            discharge_w_max=battery.discharge_w_max,
            capacity_wh=battery.capacity_wh,
            floor_wh=battery.reserve_wh
            if valued is not None
            else self._floor_wh(battery, planned),
            may_charge=self._pays_to_charge(
                value, battery.charge_ppm, battery.wear_micro_per_kwh
            ),
            may_discharge=self._pays_to_discharge(battery, value),
            forced_w=self._forced_w(planned)
            if valued is None
            else self._traded_w(valued),
        )

    def _valued(self, battery: Battery, planned: AssetPlan) -> ValuedBattery | None:
        """Return the battery as its hedged plan values it; None without such a plan."""
        values = _at(planned.values_micro_per_kwh, self._step)
        stored_wh = self._stored_wh.get(battery.id, battery.stored_wh)
        if not values or stored_wh is None:
            return None
        return ValuedBattery(
            battery=battery, stored_wh=stored_wh, values_micro_per_kwh=values
        )

    def _traded_w(self, valued: ValuedBattery) -> int | None:
        """Return what to buy for the battery or to sell from it, if either pays."""
        left_ms = self._plan.horizon.boundaries[self._step + 1] - self._now
        battery = valued.battery
        buys = battery.charges_from_grid and self._export_w <= 0
        if buys and self._import is not None:
            bought_w = valued.bought_w(self._import, left_ms=left_ms)
            if bought_w > FORCED_W_MIN:
                return -bought_w
        sells = battery.discharges_to_grid and self._export_w >= 0
        if sells and self._export is not None:
            sold_w = valued.sold_w(self._export, left_ms=left_ms)
            if sold_w > FORCED_W_MIN:
                return sold_w
        return None

    def _pays_to_discharge(self, battery: Battery, value: int | None) -> bool:
        # What was sold is owed: to fail costs what others' help costs, and the spread.
        if self._export_w > 0 or value is None or self._import is None:
            return True
        worth = div_floor(value * PPM, battery.discharge_ppm)
        return self._import >= worth + battery.wear_micro_per_kwh - TIE_MICRO_PER_KWH

    def _pays_to_charge(self, value: int | None, charge_ppm: int, wear: int) -> bool:
        # What was bought is paid for, taken or not.
        if self._export_w < 0 or value is None or self._export is None:
            return True
        worth = div_floor(value * charge_ppm, PPM)
        return self._export <= worth - wear + TIE_MICRO_PER_KWH

    def _floor_wh(self, battery: Battery, planned: AssetPlan) -> int:
        stored_wh = _at(planned.stored_wh, self._step)
        if stored_wh is None or self._export_w > 0:
            return battery.reserve_wh
        corridor_wh = battery.capacity_wh * CORRIDOR_PPM // PPM
        return max(battery.reserve_wh, stored_wh - corridor_wh)

    def _forced_w(self, planned: AssetPlan) -> int | None:
        """Return the planned power where the plan means to trade with it."""
        power_w = planned.power_w[self._step]
        net_w = self._plan.net_export_w[self._step]
        # A plan that only stores the home's own sun does not buy, whatever is owed.
        buying_w = max(net_w, net_w - self._export_w)
        selling_w = min(net_w, net_w - self._export_w)
        buys = power_w < -FORCED_W_MIN and buying_w < -FORCED_W_MIN
        sells = power_w > FORCED_W_MIN and selling_w > FORCED_W_MIN
        return power_w if buys or sells else None

    def chargers(self) -> Iterator[ChargerCourse]:
        for car in self._problem.storages:
            planned = self._plan.asset(car.id)
            if isinstance(car, Car) and planned is not None:
                yield self._charger(car, planned)

    def _charger(self, car: Car, planned: AssetPlan) -> ChargerCourse:
        phases = min(max(car.charge_w_min // ONE_PHASE_W_MIN, 1), 3)
        value = _at(planned.value_micro_per_kwh, self._step)
        next_trip = next((t for t in car.trips if t.leaves_at > self._now), None)
        needed_wh = None
        if next_trip is not None and car.stored_wh is not None:
            missing_wh = max(0, next_trip.stored_wh_goal - car.stored_wh)
            needed_wh = div_floor(missing_wh * PPM, car.charge_ppm)
        return ChargerCourse(
            id=car.id,
            planned_w=max(0, -planned.power_w[self._step]),
            takes_surplus=value is not None
            and self._pays_to_charge(value, car.charge_ppm, car.wear_micro_per_kwh),
            current_ma_max=car.charge_w_max * 1_000 // (VOLTS * phases),
            phases=phases,
            needed_wh=needed_wh,
            leaves_at=None if next_trip is None else next_trip.leaves_at,
        )

    def machines(self) -> Iterator[MachineCourse]:
        for asset, gives, takes, dwells in self._ranges():
            planned = self._plan.asset(asset)
            if planned is not None:
                on_ms_min = max(dwell.on_ms_min for dwell in dwells)
                off_ms_min = max(dwell.off_ms_min for dwell in dwells)
                yield MachineCourse(
                    id=asset,
                    planned_w=planned.power_w[self._step],
                    gives=gives,
                    takes=takes,
                    on_ms_min=on_ms_min or ON_MS_MIN,
                    off_ms_min=off_ms_min or OFF_MS_MIN,
                )

    def _ranges(self) -> Iterator[_Machine]:
        for machine in self._problem.generators:
            gives = _range(machine.power_w_min, machine.power_w_max)
            yield machine.id, gives, STANDING_STILL, (machine.dwell,)
        for store in self._problem.storages:
            match store:
                case HydrogenStore(electrolyser=taking, fuel_cell=giving):
                    gives = _range(giving.power_w_min, giving.power_w_max)
                    takes = _range(taking.power_w_min, taking.power_w_max)
                    yield store.id, gives, takes, (taking.dwell, giving.dwell)
                case Tank():
                    takes = _range(store.power_w_min, store.power_w_max)
                    yield store.id, STANDING_STILL, takes, (store.dwell,)
                case _:
                    pass


def _range(w_min: int, w_max: int) -> PowerRange:
    return PowerRange(w_min=w_min, w_max=w_max)


def _at[T](values: tuple[T, ...], step: int | None) -> T | None:
    """Return the value of a step; None where a series is empty or ends before."""
    return None if step is None or step >= len(values) else values[step]
