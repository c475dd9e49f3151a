"""What does not change from one round to the next."""

from dataclasses import dataclass

from ..model.party import Charter, PartyId
from ..model.period import DeliveryPeriod
from .timing import RoundTiming


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundRules:
    """Who takes part, in whose name we do, and by which clock."""

    me: PartyId
    charter: Charter
    timing: RoundTiming

    def proposer(self, period: DeliveryPeriod, attempt: int) -> PartyId:
        """Return the member whose turn it is to propose."""
        index = self.charter.proposer_index(
            period_number=period.number, attempt=attempt
        )
        return self.charter.members[index].party

    def is_my_turn(self, period: DeliveryPeriod, attempt: int) -> bool:
        """Tell whether this member is the one to propose."""
        return self.proposer(period, attempt) == self.me
