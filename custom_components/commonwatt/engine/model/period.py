"""Time as the engine sees it: instants that arrive as arguments, and periods."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, NewType, Self, override

Instant = NewType("Instant", int)
"""Milliseconds since 1970-01-01T00:00Z.  The engine never asks for it: it is told."""

SECOND_MS: Final = 1_000
MINUTE_MS: Final = 60 * SECOND_MS
HOUR_MS: Final = 60 * MINUTE_MS
DAY_MS: Final = 24 * HOUR_MS

PERIOD_MS: Final = 15 * MINUTE_MS
"""Length of every delivery period: the market time unit of the European Union."""

PERIODS_PER_HOUR: Final = HOUR_MS // PERIOD_MS


def instant_from_datetime(moment: datetime) -> Instant:
    """Return the instant of an aware ``moment``, cut to the millisecond."""
    assert moment.tzinfo is not None, "a moment without a zone is no instant"
    delta = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return Instant(
        (delta.days * 86_400 + delta.seconds) * 1000 + delta.microseconds // 1000
    )


def datetime_from_instant(instant: Instant) -> datetime:
    """Return ``instant`` as an aware datetime in UTC."""
    return datetime.fromtimestamp(instant / 1000, UTC)


def after(instant: Instant, delay_ms: int) -> Instant:
    """Return the instant ``delay_ms`` after ``instant`` (before it, if negative)."""
    return Instant(instant + delay_ms)


@dataclass(frozen=True, slots=True, order=True)
class DeliveryPeriod:
    """The half-open interval ``[start, end)`` in which traded energy flows.

    Periods are aligned to UTC and numbered from the epoch: two parties that name the
    same number mean the same quarter of an hour.
    """

    number: int

    @classmethod
    def containing(cls, instant: Instant) -> Self:
        """Return the period ``instant`` lies in."""
        return cls(instant // PERIOD_MS)

    @property
    def start(self) -> Instant:
        """First instant of the period."""
        return Instant(self.number * PERIOD_MS)

    @property
    def end(self) -> Instant:
        """First instant after the period."""
        return Instant((self.number + 1) * PERIOD_MS)

    def next(self, count: int = 1) -> Self:
        """Return the period ``count`` periods later (earlier, if negative)."""
        return type(self)(self.number + count)

    def __contains__(self, instant: Instant) -> bool:
        """Tell whether ``instant`` lies in ``[start, end)``."""
        return self.start <= instant < self.end

    @override
    def __str__(self) -> str:
        """Return the start in ISO 8601, for logs and tables."""
        return f"{datetime_from_instant(self.start):%Y-%m-%dT%H:%MZ}"
