"""Ballots that were faster than the motion they are on: they wait for it a while."""

from collections import deque
from typing import Final

from ..model.community import Ballot
from ..wire.envelope import Envelope

EARLY_MAX: Final = 256
"""So many wait at most; the oldest go first."""


class EarlyBallots:
    """What members said about motions that have not arrived."""

    def __init__(self) -> None:
        """Let nobody wait yet."""
        self._waiting: Final[deque[tuple[Envelope, Ballot]]] = deque(maxlen=EARLY_MAX)

    def keep(self, envelope: Envelope, ballot: Ballot) -> None:
        """Let a ballot wait."""
        self._waiting.append((envelope, ballot))

    def take(self, motion: bytes) -> list[tuple[Envelope, Ballot]]:
        """Return the ballots on a motion that has arrived, in their order."""
        found = [one for one in self._waiting if one[1].motion == motion]
        for one in found:
            self._waiting.remove(one)
        return found
