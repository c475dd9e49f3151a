"""When a car could have charged: as soon as it comes, or when that is cheapest.

A stay is a run of periods with a car plugged in; what it was given in the stay is what
it needed, and no period gives it more than the most it took in any of them.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from .periods import Seen


def at_once(seen: Sequence[Seen]) -> list[int]:
    """Return what a car takes in each period if it charges as soon as it comes."""
    return _charged(seen, [(period, 0) for period in range(len(seen))])


def at_best(seen: Sequence[Seen], prices: Sequence[int]) -> list[int]:
    """Return what it takes in each period if it waits for the cheapest.

    A surplus of the home's own is free, what comes from the grid costs its price.
    """
    surplus = [one.made_wh - one.used_wh + one.car_wh for one in seen]
    tiers = [
        *((0, period, wh) for period, wh in enumerate(surplus) if wh > 0),
        *((price, period, 0) for period, price in enumerate(prices)),
    ]
    return _charged(seen, [(period, wh) for _, period, wh in sorted(tiers)])


def _charged(seen: Sequence[Seen], tiers: Sequence[tuple[int, int]]) -> list[int]:
    """Fill tiers in their order; each is a period and its bound, 0 for none."""
    taken = [one.car_wh for one in seen]
    for stay in _stays(seen):
        needed_wh = sum(seen[period].car_wh for period in stay)
        most_wh = max(seen[period].car_wh for period in stay)
        for period in stay:
            taken[period] = 0
        for period, bound_wh in tiers:
            if period not in stay or needed_wh <= 0:
                continue
            room_wh = most_wh - taken[period]
            given_wh = min(needed_wh, room_wh, bound_wh or room_wh)
            taken[period] += given_wh
            needed_wh -= given_wh
    return taken


def _stays(seen: Sequence[Seen]) -> Iterator[range]:
    for here, run in groupby(
        range(len(seen)), key=lambda period: seen[period].car_here
    ):
        periods = list(run)
        if here:
            yield range(periods[0], periods[-1] + 1)
