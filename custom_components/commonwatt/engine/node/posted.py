"""What the community posted, as the books of a chain keep it.

Owns the accounts of the members on a chain.  Posts nothing and keeps nothing: a period
is known here as long as it can be corrected, and is then in somebody's books.
"""

from typing import Final

from ..ledger.batch import day_of
from ..ledger.chain.settled_period import SettledPeriod
from ..model.party import Charter, PartyId
from ..model.period import DeliveryPeriod, Instant
from ..wire.ethereum import Address, address_of
from .config import NodeConfig
from .settling import Settling


class Posted:
    """The settled periods of one node, whole."""

    def __init__(self, config: NodeConfig, settling: Settling) -> None:
        """Look at what ``settling`` has settled."""
        self._config: Final = config
        self._settling: Final = settling
        self._addresses: Final[dict[PartyId, Address]] = {}

    @property
    def periods(self) -> tuple[DeliveryPeriod, ...]:
        """The periods that are settled and can be corrected, ascending."""
        return self._settling.correctable

    def of(self, period: DeliveryPeriod) -> SettledPeriod | None:
        """Return a period as it is settled now; None if this home has not all of it."""
        settlement = self._settling.whole(period)
        register = self._settling.certified(period)
        if settlement is None or register is None:
            return None
        charter = self._config.charter_at(period)
        return SettledPeriod.of(settlement, register, self._accounts(charter))

    def closed_until(self, now: Instant) -> int:
        """Return the last UTC day for which nothing will be booked any more."""
        current = DeliveryPeriod.containing(now)
        return day_of(min(self._settling.first_open or current, current)) - 1

    @property
    def charter(self) -> tuple[Charter, DeliveryPeriod]:
        """The last charter decided on, and the period in which it comes into force."""
        statutes = self._config.statutes
        return statutes.latest, statutes.since

    def _accounts(self, charter: Charter) -> dict[PartyId, Address]:
        """Return the account of every member: the address of its household key."""
        for member in charter.members:
            if member.party not in self._addresses:
                self._addresses[member.party] = address_of(member.household_key)
        return {m.party: self._addresses[m.party] for m in charter.members}
