"""The two lowest rungs: the rest of the last good plan, or else the rule.

Standard library only: needed exactly where the solver is missing, broken or silent.
"""

from dataclasses import replace
from typing import Final

from ..model.period import HOUR_MS
from .home import AssetPlan, Flaw, HomePlan, HomeProblem, Horizon, PlanReason, Rung
from .rule_day import plan_day_by_rule

PREVIOUS_MS_MAX: Final = 4 * HOUR_MS
"""An older plan knows too little of today."""


def fall_back(
    problem: HomeProblem,
    last: HomePlan | None,
    reason: PlanReason,
    flaws: tuple[Flaw, ...] = (),
) -> HomePlan:
    """Return what is left of ``last`` if it still fits the home, or else the rule."""
    if last is not None and _still_fits(problem, last):
        rest = _rest(last, problem.horizon)
        return replace(rest, rung=Rung.PREVIOUS, reason=reason, flaws=flaws)
    return plan_day_by_rule(problem, reason=reason, flaws=flaws)


def _still_fits(problem: HomeProblem, last: HomePlan) -> bool:
    age_ms = problem.horizon.start - last.made_at
    if last.rung is Rung.RULE or not 0 <= age_ms <= PREVIOUS_MS_MAX:
        return False
    if problem.horizon.start >= last.horizon.end:
        return False
    steered = {storage.id for storage in problem.storages}
    steered |= {generator.id for generator in problem.generators}
    steered |= {appliance.id for appliance in problem.appliances}
    return {plan.asset for plan in last.assets} <= steered


def _rest(last: HomePlan, horizon: Horizon) -> HomePlan:
    """Return the plan without the steps that are over."""
    first = last.horizon.step_at(horizon.start)
    assert first is not None, "the plan covers now"
    steps = last.horizon.step_ms[first:]
    return replace(
        last,
        horizon=Horizon(start=last.horizon.boundaries[first], step_ms=steps),
        assets=tuple(_asset_rest(plan, first) for plan in last.assets),
        net_export_w=last.net_export_w[first:],
        curtailed_w=last.curtailed_w[first:],
        gap_ppm=None,
        value_micro_per_kwh=last.value_micro_per_kwh[first:],
        autonomy_ms=last.autonomy_ms[first:],
    )


def _asset_rest(plan: AssetPlan, first: int) -> AssetPlan:
    return replace(
        plan,
        power_w=plan.power_w[first:],
        stored_wh=plan.stored_wh[first:],
        value_micro_per_kwh=plan.value_micro_per_kwh[first:],
        values_micro_per_kwh=plan.values_micro_per_kwh[first:],
    )
