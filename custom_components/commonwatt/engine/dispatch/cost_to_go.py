"""What the coming days cost, by what is in the battery and by what may come.

Stochastic dynamic programming, backwards in time.  A path that has begun goes on, but
is forgotten within hours, as clouds are: between knowing the whole day ahead and
knowing nothing of it.  Costs are convex in what is stored, so a step back merges
slopes: those of the costs to go, and those of what a kWh more or less costs at the
meter, where neighbours may be better partners than the retailer, up to what they have.

Source of the merge: the infimal convolution of two convex piecewise linear functions
has the segments of both, ordered by slope (R. T. Rockafellar, Convex Analysis, 1970,
theorem 16.4).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from .linear.case import Case
from .linear.program import Floats
from .linear.rows import StorageRow
from .linear.storage import end_worth
from .partners import Partners

LEVELS: Final = 40
"""Parts of a battery whose energy has a value of its own."""

FORGOTTEN_HOURS: Final = 2.0
"""After so long a path tells little more (1/e) about what comes next: measured."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ahead:
    """What one battery has ahead of it; kW, kWh, hours, prices as the objective's."""

    row: StorageRow
    hours: Floats
    buy: Floats
    sell: Floats
    import_max: Floats
    """For each step, as is ``export_max``: what may pass the meter."""

    export_max: Floats
    partners: Partners
    needed: Floats
    """(paths, steps): what the home needs from battery and grid; negative: surplus."""

    shares: Floats
    """How likely each path is; adds up to one."""

    kept: Floats
    """(steps, levels): what it costs to have so little at the end of a step."""

    @property
    def levels(self) -> Floats:
        """Contents whose costs are looked at."""
        return np.linspace(0.0, self.row.capacity, LEVELS + 1)


def costs_to_go(ahead: Ahead) -> Floats:
    """Return (steps, levels): expected costs from the end of each step on."""
    costs = np.tile(_costs_at_the_end(ahead), (len(ahead.shares), 1))
    steps = len(ahead.hours)
    expected = np.empty((steps, LEVELS + 1))
    for step in reversed(range(steps)):
        costs = costs + ahead.kept[step]
        expected[step] = ahead.shares @ costs
        if step:
            costs = _before(ahead, step, costs)
            forgotten = 1.0 - np.exp(-ahead.hours[step] / FORGOTTEN_HOURS)
            costs += forgotten * (ahead.shares @ costs - costs)
    return expected


def exchange_cost(ahead: Ahead, step: int, needed: Floats, power: Floats) -> Floats:
    """Return what a step costs at the meter, and in wear, with the battery's power."""
    grid = needed - power
    supply, demand = ahead.partners.supply, ahead.partners.demand
    bought, sold = np.maximum(grid, 0.0), np.maximum(-grid, 0.0)
    supplied = np.minimum(bought, supply.power[step])
    taken = np.minimum(sold, demand.power[step])
    energy = supplied * supply.price[step] + (bought - supplied) * ahead.buy[step]
    energy -= taken * demand.price[step] + (sold - taken) * ahead.sell[step]
    cost: Floats = (energy + ahead.row.wear * np.abs(power)) * ahead.hours[step]
    return cost


def power_limits(ahead: Ahead, step: int, needed: Floats) -> tuple[Floats, Floats]:
    """Return how much may go in, and come out, so that the meter allows it."""
    row = ahead.row
    most_in = np.maximum(ahead.import_max[step] - needed, 0.0)
    most_out = np.maximum(ahead.export_max[step] + needed, 0.0)
    if not row.from_grid:
        most_in = np.maximum(-needed, 0.0)
    if not row.to_grid:
        most_out = np.maximum(needed, 0.0)
    return (
        np.minimum(most_in, row.charge.power_max[step]),
        np.minimum(most_out, row.discharge.power_max[step]),
    )


def _costs_at_the_end(ahead: Ahead) -> Floats:
    left, costs = ahead.levels, np.zeros(LEVELS + 1)
    for energy, price in end_worth(ahead.row):
        costs -= price * np.clip(left, 0.0, energy)
        left = left - energy
    return costs


def _before(ahead: Ahead, step: int, after: Floats) -> Floats:
    """Return (paths, levels): costs from the beginning of a step on."""
    row, levels = ahead.row, ahead.levels
    needed, hours = ahead.needed[:, step], ahead.hours[step]
    most_in, _ = power_limits(ahead, step, needed)
    lengths, slopes = _slopes_at_the_meter(ahead, step, needed)
    width = levels[1]
    lengths = np.hstack([lengths, np.full((len(after), LEVELS), width)])
    slopes = np.hstack([slopes, np.diff(after, axis=1) / width])
    order = np.argsort(slopes, axis=1, kind="stable")
    lengths = np.take_along_axis(lengths, order, axis=1)
    slopes = np.take_along_axis(slopes, order, axis=1)
    nothing = np.zeros((len(after), 1))
    place = np.hstack([nothing, np.cumsum(lengths, axis=1)])
    place -= (most_in * row.charge.gain[step] * hours)[:, None]
    first = after[:, 0] + exchange_cost(ahead, step, needed, -most_in)
    costs = first[:, None]
    costs = costs + np.hstack([nothing, np.cumsum(lengths * slopes, axis=1)])
    kept = row.keep[step] * levels
    return np.array([np.interp(kept, *line) for line in zip(place, costs, strict=True)])


def _slopes_at_the_meter(
    ahead: Ahead, step: int, needed: Floats
) -> tuple[Floats, Floats]:
    """Return lengths (kWh out of the store) and costs per kWh of the ways to use it.

    The less a battery takes and the more it gives, the less is bought from the
    retailer, then from neighbours, and the more is sold to neighbours, then to the
    retailer: four partners, each met while charging and while discharging.
    """
    row, hours, partners = ahead.row, ahead.hours[step], ahead.partners
    most_in, most_out = power_limits(ahead, step, needed)
    supply, demand = partners.supply.power[step], partners.demand.power[step]
    # Powers of the battery at which the partner changes.
    bounds = np.stack(
        [-most_in, needed - supply, needed, needed + demand, most_out], axis=1
    )
    prices = np.array(
        [
            ahead.buy[step],
            partners.supply.price[step],
            partners.demand.price[step],
            ahead.sell[step],
        ]
    )
    bounds[:, 1:4] = np.clip(bounds[:, 1:4], -most_in[:, None], most_out[:, None])
    gain_in, gain_out = row.charge.gain[step], row.discharge.gain[step]
    lengths = np.hstack(
        [
            np.diff(np.minimum(bounds, 0.0), axis=1) * gain_in,
            np.diff(np.maximum(bounds, 0.0), axis=1) * gain_out,
        ]
    )
    slopes = np.concatenate(
        [-(prices + row.wear) / gain_in, -(prices - row.wear) / gain_out]
    )
    return lengths * hours, np.tile(slopes, (len(needed), 1))


def case_limits(case: Case) -> tuple[Floats, Floats]:
    """Return what may pass the meter beyond what is already sold, in each step."""
    return (
        np.maximum(case.import_max + case.position, 0.0),
        np.maximum(case.export_max - case.position, 0.0),
    )
