"""Who gave whom how much in a week, as far as scores ask: what comes back nets out.

Energy passed to and fro between two homes, or given in a circle, leaves nothing here.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ..ledger.allocation import DeliveryKind
from ..ledger.settlement import Settlement
from ..model.party import PartyId
from ..model.period import DeliveryPeriod
from ..model.units import div_floor
from .evidence import day_of
from .season import SEASON_FIRST_DAY

WEEK_DAYS: Final = 7


def week_of(period: DeliveryPeriod) -> int:
    """Return the week a period lies in; weeks begin on Monday, as seasons do."""
    return div_floor(day_of(period) - SEASON_FIRST_DAY, WEEK_DAYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekTally:
    """What went from whom to whom in one week, in Wh."""

    sold_wh: Counter[tuple[PartyId, PartyId]]
    """By seller and buyer, gifts apart."""

    given_wh: Counter[tuple[PartyId, PartyId]]
    """By giver and receiver."""

    def net_sold_wh(self, party: PartyId) -> int:
        """Return what a party sold to others beyond what it had of the same ones."""
        return sum(self._net(party, other) for other in self._partners(party))

    def net_bought_wh(self, party: PartyId) -> int:
        """Return what a party had of others beyond what it sold to the same ones."""
        return sum(self._net(other, party) for other in self._partners(party))

    def net_given_wh(self, party: PartyId) -> int:
        """Return what a party gave to anyone, less what anyone gave to it."""
        given = sum(wh for (giver, _), wh in self.given_wh.items() if giver == party)
        taken = sum(wh for (_, taker), wh in self.given_wh.items() if taker == party)
        return given - taken

    def _net(self, seller: PartyId, buyer: PartyId) -> int:
        return max(0, self.sold_wh[seller, buyer] - self.sold_wh[buyer, seller])

    def _partners(self, party: PartyId) -> set[PartyId]:
        pairs = [pair for pair in self.sold_wh if party in pair]
        return {one for pair in pairs for one in pair} - {party}


def tally_by_week(settlements: Iterable[Settlement]) -> dict[int, WeekTally]:
    """Add up deliveries week by week."""
    weeks: dict[int, WeekTally] = {}
    for settlement in settlements:
        week = weeks.setdefault(
            week_of(settlement.period),
            WeekTally(sold_wh=Counter(), given_wh=Counter()),
        )
        for delivery in settlement.deliveries:
            is_gift = delivery.kind is DeliveryKind.GIFT
            side = week.given_wh if is_gift else week.sold_wh
            side[delivery.seller, delivery.buyer] += delivery.energy_wh
    return weeks
