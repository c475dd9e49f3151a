"""Prices and carbon intensities nobody announces, learned from what they have been.

One rule for all: the weighted median of the same period on the days before, similar and
recent days first.  Integers in, integers out, so that replays agree.

Average intensity is for the books, marginal intensity for steering (GHG Protocol, Scope
2); a series knows which it is, and the two never meet in one number.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ..model.period import DAY_MS, PERIOD_MS, DeliveryPeriod

PERIODS_PER_DAY: Final = DAY_MS // PERIOD_MS
DAYS_REMEMBERED: Final = 28
DAYS_PER_WEEK: Final = 7
WEIGHT_SAME_WEEKDAY: Final = 10
WEIGHT_OTHER_DAY: Final = 5
AGE_DAYS_HALF: Final = 10
"""A day so long ago counts half."""


class CarbonBasis(StrEnum):
    """Which intensity a number is; see GHG Protocol, Scope 2 guidance."""

    AVERAGE = "average"
    """Of all generation: what a kWh stands for in the books."""

    MARGINAL = "marginal"
    """Of the plant that answers: what one kWh more or less changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CarbonForecast:
    """Intensities in mg CO2e per kWh, all of one basis."""

    basis: CarbonBasis
    mg_per_kwh: Mapping[DeliveryPeriod, int]


def expect(known: Mapping[DeliveryPeriod, int], period: DeliveryPeriod) -> int | None:
    """Return what to expect of a price or intensity in ``period``; None if unknown.

    Days of UTC: a market has no summer time.  The same period of up to four weeks
    before is looked at, and only what lies before it.
    """
    weighted = []
    for days in range(1, DAYS_REMEMBERED + 1):
        value = known.get(period.next(-days * PERIODS_PER_DAY))
        if value is not None:
            like = WEIGHT_OTHER_DAY if days % DAYS_PER_WEEK else WEIGHT_SAME_WEEKDAY
            weighted.append((value, 2 * like * AGE_DAYS_HALF // (AGE_DAYS_HALF + days)))
    return _weighted_median(weighted) if weighted else None


def expect_carbon(
    known: CarbonForecast, periods: tuple[DeliveryPeriod, ...]
) -> CarbonForecast:
    """Return expected intensities of the same basis; what is unknown is left out."""
    found = {period: expect(known.mg_per_kwh, period) for period in periods}
    return CarbonForecast(
        basis=known.basis,
        mg_per_kwh={p: value for p, value in found.items() if value is not None},
    )


def for_steering(
    average: CarbonForecast, marginal: CarbonForecast | None
) -> CarbonForecast:
    """Return the series to plan by: marginal where there is one, else average."""
    _must_be(average, CarbonBasis.AVERAGE)
    if marginal is None or not marginal.mg_per_kwh:
        return average
    _must_be(marginal, CarbonBasis.MARGINAL)
    return marginal


def for_the_books(average: CarbonForecast) -> CarbonForecast:
    """Return the series to account by; ValueError for a marginal one."""
    _must_be(average, CarbonBasis.AVERAGE)
    return average


def _must_be(series: CarbonForecast, basis: CarbonBasis) -> None:
    if series.basis is not basis:
        raise ValueError(f"a {series.basis} intensity where {basis} belongs")


def _weighted_median(weighted: list[tuple[int, int]]) -> int:
    half = sum(weight for _, weight in weighted)
    reached = 0
    for value, weight in sorted(weighted):
        reached += 2 * weight
        if reached >= half:
            return value
    raise AssertionError("the last value reaches the sum")
