"""Topics of a community on a broker, one for each party and purpose.

One topic for each party, never a wildcard, so that whoever says too much can be left
out alone, and so that a broker's access rules can give each party its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
import re
from typing import Final

from ....engine.model.party import PartyId

PREFIX: Final = "commonwatt/1"

_PARTY: Final = re.compile(r"[0-9a-f]{40}")


class Purpose(StrEnum):
    """What a topic is for."""

    ALL = "all"
    """From one to all."""

    TO = "to"
    """From one to one."""

    BEACON = "beacon"
    """Retained: how the one can be reached."""

    DOOR = "door"
    """From somebody who is no member yet."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a message came in, and so whom it claims to be from."""

    purpose: Purpose
    party: PartyId


class Topics:
    """The topics of one member."""

    def __init__(self, meeting_place: str, me: PartyId) -> None:
        """Name topics by the community's tag, which tells strangers nothing."""
        self._root: Final = f"{PREFIX}/{meeting_place}"
        self._me: Final = me

    @property
    def all(self) -> str:
        """Where we speak to all."""
        return f"{self._root}/{Purpose.ALL}/{self._me}"

    @property
    def beacon(self) -> str:
        """Where our beacon is kept."""
        return f"{self._root}/{Purpose.BEACON}/{self._me}"

    @property
    def door(self) -> str:
        """Where we speak while we are a guest."""
        return f"{self._root}/{Purpose.DOOR}/{self._me}"

    @property
    def doors(self) -> str:
        """Where all guests speak: the one wildcard there is."""
        return f"{self._root}/{Purpose.DOOR}/+"

    @property
    def from_anybody(self) -> tuple[str, ...]:
        """What a guest listens to, who knows no member yet."""
        return (
            f"{self._root}/{Purpose.TO}/{self._me}/+",
            f"{self._root}/{Purpose.BEACON}/+",
        )

    def to(self, party: PartyId) -> str:
        """Where we speak to one."""
        return f"{self._root}/{Purpose.TO}/{party}/{self._me}"

    def of(self, parties: Iterable[PartyId]) -> frozenset[str]:
        """Return all topics on which these parties speak to us."""
        return frozenset(
            topic
            for party in parties
            for topic in (
                f"{self._root}/{Purpose.ALL}/{party}",
                f"{self._root}/{Purpose.BEACON}/{party}",
                f"{self._root}/{Purpose.TO}/{self._me}/{party}",
            )
        )

    def origin(self, topic: str) -> Origin | None:
        """Read a topic; None if nobody speaks to us on it."""
        root, _, rest = topic.partition(self._root + "/")
        purpose, *parties = rest.split("/")
        if root or purpose not in Purpose or not parties:
            return None
        if purpose == Purpose.TO and parties[0] != self._me:
            return None
        if len(parties) != 1 + (purpose == Purpose.TO):
            return None
        if not _PARTY.fullmatch(parties[-1]):
            return None
        return Origin(Purpose(purpose), PartyId(parties[-1]))
