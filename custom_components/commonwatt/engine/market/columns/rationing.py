"""Sharing the marginal ticks of many zones at once, by the rule of ``..rationing``."""

from collections.abc import Callable

import numpy as np

from .book import Ints


def ration(
    zones: Ints,
    weights_wh: Ints,
    *,
    served_wh: Ints,
    wanted_wh: Ints,
    key: Callable[[int], bytes],
) -> Ints:
    """Return what each claim gets of its zone's ``served_wh``.

    ``zones`` and ``weights_wh`` have a value for each claim; ``served_wh`` and
    ``wanted_wh`` (the sum of the weights) one for each zone.  ``key`` ranks a claim, by
    its index, among equal ones; it is only asked where a tie has to be broken.
    """
    quotas = weights_wh * served_wh[zones]
    shares, remainders = np.divmod(quotas, np.maximum(wanted_wh, 1)[zones])
    spare_wh = served_wh.copy()
    np.subtract.at(spare_wh, zones, shares)
    unsettled = np.flatnonzero(spare_wh[zones] > 0)
    order = unsettled[np.lexsort((-remainders[unsettled], zones[unsettled]))]
    zone, remainder = zones[order], remainders[order]
    rank = np.arange(len(order)) - np.searchsorted(zone, zone)
    lucky = rank < spare_wh[zone]
    shares[order[lucky]] += 1
    contested = (
        (lucky[:-1] & ~lucky[1:])
        & (zone[:-1] == zone[1:])
        & (remainder[:-1] == remainder[1:])
    )
    for last in np.flatnonzero(contested):
        tied = np.flatnonzero((zone == zone[last]) & (remainder == remainder[last]))
        claims = order[tied]
        shares[claims[tied <= last]] -= 1
        ranked = sorted(map(int, claims), key=key)
        shares[ranked[: int(np.count_nonzero(tied <= last))]] += 1
    return shares
