"""What a plan expects of load and sun: the forecasts, laid out in its steps."""

from collections.abc import Iterator
from typing import Final

from ..engine.dispatch.home import Horizon, Scenario
from ..engine.forecast.paths import Path
from ..engine.forecast.series import Floats
from ..engine.model.period import (
    HOUR_MS,
    PERIOD_MS,
    PERIODS_PER_HOUR,
    DeliveryPeriod,
)
from ..forecasting.foresight import Foresight

SUN_KNOWN_MS: Final = 2 * HOUR_MS
"""How long the sun is expected to go on as now where nothing else is known."""


def scenarios_of(foresight: Foresight, horizon: Horizon) -> tuple[Scenario, ...]:
    """Return the ways the coming days may go, the expected one first.

    A home that has learned nothing yet is expected to go on as it does now; of a home
    nobody measures, nothing is expected.
    """
    expected = foresight.expected
    if expected is None or expected.load is None or not expected.paths:
        return (_as_now(foresight, horizon),)
    first = expected.load.first
    return tuple(_scenario(path, first, horizon) for path in expected.paths)


def _scenario(path: Path, first: DeliveryPeriod, horizon: Horizon) -> Scenario:
    return Scenario(
        load_w=tuple(_powers_w(path.load_wh, first, horizon)),
        production_w=tuple(_powers_w(path.production_wh, first, horizon)),
        weight_ppm=path.weight_ppm,
    )


def _powers_w(
    energy_wh: Floats, first: DeliveryPeriod, horizon: Horizon
) -> Iterator[int | None]:
    """Yield the mean power of every step; None beyond the forecast."""
    for start, length_ms in zip(horizon.boundaries, horizon.step_ms, strict=False):
        begin = DeliveryPeriod.containing(start).number - first.number
        count = max(1, length_ms // PERIOD_MS)
        # A forecast made a moment ago may begin one period before the plan, or after.
        known = energy_wh[max(begin, 0) : max(begin + count, 1)]
        if len(known) < count:
            yield None
        else:
            yield round(float(known.mean()) * PERIODS_PER_HOUR)


def _as_now(foresight: Foresight, horizon: Horizon) -> Scenario:
    powers = foresight.powers
    starts = horizon.boundaries[:-1]
    soon = [at - horizon.start < SUN_KNOWN_MS for at in starts]
    sun_w = powers.sun_w
    return Scenario(
        load_w=(powers.load_w,) * len(starts),
        production_w=tuple(
            None if sun_w is None else sun_w if is_soon else 0 for is_soon in soon
        ),
    )
