"""Who is online: members heard from lately.  Any message is a sign of life."""

from collections.abc import Iterable
from typing import Final

from ..model.party import PartyId
from ..model.period import Instant, after


class Presence:
    """When each member was heard from last."""

    __slots__ = ("_heard", "_me", "_members", "_online", "_silence_ms")

    def __init__(
        self, *, me: PartyId, members: Iterable[PartyId], silence_ms: int
    ) -> None:
        """Know the members, none of them heard yet; ``me`` is online by definition."""
        self._me: Final = me
        self._members = frozenset(members)
        self._silence_ms: Final = silence_ms
        self._heard: Final[dict[PartyId, Instant]] = {}
        self._online: set[PartyId] = {me}

    def __contains__(self, party: PartyId) -> bool:
        return party in self._members

    def replace(self, members: Iterable[PartyId]) -> None:
        """Watch these members from now on."""
        self._members = frozenset(members)
        self._online &= self._members | {self._me}

    @property
    def online(self) -> frozenset[PartyId]:
        """Members that count as online."""
        return frozenset(self._online)

    def heard(self, party: PartyId, now: Instant) -> bool:
        """Note a sign of life; return whether the member comes back from silence."""
        assert party in self._members, "strangers are refused at the door"
        self._heard[party] = max(now, self._heard.get(party, now))
        returned = party not in self._online
        self._online.add(party)
        return returned

    def silenced(self, now: Instant) -> tuple[PartyId, ...]:
        """Return, once, the members that have become silent, ascending."""
        lost = tuple(
            party
            for party in sorted(self._online - {self._me})
            if now >= after(self._heard[party], self._silence_ms)
        )
        self._online -= set(lost)
        return lost

    def deadline(self) -> Instant | None:
        """Return when the next member will count as silent; None if nobody is heard."""
        others = self._online - {self._me}
        if not others:
            return None
        return after(min(map(self._heard.__getitem__, others)), self._silence_ms)
