"""A plan in words: what happens next, and why then.

Reads a plan and the prices it was made for; decides nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ..model.period import HOUR_MS, DeliveryPeriod, Instant
from ..model.units import PPM, div_floor
from .assets import AssetId
from .home import (
    AssetPlan,
    Battery,
    Car,
    CycleAppliance,
    FlexibleAppliance,
    Generator,
    HomePlan,
    HomeProblem,
    HydrogenStore,
    Tank,
)

IDLE_W: Final = 50
"""Less is no action."""

CHEAP_PPM: Final = 970_000
"""A price below this share of the usual one is a reason to wait for it."""


class ActionKind(StrEnum):
    """What a home does with one of its assets."""

    CHARGE_BATTERY = "charge_battery"
    DISCHARGE_BATTERY = "discharge_battery"
    CHARGE_CAR = "charge_car"
    DISCHARGE_CAR = "discharge_car"
    HEAT = "heat"
    MAKE_HYDROGEN = "make_hydrogen"
    USE_HYDROGEN = "use_hydrogen"
    RUN_APPLIANCE = "run_appliance"
    RUN_GENERATOR = "run_generator"


class ActionReason(StrEnum):
    """Why then, and not at another time."""

    SURPLUS = "surplus"
    """Energy is left over that would be fed in."""

    NEIGHBOURS = "neighbours"
    """Neighbours sell, or buy, energy in that delivery period."""

    CHEAP = "cheap"
    """The import is cheaper than usual then."""

    DEAR = "dear"
    """It replaces an import that is dearer than usual."""

    OWN_USE = "own_use"
    """It replaces an import."""

    SALE = "sale"
    """It is fed in: that earns more than the energy is worth later."""

    DEPARTURE = "departure"
    """The car has to leave."""

    RESERVE = "reserve"
    """For the hours without a grid that were asked for."""

    IN_TIME = "in_time"
    """Any time is as good: soon enough to be done when it is wanted."""


_KINDS: Final[Mapping[type, tuple[ActionKind, ActionKind]]] = {
    Battery: (ActionKind.CHARGE_BATTERY, ActionKind.DISCHARGE_BATTERY),
    Car: (ActionKind.CHARGE_CAR, ActionKind.DISCHARGE_CAR),
    Tank: (ActionKind.HEAT, ActionKind.HEAT),
    HydrogenStore: (ActionKind.MAKE_HYDROGEN, ActionKind.USE_HYDROGEN),
    CycleAppliance: (ActionKind.RUN_APPLIANCE, ActionKind.RUN_APPLIANCE),
    FlexibleAppliance: (ActionKind.RUN_APPLIANCE, ActionKind.RUN_APPLIANCE),
    Generator: (ActionKind.RUN_GENERATOR, ActionKind.RUN_GENERATOR),
}
"""What each takes energy for, and gives it by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One asset that begins, or goes on, to do something."""

    asset: AssetId
    kind: ActionKind
    starts_at: Instant
    ends_at: Instant
    power_w: int
    """Mean while it lasts, never negative."""

    reason: ActionReason


def next_action(problem: HomeProblem, plan: HomePlan, now: Instant) -> Action | None:
    """Return what begins next; what goes on already if nothing else does."""
    actions = tuple(actions_of(problem, plan, now))
    begins = [action for action in actions if action.starts_at > now]
    return min(
        begins or actions,
        key=lambda action: (action.starts_at, action.asset),
        default=None,
    )


def actions_of(problem: HomeProblem, plan: HomePlan, now: Instant) -> Iterator[Action]:
    """Yield what every asset does from ``now`` on, one action for each run of steps."""
    first = plan.horizon.step_at(now)
    if first is None:
        return
    for planned in plan.assets:
        for start, end in _runs(planned.power_w, first):
            kind = _kind(problem, planned.asset, planned.power_w[start])
            if kind is not None:
                yield _action(problem, plan, planned, kind, start, end)


def cost_nano_between(
    problem: HomeProblem, plan: HomePlan, start: Instant, end: Instant
) -> int | None:
    """Return what the retailer charges in ``[start, end)``; None if that is unknown."""
    prices = problem.grid.prices
    total = 0
    bounds = plan.horizon.boundaries
    for step, net_w in enumerate(plan.net_export_w):
        span_ms = min(bounds[step + 1], end) - max(bounds[step], start)
        if span_ms <= 0:
            continue
        series = (
            prices.export_micro_per_kwh if net_w > 0 else prices.import_micro_per_kwh
        )
        price = _price(problem, series, bounds[step])
        if price is None:
            return None
        total -= div_floor(net_w * span_ms * price, HOUR_MS)
    return total


def _runs(powers_w: tuple[int, ...], first: int) -> Iterator[tuple[int, int]]:
    """Yield the first and last-plus-one steps of every stretch of one direction."""
    start, way = first, 0
    for step in range(first, len(powers_w) + 1):
        here = _way(powers_w[step]) if step < len(powers_w) else 0
        if here != way:
            if way:
                yield start, step
            start, way = step, here


def _way(power_w: int) -> int:
    return (power_w > IDLE_W) - (power_w < -IDLE_W)


def _kind(problem: HomeProblem, asset: AssetId, power_w: int) -> ActionKind | None:
    owned = (*problem.storages, *problem.appliances, *problem.generators)
    part = next((part for part in owned if part.id == asset), None)
    return None if part is None else _KINDS[type(part)][power_w > 0]


def _action(
    problem: HomeProblem,
    plan: HomePlan,
    planned: AssetPlan,
    kind: ActionKind,
    start: int,
    end: int,
) -> Action:
    bounds = plan.horizon.boundaries
    span_ms = bounds[end] - bounds[start]
    flowed = sum(
        abs(planned.power_w[step]) * plan.horizon.step_ms[step]
        for step in range(start, end)
    )
    gives = planned.power_w[start] > 0
    return Action(
        asset=planned.asset,
        kind=kind,
        starts_at=bounds[start],
        ends_at=bounds[end],
        power_w=div_floor(flowed, span_ms),
        reason=_why_giving(problem, plan, start)
        if gives
        else _why_taking(problem, plan, kind, start),
    )


def _why_giving(problem: HomeProblem, plan: HomePlan, step: int) -> ActionReason:
    at = plan.horizon.boundaries[step]
    if _traded_wh(problem, at) > 0:
        return ActionReason.NEIGHBOURS
    if plan.net_export_w[step] > IDLE_W:
        return ActionReason.SALE
    price, usual = _import_prices(problem, at)
    dear = price is not None and usual is not None and price * CHEAP_PPM > usual * PPM
    return ActionReason.DEAR if dear else ActionReason.OWN_USE


def _why_taking(
    problem: HomeProblem, plan: HomePlan, kind: ActionKind, step: int
) -> ActionReason:
    at = plan.horizon.boundaries[step]
    if _traded_wh(problem, at) < 0:
        return ActionReason.NEIGHBOURS
    if plan.net_export_w[step] > -IDLE_W:
        return ActionReason.SURPLUS
    price, usual = _import_prices(problem, at)
    if price is not None and usual is not None and price * PPM < usual * CHEAP_PPM:
        return ActionReason.CHEAP
    if kind is ActionKind.CHARGE_CAR:
        return ActionReason.DEPARTURE
    return (
        ActionReason.RESERVE
        if kind is ActionKind.CHARGE_BATTERY
        else ActionReason.IN_TIME
    )


def _traded_wh(problem: HomeProblem, at: Instant) -> int:
    period = DeliveryPeriod.containing(at)
    return sum(p.sold_wh for p in problem.grid.positions if p.period == period)


def _import_prices(problem: HomeProblem, at: Instant) -> tuple[int | None, int | None]:
    """Return the price of an import at ``at``, and the mean of the horizon."""
    series = problem.grid.prices.import_micro_per_kwh
    known = [
        (price, length)
        for price, length in zip(series, problem.horizon.step_ms, strict=False)
        if price is not None
    ]
    if not known:
        return None, None
    total_ms = sum(length for _, length in known)
    mean = div_floor(sum(price * length for price, length in known), total_ms)
    return _price(problem, series, at), mean


def _price(
    problem: HomeProblem, series: tuple[int | None, ...], at: Instant
) -> int | None:
    step = problem.horizon.step_at(at)
    return None if step is None or step >= len(series) else series[step]
