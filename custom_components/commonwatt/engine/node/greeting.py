"""Saying hello after a silence or with a new key, and watching who is there."""

from typing import Final

from ..model.party import PartyId
from ..model.period import MINUTE_MS, DeliveryPeriod, Instant, after
from ..peer import Presence
from .config import NodeConfig
from .door import Door
from .outbox import Outbox

HELLO_HEARTBEATS: Final = 3
"""Once in so many a node says hello however much it says: who has missed by which key
cannot read it."""

WAKING_MS: Final = MINUTE_MS
"""So often while it wakes: nobody answers a question that nobody can read."""


class Greeting:
    """Keeps the others aware that this node is there."""

    def __init__(self, config: NodeConfig, outbox: Outbox, door: Door) -> None:
        """Begin with nothing said."""
        self._config: Final = config
        self._outbox: Final = outbox
        self._door: Final = door
        self._announced: bytes | None = None
        self._greeted_at = Instant(0)

    @property
    def deadline(self) -> Instant | None:
        """When to say hello again unless something else is said; None: nothing yet."""
        said_at = self._outbox.said_at
        return None if said_at is None else after(said_at, self._heartbeat_ms)

    @property
    def _heartbeat_ms(self) -> int:
        members = len(self._config.statutes.latest.members)
        return self._config.timing.heartbeat(members)

    def drive(self, now: Instant) -> None:
        """Say hello, if it is time to."""
        certificate = self._outbox.session(now).certificate
        due = self.deadline
        is_silent = due is None or now >= due
        rest_ms = HELLO_HEARTBEATS * self._heartbeat_ms
        if self._outbox.is_waking:
            rest_ms = WAKING_MS
        is_due = now >= after(self._greeted_at, rest_ms)
        if is_silent or is_due or certificate.session_key != self._announced:
            self._announced = certificate.session_key
            self._greeted_at = now
            self._door.trust(certificate, now)
            self._door.note_presence(self._outbox.say_hello(now))


def watch_members(config: NodeConfig) -> Presence:
    """Begin to watch who is there; of the others nobody has been heard yet."""
    return Presence(
        me=config.party,
        members=(member.party for member in config.charter.members),
        silence=config.timing.silence,
    )


def members_to_watch(config: NodeConfig, now: Instant) -> frozenset[PartyId]:
    """Return the members of today and of tomorrow: who leaves votes until then."""
    charters = (
        config.charter_at(DeliveryPeriod.containing(now)),
        config.statutes.latest,
    )
    return frozenset(one.party for each in charters for one in each.members)
