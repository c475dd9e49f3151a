"""The simulated clock: starts in the past, hurries, and never passes the real now."""

from dataclasses import dataclass
from typing import Final

from ..engine.model.period import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, Instant, after

SPEED_MAX: Final = 900
"""One delivery period a second."""

START_DAYS_BACK: Final = 2
START_HOUR_UTC: Final = 8
"""The demo opens in the morning: what the sun does is seen at once."""

STEPS_MS: Final = (
    5 * SECOND_MS,
    15 * SECOND_MS,
    30 * SECOND_MS,
    MINUTE_MS,
    5 * MINUTE_MS,
)
"""Lengths of a step.  Each divides a delivery period, so a step ends on every boundary,
and none is longer than the time a meter reading may be interpolated over."""


def first_instant(real_now: Instant) -> Instant:
    """Return where the clock starts: the same all day, so that runs can be equal."""
    midnight = real_now // DAY_MS * DAY_MS
    return Instant(midnight - START_DAYS_BACK * DAY_MS + START_HOUR_UTC * HOUR_MS)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoClock:
    """Paces simulated time against real time.  Asks no clock: both are told."""

    speed: int
    """Simulated seconds in a real one; an upper bound, reached when the machine can."""

    def __post_init__(self) -> None:
        """Assert what the config flow has checked."""
        assert 1 <= self.speed <= SPEED_MAX, f"speed {self.speed} is out of bounds"

    def next_instant(self, simulated_now: Instant, *, real_now: Instant) -> Instant:
        """Return where the next step ends.

        About a second of real time away while catching up, and close by once the clock
        has nearly caught up: then simulated time passes like real time.
        """
        hurry_ms = min(self.speed * SECOND_MS, max(0, real_now - simulated_now) // 2)
        step_ms = max(
            (step for step in STEPS_MS if step <= hurry_ms), default=STEPS_MS[0]
        )
        return Instant((simulated_now // step_ms + 1) * step_ms)

    def delay_ms(
        self,
        simulated_now: Instant,
        until: Instant,
        *,
        real_now: Instant,
        spent_ms: int,
    ) -> int:
        """Return how long to wait before stepping to ``until``.

        ``spent_ms`` is the real time that has passed since the clock reached
        ``simulated_now``.
        """
        paced_ms = (until - simulated_now) // self.speed - spent_ms
        return max(0, paced_ms, after(until, -real_now))
