"""Recorded series as values: what homes follow instead of their habits and their sky.

Knows no files; ``drivers/traces.py`` reads them.  A recording is played day by day at
its own time of day and starts again when it ends.  Where it has a gap, another day's
sample stands in and says so; a gap is never zero.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

from ...model.period import DAY_MS, Instant
from .calendar import DAYS_PER_WEEK

EPOCH_WEEKDAY: Final = 3
"""1970-01-01 was a Thursday; Monday is 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceSeries:
    """Means over consecutive intervals of one length; None where nothing was recorded.

    Household series are in W, solar series in ppm of the generator's peak.
    """

    name: str
    starts_at: Instant
    interval_ms: int
    values: tuple[int | None, ...]

    def __post_init__(self) -> None:
        """Refuse intervals that no day is made of."""
        if self.interval_ms <= 0 or DAY_MS % self.interval_ms != 0:
            msg = f"{self.name}: intervals of {self.interval_ms} ms do not make a day"
            raise ValueError(msg)
        if self.starts_at % self.interval_ms != 0:
            msg = f"{self.name}: the intervals are not aligned to UTC"
            raise ValueError(msg)

    @property
    def whole_days(self) -> range:
        """Days since the epoch (UTC) that lie wholly in the recording."""
        end = self.starts_at + len(self.values) * self.interval_ms
        return range(-(-self.starts_at // DAY_MS), end // DAY_MS)

    def day(self, number: int) -> tuple[int | None, ...]:
        """Return the samples of day ``number`` since the epoch."""
        assert number in self.whole_days, "only whole days are played"
        first = (number * DAY_MS - self.starts_at) // self.interval_ms
        return self.values[first : first + DAY_MS // self.interval_ms]


@dataclass(frozen=True, slots=True)
class Sample:
    """A recorded value, or the one that stands in for it."""

    value: int
    is_estimated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A series made ready to be played: days of samples without gaps."""

    name: str
    interval_ms: int
    days: tuple[tuple[Sample, ...], ...]

    def at(self, *, day: int, since_midnight_ms: int) -> Sample:
        """Return the sample for that time (UTC) of the demo's day ``day``."""
        samples = self.days[day % len(self.days)]
        return samples[since_midnight_ms // self.interval_ms]

    def later(self, days: int) -> Self:
        """Return the same recording, ``days`` further on."""
        turn = days % len(self.days)
        return type(self)(
            name=self.name,
            interval_ms=self.interval_ms,
            days=self.days[turn:] + self.days[:turn],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Traces:
    """Recordings of the same days: what households used, and what the sun gave."""

    households: tuple[Recording, ...]
    solar: tuple[Recording, ...]

    @classmethod
    def of(
        cls, *, households: Sequence[TraceSeries], solar: Sequence[TraceSeries]
    ) -> Self:
        """Cut all series to the days they share and fill their gaps.

        ValueError: a series has no sample at all in those days, or there are none.
        """
        days = played_days(common_days([*households, *solar]))
        return cls(
            households=tuple(_recording(series, days) for series in households),
            solar=tuple(_recording(series, days) for series in solar),
        )


def common_days(series: Sequence[TraceSeries]) -> range:
    """Return the whole days (UTC, since the epoch) that all the series have."""
    if not series:
        return range(0)
    first = max(one.whole_days.start for one in series)
    return range(first, max(first, min(one.whole_days.stop for one in series)))


def played_days(days: range) -> range:
    """Return whole weeks from Monday on where there are any, all days otherwise.

    The demo's first day is a Monday too, so that working days meet working days, also
    when the recording starts again.
    """
    monday = days.start + (-(days.start + EPOCH_WEEKDAY)) % DAYS_PER_WEEK
    weeks = (days.stop - monday) // DAYS_PER_WEEK
    if weeks < 1:
        return days
    return range(monday, monday + weeks * DAYS_PER_WEEK)


def _recording(series: TraceSeries, days: range) -> Recording:
    recorded = [series.day(number) for number in days]
    if not any(value is not None for day in recorded for value in day):
        msg = f"{series.name}: no sample in the days that are played"
        raise ValueError(msg)
    return Recording(
        name=series.name, interval_ms=series.interval_ms, days=_without_gaps(recorded)
    )


def _without_gaps(
    recorded: Sequence[tuple[int | None, ...]],
) -> tuple[tuple[Sample, ...], ...]:
    """Fill each gap from the nearest earlier day that knows this time of day."""
    known = [value for day in recorded for value in day if value is not None]
    mean = sum(known) // len(known)
    columns = [
        _column_without_gaps(column, mean) for column in zip(*recorded, strict=True)
    ]
    return tuple(zip(*columns, strict=True))


def _column_without_gaps(column: Sequence[int | None], mean: int) -> list[Sample]:
    last = next((value for value in reversed(column) if value is not None), mean)
    filled: list[Sample] = []
    for value in column:
        last = last if value is None else value
        filled.append(Sample(last, is_estimated=value is None))
    return filled
