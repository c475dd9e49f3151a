"""Session keys of a household, derived from one secret: a new one every 30 days."""

import hashlib
import hmac
from typing import Final

from ..model.community import SessionRevocation
from ..model.party import Charter, CommunityId, Member
from ..model.period import Instant
from ..model.zone import FeeTree
from ..wire.certificate import CERTIFICATE_MS_MAX, certify
from ..wire.digests import community_id
from ..wire.keys import HouseholdKey, SessionKey
from ..wire.revocation import revoke
from .config import NodeConfig, Session

SECRET_BYTES: Final = 32


class DerivedSessions:
    """Sessions in months of 30 days since the epoch, the same whenever asked."""

    def __init__(
        self, household: HouseholdKey, *, secret: bytes, community: CommunityId
    ) -> None:
        """Take 32 secret bytes that are used for nothing else."""
        assert len(secret) >= SECRET_BYTES, "a shorter secret could be guessed"
        self._household: Final = household
        self._secret: Final = secret
        self._community: Final = community
        self._current: Session | None = None
        self._renewed_at = Instant(0)

    def at(self, now: Instant) -> Session:
        """Return the session of the month ``now`` lies in, or of its rest."""
        first, current = self._first(now), self._current
        if current is None or current.certificate.valid_from != first:
            current = self._current = self._derived(first)
        return current

    def renew(self, at: Instant) -> None:
        """Begin a session of its own at ``at``, which lasts until the month is over.

        Asking again for the same or an earlier instant changes nothing.
        """
        self._renewed_at = max(self._renewed_at, at)

    def revoke(self, before: Instant) -> SessionRevocation:
        """Return the household's word that keys certified before count no more."""
        return revoke(self._household, community=self._community, before=before)

    def _first(self, now: Instant) -> Instant:
        month = Instant(now // CERTIFICATE_MS_MAX * CERTIFICATE_MS_MAX)
        return self._renewed_at if month < self._renewed_at <= now else month

    def _derived(self, first: Instant) -> Session:
        month = first // CERTIFICATE_MS_MAX
        message = b"commonwatt/session/1" + month.to_bytes(8)
        if first % CERTIFICATE_MS_MAX:
            message += first.to_bytes(8)
        key = SessionKey(hmac.digest(self._secret, message, hashlib.sha256))
        certificate = certify(
            household=self._household,
            session_key=key.public,
            community=self._community,
            valid_from=first,
            valid_until=Instant((month + 1) * CERTIFICATE_MS_MAX),
        )
        return Session(certificate=certificate, key=key)


def lone_config(household: HouseholdKey, *, salt_secret: bytes) -> NodeConfig:
    """Return the configuration of a home that belongs to no community yet.

    It is a community of one: the same rounds and books, with nobody to trade with.
    """
    tree = FeeTree.single()
    me = Member(
        party=household.party, zone=tree.root.id, household_key=household.public
    )
    charter = Charter(members=(me,), fee_tree=tree)
    return NodeConfig(
        party=household.party,
        community=community_id(charter),
        charter=charter,
        salt_secret=salt_secret,
    )
