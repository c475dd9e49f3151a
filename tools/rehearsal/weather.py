"""A wind that blows while a rehearsal lasts, whatever day and hour it is.

The simulated weather of a day is drawn from its date and a seed: on some nights nobody
has anything to sell.
"""

from itertools import count
from typing import Final

import tools._engine  # noqa: F401  # the component without its glue

# isort: split
from custom_components.commonwatt.engine.model.period import (
    HOUR_MS,
    PERIOD_MS,
    Instant,
    after,
)
from custom_components.commonwatt.engine.simulation.homes import (
    NO_COMMANDS,
    HomeModel,
    neighbourhood_specs,
)

TURBINE: Final = "turbine"
LASTS_MS: Final = 6 * HOUR_MS
BREEZE_W: Final = 1_000


def windy_seed(start: Instant) -> int:
    """Return the first seed with which the turbine turns for the next six hours."""
    return next(seed for seed in count(1) if _blows(seed, start))


def _blows(seed: int, start: Instant) -> bool:
    (spec,) = (spec for spec in neighbourhood_specs() if spec.key == TURBINE)
    model = HomeModel(spec, seed=seed, started_at=start)
    quarters = range(0, LASTS_MS + 1, PERIOD_MS)
    return all(
        model.advance(after(start, ms), NO_COMMANDS).wind_w >= BREEZE_W
        for ms in quarters
    )
