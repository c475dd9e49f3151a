"""Values over time as others announce them, and the same by delivery period."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median_low

from ...engine.model.period import DAY_MS, HOUR_MS, DeliveryPeriod, Instant, after

type ByPeriod = dict[DeliveryPeriod, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """One value and the time it holds for."""

    start: Instant
    end: Instant
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Stretches in order of time, none over another."""

    stretches: tuple[Stretch, ...]
    unit: str | None = None
    """What the source itself calls its unit; None: that of its entity."""

    def at(self, now: Instant) -> float | None:
        """Return the value of ``now``."""
        found = (
            stretch.value
            for stretch in self.stretches
            if stretch.start <= now < stretch.end
        )
        return next(found, None)

    def by_period(self, factor: float, *, around: Instant) -> ByPeriod:
        """Return ``factor`` times the mean of every period wholly covered.

        What lies more than ten days from ``around`` is nobody's forecast.
        """
        sums: dict[DeliveryPeriod, tuple[float, int]] = {}
        for stretch in self.stretches:
            if abs(stretch.start - around) > 10 * DAY_MS:
                continue
            for period, overlap_ms in _periods(stretch):
                total, covered_ms = sums.get(period, (0.0, 0))
                total += stretch.value * overlap_ms
                sums[period] = (total, covered_ms + overlap_ms)
        return {
            period: round(total / covered_ms * factor)
            for period, (total, covered_ms) in sums.items()
            if covered_ms == period.end - period.start
        }


def series_of(
    points: Iterable[tuple[Instant, Instant | None, float]], unit: str | None = None
) -> Series | None:
    """Return a series of points whose end may be missing; None without any.

    Such a point holds until the next one, but never longer than is usual among them.
    """
    ordered = sorted({point[0]: point for point in points}.values(), key=_start)
    if not ordered:
        return None
    starts = [point[0] for point in ordered]
    gaps = [b - a for a, b in pairwise(starts)]
    usual_ms = min(median_low(gaps), DAY_MS) if gaps else HOUR_MS
    ends = _ends([point[1] for point in ordered], starts, usual_ms)
    stretches = (
        Stretch(start=start, end=end, value=value)
        for (start, _, value), end in zip(ordered, ends, strict=True)
        if end > start
    )
    return Series(stretches=tuple(stretches), unit=unit)


def merged(first: Series, second: Series) -> Series:
    """Return both; where they overlap, the first is right."""
    taken = {stretch.start for stretch in first.stretches}
    more = (stretch for stretch in second.stretches if stretch.start not in taken)
    points = ((s.start, s.end, s.value) for s in (*first.stretches, *more))
    both = series_of(points, first.unit)
    assert both is not None, "a series has stretches"
    return both


def _ends(
    told: Sequence[Instant | None], starts: Sequence[Instant], usual_ms: int
) -> Iterator[Instant]:
    limits = (*starts[1:], after(starts[-1], DAY_MS))
    for start, end, limit in zip(starts, told, limits, strict=True):
        yield min(after(start, usual_ms) if end is None else end, limit)


def _periods(stretch: Stretch) -> Iterator[tuple[DeliveryPeriod, int]]:
    period = DeliveryPeriod.containing(stretch.start)
    while period.start < stretch.end:
        overlap_ms = min(stretch.end, period.end) - max(stretch.start, period.start)
        yield period, overlap_ms
        period = period.next()


def _start(point: tuple[Instant, Instant | None, float]) -> Instant:
    return point[0]
