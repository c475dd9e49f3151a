"""What a home's devices could have made of a day, had anybody known how it goes.

Each day begins and ends with as much in the store, so that no day lives on another's.
Import and export are least when the store takes every surplus and gives whenever
something is missing; the least carbon is searched among levels of the store, backward
from the end of the day (Bellman, "Dynamic Programming", 1957, chapter 1).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ...model.units import PPM, div_floor
from .cars import at_best, at_once
from .periods import Flow, Hindsight, Metered, Seen

type _Table = NDArray[np.int64]

LEVELS: Final = 80
"""Steps a store is cut into: a hundredth of it is more than its meter knows."""

STARTS: Final = 5
IMPOSSIBLE: Final = 1 << 58


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """All batteries of a home as one; energies are of one period, at the meter."""

    capacity_wh: int
    charge_wh_max: int
    discharge_wh_max: int
    efficiency_ppm: int = 900_000
    """Of a whole round trip."""


def hindsight(
    seen: Sequence[Seen],
    metered: Sequence[Metered],
    store: Store | None,
    *,
    prices: Sequence[int],
) -> Hindsight:
    """Compare some consecutive periods with what they could have been.

    Args:
        seen: what the devices showed.
        metered: what the meter counted in the same periods.
        store: the batteries, None without any.
        prices: carbon of the grid in g/kWh by period; all alike for energy alone.

    """
    as_it_went = [one.net_wh for one in metered]
    alone = _nets(seen, at_once(seen))
    steered = _nets(seen, at_best(seen, prices))
    # Nobody has to move a car, or to use a store.
    ways = [alone, steered, [one.used_wh - one.made_wh for one in seen]]
    if store is not None:
        ways.extend([balanced(nets, store) for nets in tuple(ways)])
    flows = [_flow(nets, prices) for nets in ways]
    best = min(flows, key=lambda flow: (flow.carbon_mg, flow.export_wh))
    if store is not None and len(set(prices)) > 1:
        best = _less(best, least_carbon_mg(steered, prices, store))
    return Hindsight(reached=_flow(as_it_went, prices), without=flows[0], best=best)


def balanced(nets: Sequence[int], store: Store) -> list[int]:
    """Return what passes the meter when a store balances it, in Wh; import positive.

    Twice through the day: the second begins with what the first has left over.
    """
    _, left_wh = _through(nets, store, 0)
    result, _ = _through(nets, store, left_wh)
    return result


def least_carbon_mg(nets: Sequence[int], prices: Sequence[int], store: Store) -> int:
    """Return the least carbon of a day's import, to a hundredth of the store."""
    levels = np.arange(LEVELS + 1, dtype=np.int64) * store.capacity_wh // LEVELS
    grid, possible = _moves(levels, store)
    starts = [LEVELS * start // (STARTS - 1) for start in range(STARTS)]
    cost = np.where(levels[:, None] >= levels[starts][None, :], 0, IMPOSSIBLE)
    for net, price in zip(reversed(nets), reversed(prices), strict=True):
        step = np.where(possible, np.maximum(0, grid + net) * price, IMPOSSIBLE)
        cost = np.min(step[:, :, None] + cost[None, :, :], axis=1)
        cost = np.minimum(cost, IMPOSSIBLE)
    return min(int(cost[start, index]) for index, start in enumerate(starts))


def _moves(levels: _Table, store: Store) -> tuple[_Table, NDArray[np.bool_]]:
    """Return what each move between levels takes from the meter, and which can be."""
    rise = levels[None, :] - levels[:, None]
    grid = np.where(rise > 0, -(-rise * PPM // store.efficiency_ppm), rise)
    possible = (grid <= store.charge_wh_max) & (-grid <= store.discharge_wh_max)
    return grid, possible


def _through(
    nets: Sequence[int], store: Store, stored_wh: int
) -> tuple[list[int], int]:
    result = []
    for net in nets:
        if net < 0:
            free_wh = store.capacity_wh - stored_wh
            fits_wh = div_floor(free_wh * PPM, store.efficiency_ppm)
            taken_wh = min(-net, store.charge_wh_max, fits_wh)
            stored_wh += div_floor(taken_wh * store.efficiency_ppm, PPM)
        else:
            taken_wh = -min(net, store.discharge_wh_max, stored_wh)
            stored_wh += taken_wh
        result.append(net + taken_wh)
    return result, stored_wh


def _nets(seen: Sequence[Seen], cars: Sequence[int]) -> list[int]:
    return [
        one.used_wh - one.car_wh + car_wh - one.made_wh
        for one, car_wh in zip(seen, cars, strict=True)
    ]


def _flow(nets: Sequence[int], prices: Sequence[int]) -> Flow:
    return Flow(
        import_wh=sum(max(0, net) for net in nets),
        export_wh=sum(max(0, -net) for net in nets),
        carbon_mg=sum(
            max(0, net) * price for net, price in zip(nets, prices, strict=True)
        ),
    )


def _less(flow: Flow, carbon_mg: int) -> Flow:
    return Flow(
        import_wh=flow.import_wh,
        export_wh=flow.export_wh,
        carbon_mg=min(flow.carbon_mg, carbon_mg),
    )
