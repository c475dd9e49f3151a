"""Prices that depend on the hour and the day of the week, as the contract says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Final, Self

from homeassistant.util.json import JsonValueType

from .engine.model.units import MICRO_PER_UNIT

CONF_DAYS: Final = "days"
CONF_SINCE: Final = "since"
CONF_UNTIL: Final = "until"
CONF_PRICE: Final = "price"

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ROWS_MAX: Final = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class HourPrice:
    """A price of its own between two local times of some days."""

    days: tuple[str, ...] = ()
    """Of ``WEEKDAYS``, the day on which the hours begin; none: every day."""

    since: time
    until: time
    """At or before ``since``: on the next day."""

    price_micro_per_kwh: int

    @classmethod
    def from_data(cls, data: Mapping[str, object]) -> Self:
        """Parse what ``as_data`` wrote."""
        days, price = data[CONF_DAYS], data["price_micro_per_kwh"]
        assert isinstance(days, list | tuple), "days are a list"
        assert isinstance(price, int), "a price is an integer"
        return cls(
            days=tuple(str(day) for day in days),
            since=time.fromisoformat(str(data[CONF_SINCE])),
            until=time.fromisoformat(str(data[CONF_UNTIL])),
            price_micro_per_kwh=price,
        )

    def as_data(self) -> dict[str, JsonValueType]:
        """Return it as JSON."""
        return {
            CONF_DAYS: list(self.days),
            CONF_SINCE: self.since.isoformat(),
            CONF_UNTIL: self.until.isoformat(),
            "price_micro_per_kwh": self.price_micro_per_kwh,
        }

    def as_row(self) -> dict[str, object]:
        """Return it as it was entered."""
        return {
            CONF_DAYS: list(self.days),
            CONF_SINCE: self.since.isoformat(),
            CONF_UNTIL: self.until.isoformat(),
            CONF_PRICE: self.price_micro_per_kwh / MICRO_PER_UNIT,
        }

    def covers(self, local: datetime) -> bool:
        """Tell whether it is this price that counts at a local time."""
        at, today = local.time(), local.weekday()
        if self.since < self.until:
            return self.since <= at < self.until and self._begins_on(today)
        if at >= self.since:
            return self._begins_on(today)
        return at < self.until and self._begins_on(today - 1)

    def _begins_on(self, weekday: int) -> bool:
        return not self.days or WEEKDAYS[weekday] in self.days


def price_at(
    rows: tuple[HourPrice, ...], otherwise_micro_per_kwh: int, local: datetime
) -> int:
    """Return the price of the first row that covers a local time."""
    found = (row.price_micro_per_kwh for row in rows if row.covers(local))
    return next(found, otherwise_micro_per_kwh)
