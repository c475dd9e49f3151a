"""One recursion for everything that keeps energy: battery, car, hot water, hydrogen."""

from dataclasses import dataclass
from typing import Final, assert_never

import numpy as np

from ...model.period import HOUR_MS, Instant
from ...model.units import PPM
from ..assets import AssetId
from ..home import Battery, Car, Dwell, HydrogenStore, Storage, Tank, Worth
from ..home.dwell import UNBOUND
from .case import TINY_HOURS, Case, steps_inside
from .program import Floats, Mask

RESERVE_PRICES: Final = 10.0
"""A kWh below the reserve costs that many times the highest price in each hour."""

RESCUE_PRICES: Final = 2.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Converting:
    """One way in or out of a store: electric power and what becomes of it."""

    power_max: Floats
    """For each step; 0 where the store is not there."""

    gain: Floats
    """Stored energy for each unit of electric energy, for each step."""

    power_min: float = 0.0
    start_cost: float = 0.0
    heat: float = 0.0
    """Useful waste heat for each unit of electric energy."""

    dwell: Dwell = UNBOUND

    @property
    def switched(self) -> bool:
        """Whether it matters when it is switched on and off."""
        bound = self.dwell.on_ms_min > 0 or self.dwell.off_ms_min > 0
        return self.start_cost > 0 or (self.power_min > 0 and bound)

    @property
    def possible(self) -> bool:
        """Whether it ever runs."""
        return bool(self.power_max.max(initial=0.0) > 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergyGoal:
    """Energy wanted at the end of a step, and the price of a missing kWh."""

    step: int
    energy: float
    price: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StorageRow:
    """A store as the recursion sees it; energies in kWh, powers in kW."""

    id: AssetId
    stored: float
    capacity: float
    reserve: float
    charge: Converting
    discharge: Converting
    keep: Floats
    """Share that is still there after each step."""

    draw: Floats
    """Energy taken out in each step by nobody's plan: a trip, a shower."""

    rescue_price: float
    """Of a kWh of that which the store cannot give."""

    reserve_price: float
    """Of a kWh below the reserve, for each hour."""

    wear: float
    worth: tuple[tuple[float, float], ...]
    goals: tuple[EnergyGoal, ...] = ()
    taper: tuple[float, float] | None = None
    """``(a, b)``: charging power is at most ``a - b * stored energy``."""

    depths: tuple[tuple[float, float], ...] = ()
    """``(energy, price)`` of cycles, the shallowest first; a price for each kWh out."""

    stationary: bool = False
    from_grid: bool = True
    to_grid: bool = True
    forms_island: bool = False
    warms: AssetId | None = None

    @property
    def both_ways(self) -> bool:
        """Whether it can charge and discharge."""
        return self.charge.possible and self.discharge.possible


def storage_row(case: Case, storage: Storage, stored_wh: int) -> StorageRow:
    """Return the recursion of ``storage``."""
    match storage:
        case Battery():
            return _battery(case, storage, stored_wh)
        case Car():
            return _car(case, storage, stored_wh)
        case Tank():
            return _tank(case, storage, stored_wh)
        case HydrogenStore():
            return _hydrogen(case, storage, stored_wh)
        case _:
            assert_never(storage)


def _battery(case: Case, battery: Battery, stored_wh: int) -> StorageRow:
    out = battery.discharge_ppm / PPM
    wear = case.price(battery.wear_micro_per_kwh)
    value = max(
        _quantile(case.buy, 0.35) * out - wear, _quantile(case.sell, 0.35) * out
    )
    ends = case.horizon.boundaries[1:]
    return StorageRow(
        id=battery.id,
        stored=stored_wh / 1000,
        capacity=battery.capacity_wh / 1000,
        reserve=battery.reserve_wh / 1000,
        charge=_way(case, battery.charge_w_max, battery.charge_ppm),
        discharge=_way(case, battery.discharge_w_max, battery.discharge_ppm, out=True),
        keep=_kept(case, battery.loss_ppm_per_hour),
        draw=np.zeros(len(case.hours)),
        rescue_price=0.0,
        reserve_price=RESERVE_PRICES * case.scale,
        wear=wear,
        worth=_worth(case, battery.worth, battery.capacity_wh, value),
        goals=tuple(
            EnergyGoal(
                step=sum(end < goal.at for end in ends),
                energy=min(goal.stored_wh, battery.capacity_wh) / 1000,
                price=case.price(goal.miss_micro_per_kwh),
            )
            for goal in battery.goals
            if case.horizon.start < goal.at <= case.horizon.end
        ),
        taper=_taper(battery),
        depths=_depths(case, battery),
        stationary=True,
        from_grid=battery.charges_from_grid,
        to_grid=battery.discharges_to_grid,
        forms_island=battery.forms_island,
    )


def _car(case: Case, car: Car, stored_wh: int) -> StorageRow:
    here = _at_home(case, car)
    rescue = _rescue_price(case, car.public_micro_per_kwh)
    draw, goals = _trips(case, car, here)
    out = car.discharge_ppm / PPM
    return StorageRow(
        id=car.id,
        stored=stored_wh / 1000,
        capacity=car.capacity_wh / 1000,
        reserve=car.reserve_wh / 1000,
        charge=_way(
            case, car.charge_w_max, car.charge_ppm, here=here, w_min=car.charge_w_min
        ),
        discharge=_way(
            case, car.discharge_w_max, car.discharge_ppm, here=here, out=True
        ),
        keep=np.ones(len(case.hours)),
        draw=draw,
        rescue_price=rescue,
        reserve_price=_gentle(case, rescue),
        wear=case.price(car.wear_micro_per_kwh),
        worth=_worth(case, car.worth, car.capacity_wh, _quantile(case.buy, 0.2) * out),
        goals=goals,
        forms_island=car.forms_island,
    )


def _tank(case: Case, tank: Tank, stored_wh: int) -> StorageRow:
    heat = np.array(tank.cop_ppm, dtype=np.float64) / PPM
    rescue = _rescue_price(case, tank.comfort_micro_per_kwh)
    value = 0.5 * _quantile(case.buy, 0.5) / max(float(heat.mean()), 1e-3)
    power = np.full(len(case.hours), tank.power_w_max / 1000)
    power[heat <= 0] = 0.0
    return StorageRow(
        id=tank.id,
        stored=stored_wh / 1000,
        capacity=tank.capacity_wh / 1000,
        reserve=tank.reserve_wh / 1000,
        charge=Converting(
            power_max=power,
            gain=heat,
            power_min=tank.power_w_min / 1000,
            dwell=tank.dwell,
        ),
        discharge=_way(case, 0, PPM, out=True),
        keep=_kept(case, tank.loss_ppm_per_hour),
        draw=np.array(tank.draw_w, dtype=np.float64) / 1000 * case.hours,
        rescue_price=rescue,
        reserve_price=_gentle(case, rescue),
        wear=0.0,
        worth=_worth(case, tank.worth, tank.capacity_wh, value),
    )


def _hydrogen(case: Case, store: HydrogenStore, stored_wh: int) -> StorageRow:
    into, out = store.electrolyser, store.fuel_cell
    value = _quantile(case.buy, 0.35) * out.efficiency_ppm / PPM
    return StorageRow(
        id=store.id,
        stored=stored_wh / 1000,
        capacity=store.capacity_wh / 1000,
        reserve=store.reserve_wh / 1000,
        charge=Converting(
            power_max=np.full(len(case.hours), into.power_w_max / 1000),
            gain=np.full(len(case.hours), into.efficiency_ppm / PPM),
            power_min=into.power_w_min / 1000,
            start_cost=case.price(into.start_micro),
            heat=into.heat_ppm / PPM,
            dwell=into.dwell,
        ),
        discharge=Converting(
            power_max=np.full(len(case.hours), out.power_w_max / 1000),
            gain=np.full(len(case.hours), PPM / out.efficiency_ppm),
            power_min=out.power_w_min / 1000,
            start_cost=case.price(out.start_micro),
            heat=out.heat_ppm / PPM,
            dwell=out.dwell,
        ),
        keep=np.ones(len(case.hours)),
        draw=np.zeros(len(case.hours)),
        rescue_price=0.0,
        reserve_price=RESERVE_PRICES * case.scale,
        wear=0.0,
        worth=_worth(case, store.worth, store.capacity_wh, value),
        forms_island=store.forms_island,
        warms=store.warms,
    )


def _way(
    case: Case,
    w_max: int,
    efficiency_ppm: int,
    *,
    here: Mask | None = None,
    w_min: int = 0,
    out: bool = False,
) -> Converting:
    power = np.full(len(case.hours), w_max / 1000)
    if here is not None:
        power[~here] = 0.0
    gain = PPM / efficiency_ppm if out else efficiency_ppm / PPM
    return Converting(
        power_max=power,
        gain=np.full(len(case.hours), gain),
        power_min=min(w_min, w_max) / 1000,
    )


def _rescue_price(case: Case, micro_per_kwh: int) -> float:
    """Return the price of doing without: always dearer than any energy."""
    return max(case.price(micro_per_kwh), RESCUE_PRICES * case.scale)


def _gentle(case: Case, rescue_price: float) -> float:
    """Return a price of being below the reserve for which nobody does without."""
    return min(
        RESERVE_PRICES * case.scale, rescue_price / (2 * float(case.elapsed[-1]))
    )


def _kept(case: Case, loss_ppm_per_hour: int) -> Floats:
    return np.exp(-loss_ppm_per_hour / PPM * case.hours)


def _worth(
    case: Case, worth: tuple[Worth, ...] | None, capacity_wh: int, value: float
) -> tuple[tuple[float, float], ...]:
    """Return energies and falling prices of what is left at the end."""
    if worth is not None:
        return tuple(
            (segment.energy_wh / 1000, case.price(segment.price_micro_per_kwh))
            for segment in worth
        )
    half, value = capacity_wh / 2000, max(value, 0.0)
    return ((half, value), (half, 0.8 * value))


def _quantile(prices: Floats, share: float) -> float:
    return float(np.sort(prices)[int(share * (len(prices) - 1))])


def _taper(battery: Battery) -> tuple[float, float] | None:
    """Return the line through (knee, full power) and (full, power at full)."""
    taper = battery.taper
    if taper is None or taper.from_ppm >= PPM or taper.power_w >= battery.charge_w_max:
        return None
    capacity = battery.capacity_wh / 1000
    fall = (battery.charge_w_max - taper.power_w) / 1000
    slope = fall / (capacity * (PPM - taper.from_ppm) / PPM)
    return taper.power_w / 1000 + slope * capacity, slope


def _depths(case: Case, battery: Battery) -> tuple[tuple[float, float], ...]:
    """Return the parts of a battery's capacity by how deep a cycle reaches them."""
    depths: list[tuple[float, float]] = []
    left = battery.capacity_wh / 1000
    for number, depth in enumerate(battery.depth_wear, start=1):
        last = number == len(battery.depth_wear)
        share = battery.capacity_wh / 1000 * depth.share_ppm / PPM
        energy = left if last else min(share, left)
        depths.append((energy, case.price(depth.micro_per_kwh)))
        left -= energy
    return tuple(depths)


def _at_home(case: Case, car: Car) -> Mask:
    horizon = case.horizon
    here = steps_inside(case, car.arrives_at or horizon.start, horizon.end)
    for trip in car.trips:
        back = horizon.end if trip.returns_at is None else trip.returns_at
        before = steps_inside(case, horizon.start, trip.leaves_at)
        here &= before | steps_inside(
            case, Instant(max(back, trip.leaves_at)), horizon.end
        )
    return here


def _trips(case: Case, car: Car, here: Mask) -> tuple[Floats, tuple[EnergyGoal, ...]]:
    """Return what trips take in each step, and what should be there before them."""
    draw = np.zeros(len(case.hours))
    goals: list[EnergyGoal] = []
    for trip in sorted(car.trips, key=lambda trip: trip.leaves_at):
        departure = (trip.leaves_at - case.horizon.start) / HOUR_MS
        if not 0 <= departure <= case.elapsed[-1] + TINY_HOURS:
            continue
        step = int(np.searchsorted(case.elapsed, departure + TINY_HOURS)) - 1
        if step < len(draw):
            draw[step] += min(trip.energy_wh, car.capacity_wh) / 1000
        last = step if step < len(draw) and here[step] else step - 1
        if last >= 0 and trip.stored_wh_goal > 0:
            energy = min(trip.stored_wh_goal, car.capacity_wh) / 1000
            price = _rescue_price(case, car.public_micro_per_kwh)
            goals.append(EnergyGoal(step=last, energy=energy, price=price))
    return draw, tuple(goals)
