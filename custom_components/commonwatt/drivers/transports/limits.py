"""How much one peer may say: token buckets, sized by the community."""

from dataclasses import dataclass
from typing import Final, Self

from ...engine.wire.bodies import ENVELOPE_SIZE_MAX

PENALTY_SECONDS: Final = 60.0
"""How long a peer that said too much is not listened to."""

_MESSAGES_BURST: Final = 256
_MESSAGES_BURST_PER_MEMBER: Final = 16
_BYTES_BURST: Final = 4 * 1024 * 1024
_BYTES_BURST_PER_MEMBER: Final = 64 * 1024
_REFILL_SECONDS: Final = 60.0
"""A bucket that was emptied is full again after so long."""


class TokenBucket:
    """Lets ``burst`` through at once, and as much again every ``refill_s``."""

    def __init__(self, burst: float, *, refill_s: float, now: float) -> None:
        """Begin full."""
        self._burst: Final = burst
        self._rate: Final = burst / refill_s
        self._left = burst
        self._at = now

    def take(self, amount: float, now: float) -> bool:
        """Take ``amount`` out; False, and nothing is taken, if there is not enough."""
        self._left = min(self._burst, self._left + (now - self._at) * self._rate)
        self._at = now
        if amount > self._left:
            return False
        self._left -= amount
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one peer may say at once, and again every minute."""

    messages: int
    size: int

    @classmethod
    def of(cls, members: int) -> Self:
        """Return the limits in a community of so many members.

        A peer may bring what all others said, not only what it says itself.
        """
        return cls(
            messages=_MESSAGES_BURST + _MESSAGES_BURST_PER_MEMBER * members,
            size=_BYTES_BURST + _BYTES_BURST_PER_MEMBER * members,
        )

    @classmethod
    def of_guest(cls) -> Self:
        """Return the limits of somebody who is no member: enough to join."""
        return cls(messages=64, size=4 * ENVELOPE_SIZE_MAX)


class Allowance:
    """What is left of the limits of one peer."""

    def __init__(self, limits: Limits, *, now: float, pace: int = 1) -> None:
        """Begin with all of it; where life goes faster there is more to say."""
        refill_s = _REFILL_SECONDS / pace
        self._messages: Final = TokenBucket(limits.messages, refill_s=refill_s, now=now)
        self._size: Final = TokenBucket(limits.size, refill_s=refill_s, now=now)

    def take(self, size: int, now: float) -> bool:
        """Tell whether a message of ``size`` bytes may still come in."""
        return self._messages.take(1, now) and self._size.take(size, now)
