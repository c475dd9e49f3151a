"""What a round is told before it begins."""

from dataclasses import dataclass

from ..model.party import Charter, PartyId
from ..model.period import DeliveryPeriod
from .electorate import Electorate
from .timing import RoundTiming


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundRules:
    """Who takes part, in whose name we do, and by which clock."""

    me: PartyId
    charter: Charter
    electorate: Electorate
    timing: RoundTiming

    @property
    def is_voter(self) -> bool:
        """Tell whether this member has a vote."""
        return self.me in self.electorate.voters

    def proposer(self, period: DeliveryPeriod, attempt: int) -> PartyId:
        """Return the voter whose turn it is to propose."""
        return self.electorate.proposer(number=period.number, attempt=attempt)

    def is_my_turn(self, period: DeliveryPeriod, attempt: int) -> bool:
        """Tell whether this member is the one to propose."""
        return self.proposer(period, attempt) == self.me
