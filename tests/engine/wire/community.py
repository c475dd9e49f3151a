"""A small community with keys, for tests that need somebody to sign."""

from dataclasses import dataclass
import hashlib
from typing import Final

from custom_components.commonwatt.engine.model.party import CommunityId, Member, PartyId
from custom_components.commonwatt.engine.model.period import Instant
from custom_components.commonwatt.engine.model.zone import ZoneId
from custom_components.commonwatt.engine.wire.certificate import (
    SessionCertificate,
    certify,
)
from custom_components.commonwatt.engine.wire.envelope import seal
from custom_components.commonwatt.engine.wire.keyring import KeyRing
from custom_components.commonwatt.engine.wire.keys import HouseholdKey, SessionKey
from custom_components.commonwatt.engine.wire.messages import Message
from custom_components.commonwatt.engine.wire.verifier import verify

COMMUNITY: Final = CommunityId("c0" * 32)
ANOTHER_COMMUNITY: Final = CommunityId("ab" * 32)
NOW: Final = Instant(1_795_298_400_000)


def secret(name: str) -> bytes:
    """Return 32 bytes that are anything but secret."""
    return hashlib.sha256(name.encode()).digest()


@dataclass(frozen=True)
class Home:
    """A household with its keys."""

    household: HouseholdKey
    session: SessionKey

    @classmethod
    def called(cls, name: str) -> Home:
        """Return the home of that name, always with the same keys."""
        return cls(HouseholdKey(secret(name)), SessionKey(secret(f"{name}'s session")))

    @property
    def party(self) -> PartyId:
        """Name on the wire."""
        return self.household.party

    @property
    def member(self) -> Member:
        """Place in the community."""
        return Member(
            party=self.party, zone=ZoneId("lane"), household_key=self.household.public
        )

    def certificate(
        self,
        *,
        session: SessionKey | None = None,
        community: CommunityId = COMMUNITY,
        valid_from: Instant = NOW,
        valid_until: Instant | None = None,
    ) -> SessionCertificate:
        """Vouch for a session key, from ``NOW`` on for 30 days if nothing is said."""
        return certify(
            household=self.household,
            session_key=(session or self.session).public,
            community=community,
            valid_from=valid_from,
            valid_until=valid_until,
        )

    def seal(
        self,
        message: Message,
        *,
        community: CommunityId = COMMUNITY,
        sequence: int = 1,
        sent_at: Instant = NOW,
    ) -> bytes:
        """Sign a message with the session key."""
        return seal(
            message,
            community=community,
            author=self.party,
            sequence=sequence,
            sent_at=sent_at,
            key=self.session,
        )


ALICE: Final = Home.called("Alice")
BOB: Final = Home.called("Bob")
EVE: Final = Home.called("Eve")


def key_ring(*homes: Home, community: CommunityId = COMMUNITY) -> KeyRing:
    """Return a ring that has learnt the certificates of all ``homes``."""
    ring = KeyRing(community=community, members=[home.member for home in homes])
    for home in homes:
        certificate = home.certificate(community=community)
        assert ring.learn(certificate, at=NOW, verify=verify) is None
    return ring
