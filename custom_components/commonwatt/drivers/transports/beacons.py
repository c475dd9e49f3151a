"""The beacons a member goes by: the latest of the others, and when to light its own.

Refuses to close a box with a key whose owner has revoked it.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ...engine.model.party import PartyId
from ...engine.wire.certificate import SessionCertificate
from .beacon import Beacon
from .credentials import Credentials
from .roster import Roster

BEACON_SECONDS: Final = 6 * 3600.0
"""How often our own beacon is lit anew."""


class Beacons:
    """The latest beacon of every other member."""

    def __init__(self, roster: Roster) -> None:
        """Begin with nobody seen."""
        self._roster: Final = roster
        self._latest: Final[dict[PartyId, Beacon]] = {}

    def __contains__(self, party: PartyId) -> bool:
        """Tell whether a beacon of ``party`` was seen."""
        return party in self._latest

    def __getitem__(self, party: PartyId) -> Beacon:
        """Return the latest beacon of a party that was seen."""
        return self._latest[party]

    @property
    def latest(self) -> Mapping[PartyId, Beacon]:
        """All of them."""
        return MappingProxyType(self._latest)

    def take(self, beacon: Beacon) -> bool:
        """Keep a beacon if it replaces what is known; tell whether it does."""
        known = self._latest.get(beacon.party)
        if known is not None and not beacon.replaces(known):
            return False
        self._latest[beacon.party] = beacon
        return True

    def forget(self, party: PartyId) -> None:
        """Forget a party."""
        self._latest.pop(party, None)

    def forget_revoked(self) -> tuple[Beacon, ...]:
        """Take out the beacons of keys that somebody else may hold."""
        revoked = tuple(
            beacon
            for beacon in self._latest.values()
            if self._roster.has_revoked(beacon.certificate)
        )
        for beacon in revoked:
            del self._latest[beacon.party]
        return revoked


class Lamp:
    """Our own beacon: since when it is lit, and under which key."""

    def __init__(self, credentials: Credentials) -> None:
        """Begin in the dark."""
        self._credentials: Final = credentials
        self._lit_at: float | None = None
        self._certificate: SessionCertificate | None = None

    def lit(self, beacon: Beacon, now: float) -> None:
        """Note that others are shown this one now."""
        self._lit_at = now
        self._certificate = beacon.certificate

    def is_low(self, now: float) -> bool:
        """Tell whether to light a new one: in good time, or under a new key."""
        if self._lit_at is None or now - self._lit_at >= BEACON_SECONDS:
            return True
        return self._credentials.session().certificate != self._certificate
