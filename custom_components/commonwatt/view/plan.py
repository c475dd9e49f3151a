"""What the home intends to do in the next 48 hours, and why."""

from typing import Final

from homeassistant.util.json import JsonValueType

from ..data import CommonWattData
from ..engine.dispatch.home import Battery, Car, HomePlan, HomeProblem
from ..planning.runtime import PlanRuntime
from ..planning.story import coming
from .now import Section

ACTIONS_SHOWN: Final = 6


def plan_section(data: CommonWattData) -> Section | None:
    """Return the plan as a chart and a list want it; None without one."""
    plans = data.plans
    plan, problem = plans.plan, plans.problem
    if plan is None or problem is None:
        return None
    names = names_of(plans)
    expected = problem.scenarios[0]
    return {
        "rung": plan.rung.value,
        "reason": plan.reason.value,
        "made_at": plans.made_at,
        "boundaries": list(plan.horizon.boundaries),
        "net_w": list(plan.net_export_w),
        "load_w": list(expected.load_w),
        "solar_w": list(expected.production_w),
        "curtailed_w": list(plan.curtailed_w),
        "price_micro": list(problem.grid.prices.import_micro_per_kwh),
        "assets": _assets(problem, plan, names),
        "actions": _actions(plans, names),
    }


def names_of(plans: PlanRuntime) -> dict[str, str]:
    """Return what people call the assets of a plan."""
    return dict(plans.names)


def _assets(
    problem: HomeProblem, plan: HomePlan, names: dict[str, str]
) -> list[JsonValueType]:
    stores = {storage.id: storage for storage in problem.storages}
    rows: list[JsonValueType] = []
    for asset in plan.assets:
        store = stores.get(asset.asset)
        rows.append(
            {
                "id": asset.asset,
                "name": names.get(asset.asset, asset.asset),
                "kind": type(store).__name__.lower() if store else "appliance",
                "power_w": list(asset.power_w),
                "stored_wh": list(asset.stored_wh),
                "capacity_wh": (
                    store.capacity_wh if isinstance(store, Battery | Car) else None
                ),
            }
        )
    return rows


def _actions(plans: PlanRuntime, names: dict[str, str]) -> list[JsonValueType]:
    return [
        {
            "asset": action.asset,
            "name": names.get(action.asset, action.asset),
            "kind": action.kind.value,
            "reason": action.reason.value,
            "starts_at": action.starts_at,
            "ends_at": action.ends_at,
            "power_w": action.power_w,
        }
        for action in coming(plans)[:ACTIONS_SHOWN]
    ]
