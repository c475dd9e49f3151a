"""The time a plan covers, cut into steps: short ones first, long ones at the end."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Final, Self

from ...model.period import HOUR_MS, MINUTE_MS, PERIOD_MS, DeliveryPeriod, Instant

STEPS_MAX: Final = 2_016
"""A week of 5-minute steps: beyond that a plan is no plan."""

FINE_MS: Final = 5 * MINUTE_MS
FINE_FOR_MS: Final = 2 * HOUR_MS
QUARTERS_FOR_MS: Final = 24 * HOUR_MS


@dataclass(frozen=True, slots=True, kw_only=True)
class Horizon:
    """Consecutive steps from ``start`` on."""

    start: Instant
    step_ms: tuple[int, ...]

    def __post_init__(self) -> None:
        """Refuse a horizon without steps, with too many or with empty ones."""
        if not 1 <= len(self.step_ms) <= STEPS_MAX:
            raise ValueError(f"a horizon of {len(self.step_ms)} steps")
        if min(self.step_ms) <= 0:
            raise ValueError("a step takes time")

    @classmethod
    def uniform(cls, start: Instant, *, step_ms: int, count: int) -> Self:
        """Return ``count`` steps of the same length."""
        return cls(start=start, step_ms=(step_ms,) * count)

    @classmethod
    def rolling(cls, now: Instant, *, length_ms: int = 48 * HOUR_MS) -> Self:
        """Return steps of 5 minutes, then 15, then 60, aligned to the clock (UTC).

        Five minutes for the first two hours, quarters of an hour for the first day,
        hours for the rest; a step never crosses the start of a delivery period it is
        not wholly made of.
        """
        start = at = now - now % FINE_MS
        boundaries = [start]
        while at < start + length_ms:
            at = _next_boundary(at, elapsed_ms=at - start)
            boundaries.append(at)
        lengths = (b - a for a, b in pairwise(boundaries))
        return cls(start=Instant(start), step_ms=tuple(lengths))

    def __len__(self) -> int:
        """Return the number of steps."""
        return len(self.step_ms)

    @property
    def boundaries(self) -> tuple[Instant, ...]:
        """Return the start of every step, and the end of the last."""
        return tuple(map(Instant, accumulate(self.step_ms, initial=self.start)))

    @property
    def end(self) -> Instant:
        """First instant after the horizon."""
        return Instant(self.start + sum(self.step_ms))

    def step_at(self, instant: Instant) -> int | None:
        """Return the step ``instant`` lies in; None if it is not in the horizon."""
        if not self.start <= instant < self.end:
            return None
        ends = accumulate(self.step_ms, initial=self.start)
        return sum(1 for boundary in ends if boundary <= instant) - 1

    def mean(self, values: Sequence[int], period: DeliveryPeriod) -> int:
        """Return the mean of a power series over ``period``, 0 beyond the horizon."""
        total = 0
        for start, length, value in zip(
            self.boundaries, self.step_ms, values, strict=False
        ):
            overlap = min(start + length, period.end) - max(start, period.start)
            total += max(0, overlap) * value
        return total // PERIOD_MS


def _next_boundary(at: int, *, elapsed_ms: int) -> int:
    for length, wanted in (
        (HOUR_MS, elapsed_ms >= QUARTERS_FOR_MS),
        (PERIOD_MS, elapsed_ms >= FINE_FOR_MS),
        (FINE_MS, True),
    ):
        if wanted and at % length == 0:
            return at + length
    return at + FINE_MS
