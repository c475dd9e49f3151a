"""Calendars for tests: a zone of the world, without public holidays or with some."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from custom_components.commonwatt.engine.model.period import (
    DeliveryPeriod,
    datetime_from_instant,
)


@dataclass(frozen=True)
class Zoned:
    """The calendar of a place."""

    zone: str = "UTC"
    holidays: frozenset[int] = frozenset()

    def local(self, period: DeliveryPeriod) -> tuple[int, int]:
        """Return day and minute on the clock of that place."""
        moment = datetime_from_instant(period.start).astimezone(ZoneInfo(self.zone))
        return moment.toordinal(), moment.hour * 60 + moment.minute

    def kind(self, day: int) -> int:
        """Return the day of the week; 6 for a holiday."""
        return 6 if day in self.holidays else (day - 1) % 7
