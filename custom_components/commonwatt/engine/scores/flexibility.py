"""Community events at peaks: what a home promised to leave out, and what it did.

The baseline is frozen before anybody heard of the event: what is used afterwards cannot
raise it.  It is never the mean of the last days: that can be fed.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from ..model.period import DeliveryPeriod, Instant
from ..model.units import div_floor
from .fixed import clip_ppm, ratio_ppm


@dataclass(frozen=True, slots=True, kw_only=True)
class FlexibilityEvent:
    """Some periods in which the community asks for less import."""

    announced_at: Instant
    first: DeliveryPeriod
    until: DeliveryPeriod
    audit: bool = False
    """Not announced to anybody: it shows what a home uses when nobody looks."""

    def __post_init__(self) -> None:
        """Refuse events without length, or announced when they have begun."""
        if not self.first < self.until:
            msg = "an event lasts at least one period"
            raise ValueError(msg)
        if not self.audit and self.announced_at >= self.first.start:
            msg = "an event is announced before it begins"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Participation:
    """One home's part in one event."""

    baseline_wh: int
    metered_wh: int
    committed_wh: int
    """What it said before the event it would leave out; 0: it did not take part."""

    @property
    def delivered_wh(self) -> int:
        """What it did leave out, at most what it said and what it usually uses."""
        left_out_wh = max(0, self.baseline_wh - self.metered_wh)
        return min(left_out_wh, self.committed_wh)


def frozen_baseline_wh(
    *,
    community_p50_wh: int,
    own_p50_wh: int | None,
    known_at: Instant,
    event_at: Instant,
) -> int:
    """Return what a home would use: the smaller of two medians from before the event.

    Args:
        community_p50_wh: median of the model all share, for this home.
        own_p50_wh: median the home signed itself, if it did.
        known_at: when the data behind both ended.
        event_at: when the event was announced, or would have been.

    """
    assert known_at <= event_at, "a baseline knows nothing of the event"
    if own_p50_wh is None:
        return max(0, community_p50_wh)
    return max(0, min(community_p50_wh, own_p50_wh))


def flexibility_ppm(parts: Iterable[Participation]) -> int | None:
    """Return delivered over committed, times the share of events taken part in.

    None without any event.
    """
    all_parts = list(parts)
    if not all_parts:
        return None
    committed_wh = sum(part.committed_wh for part in all_parts)
    if committed_wh == 0:
        return 0
    delivered_wh = sum(part.delivered_wh for part in all_parts)
    joined = sum(part.committed_wh > 0 for part in all_parts)
    kept_ppm = clip_ppm(ratio_ppm(delivered_wh, committed_wh))
    return div_floor(kept_ppm * joined, len(all_parts))
