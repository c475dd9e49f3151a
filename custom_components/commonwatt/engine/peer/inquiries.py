"""Members that repeat their vote on what is decided: they lack something."""

from typing import Final

from ..model.party import PartyId


class Inquiries:
    """Who asks, and who was answered in which attempt."""

    __slots__ = ("_answered_in", "_asking")

    def __init__(self) -> None:
        self._asking: Final[set[PartyId]] = set()
        self._answered_in: Final[dict[PartyId, int]] = {}

    def add(self, party: PartyId) -> None:
        """Note that a member asks."""
        self._asking.add(party)

    def clear(self) -> None:
        """Leave it to somebody else to answer."""
        self._asking.clear()

    def next(self, attempt: int) -> PartyId | None:
        """Return a member to answer now: each at most once in an attempt."""
        while self._asking:
            party = min(self._asking)
            self._asking.remove(party)
            if self._answered_in.get(party) != attempt:
                self._answered_in[party] = attempt
                return party
        return None
