"""Who else belongs to the community, who of them is there, and what is amiss."""

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from homeassistant.util.json import JsonValueType

from ..data import Neighbour
from ..engine.model.party import Charter, PartyId
from ..engine.model.period import Instant
from ..engine.node import (
    CharterChanged,
    Event,
    MemberOffline,
    MemberOnline,
    NodeStatus,
    SessionsRevoked,
)
from ..engine.peer import OF_THE_NETWORK
from .directory import Directory
from .settings import CommunitySettings
from .ways import Ways


class Standing(StrEnum):
    """Where a home stands with its community."""

    ALONE = "alone"
    """It belongs to none."""

    GUEST = "guest"
    """It has asked to join and waits to be let in."""

    WAKING = "waking"
    """It has just started and asks the others what they last heard."""

    MEMBER = "member"
    REMOVED = "removed"
    """It has left, or the others have parted with it."""


class Circle:
    """The members of one community as one of them sees them."""

    def __init__(
        self,
        settings: CommunitySettings,
        *,
        charter: Charter,
        directory: Directory,
        ways: Ways,
    ) -> None:
        """Begin with nobody heard."""
        self.settings: Final = settings
        self.directory: Final = directory
        self.ways: Final = ways
        self.charter = charter
        """The last one decided on."""

        self._online: Final[set[PartyId]] = set()
        self._seen_at: Final[dict[PartyId, Instant]] = {}

    @property
    def me(self) -> PartyId:
        """This home."""
        return self.settings.party

    @property
    def others(self) -> tuple[PartyId, ...]:
        """All other members, in charter order."""
        return tuple(m.party for m in self.charter.members if m.party != self.me)

    @property
    def is_member(self) -> bool:
        """Tell whether this home still belongs."""
        return self.charter.member(self.me) is not None

    @property
    def anybody_online(self) -> bool:
        """Tell whether any other member has been heard lately."""
        return bool(self._online)

    def hear(self, events: Iterable[Event], now: Instant) -> None:
        """Take what the node reports."""
        for event in events:
            match event:
                case MemberOnline(party=party):
                    self._online.add(party)
                    self._seen_at[party] = now
                case MemberOffline(party=party):
                    self._online.discard(party)
                    self._seen_at[party] = now
                case CharterChanged(charter=charter):
                    self.charter = charter
                    self.ways.roster.replace(charter.members)
                    self._online.intersection_update(self.others)
                case SessionsRevoked(party=party, before=before):
                    self.ways.roster.revoke(party, before)
                case _:
                    pass

    def neighbours(self) -> tuple[Neighbour, ...]:
        """Return all other members as people see them."""
        return tuple(
            Neighbour(
                party=party,
                name=self.directory.name_of(party),
                kind="home",
                power_w=None,
                is_online=party in self._online,
            )
            for party in self.others
        )

    def peers(self, status: NodeStatus | None, now: Instant) -> list[JsonValueType]:
        """Return the health of every connection, for administrators."""
        faults: Counter[str] = Counter()
        if status is not None:
            for (blamed, fault), count in status.faults.items():
                faults[blamed or ""] += 0 if fault in OF_THE_NETWORK else count
        for (who, _), count in self.ways.refusals.counts.items():
            faults[who] += count
        return [self._peer(party, faults[party], now) for party in self.others]

    def _peer(self, party: PartyId, faults: int, now: Instant) -> JsonValueType:
        online = party in self._online
        return {
            "id": party,
            "name": self.directory.name_of(party),
            "online": online,
            "last_seen": now if online else self._seen_at.get(party),
            "transport": self._transport_of(party, online=online),
            "faults": faults,
            "rtt_ms": None,
        }

    def _transport_of(self, party: PartyId, *, online: bool) -> str | None:
        if party in self.ways.linked:
            return "http"
        broker = self.ways.broker
        return "mqtt" if online and broker is not None and broker.is_connected else None
