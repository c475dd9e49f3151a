"""Whose signature counts: household keys of a charter and the session keys they gave.

Refuses strangers.  The newest certificate wins: a home that starts afresh, from a
backup say, certifies a new session key, and soon its old one is worth nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from ..model.community import SessionRevocation
from ..model.party import CommunityId, Member, PartyId
from ..model.period import SECOND_MS, Instant, after
from .certificate import SessionCertificate, check_certificate
from .rejection import Rejected, RejectionReason
from .revocation import is_genuine
from .verifier import Verifier

CERTIFICATES_MAX: Final = 4
"""Certificates kept for each member: the one in force and some history to read by."""

OVERLAP_MS: Final = 10 * SECOND_MS
"""So long an old key counts beside the next: the clock of a home that starts afresh may
have gone back behind the last thing it signed, and others may hear that later."""


class KeyRing:
    """The keys one member knows of all members of its community."""

    def __init__(self, *, community: CommunityId, members: Iterable[Member]) -> None:
        """Know the household keys of ``members`` and no session key yet."""
        self.community: Final = community
        self._household_keys = {m.party: m.household_key for m in members}
        self._certificates: Final[dict[PartyId, tuple[SessionCertificate, ...]]] = {}
        self._revoked: Final[dict[PartyId, Instant]] = {}

    def replace(self, members: Iterable[Member]) -> None:
        """Know these members from now on; whoever is not among them is a stranger."""
        self._household_keys = {m.party: m.household_key for m in members}

    def revoke(
        self, party: PartyId, revocation: SessionRevocation, *, verify: Verifier
    ) -> bool:
        """Believe no key of a member certified before a revocation for what came since.

        Tell whether that is news; a revocation nobody signed is none.
        """
        household_key = self.household_key(party)
        is_known = revocation.before <= self._revoked.get(party, Instant(-1))
        if household_key is None or is_known:
            return False
        if not is_genuine(
            revocation,
            community=self.community,
            household_key=household_key,
            verify=verify,
        ):
            return False
        self._revoked[party] = revocation.before
        return True

    @property
    def revoked(self) -> Mapping[PartyId, Instant]:
        """Since when no key counts that a member certified earlier."""
        return dict(self._revoked)

    def household_key(self, party: PartyId) -> bytes | None:
        """Return the compressed public key of a member, or None for a stranger."""
        return self._household_keys.get(party)

    def session_key(self, party: PartyId, at: Instant) -> bytes | None:
        """Return the key that speaks for ``party`` at that instant, or None."""
        certificate = self._in_force(party, at)
        return None if certificate is None else certificate.session_key

    def session_keys(self, party: PartyId, at: Instant) -> tuple[bytes, ...]:
        """Return all keys that may have signed for ``party`` then, the newest first."""
        certificates = tuple(self._all_in_force(party, at))
        if not certificates:
            return ()
        overlap_over = after(certificates[0].valid_from, OVERLAP_MS)
        count = 2 if at < overlap_over else 1
        return tuple(one.session_key for one in certificates[:count])

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
        if self._is_revoked(certificate, at):
            return Rejected(RejectionReason.CERTIFICATE_REVOKED)
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
        return next(self._all_in_force(party, at), None)

    def _all_in_force(
        self, party: PartyId, at: Instant
    ) -> Iterator[SessionCertificate]:
        certificates = self._certificates.get(party, ())
        good = (c for c in certificates if c.in_force(at))
        return (c for c in good if not self._is_revoked(c, at))

    def _is_revoked(self, certificate: SessionCertificate, at: Instant) -> bool:
        before = self._revoked.get(certificate.party)
        return before is not None and certificate.valid_from < before <= at
