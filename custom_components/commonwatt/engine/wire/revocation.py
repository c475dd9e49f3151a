"""Revoking session keys: the household's word that those of before count no more.

Clauses: ``docs/reference/wire-format.md``, section 5.
"""

from ..model.community import SessionRevocation
from ..model.party import CommunityId
from ..model.period import Instant
from .canonical import encode
from .domain import Domain, separated
from .fields import community_bytes
from .keys import HouseholdKey
from .verifier import Verifier


def revoke(
    household: HouseholdKey, *, community: CommunityId, before: Instant
) -> SessionRevocation:
    """Let ``household`` revoke all session keys it certified ``before`` an instant."""
    signature = household.sign(_signed_part(community, before))
    return SessionRevocation(before=before, signature=signature)


def is_genuine(
    revocation: SessionRevocation,
    *,
    community: CommunityId,
    household_key: bytes,
    verify: Verifier,
) -> bool:
    """Tell whether the household has said so."""
    return verify(
        public_key=household_key,
        signature=revocation.signature,
        payload=_signed_part(community, revocation.before),
    )


def _signed_part(community: CommunityId, before: Instant) -> bytes:
    value = (community_bytes(community), before)
    return separated(Domain.REVOCATION, encode(value))
