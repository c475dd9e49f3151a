"""Who is online: members heard from lately.  Any message is a sign of life."""

from collections.abc import Callable, Iterable
from typing import Final

from ..model.party import PartyId
from ..model.period import Instant, after


class Presence:
    """When each member was heard from last."""

    __slots__ = ("_heard", "_me", "_members", "_online", "_quiet_until", "_silence")

    def __init__(
        self,
        *,
        me: PartyId,
        members: Iterable[PartyId],
        silence: Callable[[int], int],
    ) -> None:
        """Know the members, none of them heard yet; ``me`` is online by definition.

        ``silence`` returns after how long a silence one of so many members counts as
        offline, in ms.
        """
        self._me: Final = me
        self._members = frozenset(members)
        self._silence: Final = silence
        self._heard: Final[dict[PartyId, Instant]] = {}
        self._online: set[PartyId] = {me}
        self._quiet_until = Instant(-1)
        """Until then nobody can have been silent for too long."""

    def __contains__(self, party: PartyId) -> bool:
        return party in self._members

    def replace(self, members: Iterable[PartyId]) -> None:
        """Watch these members from now on."""
        self._members = frozenset(members)
        self._online &= self._members | {self._me}
        self._quiet_until = Instant(-1)

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

    @property
    def _silence_ms(self) -> int:
        return self._silence(len(self._members))

    def silenced(self, now: Instant) -> tuple[PartyId, ...]:
        """Return, once, the members that have become silent, ascending."""
        if now < self._quiet_until:
            return ()
        silence_ms = self._silence_ms
        lost = tuple(
            party
            for party in sorted(self._online - {self._me})
            if now >= after(self._heard[party], silence_ms)
        )
        self._online -= set(lost)
        self._quiet_until = self.deadline() or now
        return lost

    def deadline(self) -> Instant | None:
        """Return when the next member will count as silent; None if nobody is heard."""
        others = self._online - {self._me}
        if not others:
            return None
        return after(min(map(self._heard.__getitem__, others)), self._silence_ms)
