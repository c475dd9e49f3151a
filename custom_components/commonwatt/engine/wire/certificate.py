"""Session certificates: a household key vouches for a session key, for 30 days at most.

Time is whatever clock ``at`` was read from; a simulated month is a month.
Clauses: ``docs/reference/wire-format.md``, section 5.
"""

from dataclasses import dataclass
from typing import Final

from ..model.party import CommunityId, PartyId
from ..model.period import DAY_MS, Instant, after
from .canonical import encode
from .domain import Domain, separated
from .fields import community_bytes
from .keys import (
    HOUSEHOLD_KEY_BYTES,
    SESSION_KEY_BYTES,
    SIGNATURE_BYTES,
    HouseholdKey,
    party_id,
)
from .rejection import Rejected, RejectionReason
from .verifier import Verifier

CERTIFICATE_MS_MAX: Final = 30 * DAY_MS


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionCertificate:
    """The session key of a party in a community, on ``[valid_from, valid_until)``.

    The community is not a field: it is part of what is signed, so that a certificate
    shown elsewhere is a forgery there.
    """

    party: PartyId
    household_key: bytes
    session_key: bytes
    valid_from: Instant
    valid_until: Instant
    signature: bytes

    def __post_init__(self) -> None:
        """Refuse keys and signatures of the wrong length and an empty validity."""
        lengths = (len(self.household_key), len(self.session_key), len(self.signature))
        if lengths != (HOUSEHOLD_KEY_BYTES, SESSION_KEY_BYTES, SIGNATURE_BYTES):
            raise ValueError(f"keys and signature have {lengths} bytes")
        if self.valid_from >= self.valid_until:
            raise ValueError("a certificate ends after it begins")

    def in_force(self, at: Instant) -> bool:
        """Tell whether the session key may sign at that instant."""
        return self.valid_from <= at < self.valid_until


def certify(
    *,
    household: HouseholdKey,
    session_key: bytes,
    community: CommunityId,
    valid_from: Instant,
    valid_until: Instant | None = None,
) -> SessionCertificate:
    """Let ``household`` vouch for ``session_key``, for 30 days if nothing is said."""
    if valid_until is None:
        valid_until = after(valid_from, CERTIFICATE_MS_MAX)
    assert valid_until - valid_from <= CERTIFICATE_MS_MAX, "nobody would accept it"
    payload = _signed_part(
        community=community,
        session_key=session_key,
        valid_from=valid_from,
        valid_until=valid_until,
    )
    return SessionCertificate(
        party=household.party,
        household_key=household.public,
        session_key=session_key,
        valid_from=valid_from,
        valid_until=valid_until,
        signature=household.sign(payload),
    )


def check_certificate(
    certificate: SessionCertificate,
    *,
    community: CommunityId,
    at: Instant,
    verify: Verifier,
) -> Rejected | None:
    """Return why ``certificate`` is no good at that instant, or None if it is."""
    if certificate.party != party_id(certificate.household_key):
        return Rejected(RejectionReason.CERTIFICATE_OF_ANOTHER)
    if certificate.valid_until - certificate.valid_from > CERTIFICATE_MS_MAX:
        return Rejected(RejectionReason.CERTIFICATE_TOO_LONG)
    if not certificate.in_force(at):
        return Rejected(RejectionReason.CERTIFICATE_NOT_IN_FORCE)
    genuine = verify(
        public_key=certificate.household_key,
        signature=certificate.signature,
        payload=_signed_part(
            community=community,
            session_key=certificate.session_key,
            valid_from=certificate.valid_from,
            valid_until=certificate.valid_until,
        ),
    )
    return None if genuine else Rejected(RejectionReason.CERTIFICATE_FORGED)


def _signed_part(
    *,
    community: CommunityId,
    session_key: bytes,
    valid_from: Instant,
    valid_until: Instant,
) -> bytes:
    value = (community_bytes(community), session_key, valid_from, valid_until)
    return separated(Domain.CERTIFICATE, encode(value))
