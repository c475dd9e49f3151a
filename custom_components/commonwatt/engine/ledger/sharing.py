"""Sharing keys: who gets the energy of the community that nobody traded.

Works without any auction: surplus and demand of one delivery period go in, a matrix of
whole Wh from each producer to each consumer comes out.  Knows no prices and no money.
Rules: docs/reference/sharing-keys.md.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import assert_never

from ..model.party import MEMBERS_MAX, PartyId
from ..model.period import DeliveryPeriod
from ..model.sharing_key import (
    CascadeKey,
    CollectiveKey,
    HybridKey,
    KeyShare,
    MatrixKey,
    ProRataKey,
    SharingKey,
    SimpleKey,
    StaticKey,
)
from ..model.units import PPM, apportion
from ..wire.domain import Domain, tagged_digest

type Wh = dict[PartyId, int]
"""Energy still to give or to take, by party."""

type Matrix = dict[tuple[PartyId, PartyId], int]
"""Energy from producer to consumer; no zero and no negative cell."""


@lru_cache(maxsize=MEMBERS_MAX)
def tie_key(period: DeliveryPeriod, party: PartyId) -> bytes:
    """Return what ranks ``party`` for the left-over Wh of ``period``."""
    number = period.number.to_bytes(8, "big", signed=True)
    return tagged_digest(Domain.SHARING, number + party.encode())


def split(period: DeliveryPeriod, total: int, weights: Mapping[PartyId, int]) -> Wh:
    """Apportion ``total`` to parties by ``weights``, in whatever order they come."""
    parties = sorted(weights)
    shares = apportion(
        total,
        [weights[party] for party in parties],
        [tie_key(period, party) for party in parties],
    )
    return dict(zip(parties, shares, strict=True))


def share(
    key: SharingKey,
    *,
    period: DeliveryPeriod,
    surplus: Mapping[PartyId, int],
    demand: Mapping[PartyId, int],
) -> Matrix:
    """Share ``surplus`` (Wh exported) among ``demand`` (Wh imported) of one period.

    No producer gives more than its surplus, no consumer gets more than its demand, and
    whatever the key leaves to nobody is not in the matrix.  A party in both mappings
    may be given its own energy: what it exported in one minute and imported in another.
    """
    supply, wanted = dict(surplus), dict(demand)
    if not isinstance(key, CollectiveKey):
        return _share_simple(key, period=period, supply=supply, wanted=wanted)
    matrix: Matrix = {}
    for asset in sorted(key.assets, key=lambda asset: asset.party):
        owned = {asset.party: supply.pop(asset.party, 0)}
        by_owner = StaticKey(shares=asset.owners)
        cells = _share_simple(by_owner, period=period, supply=owned, wanted=wanted)
        _add(matrix, cells)
        supply[asset.party] = owned[asset.party] - sum(cells.values())
        for (_, consumer), energy_wh in cells.items():
            wanted[consumer] -= energy_wh
    _add(matrix, _share_simple(key.then, period=period, supply=supply, wanted=wanted))
    return matrix


def _share_simple(
    key: SimpleKey, *, period: DeliveryPeriod, supply: Wh, wanted: Wh
) -> Matrix:
    if isinstance(key, MatrixKey):
        return _by_matrix(key, period, supply, wanted)
    return _cross(period, supply, _taken(key, period, sum(supply.values()), wanted))


def _taken(
    key: StaticKey | ProRataKey | HybridKey | CascadeKey,
    period: DeliveryPeriod,
    total: int,
    wanted: Wh,
) -> Wh:
    """Return what each consumer gets of a surplus that belongs to all."""
    match key:
        case StaticKey():
            return _by_shares(key.shares, period, total, wanted)
        case ProRataKey():
            return _pro_rata(period, total, wanted)
        case HybridKey():
            first = _by_shares(key.shares, period, total, wanted)
            unmet = {party: wanted[party] - first[party] for party in wanted}
            more = _pro_rata(period, total - sum(first.values()), unmet)
            return {party: first[party] + more[party] for party in wanted}
        case CascadeKey():
            return _by_ranks(key, period, total, wanted)
        case _ as never:
            assert_never(never)


def _by_shares(
    shares: tuple[KeyShare, ...], period: DeliveryPeriod, total: int, wanted: Wh
) -> Wh:
    """Cut each share to what its party can use.  The grid holds the share of nobody."""
    grid = PartyId("")
    weights = {share.party: share.share_ppm for share in shares}
    weights[grid] = PPM - sum(weights.values())
    meant = split(period, total, weights)
    return {party: min(meant.get(party, 0), wanted[party]) for party in wanted}


def _pro_rata(period: DeliveryPeriod, total: int, wanted: Wh) -> Wh:
    return split(period, min(total, sum(wanted.values())), wanted)


def _by_ranks(key: CascadeKey, period: DeliveryPeriod, total: int, wanted: Wh) -> Wh:
    named = {party for rank in key.ranks for party in rank}
    others = tuple(party for party in wanted if party not in named)
    taken = dict.fromkeys(wanted, 0)
    for rank in (*key.ranks, others):
        here = {party: wanted[party] for party in rank if party in wanted}
        served = _pro_rata(period, total, here)
        taken |= served
        total -= sum(served.values())
    return taken


def _by_matrix(
    key: MatrixKey, period: DeliveryPeriod, supply: Wh, wanted: Wh
) -> Matrix:
    """Apportion each producer's surplus; a consumer offered too much takes pro rata."""
    offered: dict[PartyId, Wh] = {party: {} for party in wanted}
    for producer in sorted(supply):
        row = tuple(
            KeyShare(party=cell.consumer, share_ppm=cell.share_ppm)
            for cell in key.cells
            if cell.producer == producer
        )
        for consumer, energy_wh in _by_shares(
            row, period, supply[producer], wanted
        ).items():
            offered[consumer][producer] = energy_wh
    matrix: Matrix = {}
    for consumer, offers in offered.items():
        taken = split(period, min(wanted[consumer], sum(offers.values())), offers)
        _add(matrix, {(producer, consumer): wh for producer, wh in taken.items()})
    return matrix


def _cross(period: DeliveryPeriod, supply: Wh, taken: Wh) -> Matrix:
    """Spread what consumers take over the producers, both sums exact.

    Each consumer in turn takes from every producer in proportion to what it has left;
    a share is never more than what is left, because the total is not.
    """
    left = split(period, sum(taken.values()), supply)
    matrix: Matrix = {}
    for consumer in sorted(taken):
        parts = split(period, taken[consumer], left)
        for producer, energy_wh in parts.items():
            left[producer] -= energy_wh
        _add(matrix, {(producer, consumer): wh for producer, wh in parts.items()})
    return matrix


def _add(matrix: Matrix, cells: Matrix) -> None:
    for pair, energy_wh in cells.items():
        if energy_wh:
            matrix[pair] = matrix.get(pair, 0) + energy_wh
