"""Who supplies whom, as far as parties care: after the auction, at its prices.

The energy every party sold or bought and the flow over every edge stay what they are,
and so does every price; only the partners change.  Rounds: whom contracts and gifts
join, chosen neighbours, chosen sources, whoever is nearest, the rest.
Rules: docs/reference/market-rules.md, section 10.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from ..model.clearing import ClearingResult, Trade
from ..model.order import OrderBook, Side
from ..model.origin import EnergySource
from ..model.party import PartyId
from ..model.preference import Preference
from ..model.zone import FeeTree, ZoneId
from .pairing import EnergyOfPairs, Parcel, match
from .rationing import Claim, TieBreak, ration
from .sheet import Network


class Round(StrEnum):
    """Why two parties were joined."""

    AGREED = "agreed"
    NEIGHBOUR = "neighbour"
    SOURCE = "source"
    NEAREST = "nearest"
    """In the same zone, or in the lowest zone both can reach, short of the root."""

    REST = "rest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """A trade, and the round that joined its parties."""

    round: Round
    trade: Trade


type Pair = tuple[PartyId, PartyId]
"""Seller and buyer."""


def assign(
    book: OrderBook,
    tree: FeeTree,
    result: ClearingResult,
    *,
    agreed: Sequence[Pair] = (),
    preferences: Sequence[Preference] = (),
    sources: Mapping[PartyId, EnergySource] | None = None,
) -> tuple[Supply, ...]:
    """Return who supplies whom, ascending by seller, then buyer, then round.

    ``sources`` says what a seller's energy is made from, where that is known.
    """
    desk = _Desk.of(book, tree, result)
    desk.join(Round.AGREED, agreed)
    for wishes in _neighbour_rounds(preferences):
        desk.join(Round.NEIGHBOUR, wishes)
    for rank in range(max((len(p.sources) for p in preferences), default=0)):
        wishing = {
            p.party: p.sources[rank] for p in preferences if rank < len(p.sources)
        }
        desk.join(
            Round.SOURCE,
            (
                (seller, buyer)
                for seller, source in sorted((sources or {}).items())
                for buyer, wish in sorted(wishing.items())
                if wish is source
            ),
        )
    desk.join_nearest()
    return desk.supplies(result)


def _neighbour_rounds(preferences: Sequence[Preference]) -> Iterable[list[Pair]]:
    """Yield the pairs of each rank; a pair ranks as the keener of the two sees it."""
    ranks: dict[Pair, int] = {}
    for preference in preferences:
        for rank, neighbour in enumerate(preference.neighbours):
            for pair in (
                (preference.party, neighbour),
                (neighbour, preference.party),
            ):
                ranks[pair] = min(rank, ranks.get(pair, rank))
    for rank in sorted(set(ranks.values())):
        yield sorted(pair for pair in ranks if ranks[pair] == rank)


@dataclass(frozen=True, slots=True)
class _Desk:
    """What is still to be joined: energy of parties, and of flows over edges."""

    tree: FeeTree
    tie_break: TieBreak
    zone_of: Mapping[PartyId, ZoneId]
    supply_wh: dict[PartyId, int]
    demand_wh: dict[PartyId, int]
    flow_wh: dict[ZoneId, int]
    """Net export over each edge; negative: import."""

    joined_wh: dict[tuple[PartyId, PartyId, Round], int]

    @classmethod
    def of(cls, book: OrderBook, tree: FeeTree, result: ClearingResult) -> Self:
        supply: dict[PartyId, int] = {}
        demand: dict[PartyId, int] = {}
        for fill in result.fills:
            energy_wh = supply if fill.side is Side.SELL else demand
            energy_wh[fill.party] = energy_wh.get(fill.party, 0) + fill.energy_wh
        return cls(
            tree,
            TieBreak.of(book.period, book.seed),
            {placed.order.party: placed.zone for placed in book.orders},
            supply,
            demand,
            {flow.zone: flow.export_wh for flow in result.flows},
            {},
        )

    def join(self, reason: Round, pairs: Iterable[Pair]) -> None:
        """Join all ``pairs`` as equals: what is short is shared pro rata."""
        buyers_of: dict[PartyId, list[PartyId]] = {}
        for seller, buyer in pairs:
            if self.supply_wh.get(seller) and self.demand_wh.get(buyer):
                buyers_of.setdefault(seller, []).append(buyer)
        for seller in sorted(buyers_of, key=self.tie_break.party_key):
            buyers = sorted(buyers_of[seller], key=self.tie_break.party_key)
            reach = [self._reach(seller, buyer) for buyer in buyers]
            claims = [
                Claim(energy_wh, party=buyer)
                for buyer, energy_wh in zip(buyers, reach, strict=True)
            ]
            total_wh = min(self.supply_wh[seller], sum(reach))
            shares = ration(total_wh, claims, self.tie_break)
            for buyer, share_wh in zip(buyers, shares, strict=True):
                # Earlier shares may have used the way that later ones need.
                self._record(
                    seller, buyer, min(share_wh, self._reach(seller, buyer)), reason
                )

    def _reach(self, seller: PartyId, buyer: PartyId) -> int:
        """Return what ``buyer`` needs, as far as flows lead there from ``seller``."""
        up, down = self._way(seller, buyer)
        return max(
            0,
            min(
                self.demand_wh[buyer],
                *(self.flow_wh[zone] for zone in up),
                *(-self.flow_wh[zone] for zone in down),
                self.supply_wh[seller],
            ),
        )

    def _way(
        self, seller: PartyId, buyer: PartyId
    ) -> tuple[list[ZoneId], list[ZoneId]]:
        """Return the zones whose edges the way goes up and down."""
        up = [zone.id for zone in self.tree.path_to_root(self.zone_of[seller])]
        down = [zone.id for zone in self.tree.path_to_root(self.zone_of[buyer])]
        shared = set(up) & set(down)
        return (
            [zone for zone in up if zone not in shared],
            [zone for zone in down if zone not in shared],
        )

    def _record(
        self, seller: PartyId, buyer: PartyId, energy_wh: int, reason: Round
    ) -> None:
        if not energy_wh:
            return
        up, down = self._way(seller, buyer)
        for zone in up:
            self.flow_wh[zone] -= energy_wh
        for zone in down:
            self.flow_wh[zone] += energy_wh
        self.supply_wh[seller] -= energy_wh
        self.demand_wh[buyer] -= energy_wh
        key = (seller, buyer, reason)
        self.joined_wh[key] = self.joined_wh.get(key, 0) + energy_wh

    def join_nearest(self) -> None:
        """Join what is left, from the lowest zones upwards, as the auction would."""
        network = Network.of(self.tree)
        number = {name: zone for zone, name in enumerate(network.names)}
        offers: list[list[Parcel]] = [[] for _ in network.names]
        bids: list[list[Parcel]] = [[] for _ in network.names]
        for pools, left_wh in ((offers, self.supply_wh), (bids, self.demand_wh)):
            for party, energy_wh in sorted(left_wh.items()):
                if energy_wh:
                    pools[number[self.zone_of[party]]].append((party, energy_wh))
        for zone in reversed(range(len(offers))):
            for child in network.children[zone]:
                offers[zone] += offers[child]
                bids[zone] += bids[child]
            found: EnergyOfPairs = {}
            offers[zone], bids[zone] = match(offers[zone], bids[zone], found)
            for (seller, buyer), energy_wh in found.items():
                far = zone == 0 and self.zone_of[seller] != self.zone_of[buyer]
                key = (seller, buyer, Round.REST if far else Round.NEAREST)
                self.joined_wh[key] = self.joined_wh.get(key, 0) + energy_wh
        assert not offers[0], "every sold Wh is bought"
        assert not bids[0], "every bought Wh is sold"

    def supplies(self, result: ClearingResult) -> tuple[Supply, ...]:
        """Return what was joined, each party at the price of its own zone."""
        prices = result.zone_prices
        return tuple(
            Supply(
                round=reason,
                trade=Trade(
                    seller=seller,
                    buyer=buyer,
                    energy_wh=self.joined_wh[seller, buyer, reason],
                    seller_price_micro_per_kwh=prices[self.zone_of[seller]],
                    buyer_price_micro_per_kwh=prices[self.zone_of[buyer]],
                ),
            )
            for seller, buyer, reason in sorted(self.joined_wh)
        )
