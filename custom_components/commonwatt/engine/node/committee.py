"""Who may read what concerns a delivery period: everybody, or a committee.

Owns the answer for each period; knows neither readings nor orders.
"""

from typing import Final

from ..model.party import Charter, CommunityId, PartyId, PrivacyMode
from ..model.period import DeliveryPeriod
from ..peer import Electorate, Statutes, electorate_of

PERIODS_KEPT: Final = 256
OUTSIDE_FEW: Final = 25
"""So many members outside a committee are spoken to twice."""


class Committee:
    """The committee of a private community, as one member knows it."""

    __slots__ = ("_drawn", "_me", "_places", "_statutes")

    def __init__(self, me: PartyId, statutes: Statutes) -> None:
        """Go by the charter in force in each period."""
        self._me: Final = me
        self._statutes: Final = statutes
        self._drawn: Final[dict[DeliveryPeriod, tuple[Charter, Electorate | None]]] = {}
        self._places: tuple[Charter, dict[PartyId, int]] | None = None

    def at(self, period: DeliveryPeriod) -> Electorate | None:
        """Return the committee of a period; None where everybody settles."""
        charter = self._statutes.at(period)
        known = self._drawn.get(period)
        if known is not None and known[0] is charter:
            return known[1]
        drawn = _drawn(charter, self._statutes.community, period)
        self._drawn[period] = (charter, drawn)
        if len(self._drawn) > PERIODS_KEPT:
            del self._drawn[min(self._drawn)]
        return drawn

    def reads(self, party: PartyId, period: DeliveryPeriod) -> bool:
        """Tell whether ``party`` may see orders and readings of a period."""
        committee = self.at(period)
        return committee is None or party in committee.voters

    def settles(self, period: DeliveryPeriod) -> bool:
        """Tell whether this member settles a period itself."""
        return self.reads(self._me, period)

    def circle(self, period: DeliveryPeriod) -> tuple[PartyId, ...] | None:
        """Return who is told orders and readings; None: everybody."""
        committee = self.at(period)
        return None if committee is None else committee.voters

    def members(self, period: DeliveryPeriod) -> tuple[PartyId, ...]:
        """Return all members in a period, ascending."""
        return tuple(self._ranking(period))

    def place(self, party: PartyId, period: DeliveryPeriod) -> int | None:
        """Return where a party stands among all members; None for a stranger."""
        return self._ranking(period).get(party)

    def wards(self, period: DeliveryPeriod) -> tuple[PartyId, ...]:
        """Return whom this member of the committee is to show their parts.

        Two members of the committee are to speak to each member that is none, so that
        one may be away; in a large community one is.  Who hears from nobody asks.
        """
        committee = self.at(period)
        if committee is None or self._me not in committee.voters:
            return ()
        voters = committee.voters
        mine = voters.index(self._me)
        others = (m.party for m in self._statutes.at(period).members)
        outside = [party for party in others if party not in voters]
        speakers = 2 if len(outside) <= OUTSIDE_FEW else 1
        return tuple(
            party
            for number, party in enumerate(outside)
            if (mine - number - period.number) % len(voters) < speakers
        )

    def _ranking(self, period: DeliveryPeriod) -> dict[PartyId, int]:
        """Return everybody's place; asked for in every turn, so it is kept."""
        charter = self._statutes.at(period)
        if self._places is None or self._places[0] is not charter:
            parties = sorted(member.party for member in charter.members)
            self._places = charter, {party: n for n, party in enumerate(parties)}
        return self._places[1]


def _drawn(
    charter: Charter, community: CommunityId, period: DeliveryPeriod
) -> Electorate | None:
    if charter.privacy is PrivacyMode.OPEN:
        return None
    return electorate_of(charter, community, period)
