"""Signing in a member's name behind its node's back."""

from typing import Final

from ...model.party import CommunityId, PartyId
from ...model.period import HOUR_MS, Instant
from ...node import Sessions
from ...wire.envelope import seal
from ...wire.messages import Message

BEYOND: Final = 1_000 * HOUR_MS
"""Where the numbers of forged envelopes begin: far from those the node uses."""


class Seal:
    """A liar's own key."""

    def __init__(
        self, party: PartyId, *, sessions: Sessions, community: CommunityId
    ) -> None:
        """Take the key; nothing is forged yet."""
        self.party: Final = party
        self.now = Instant(0)
        """By the liar's clock."""

        self._sessions: Final = sessions
        self._community: Final = community
        self._next = 0

    def sign(self, message: Message, *, sequence: int | None = None) -> bytes:
        """Sign anything, with a fresh number or one that was used before."""
        self._next += 1
        fresh = self.now + BEYOND + self._next
        return seal(
            message,
            community=self._community,
            author=self.party,
            sequence=fresh if sequence is None else sequence,
            sent_at=self.now,
            key=self._sessions.at(self.now).key,
        )
