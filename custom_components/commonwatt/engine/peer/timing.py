"""When the steps of a round are due, relative to the delivery period it is about."""

from dataclasses import dataclass
import itertools
from typing import Final

from ..model.period import MINUTE_MS, SECOND_MS, DeliveryPeriod, Instant, after

FEW: Final = 10
"""Up to twice as many members give signs of life as often as they can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundTiming:
    """The clock of a round.  Every member of a community uses the same."""

    bidding_ms: int = 6 * MINUTE_MS
    """How long before the period's start a home commits to its order."""

    gate_closure_ms: int = 5 * MINUTE_MS
    """How long before the start the last commitment is accepted."""

    reveal_closure_ms: int = 4 * MINUTE_MS
    """How long before the start the last order may be revealed."""

    attempt_ms: int = 30 * SECOND_MS
    """How long one proposer has before the next one proposes."""

    open_attempt_ms: int = 2 * MINUTE_MS
    """The same once delivery has begun and nothing is urgent any more."""

    readings_ms: int = 5 * MINUTE_MS
    """How long after the period's end a meter reading is waited for."""

    heartbeat_ms: int = 5 * MINUTE_MS
    """Longest silence of a member that is online, in a small community."""

    presence_ms: int = 11 * MINUTE_MS
    """Silence after which a member counts as offline, in a small community."""

    def __post_init__(self) -> None:
        """Refuse a round whose steps do not follow each other."""
        steps = (self.bidding_ms, self.gate_closure_ms, self.reveal_closure_ms)
        if any(a <= b for a, b in itertools.pairwise(steps)):
            raise ValueError("bidding, gate closure and reveal closure are in order")
        if not 0 < self.attempt_ms <= self.reveal_closure_ms:
            raise ValueError("at least one proposer has its turn before delivery")
        if min(self.open_attempt_ms, self.readings_ms, self.heartbeat_ms) <= 0:
            raise ValueError("attempts, readings and heartbeats take time")
        if self.presence_ms <= self.heartbeat_ms:
            raise ValueError("a member may be silent between two heartbeats")

    def bidding(self, period: DeliveryPeriod) -> Instant:
        """Return when homes commit to their orders."""
        return after(period.start, -self.bidding_ms)

    def gate_closure(self, period: DeliveryPeriod) -> Instant:
        """Return the first instant at which a commitment is too late."""
        return after(period.start, -self.gate_closure_ms)

    def reveal_closure(self, period: DeliveryPeriod) -> Instant:
        """Return the first instant at which a reveal is too late; proposing begins."""
        return after(period.start, -self.reveal_closure_ms)

    def heartbeat(self, members: int) -> int:
        """Return the longest silence of a member of so large a community, in ms.

        Everybody hears everybody's heart beat: in a large community it beats slowly,
        lest there be more of that than of all else.
        """
        return self.heartbeat_ms * max(1, members // FEW)

    def silence(self, members: int) -> int:
        """Return after how long a silence a member counts as offline, in ms."""
        return self.presence_ms * max(1, members // FEW)

    def readings_due(self, period: DeliveryPeriod) -> Instant:
        """Return when settlement goes ahead without the readings that are missing."""
        return after(period.end, self.readings_ms)

    @property
    def attempts_before_delivery(self) -> int:
        """How many proposers have their turn before the period starts."""
        return self.reveal_closure_ms // self.attempt_ms

    def attempt(self, period: DeliveryPeriod, now: Instant) -> int:
        """Return whose attempt it is, counted from 0 at reveal closure.

        Follows from the clock alone, so that members agree on it without a word.
        """
        if now < period.start:
            passed = max(0, now - self.reveal_closure(period)) // self.attempt_ms
            return min(passed, self.attempts_before_delivery - 1)
        passed = (now - period.start) // self.open_attempt_ms
        return self.attempts_before_delivery + passed

    def attempt_ends(self, period: DeliveryPeriod, now: Instant) -> Instant:
        """Return when the attempt under way at ``now`` gives way to the next."""
        attempt = self.attempt(period, now) + 1
        late = attempt - self.attempts_before_delivery
        if late < 0:
            return after(self.reveal_closure(period), attempt * self.attempt_ms)
        return after(period.start, late * self.open_attempt_ms)
