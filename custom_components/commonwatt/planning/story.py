"""What a home is about to do, as rows for those who list it."""

from collections.abc import Mapping
from typing import Final

from ..engine.dispatch.story import Action, actions_of
from ..engine.model.period import MINUTE_MS, datetime_from_instant
from .runtime import PlanRuntime

LISTED_MAX: Final = 12


def coming(plans: PlanRuntime) -> list[Action]:
    """Return what goes on and what comes, the earliest first; nothing without a plan.

    What goes on for less than a minute more is left out.
    """
    plan, problem = plans.plan, plans.problem
    if plan is None or problem is None:
        return []
    found = (
        action
        for action in actions_of(problem, plan, plans.now)
        if action.ends_at > plans.now + MINUTE_MS
    )
    return sorted(found, key=lambda action: (action.starts_at, action.asset))


def coming_actions(plans: PlanRuntime) -> list[Mapping[str, str | int]]:
    """Return the same as rows of plain values, at most a dozen."""
    return [
        {
            "what": action.kind.value,
            "device": plans.names.get(action.asset, action.asset),
            "starts_at": datetime_from_instant(action.starts_at).isoformat(),
            "ends_at": datetime_from_instant(action.ends_at).isoformat(),
            "power_w": action.power_w,
            "why": action.reason.value,
        }
        for action in coming(plans)[:LISTED_MAX]
    ]
