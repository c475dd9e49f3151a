"""Recompute what a plan does, from its setpoints alone, and find every rule it breaks.

Shares nothing with the programme it checks but the numbers of the home: energy is
added up step by step, money is counted at the meter.  A plan that does not stand up to
this is not used.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from ..model.order import Side
from ..model.period import HOUR_MS, PERIOD_MS, SECOND_MS
from .assets import AssetId
from .home import CycleAppliance, Tranche, Violation, ViolationKind
from .linear.case import Case, autonomy_needs, tranche_hours
from .linear.depth import cost_of_depth
from .linear.grid import SHORT_PRICES, SPILL_PRICES, known_capacity_price
from .linear.machines import generator_way
from .linear.program import Floats, Mask
from .linear.resilience import outage_price
from .linear.rows import RESERVE_PRICES, Converting, StorageRow, storage_row
from .linear.storage import end_worth
from .resimulated_dwell import cost_of_breaking_off, starts, switched_too_soon

POWER_TOLERANCE: Final = 0.005
"""kW: what rounding every asset to whole watts can add up to."""

WATT_ROUNDED: Final = 0.0005
"""kW by which rounding to whole watts can change the power of one asset."""

ENERGY_TOLERANCE: Final = 0.03
"""kWh: the same for energies over two days."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Actions:
    """What a plan does in every step of the expected scenario; powers in kW."""

    power: Mapping[AssetId, Floats]
    """What each asset adds to the home's net export."""

    heat: Mapping[AssetId, Floats]
    """What each source of waste heat brings into its tank."""

    curtailed: Floats
    run: Mapping[AssetId, Mask]
    """Where each appliance is on (of a programme: where it starts)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Recomputed:
    """What a plan comes to; kW, kWh and what the objective counts."""

    net_export: Floats
    stored: Mapping[AssetId, Floats]
    energy_cost: float
    """Of what passes the meter, tranches included."""

    cost: float
    """Of everything; what is left in stores is taken off."""

    violations: tuple[Violation, ...]


def recompute(case: Case, actions: Actions) -> Recomputed:
    """Return what ``actions`` come to in the expected scenario."""
    steps = len(case.hours)
    net = case.production[:steps] - actions.curtailed - case.load[:steps]
    for power in actions.power.values():
        net = net + power
    rows = [storage_row(case, s, stored_wh) for s, stored_wh in case.checked.storages]
    heat = _heat_of_tanks(case, actions, rows)
    stored: dict[AssetId, Floats] = {}
    cost, violations = 0.0, list(_at_the_meter(case, net))
    for generator in case.checked.problem.generators:
        power = actions.power.get(generator.id, np.zeros(steps))
        way = generator_way(case, generator)
        violations.extend(_of_dwell(case, generator.id, way, power))
    violations.extend(_of_heat(case, actions, rows))
    for row in rows:
        power = actions.power.get(row.id, np.zeros(steps))
        stored[row.id], rescued = _refill(case, row, power, heat.get(row.id))
        violations.extend(_of_storage(row, power, stored[row.id]))
        for way, used in ((row.charge, -power), (row.discharge, power)):
            violations.extend(_of_dwell(case, row.id, way, used))
        cost += _cost_of_storage(case, row, power, stored[row.id], rescued)
    energy_cost = _cost_at_the_meter(case, net)
    rounding = WATT_ROUNDED * (1 + len(actions.power))
    cost += energy_cost + _cost_of_excess(case, net, rounding=rounding)
    cost += _cost_of_peak(case, net)
    cost += _cost_of_machines(case, actions) + _cost_of_risk(case, rows, stored)
    return Recomputed(
        net_export=net,
        stored=stored,
        energy_cost=energy_cost,
        cost=cost,
        violations=tuple(violations),
    )


def _refill(
    case: Case, row: StorageRow, power: Floats, heat: Floats | None
) -> tuple[Floats, Floats]:
    """Return what is stored after each step, and what had to come from elsewhere."""
    stored, rescued = np.empty(len(power)), np.zeros(len(power))
    energy = row.stored
    for step, hours in enumerate(case.hours.tolist()):
        taken, given = max(-power[step], 0.0), max(power[step], 0.0)
        energy = energy * row.keep[step] - row.draw[step]
        energy += taken * row.charge.gain[step] * hours
        energy -= given * row.discharge.gain[step] * hours
        if heat is not None:
            energy += heat[step] * hours
        if energy < 0 and row.draw[step] > 0:
            rescued[step] = min(-energy, row.draw[step])
            energy += rescued[step]
        stored[step] = energy
    return stored, rescued


def _heat_of_tanks(
    case: Case, actions: Actions, rows: list[StorageRow]
) -> Mapping[AssetId, Floats]:
    """Return the waste heat each tank takes."""
    tank_of = {g.id: g.warms for g in case.checked.problem.generators}
    tank_of |= {row.id: row.warms for row in rows}
    heat: dict[AssetId, Floats] = {}
    for source, power in actions.heat.items():
        tank = tank_of[source]
        if tank is not None:
            heat[tank] = heat.get(tank, 0.0) + power
    return heat


def _of_heat(
    case: Case, actions: Actions, rows: list[StorageRow]
) -> Iterator[Violation]:
    """Yield where a tank takes heat that is not there."""
    shares = {}
    for generator in case.checked.problem.generators:
        share = generator_way(case, generator).heat
        shares[generator.id] = (0.0, share)
    for row in rows:
        shares[row.id] = (row.charge.heat, row.discharge.heat)
    for source, heat in actions.heat.items():
        power = actions.power[source]
        taking, giving = shares[source]
        over = heat - taking * np.maximum(-power, 0.0) - giving * np.maximum(power, 0.0)
        for step in np.flatnonzero(over > POWER_TOLERANCE).tolist():
            yield Violation(
                kind=ViolationKind.POWER_LIMIT,
                step=step,
                amount=round(over[step] * 1000),
                asset=source,
            )


def _at_the_meter(case: Case, net: Floats) -> Iterator[Violation]:
    """Yield where a plan goes beyond the connection, and makes it worse than it was."""
    needed = case.net_load[: len(net)]
    import_over = -net - np.maximum(case.import_max, needed)
    export_over = net - np.maximum(case.export_max, -needed)
    for kind, over in (
        (ViolationKind.IMPORT_LIMIT, import_over),
        (ViolationKind.EXPORT_LIMIT, export_over),
    ):
        for step in np.flatnonzero(over > POWER_TOLERANCE).tolist():
            yield Violation(kind=kind, step=step, amount=round(over[step] * 1000))


def _of_storage(row: StorageRow, power: Floats, stored: Floats) -> Iterator[Violation]:
    taken, given = np.maximum(-power, 0.0), np.maximum(power, 0.0)
    for way, used in ((row.charge, taken), (row.discharge, given)):
        over = _beyond(way, used)
        for step in np.flatnonzero(over > POWER_TOLERANCE).tolist():
            here = way.power_max[step] > 0
            yield Violation(
                kind=ViolationKind.POWER_LIMIT if here else ViolationKind.ABSENT,
                step=step,
                amount=round(over[step] * 1000),
                asset=row.id,
            )
    over = np.maximum(stored - max(row.capacity, row.stored), -stored)
    for step in np.flatnonzero(over > ENERGY_TOLERANCE).tolist():
        yield Violation(
            kind=ViolationKind.STORED_LIMIT,
            step=step,
            amount=round(over[step] * 1000),
            asset=row.id,
        )


def _of_dwell(
    case: Case, asset: AssetId, way: Converting, used: Floats
) -> Iterator[Violation]:
    for soon in switched_too_soon(case, way, used):
        yield Violation(
            kind=ViolationKind.SWITCHED_TOO_SOON,
            step=soon.step,
            amount=round(soon.hours * HOUR_MS / SECOND_MS),
            asset=asset,
        )


def _beyond(way: Converting, used: Floats) -> Floats:
    """Return by how much power is above the most, or between off and the least."""
    least = np.minimum(way.power_min, way.power_max)
    too_low = np.where(used > POWER_TOLERANCE, least - used, 0.0)
    beyond: Floats = np.maximum(used - way.power_max, too_low)
    return beyond


def _cost_at_the_meter(case: Case, net: Floats) -> float:
    """Return what energy costs: what is traded already is neither paid nor received.

    Beyond the connection's limits nothing is bought, sold or delivered.
    """
    metered = np.clip(net, -case.import_max, case.export_max)
    rest = metered - case.position
    cost = 0.0
    grid = case.checked.problem.grid
    for side, sign in ((Side.BUY, -1.0), (Side.SELL, 1.0)):
        tranches = [t for t in grid.tranches if t.side is side]
        tranches.sort(key=lambda t: sign * t.price_micro_per_kwh, reverse=True)
        for tranche in tranches:
            used, money = _fill_tranche(case, tranche, rest, sign)
            rest, cost = rest - sign * used, cost - sign * money
    buy, sell = np.maximum(-rest, 0.0), np.maximum(rest, 0.0)
    return cost + float((buy * case.buy - sell * case.sell) @ case.hours)


def _fill_tranche(
    case: Case, tranche: Tranche, rest: Floats, sign: float
) -> tuple[Floats, float]:
    """Return the power a tranche takes of the rest, and its money, where it pays."""
    used = np.zeros(len(rest))
    steps, inside = tranche_hours(case, tranche)
    price = case.price(tranche.price_micro_per_kwh)
    left = tranche.energy_wh / 1000
    for step, hours in zip(steps.tolist(), inside.tolist(), strict=True):
        retail = case.sell[step] if sign > 0 else case.buy[step]
        if sign * (price - retail) <= 0:
            continue
        energy = min(left, max(sign * rest[step], 0.0) * hours)
        used[step] = energy / case.hours[step]
        left -= energy
    return used, float(price * used @ case.hours)


def _cost_of_excess(case: Case, net: Floats, *, rounding: float) -> float:
    """Return what going beyond the connection costs, ``rounding`` in kW apart."""
    short = np.maximum(-net - case.import_max - rounding, 0.0)
    spill = np.maximum(net - case.export_max - rounding, 0.0)
    priced = (SHORT_PRICES * short + SPILL_PRICES * spill) * case.scale @ case.hours
    return float(priced + known_capacity_price(case) * short.sum())


def _cost_of_peak(case: Case, net: Floats) -> float:
    """Return what the highest mean import of a quarter of an hour costs."""
    capacity = case.checked.problem.grid.capacity
    if capacity is None:
        return 0.0
    quarters = np.array(case.horizon.boundaries[:-1]) // PERIOD_MS
    billed = np.clip(-(net - case.position), 0.0, case.import_max + case.position)
    peak = capacity.peak_w / 1000
    for quarter in np.unique(quarters):
        inside = quarters == quarter
        mean = billed[inside] @ case.hours[inside] / case.hours[inside].sum()
        peak = max(peak, float(mean))
    return case.price(capacity.price_micro_per_kw) * peak


def _cost_of_storage(
    case: Case, row: StorageRow, power: Floats, stored: Floats, rescued: Floats
) -> float:
    cost = row.wear * float(np.abs(power) @ case.hours)
    cost += cost_of_depth(row, power, case.hours)
    cost += row.rescue_price * float(rescued.sum())
    below = np.maximum(row.reserve - stored, 0.0) @ case.hours
    cost += row.reserve_price * float(below)
    for goal in row.goals:
        cost += goal.price * max(goal.energy - stored[goal.step], 0.0)
    for way, used in ((row.charge, -power), (row.discharge, power)):
        cost += way.start_cost * starts(way, used)
        cost += cost_of_breaking_off(case, way, used)
    left = stored[-1]
    for energy, price in end_worth(row):
        cost -= price * min(max(left, 0.0), energy)
        left -= energy
    return cost


def _cost_of_machines(case: Case, actions: Actions) -> float:
    cost, nothing = 0.0, np.zeros(len(case.hours))
    for generator in case.checked.problem.generators:
        power = actions.power.get(generator.id, nothing)
        cost += case.price(generator.cost_micro_per_kwh) * float(power @ case.hours)
        way = generator_way(case, generator)
        cost += way.start_cost * starts(way, power)
        cost += cost_of_breaking_off(case, way, power)
    for appliance in case.checked.appliances:
        run = actions.run[appliance.id]
        skip = case.price(appliance.skip_micro)
        if isinstance(appliance, CycleAppliance):
            cost += 0.0 if run.any() else skip
            continue
        wanted = appliance.runtime_ms / HOUR_MS
        missing = max(wanted - float(case.hours[run].sum()), 0.0)
        cost += skip * missing / max(wanted, 1e-9)
    return cost


def _cost_of_risk(
    case: Case, rows: list[StorageRow], stored: Mapping[AssetId, Floats]
) -> float:
    problem = case.checked.problem
    cost, autonomy = 0.0, problem.autonomy
    if autonomy is not None:
        dark = np.maximum(
            autonomy_needs(case, autonomy) - usable(case, rows, stored), 0.0
        )
        price = outage_price(autonomy) * problem.weights.resilience_ppm / 1_000_000
        cost += price * float(dark @ case.hours)
    batteries = [row for row in rows if row.stationary]
    keep = min(problem.keep_wh / 1000, sum(row.capacity for row in batteries))
    if keep > 0:
        kept = np.sum([stored[row.id] for row in batteries], axis=0)
        below = float(np.maximum(keep - kept, 0.0) @ case.hours)
        cost += RESERVE_PRICES * case.scale * below
    return cost


def usable(
    case: Case, rows: list[StorageRow], stored: Mapping[AssetId, Floats]
) -> Floats:
    """Return what all stores together could give on an island, in each step."""
    total = np.zeros(len(case.hours))
    for row in rows:
        if row.forms_island:
            way = row.discharge
            share = np.where(way.power_max > 0, 1.0 / way.gain, 0.0)
            total = total + share * stored[row.id]
    return total
