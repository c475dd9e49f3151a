"""What flowed and what it cost, hour by hour.  Arithmetic only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Self

from homeassistant.util.json import JsonValueType

from ..engine.model.period import (
    HOUR_MS,
    PERIODS_PER_HOUR,
    DeliveryPeriod,
    Instant,
)
from .flows import Amounts, Flow

HOURS_KEPT: Final = 48
"""How long an hour may still change; older ones are only part of the total."""


def hour_of(period: DeliveryPeriod) -> int:
    """Return the number of the hour, from the epoch, that a period lies in."""
    return period.number // PERIODS_PER_HOUR


def hour_start(hour: int) -> Instant:
    """Return the first instant of an hour."""
    return Instant(hour * HOUR_MS)


@dataclass(frozen=True, slots=True, kw_only=True)
class HourRow:
    """One hour of one flow."""

    hour: int
    amount: int
    """In this hour."""

    total: int
    """Up to the end of this hour, since the book was begun."""


class EnergyBook:
    """Amounts by delivery period; what is booked twice counts once, as booked last."""

    def __init__(self, flows: Iterable[Flow]) -> None:
        """Begin with nothing of these flows."""
        self.flows: Final = tuple(flows)
        self._periods: Final[dict[DeliveryPeriod, dict[Flow, int]]] = {}
        self._folded: Final[dict[Flow, int]] = dict.fromkeys(self.flows, 0)
        self._folded_before: int | None = None
        """First hour that may still change."""

        self._changed_from: int | None = None
        """First hour that has changed since rows were last taken; None: nothing has."""

    @classmethod
    def resume(cls, flows: Iterable[Flow], data: JsonValueType) -> Self:
        """Go on with a book as ``as_data`` returned it; a new one if it is none."""
        book = cls(flows)
        try:
            book._read(data)
        except KeyError, TypeError, ValueError, AttributeError:
            return cls(flows)
        return book

    def as_data(self) -> dict[str, JsonValueType]:
        """Return everything, to go on with after a restart."""
        return {
            "before": self._folded_before,
            "folded": {flow.value: total for flow, total in self._folded.items()},
            "periods": {
                str(period.number): {flow.value: n for flow, n in amounts.items()}
                for period, amounts in self._periods.items()
            },
        }

    def _read(self, data: JsonValueType) -> None:
        """Take what ``as_data`` returned.

        Raises:
            KeyError, TypeError, ValueError, AttributeError: it is something else.
        """
        if not isinstance(data, dict):
            raise TypeError("a book is a mapping")
        before = data["before"]
        self._folded_before = None if before is None else _integer(before)
        self._folded.update(_amounts(data["folded"]))
        periods = data["periods"]
        if not isinstance(periods, dict):
            raise TypeError("periods are a mapping")
        for number, amounts in periods.items():
            self._periods[DeliveryPeriod(int(number))] = _amounts(amounts)

    def book(self, period: DeliveryPeriod, amounts: Amounts) -> None:
        """Enter what is known of a period; other flows of the period stay.

        What comes later than ``HOURS_KEPT`` is refused: its hour is closed.
        """
        hour = hour_of(period)
        if self._folded_before is not None and hour < self._folded_before:
            return
        known = self._periods.setdefault(period, {})
        if all(known.get(flow) == amount for flow, amount in amounts.items()):
            return
        known.update(amounts)
        if self._changed_from is None or hour < self._changed_from:
            self._changed_from = hour

    def take_rows(self) -> dict[Flow, list[HourRow]]:
        """Return every hour whose amount or total is new since the last call."""
        if self._changed_from is None:
            return {}
        hours: dict[int, dict[Flow, int]] = {}
        for period in sorted(self._periods):
            amounts = hours.setdefault(hour_of(period), dict.fromkeys(self.flows, 0))
            for flow, amount in self._periods[period].items():
                amounts[flow] += amount
        rows = {flow: self._rows(flow, hours) for flow in self.flows}
        self._changed_from = None
        self._fold(before=max(hours) - HOURS_KEPT)
        return rows

    def _rows(self, flow: Flow, hours: Mapping[int, Amounts]) -> list[HourRow]:
        assert self._changed_from is not None, "something has changed"
        rows = []
        total = self._folded[flow]
        for hour in sorted(hours):
            total += hours[hour][flow]
            if hour >= self._changed_from:
                rows.append(HourRow(hour=hour, amount=hours[hour][flow], total=total))
        return rows

    def _fold(self, *, before: int) -> None:
        self._folded_before = before
        for period in sorted(self._periods):
            if hour_of(period) >= before:
                return
            for flow, amount in self._periods.pop(period).items():
                self._folded[flow] += amount


def _amounts(data: JsonValueType) -> dict[Flow, int]:
    if not isinstance(data, dict):
        raise TypeError("amounts are a mapping")
    return {Flow(name): _integer(amount) for name, amount in data.items()}


def _integer(value: JsonValueType) -> int:
    if not isinstance(value, int):
        raise TypeError("amounts are whole")
    return value
