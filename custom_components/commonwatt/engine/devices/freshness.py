"""Old news: values by age, and devices that repeat themselves.

A poll that succeeds proves that somebody answers, not that the answer is new.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from ..model.period import MINUTE_MS, Instant
from .point import PointValue

POLLS_UNTIL_STALE: Final = 3
FROZEN_POLLS: Final = 30
FROZEN_MS: Final = 10 * MINUTE_MS


def is_stale(measured_at: Instant, *, now: Instant, interval_ms: int) -> bool:
    """Tell whether a value polled every ``interval_ms`` is too old to decide on."""
    assert interval_ms > 0, "a device is polled every now and then"
    return now - measured_at > POLLS_UNTIL_STALE * interval_ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Repetition:
    """How long a device has been saying the very same thing.

    Grid frequency and voltage never stand still in their last digits; a device that
    repeats all of its values for :data:`FROZEN_POLLS` polls and :data:`FROZEN_MS` has
    died behind a gateway that goes on answering.
    """

    values: Mapping[str, PointValue]
    since: Instant
    polls: int = 1

    @classmethod
    def of(
        cls,
        previous: Repetition | None,
        values: Mapping[str, PointValue],
        *,
        now: Instant,
    ) -> Repetition:
        """Return what is known after one more poll."""
        if previous is None or previous.values != values:
            return cls(values=values, since=now)
        return replace(previous, polls=previous.polls + 1)

    def is_frozen(self, now: Instant) -> bool:
        """Tell whether the device has died without falling silent."""
        return self.polls > FROZEN_POLLS and now - self.since > FROZEN_MS
