"""The clock of a headless member: the real one, or one that hurries for a rehearsal."""

from collections.abc import Callable
import time
from typing import Final

from ...engine.model.period import SECOND_MS, Instant
from .settings import Rehearsal

_NANO_PER_MS: Final = 1_000_000


def clock_of(rehearsal: Rehearsal | None) -> Callable[[], Instant]:
    """Return the clock all members of the community go by.

    In a rehearsal it shows the real time when the rehearsal began, and hurries on from
    there; members that were told the same beginning and pace show the same.
    """
    if rehearsal is None:
        return lambda: Instant(time.time_ns() // _NANO_PER_MS)
    began_ms, pace = int(rehearsal.began_at * SECOND_MS), rehearsal.pace
    return lambda: Instant(
        began_ms + pace * max(0, time.time_ns() // _NANO_PER_MS - began_ms)
    )
