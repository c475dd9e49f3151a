"""What a home's meters would have counted in the weeks before its model was made.

The same weather and the same people as in the model, looked at every few minutes.
Stores and cars are left out, for nothing of them lasts.
"""

from dataclasses import dataclass
from typing import Final

from ...model.period import (
    DAY_MS,
    HOUR_MS,
    MINUTE_MS,
    PERIOD_MS,
    DeliveryPeriod,
    Instant,
    after,
)
from .spec import HomeSpec
from .surroundings import Surroundings
from .traces import Recording
from .weather import Weather

LOOKS: Final = 3
"""In each delivery period."""

LOOK_MS: Final = PERIOD_MS // LOOKS


@dataclass(frozen=True, slots=True, kw_only=True)
class PastPeriod:
    """Energy of one delivery period."""

    period: DeliveryPeriod
    load_wh: float
    sun_wh: float


def past_of(
    spec: HomeSpec,
    *,
    seed: int,
    started_at: Instant,
    days: int,
    solar_recording: Recording | None = None,
) -> tuple[PastPeriod, ...]:
    """Return the last ``days`` days before ``started_at``, oldest first."""
    surroundings = Surroundings(
        spec,
        seed=seed,
        weather=Weather(seed=seed, started_at=started_at),
        load_recording=None,
        solar_recording=solar_recording,
    )
    first = DeliveryPeriod.containing(after(started_at, -days * DAY_MS))
    last = DeliveryPeriod.containing(started_at)
    return tuple(
        _look_at(surroundings, first.next(index))
        for index in range(last.number - first.number)
    )


def _look_at(surroundings: Surroundings, period: DeliveryPeriod) -> PastPeriod:
    looks = [
        surroundings.at(after(period.start, LOOK_MS * look + MINUTE_MS))
        for look in range(LOOKS)
    ]
    factor = PERIOD_MS / HOUR_MS / LOOKS
    return PastPeriod(
        period=period,
        load_wh=sum(now.load_w for now in looks) * factor,
        sun_wh=sum(now.pv_w for now in looks) * factor,
    )
