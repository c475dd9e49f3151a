"""The mended home in kW, kWh, hours and units of currency: the one place to convert.

Prices here are what the objective counts: money and carbon, each with its weight.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from ...model.order import Side
from ...model.period import DAY_MS, HOUR_MS, DeliveryPeriod, Instant
from ...model.units import MICRO_PER_UNIT, PPM
from ..checks import Checked
from ..home import Autonomy, Horizon, Tranche
from ..home.wishes import CARBON_MICRO_PER_KG
from .program import Floats, Indices, Mask
from .tree import Tree

PRICE_EPSILON: Final = 1e-6
"""Prices closer to each other than that count as equal."""

NO_SCALE: Final = 0.01

TINY_HOURS: Final = 1e-9
"""Less than a millisecond: instants are whole ones.  Forgives floats."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Case:
    """A home in floats."""

    checked: Checked
    tree: Tree
    hours: Floats
    """Length of each step."""

    load: Floats
    """For each leaf, as is ``production``."""

    production: Floats
    buy: Floats
    """For each step, as is ``sell``: effective prices of a kWh."""

    sell: Floats
    money: float
    """Weight of money."""

    position: Floats
    """Power already sold (+) or bought (-) in each step."""

    import_max: float
    export_max: float
    curtailable: bool

    @property
    def horizon(self) -> Horizon:
        """The steps."""
        return self.checked.problem.horizon

    @cached_property
    def elapsed(self) -> Floats:
        """Hours from the start to every boundary of the horizon."""
        return np.concatenate(([0.0], np.cumsum(self.hours)))

    @cached_property
    def scale(self) -> float:
        """A high price of this home, whatever its currency: what penalties build on."""
        highest = max(np.abs(self.buy).max(), np.abs(self.sell).max())
        return max(float(highest), NO_SCALE)

    @cached_property
    def net_load(self) -> Floats:
        """Load less production, for each leaf."""
        return self.load - self.production

    @cached_property
    def cheapest(self) -> Floats:
        """Lowest price at which a kWh can be had, for each step."""
        return self._with_tranches(self.buy, Side.BUY)

    @cached_property
    def dearest(self) -> Floats:
        """Highest price a kWh can bring, for each step."""
        return self._with_tranches(self.sell, Side.SELL)

    @cached_property
    def wasteful(self) -> Mask:
        """Steps in which a home may gain by wasting energy.

        Only there a store might charge and discharge at once.
        """
        waste = self.cheapest <= PRICE_EPSILON
        if not self.curtailable:
            surplus = (-self.net_load).reshape(self.tree.scenarios, -1).max(axis=0)
            waste |= (self.dearest <= PRICE_EPSILON) & (surplus > 0)
            waste |= surplus > self.export_max
        return waste

    @cached_property
    def circular(self) -> Mask:
        """Steps in which selling what was just bought would pay."""
        return self.dearest >= self.cheapest - PRICE_EPSILON

    def step_hours(self, instant: Instant) -> float:
        """Return hours from the start of the horizon to ``instant``."""
        return (instant - self.horizon.start) / HOUR_MS

    def overlap(self, period: DeliveryPeriod) -> Floats:
        """Return hours of each step that lie in ``period``."""
        start, end = self.step_hours(period.start), self.step_hours(period.end)
        later = np.maximum(self.elapsed[:-1], start)
        overlap: Floats = np.maximum(np.minimum(self.elapsed[1:], end) - later, 0.0)
        return overlap

    def price(self, micro: int) -> float:
        """Return what the objective counts for a price or cost in micro-currency."""
        return self.money * micro / MICRO_PER_UNIT

    def _with_tranches(self, prices: Floats, side: Side) -> Floats:
        best = prices.copy()
        for tranche in self.checked.problem.grid.tranches:
            if tranche.side is not side:
                continue
            inside = self.overlap(tranche.period) > 0
            price = self.price(tranche.price_micro_per_kwh)
            better = np.minimum if side is Side.BUY else np.maximum
            best[inside] = better(best[inside], price)
        return best


def case_of(checked: Checked) -> Case:
    """Return the floats behind a mended problem."""
    problem = checked.problem
    horizon, weights = problem.horizon, problem.weights
    hours = np.array(horizon.step_ms, dtype=np.float64) / HOUR_MS
    shares = np.array(checked.weight_ppm, dtype=np.float64)
    shares /= shares.sum()
    decided = int(np.searchsorted(np.cumsum(horizon.step_ms), problem.decided_ms)) + 1
    money = max(weights.money_ppm / PPM, 1e-3)
    carbon = weights.carbon_ppm / PPM * CARBON_MICRO_PER_KG / MICRO_PER_UNIT
    kg_per_kwh = np.array(checked.carbon_g_per_kwh, dtype=np.float64) / 1000
    return Case(
        checked=checked,
        tree=Tree.of(len(horizon), shares, shared=decided),
        hours=hours,
        load=_kilo(checked.load_w),
        production=_kilo(checked.production_w),
        buy=money * _units(checked.import_micro_per_kwh) + carbon * kg_per_kwh,
        sell=money * _units(checked.export_micro_per_kwh),
        money=money,
        position=_positions(checked, hours),
        import_max=problem.grid.import_w_max / 1000,
        export_max=problem.grid.export_w_max / 1000,
        curtailable=problem.curtailable,
    )


def steps_inside(case: Case, earliest: Instant, latest: Instant) -> Mask:
    """Return which steps lie wholly between two instants."""
    start, end = case.step_hours(earliest), case.step_hours(latest)
    after_start = case.elapsed[:-1] >= start - TINY_HOURS
    return after_start & (case.elapsed[1:] <= end + TINY_HOURS)


def tranche_hours(case: Case, tranche: Tranche) -> tuple[Indices, Floats]:
    """Return the steps of a tranche's period, and their hours in it."""
    overlap = case.overlap(tranche.period)
    steps = np.flatnonzero(overlap > 0).astype(np.int32)
    return steps, overlap[steps]


def autonomy_needs(case: Case, autonomy: Autonomy) -> Floats:
    """Return what the critical loads could need from the end of each step on, in kWh.

    The highest sum of critical load less a bad day's production over any time up to
    the hours wanted; beyond the horizon the last day repeats itself.
    """
    ends = case.elapsed[1:]
    power = _critical(case, autonomy)
    day = DAY_MS / HOUR_MS
    tail = power[ends > ends[-1] - day]
    tail_hours = case.hours[-len(tail) :]
    repeats = int(np.ceil(autonomy.hours_ms / HOUR_MS / tail_hours.sum()))
    hours = np.concatenate((case.hours, np.tile(tail_hours, repeats)))
    energy = np.concatenate((power, np.tile(tail, repeats))) * hours
    at = np.concatenate(([0.0], np.cumsum(hours)))
    total = np.concatenate(([0.0], np.cumsum(energy)))
    needs = np.zeros(len(ends))
    for step, end in enumerate(ends):
        last = np.searchsorted(at, end + autonomy.hours_ms / HOUR_MS, side="right")
        needs[step] = total[step + 1 : last].max(initial=0.0) - total[step + 1]
    return np.maximum(needs, 0.0)


def _critical(case: Case, autonomy: Autonomy) -> Floats:
    steps = len(case.hours)
    low = _series(autonomy.production_low_w, steps)
    return (_series(autonomy.critical_w, steps) - low) / 1000


def _series(values: tuple[int, ...], count: int) -> Floats:
    series = np.zeros(count)
    known = np.array(values[:count], dtype=np.float64)
    series[: len(known)] = known
    return series


def _positions(checked: Checked, hours: Floats) -> Floats:
    power = np.zeros(len(hours))
    horizon = checked.problem.horizon
    boundaries = np.array(horizon.boundaries, dtype=np.float64)
    for position in checked.problem.grid.positions:
        start, end = position.period.start, position.period.end
        overlap = np.minimum(boundaries[1:], end) - np.maximum(boundaries[:-1], start)
        share = np.maximum(overlap, 0.0) / (end - start)
        power += position.sold_wh / 1000 * share / hours
    return power


def _kilo(values_w: tuple[tuple[int, ...], ...]) -> Floats:
    return np.array(values_w, dtype=np.float64).ravel() / 1000


def _units(values_micro: tuple[int, ...]) -> Floats:
    return np.array(values_micro, dtype=np.float64) / MICRO_PER_UNIT
