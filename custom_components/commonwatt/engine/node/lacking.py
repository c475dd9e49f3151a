"""Which periods a home lacks: pure arithmetic over what it has begun and settled."""

from collections.abc import Callable, Collection

from ..model.period import DeliveryPeriod, Instant, after
from .door import AHEAD_MS_MAX


def is_of_late(period: DeliveryPeriod, now: Instant, *, periods: int) -> bool:
    """Tell whether one of the last ``periods`` is over, by whichever honest clock.

    The clock of who says so may be ahead of ours.
    """
    latest = DeliveryPeriod.containing(after(now, AHEAD_MS_MAX)).next(-1)
    return latest.next(1 - periods) <= period <= latest


def first_gap(
    begun: Collection[DeliveryPeriod],
    settled: Collection[DeliveryPeriod],
    current: DeliveryPeriod,
    *,
    is_ours: Callable[[DeliveryPeriod], bool],
    periods: int,
) -> DeliveryPeriod | None:
    """Return the first of the last ``periods`` that is over, ours and not settled.

    Nothing is lacking of the time before the first period that was begun or settled.
    """
    known = min([*begun, *settled], default=current)
    first = max(known, current.next(-periods))
    over = map(DeliveryPeriod, range(first.number, current.number - 2))
    return next((p for p in over if p not in settled and is_ours(p)), None)
