"""From a linear programme to a plan: HiGHS, rounding, warm starts and the ladder.

Needs highspy and numpy: import it where a plan is made (an executor thread), never
while Home Assistant starts.
"""

from .planner import Planner
from .search import Limits

__all__ = ["Limits", "Planner"]
