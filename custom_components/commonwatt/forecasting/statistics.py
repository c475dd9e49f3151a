"""Energies from the recorder's statistics, in which a gap stays a gap.

After a gap the first row of a counter holds the energy of the whole gap: nobody can say
when it flowed, so that row is unknown, too.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from typing import Final

from homeassistant.components.recorder import get_instance
from homeassistant.components.recorder.models import StatisticMeanType
from homeassistant.components.recorder.statistics import (
    StatisticsRow,
    get_metadata,
    statistics_during_period,
)
from homeassistant.const import UnitOfEnergy, UnitOfPower
from homeassistant.core import HomeAssistant

from ..engine.forecast.series import Series
from ..engine.model.period import (
    DAY_MS,
    HOUR_MS,
    MINUTE_MS,
    PERIOD_MS,
    PERIODS_PER_HOUR,
    SECOND_MS,
    DeliveryPeriod,
    Instant,
    after,
    datetime_from_instant,
)
from .sources import Term, TermKind

RECORDER: Final = "recorder"
DAYS_READ: Final = 190
"""Half a year, which is all that models look at, and a little more."""

DAYS_READ_FINELY: Final = 10
"""Home Assistant keeps its five-minute statistics about as long."""

POWER_W_MAX: Final = 100_000
"""More is no home's, but a counter that was exchanged."""

BELOW_ZERO_WH_MAX: Final = 100.0
"""Counters of whole kWh may make a load look negative; more than this is an error."""

type Energies = Mapping[Instant, float]
"""Wh by the start of each row."""


class Grain(Enum):
    """How finely statistics are kept."""

    HOUR = ("hour", HOUR_MS)
    FIVE_MINUTES = ("5minute", 5 * MINUTE_MS)

    @property
    def step_ms(self) -> int:
        """Length of a row."""
        return self.value[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What statistics say, by statistic; all of one grain."""

    grain: Grain
    energies: Mapping[Term, Energies]

    def add_up(self, terms: Sequence[Term]) -> Series:
        """Return a sum over delivery periods; unknown where one part of it is."""
        parts = [self.energies.get(term, {}) for term in terms]
        if not parts:
            return Series.of({})
        starts = frozenset.intersection(*(frozenset(part) for part in parts))
        sums = {
            start: sum(
                term.sign * part[start] for term, part in zip(terms, parts, strict=True)
            )
            for start in starts
        }
        known = {at: max(0.0, wh) for at, wh in sums.items() if wh > -BELOW_ZERO_WH_MAX}
        return _spread(known) if self.grain is Grain.HOUR else _gather(known)


async def async_known(
    hass: HomeAssistant, statistic_ids: Collection[str]
) -> Mapping[str, TermKind]:
    """Return which of these statistics there are, and what they count."""
    if RECORDER not in hass.config.components or not statistic_ids:
        return {}
    instance = get_instance(hass)
    wanted = set(statistic_ids)
    found = await instance.async_add_executor_job(
        lambda: get_metadata(hass, statistic_ids=wanted)
    )
    kinds: dict[str, TermKind] = {}
    for statistic_id, (_, meta) in found.items():
        if meta["has_sum"] and meta["unit_class"] == TermKind.ENERGY:
            kinds[statistic_id] = TermKind.ENERGY
        elif (
            meta["unit_class"] == TermKind.POWER
            and meta["mean_type"] is StatisticMeanType.ARITHMETIC
        ):
            kinds[statistic_id] = TermKind.POWER
    return kinds


async def async_read(
    hass: HomeAssistant,
    terms: Iterable[Term],
    *,
    grain: Grain,
    since: Instant,
) -> Table:
    """Read statistics from ``since`` on."""
    wanted = tuple(terms)
    if RECORDER not in hass.config.components or not wanted:
        return Table(grain=grain, energies={})
    return await get_instance(hass).async_add_executor_job(
        _read, hass, wanted, grain, since
    )


def _read(
    hass: HomeAssistant, terms: tuple[Term, ...], grain: Grain, since: Instant
) -> Table:
    """Read and sort tens of thousands of rows (blocking)."""
    # One row more: what a counter had reached before the first.
    rows = statistics_during_period(
        hass,
        datetime_from_instant(after(since, -grain.step_ms)),
        None,
        {term.statistic_id for term in terms},
        "hour" if grain is Grain.HOUR else "5minute",
        {"energy": UnitOfEnergy.WATT_HOUR, "power": UnitOfPower.WATT},
        {"change", "mean"},
    )
    return Table(
        grain=grain,
        energies={
            term: _energies(rows.get(term.statistic_id, []), term.kind, grain)
            for term in terms
        },
    )


def hours_read_since(now: Instant) -> Instant:
    """Return where to begin with hours."""
    return Instant((now - DAYS_READ * DAY_MS) // HOUR_MS * HOUR_MS)


def minutes_read_since(now: Instant) -> Instant:
    """Return where to begin with quarters of an hour."""
    return Instant((now - DAYS_READ_FINELY * DAY_MS) // PERIOD_MS * PERIOD_MS)


def _energies(
    rows: Sequence[StatisticsRow], kind: TermKind, grain: Grain
) -> dict[Instant, float]:
    limit_wh = POWER_W_MAX * grain.step_ms / HOUR_MS
    if kind is TermKind.POWER:
        means = ((_start(row), row.get("mean")) for row in rows)
        found = {at: w * grain.step_ms / HOUR_MS for at, w in means if w is not None}
        return {at: wh for at, wh in found.items() if abs(wh) <= limit_wh}
    return {
        _start(row): change
        for before, row in pairwise(rows)
        if _start(row) - _start(before) == grain.step_ms
        and (change := row.get("change")) is not None
        and 0 <= change <= limit_wh
    }


def _start(row: StatisticsRow) -> Instant:
    return Instant(round(row["start"] * SECOND_MS))


def _spread(hours: Energies) -> Series:
    """Give every quarter of an hour its share of the hour."""
    return Series.of(
        {
            DeliveryPeriod.containing(start).next(quarter): wh / PERIODS_PER_HOUR
            for start, wh in hours.items()
            for quarter in range(PERIODS_PER_HOUR)
        }
    )


def _gather(minutes: Energies) -> Series:
    """Add five minutes up to delivery periods of which nothing is missing."""
    rows = PERIOD_MS // Grain.FIVE_MINUTES.step_ms
    sums: dict[DeliveryPeriod, list[float]] = {}
    for start, wh in minutes.items():
        sums.setdefault(DeliveryPeriod.containing(start), []).append(wh)
    return Series.of({p: sum(parts) for p, parts in sums.items() if len(parts) == rows})
