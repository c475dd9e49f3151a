"""What a home wants: a plan for its devices and the order that follows from it.

Advises, never decides: what leaves this room is integers, and the market has the word.
Knows no devices, no peers and no other home.
"""

from .assets import AssetId, Assets, ChargingPoint, Generator, Store
from .curve import order_steps
from .plan import Plan, plan_by_rule, steer
from .problem import CarNow, Outlook, Problem, StoreNow

__all__ = [
    "AssetId",
    "Assets",
    "CarNow",
    "ChargingPoint",
    "Generator",
    "Outlook",
    "Plan",
    "Problem",
    "Store",
    "StoreNow",
    "order_steps",
    "plan_by_rule",
    "steer",
]
