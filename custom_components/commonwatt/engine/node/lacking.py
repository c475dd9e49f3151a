"""Which periods a home lacks: pure arithmetic over what it has begun and settled."""

from collections.abc import Callable, Collection
from typing import Final

from ..model.period import DeliveryPeriod, Instant, after
from .door import AHEAD_MS_MAX

PERIODS_TOLD: Final = 32
"""So many settled rounds others keep to tell of."""


def is_of_late(period: DeliveryPeriod, now: Instant, *, periods: int) -> bool:
    """Tell whether one of the last ``periods`` is over, by whichever honest clock.

    The clock of who says so may be ahead of ours.
    """
    latest = DeliveryPeriod.containing(after(now, AHEAD_MS_MAX)).next(-1)
    return latest.next(1 - periods) <= period <= latest


def gaps(
    begun: Collection[DeliveryPeriod],
    settled: Collection[DeliveryPeriod],
    current: DeliveryPeriod,
    *,
    is_ours: Callable[[DeliveryPeriod], bool],
) -> tuple[DeliveryPeriod, ...]:
    """Return the first period that is over, ours and not settled, and the latest such.

    The latest is the first after all that is settled: the first of all may be one that
    nobody can tell us of.  Of the time before the first period that was begun or
    settled, and before others have forgotten it, nothing is lacking.
    """
    known = min([*begun, *settled], default=current)
    first = max(known, current.next(-PERIODS_TOLD))
    over = map(DeliveryPeriod, range(first.number, current.number - 2))
    lacking = [p for p in over if p not in settled and is_ours(p)]
    last = max(settled, default=first)
    return tuple(dict.fromkeys([*lacking[:1], *[p for p in lacking if p > last][:1]]))
