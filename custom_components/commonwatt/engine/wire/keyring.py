"""Whose signature counts: household keys of a charter and the session keys they gave.

Refuses strangers.  The newest certificate wins: a home that starts afresh, from a
backup say, certifies a new session key, and from then on its old one is worth nothing.
"""

from collections.abc import Iterable
from typing import Final

from ..model.party import CommunityId, Member, PartyId
from ..model.period import Instant
from .certificate import SessionCertificate, check_certificate
from .rejection import Rejected, RejectionReason
from .verifier import Verifier

CERTIFICATES_MAX: Final = 4
"""Certificates kept for each member: the one in force and some history to read by."""


class KeyRing:
    """The keys one member knows of all members of its community."""

    def __init__(self, *, community: CommunityId, members: Iterable[Member]) -> None:
        """Know the household keys of ``members`` and no session key yet."""
        self.community: Final = community
        self._household_keys = {m.party: m.household_key for m in members}
        self._certificates: Final[dict[PartyId, tuple[SessionCertificate, ...]]] = {}

    def replace(self, members: Iterable[Member]) -> None:
        """Know these members from now on; whoever is not among them is a stranger."""
        self._household_keys = {m.party: m.household_key for m in members}

    def household_key(self, party: PartyId) -> bytes | None:
        """Return the compressed public key of a member, or None for a stranger."""
        return self._household_keys.get(party)

    def session_key(self, party: PartyId, at: Instant) -> bytes | None:
        """Return the key that speaks for ``party`` at that instant, or None."""
        certificate = self._in_force(party, at)
        return None if certificate is None else certificate.session_key

    def judge(
        self, certificate: SessionCertificate, *, at: Instant, verify: Verifier
    ) -> Rejected | None:
        """Return why ``certificate`` does not count at that instant; None: it does."""
        household_key = self.household_key(certificate.party)
        if household_key is None:
            return Rejected(RejectionReason.STRANGER)
        if household_key != certificate.household_key:
            return Rejected(RejectionReason.CERTIFICATE_OF_ANOTHER)
        known = self._in_force(certificate.party, at)
        if known == certificate:
            return None
        if known is not None and known.valid_from >= certificate.valid_from:
            return Rejected(RejectionReason.CERTIFICATE_SUPERSEDED)
        return check_certificate(
            certificate, community=self.community, at=at, verify=verify
        )

    def learn(
        self, certificate: SessionCertificate, *, at: Instant, verify: Verifier
    ) -> Rejected | None:
        """Remember ``certificate`` if it counts at that instant, else say why not."""
        rejected = self.judge(certificate, at=at, verify=verify)
        if rejected is None:
            known = {certificate, *self._certificates.get(certificate.party, ())}
            newest_first = sorted(known, key=lambda c: c.valid_from, reverse=True)
            self._certificates[certificate.party] = tuple(
                newest_first[:CERTIFICATES_MAX]
            )
        return rejected

    def _in_force(self, party: PartyId, at: Instant) -> SessionCertificate | None:
        certificates = self._certificates.get(party, ())
        return next((c for c in certificates if c.in_force(at)), None)
