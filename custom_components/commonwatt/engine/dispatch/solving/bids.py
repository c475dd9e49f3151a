"""Bids that follow from a plan: what the home would trade in a coming period.

The plan's on/off decisions are kept; everything else may change with the price.  Each
scenario has its own curve, and only what all of them share is offered.
"""

from dataclasses import replace
from typing import Final

from ...model.order import Step
from ...model.period import DeliveryPeriod
from ...model.units import MICRO_PER_UNIT
from ..bidding import BidLimits, Outside, SupplyCurve, stable, steps_of
from ..checks import Checked
from ..linear import Exclusions, HomeModel, case_of, model_of
from .sweep import Sweep
from .warm import Memory, shifted_decisions

MARGIN_MICRO: Final = 0.5
"""Half of the smallest price step: curves begin and end inside the outside options."""


def bid(
    memory: Memory, period: DeliveryPeriod, outside: Outside, limits: BidLimits
) -> tuple[Step, ...] | None:
    """Return the steps of an order for ``period``; None if the solver does not say.

    No steps: the home has nothing to trade there, or the retailer pays more for energy
    than neighbours would.
    """
    if outside.import_micro_per_kwh - outside.feed_in_micro_per_kwh <= 1:
        return ()
    curves = []
    for branch in range(memory.model.case.tree.scenarios):
        curve = supply_curve(memory, period, outside, branch=branch)
        if curve is None:
            return None
        curves.append(curve)
    return steps_of(stable(curves), outside, limits)


def supply_curve(
    memory: Memory, period: DeliveryPeriod, outside: Outside, *, branch: int = 0
) -> SupplyCurve | None:
    """Return what a home trades in one scenario, prices in currency per kWh."""
    model = market_model(memory, period, branch)
    assert model.market is not None, "a market was asked for"
    if not len(model.market.energy):
        return SupplyCurve(lowest=0.0, rises=())
    money = model.case.money
    sweep = Sweep(
        model,
        shifted_decisions(memory, model),
        surcharge=model.case.price(outside.surcharge_micro_per_kwh),
    )
    lowest = (outside.feed_in_micro_per_kwh + MARGIN_MICRO) / MICRO_PER_UNIT
    highest = (outside.import_micro_per_kwh - MARGIN_MICRO) / MICRO_PER_UNIT
    curve = sweep.curve(lowest * money, highest * money)
    if curve is None:
        return None
    rises = tuple(replace(rise, price=rise.price / money) for rise in curve.rises)
    return SupplyCurve(lowest=curve.lowest, rises=rises)


def market_model(memory: Memory, period: DeliveryPeriod, branch: int) -> HomeModel:
    """Return the home in one scenario, with a market open for ``period``."""
    case = case_of(_only(memory.model.case.checked, branch))
    return model_of(case, Exclusions.needed(case), market=period)


def _only(checked: Checked, branch: int) -> Checked:
    problem = replace(
        checked.problem, scenarios=checked.problem.scenarios[branch : branch + 1]
    )
    return replace(
        checked,
        problem=problem,
        load_w=checked.load_w[branch : branch + 1],
        production_w=checked.production_w[branch : branch + 1],
        weight_ppm=checked.weight_ppm[branch : branch + 1],
    )
