"""A simulated network: envelopes take their time, a different one each.

Loses and repeats nothing; every delay follows from the seed and the order of sending.
"""

from collections.abc import Callable, Mapping
from typing import Final

from ..model.party import PartyId
from ..model.period import after
from ..node import Outgoing
from .events import EventQueue
from .homes.dice import Dice

DELAY_MS_MIN: Final = 5
DELAY_MS_MAX: Final = 60

type Receive = Callable[[bytes], None]


class Network:
    """Carries envelopes between the members of one neighbourhood."""

    def __init__(self, queue: EventQueue, *, seed: int) -> None:
        """Connect nobody yet."""
        self._queue: Final = queue
        self._dice: Final = Dice(seed, "network")
        self._members: Final[dict[PartyId, Receive]] = {}

    def join(self, party: PartyId, receive: Receive) -> None:
        """Let a member in."""
        self._members[party] = receive

    def send(self, sender: PartyId, outgoing: Outgoing) -> None:
        """Bring an envelope to whom it is for, after a while."""
        for party, receive in self._addressees(sender, outgoing).items():
            assert party != sender, "nobody writes to itself"
            delay_ms = self._dice.between(DELAY_MS_MIN, DELAY_MS_MAX)
            self._queue.plan(
                after(self._queue.now, delay_ms), _delivery(receive, outgoing.data)
            )

    def _addressees(
        self, sender: PartyId, outgoing: Outgoing
    ) -> Mapping[PartyId, Receive]:
        return {
            party: receive
            for party, receive in self._members.items()
            if party != sender and outgoing.to in {None, party}
        }


def _delivery(receive: Receive, data: bytes) -> Callable[[], None]:
    return lambda: receive(data)
