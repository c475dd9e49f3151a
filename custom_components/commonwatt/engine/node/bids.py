"""When this home bids, and what for: one order for each period it still can."""

from collections.abc import Sequence
from typing import Final

from ..model.order import Order, Step
from ..model.origin import EnergySource
from ..model.party import Mechanism, PartyId
from ..model.period import DeliveryPeriod, Instant
from ..model.preference import WISHES_MAX, Preference
from ..peer import order_wh_max
from .agreements import Agreements
from .config import NodeConfig
from .household import Household
from .rounds import Rounds
from .settling import Settling


class Bids:
    """Places the order of every period when it is time to."""

    def __init__(
        self,
        config: NodeConfig,
        *,
        household: Household,
        rounds: Rounds,
        settling: Settling,
        agreements: Agreements,
        now: Instant,
    ) -> None:
        """Begin with the first period whose gate is open."""
        self._config: Final = config
        self._household: Final = household
        self._rounds: Final = rounds
        self._settling: Final = settling
        self._agreements: Final = agreements
        self._preference: Preference | None = None
        self._latest = self._latest_closed(now)
        """The latest period bid for, or too late to bid for."""

    def prefer(
        self, neighbours: Sequence[PartyId], sources: Sequence[EnergySource]
    ) -> None:
        """Learn whom and what this home would rather trade with, the dearest first."""
        wish = Preference(
            party=self._config.party,
            neighbours=tuple(neighbours[:WISHES_MAX]),
            sources=tuple(sources[:WISHES_MAX]),
        )
        self._preference = wish if wish.neighbours or wish.sources else None

    def deadline(self) -> Instant:
        """Return when to bid next."""
        return self._config.timing.bidding(self._latest.next())

    def drive(self, now: Instant) -> None:
        """Bid for every period it is time to bid for."""
        timing = self._config.timing
        while now >= timing.bidding(self._latest.next()):
            period = self._latest = self._latest.next()
            if now >= timing.gate_closure(period):
                continue
            self._rounds.begin(period)
            self._settling.expect(period)
            if not self._rounds.has_committed(period):
                self._place_order(period, now)

    def _place_order(self, period: DeliveryPeriod, now: Instant) -> None:
        charter, party = self._config.charter_at(period), self._config.party
        if charter.member(party) is None:
            return
        energy_wh_max = order_wh_max(charter)
        if charter.mechanism is Mechanism.SHARING:
            steps: tuple[Step, ...] | None = ()  # contracts and gifts still count
        else:
            steps = self._household.wish(period, energy_wh_max=energy_wh_max)
        if steps is not None:
            order = Order.of(party, period, *steps)
            pledges = self._agreements.pledges(period, order, self._household.tariff)
            self._rounds.commit(
                order, now, pledges=pledges, preference=self._preference
            )
            self._agreements.note_pledged(period, pledges)

    def _latest_closed(self, now: Instant) -> DeliveryPeriod:
        period = DeliveryPeriod.containing(now)
        while now >= self._config.timing.gate_closure(period.next()):
            period = period.next()
        return period
