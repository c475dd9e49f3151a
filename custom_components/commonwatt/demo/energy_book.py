"""What flowed and what it cost, hour by hour of simulated time.  Arithmetic only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from ..engine.model.period import (
    HOUR_MS,
    PERIODS_PER_HOUR,
    DeliveryPeriod,
    Instant,
)

HOURS_KEPT: Final = 48
"""How long an hour may still change; older ones are only part of the total."""


class Flow(StrEnum):
    """What is counted, in Wh or nano-currency; the values name the statistics."""

    RETAILER_IMPORT = "retailer_import"
    RETAILER_COST = "retailer_cost"
    RETAILER_EXPORT = "retailer_export"
    RETAILER_COMPENSATION = "retailer_compensation"
    NEIGHBOURS_BOUGHT = "neighbours_bought"
    NEIGHBOURS_COST = "neighbours_cost"
    NEIGHBOURS_SOLD = "neighbours_sold"
    NEIGHBOURS_EARNINGS = "neighbours_earnings"
    SOLAR = "solar"
    BATTERY_CHARGED = "battery_charged"
    BATTERY_DISCHARGED = "battery_discharged"
    CHARGER = "charger"


MONEY: Final = frozenset(
    {
        Flow.RETAILER_COST,
        Flow.RETAILER_COMPENSATION,
        Flow.NEIGHBOURS_COST,
        Flow.NEIGHBOURS_EARNINGS,
    }
)
"""The flows that are counted in nano-currency."""

type Amounts = Mapping[Flow, int]


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
    """Up to the end of this hour, since the demo began."""


@dataclass(slots=True)
class EnergyBook:
    """Amounts by delivery period; what is booked twice counts once, as booked last."""

    _periods: dict[DeliveryPeriod, dict[Flow, int]] = field(default_factory=dict)
    _folded: dict[Flow, int] = field(default_factory=lambda: dict.fromkeys(Flow, 0))
    _folded_before: int | None = None
    """First hour that may still change."""

    _changed_from: int | None = None
    """First hour that has changed since rows were last taken; None: nothing has."""

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
            amounts = hours.setdefault(hour_of(period), dict.fromkeys(Flow, 0))
            for flow, amount in self._periods[period].items():
                amounts[flow] += amount
        rows = {flow: self._rows(flow, hours) for flow in Flow}
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
