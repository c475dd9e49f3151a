"""The last rung: a plan any home can follow without a solver.

Batteries follow the load, cars start as late as they safely can, programmes run as soon
as they may, heat pumps keep the reserve, hydrogen and generators rest.  Standard
library only, so that it works on a machine where nothing else does.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, assert_never

from ..model.period import HOUR_MS, Instant
from ..model.units import PPM, div_floor
from .assets import AssetId
from .checks import stretched
from .home import (
    Appliance,
    AssetPlan,
    Battery,
    Car,
    CycleAppliance,
    Flaw,
    FlexibleAppliance,
    HomePlan,
    HomeProblem,
    HydrogenStore,
    PlanReason,
    Rung,
    Storage,
    Tank,
)

LATE_MARGIN_MS: Final = 30 * 60_000
"""A car starts that much earlier than it would have to."""


@dataclass(slots=True)
class _Track:
    """What one asset did so far."""

    power_w: list[int] = field(default_factory=list)
    stored_wh: list[int] = field(default_factory=list)


def plan_day_by_rule(
    problem: HomeProblem, *, reason: PlanReason, flaws: tuple[Flaw, ...] = ()
) -> HomePlan:
    """Return the plan of plain self-consumption over the whole horizon."""
    day = _Day(problem)
    for step in range(len(problem.horizon)):
        day.go(step)
    assets = sorted((*problem.storages, *problem.appliances), key=lambda a: a.id)
    return HomePlan(
        horizon=problem.horizon,
        rung=Rung.RULE,
        reason=reason,
        made_at=problem.horizon.start,
        assets=tuple(
            AssetPlan(
                asset=asset.id,
                power_w=tuple(day.tracks[asset.id].power_w),
                stored_wh=tuple(day.tracks[asset.id].stored_wh),
            )
            for asset in assets
        ),
        net_export_w=tuple(day.net_w),
        curtailed_w=(0,) * len(problem.horizon),
        cost_nano=day.cost_nano(),
        gap_ppm=None,
        flaws=flaws,
    )


class _Day:
    """The home as it goes through its horizon, step by step."""

    def __init__(self, problem: HomeProblem) -> None:
        count = len(problem.horizon)
        expected = problem.scenarios[0]
        known = (*problem.storages, *problem.appliances)
        self.problem: Final = problem
        self.tracks: Final[Mapping[AssetId, _Track]] = {a.id: _Track() for a in known}
        self.net_w: Final[list[int]] = []
        self._load_w: Final = _known(expected.load_w, count)
        self._production_w: Final = _known(expected.production_w, count)
        self._boundaries: Final = problem.horizon.boundaries
        self._stored: Final[dict[AssetId, int]] = {
            storage.id: min(max(storage.stored_wh, 0), storage.capacity_wh)
            for storage in problem.storages
            if storage.stored_wh is not None
        }
        self._left_ms: Final[dict[AssetId, int]] = {
            a.id: _runtime_ms(a) for a in problem.appliances
        }

    def go(self, step: int) -> None:
        """Let one step pass: first what must run, then what follows the rest."""
        net_w = self._production_w[step] - self._load_w[step]
        for appliance in self.problem.appliances:
            net_w += self._run(appliance, step)
        followers = []
        for storage in self.problem.storages:
            if isinstance(storage, Battery):
                followers.append(storage)
                continue
            net_w += self._serve(storage, step)
        for battery in followers:
            net_w += self._follow(battery, step, net_w)
        self.net_w.append(net_w)

    def cost_nano(self) -> int:
        """Return what the retailer charges for it, as far as prices are known."""
        prices, total = self.problem.grid.prices, 0
        count = len(self.problem.horizon)
        buy = _known(prices.import_micro_per_kwh, count)
        sell = _known(prices.export_micro_per_kwh, count)
        for step, net_w in enumerate(self.net_w):
            energy_wh = self._energy_wh(net_w, step)
            total -= energy_wh * (sell[step] if net_w > 0 else buy[step])
        return total

    def _run(self, appliance: Appliance, step: int) -> int:
        track, at = self.tracks[appliance.id], self._boundaries[step]
        length_ms = self._boundaries[step + 1] - at
        power_w = 0
        if at >= appliance.earliest and self._left_ms[appliance.id] > 0:
            done_ms = _runtime_ms(appliance) - self._left_ms[appliance.id]
            power_w = -_mean_w(appliance, done_ms, length_ms)
            self._left_ms[appliance.id] -= length_ms
        track.power_w.append(power_w)
        return power_w

    def _serve(self, storage: Car | Tank | HydrogenStore, step: int) -> int:
        stored_wh = self._stored.get(storage.id)
        power_w = 0
        match storage:
            case HydrogenStore():
                pass
            case Car():
                power_w = 0 if stored_wh is None else self._late(storage, step)
            case Tank():
                power_w = 0 if stored_wh is None else self._keep_warm(storage, step)
            case _:
                assert_never(storage)
        self._note(storage, power_w)
        return power_w

    def _late(self, car: Car, step: int) -> int:
        """Charge a car at full power once it would otherwise be late."""
        at, stored_wh = self._boundaries[step], self._stored[car.id]
        end = self._boundaries[step + 1]
        self._stored[car.id] -= sum(
            min(trip.energy_wh, self._stored[car.id])
            for trip in car.trips
            if at <= trip.leaves_at < end
        )
        if not _is_home(car, at, end):
            return 0
        trip = next((t for t in car.trips if t.leaves_at > at), None)
        missing_wh = 0 if trip is None else trip.stored_wh_goal - stored_wh
        if trip is None or missing_wh <= 0 or car.charge_w_max <= 0:
            return 0
        power_w = div_floor(car.charge_w_max * car.charge_ppm, PPM)
        needed_ms = div_floor(missing_wh * HOUR_MS, max(power_w, 1))
        if trip.leaves_at - at - needed_ms > (end - at) + LATE_MARGIN_MS:
            return 0
        return -self._fill(car, car.charge_w_max, car.charge_ppm, step)

    def _keep_warm(self, tank: Tank, step: int) -> int:
        """Heat as soon as a tank is below its reserve, and replace what is drawn."""
        count = len(self.problem.horizon)
        draw_wh = self._energy_wh(stretched(tank.draw_w, count)[step], step)
        self._stored[tank.id] = max(0, self._stored[tank.id] - draw_wh)
        if self._stored[tank.id] >= max(tank.reserve_wh, tank.capacity_wh // 2):
            return 0
        heat_ppm = max(stretched(tank.cop_ppm, count)[step], 1)
        return -self._fill(tank, tank.power_w_max, heat_ppm, step)

    def _follow(self, battery: Battery, step: int, net_w: int) -> int:
        """Take a surplus in, or cover a deficit from what is above the reserve."""
        power_w, stored_wh = 0, self._stored.get(battery.id)
        if stored_wh is not None and net_w > 0:
            wanted_w = min(net_w, battery.charge_w_max)
            power_w = -self._fill(battery, wanted_w, battery.charge_ppm, step)
        elif stored_wh is not None and net_w < 0:
            usable_wh = max(0, stored_wh - battery.reserve_wh)
            given_wh = div_floor(usable_wh * battery.discharge_ppm, PPM)
            length_ms = self._length_ms(step)
            most_w = div_floor(given_wh * HOUR_MS, length_ms)
            power_w = min(-net_w, battery.discharge_w_max, most_w)
            taken_wh = div_floor(
                self._energy_wh(power_w, step) * PPM, battery.discharge_ppm
            )
            self._stored[battery.id] -= min(taken_wh, stored_wh)
        self._note(battery, power_w)
        return power_w

    def _fill(self, storage: Storage, power_w: int, gain_ppm: int, step: int) -> int:
        """Put energy into a store, no more than fits; return the power used."""
        room_wh = storage.capacity_wh - self._stored[storage.id]
        fits_wh = div_floor(max(0, room_wh) * PPM, gain_ppm)
        most_w = div_floor(fits_wh * HOUR_MS, self._length_ms(step))
        power_w = min(power_w, most_w)
        gained_wh = div_floor(self._energy_wh(power_w, step) * gain_ppm, PPM)
        self._stored[storage.id] += gained_wh
        return power_w

    def _note(self, storage: Storage, power_w: int) -> None:
        track = self.tracks[storage.id]
        track.power_w.append(power_w)
        if storage.id in self._stored:
            track.stored_wh.append(self._stored[storage.id])

    def _length_ms(self, step: int) -> int:
        return self._boundaries[step + 1] - self._boundaries[step]

    def _energy_wh(self, power_w: int, step: int) -> int:
        return div_floor(power_w * self._length_ms(step), HOUR_MS)


def _known(values: tuple[int | None, ...], count: int) -> tuple[int, ...]:
    """Return ``count`` values; a gap holds the last known one, nothing known is 0."""
    held: list[int] = []
    last = next((value for value in values if value is not None), 0)
    for value in values[:count]:
        last = last if value is None else value
        held.append(last)
    return stretched(held, count)


def _runtime_ms(appliance: Appliance) -> int:
    match appliance:
        case CycleAppliance():
            return len(appliance.profile_w) * appliance.profile_step_ms
        case FlexibleAppliance():
            return appliance.runtime_ms
        case _:
            assert_never(appliance)


def _mean_w(appliance: Appliance, done_ms: int, length_ms: int) -> int:
    """Return the mean power of the next ``length_ms`` of an appliance's run."""
    if isinstance(appliance, FlexibleAppliance):
        left_ms = min(length_ms, appliance.runtime_ms - done_ms)
        return div_floor(appliance.power_w * left_ms, length_ms)
    total = 0
    for index, power_w in enumerate(appliance.profile_w):
        start = index * appliance.profile_step_ms
        end = start + appliance.profile_step_ms
        inside = min(end, done_ms + length_ms) - max(start, done_ms)
        total += power_w * max(0, inside)
    return div_floor(total, length_ms)


def _is_home(car: Car, start: Instant, end: Instant) -> bool:
    if car.arrives_at is not None and start < car.arrives_at:
        return False
    for trip in car.trips:
        back = trip.returns_at
        if end > trip.leaves_at and (back is None or start < back):
            return False
    return True
