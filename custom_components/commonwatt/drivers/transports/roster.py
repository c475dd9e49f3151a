"""Who may talk to us: the members of the community, and the keys they are known by."""

from collections.abc import Iterable, Mapping
from typing import Final

from ...engine.model.party import CommunityId, Member, PartyId
from ...engine.model.period import Instant
from ...engine.wire.certificate import SessionCertificate, check_certificate
from ...engine.wire.domain import Domain, tagged_digest
from ...engine.wire.fields import community_bytes, party_bytes
from ...engine.wire.rejection import Rejected, RejectionReason
from ...engine.wire.verifier import MemoVerifier, Verifier

MEETING_PLACE_BYTES: Final = 8


class Roster:
    """The members of one community, as the charter in force names them."""

    def __init__(
        self,
        *,
        community: CommunityId,
        members: Iterable[Member] | None,
        revoked: Mapping[PartyId, Instant] | None = None,
        verify: Verifier | None = None,
    ) -> None:
        """Know the ``members``; their certificates are checked once each.

        A guest does not know them yet (None) and talks to whoever has a certificate
        for this community.  ``revoked`` is what members have revoked before.
        """
        self.community: Final = community
        self.meeting_place: Final = meeting_place(community)
        self.verify: Final = verify or MemoVerifier(entries_max=1024)
        self._household_keys: dict[PartyId, bytes] | None = None
        self._revoked: Final = dict(revoked or {})
        if members is not None:
            self.replace(members)

    def replace(self, members: Iterable[Member]) -> None:
        """Go by a new charter: whoever it does not name is a stranger from now on."""
        self._household_keys = {m.party: m.household_key for m in members}

    def revoke(self, party: PartyId, before: Instant) -> None:
        """Believe no session key that ``party`` certified before an instant."""
        self._revoked[party] = max(before, self._revoked.get(party, before))

    def has_revoked(self, certificate: SessionCertificate) -> bool:
        """Tell whether its owner has revoked a certificate."""
        before = self._revoked.get(certificate.party)
        return before is not None and certificate.valid_from < before

    def bell(self, party: PartyId) -> str:
        """Return the tag under which one member is asked for at a shared address."""
        return meeting_place(self.community, salt=party_bytes(party))

    def __contains__(self, party: PartyId) -> bool:
        """Tell whether ``party`` is a member."""
        return self._household_keys is None or party in self._household_keys

    def __len__(self) -> int:
        """Return how many members there are."""
        return len(self._household_keys or ())

    @property
    def parties(self) -> tuple[PartyId, ...]:
        """The members, as far as they are known."""
        return tuple(sorted(self._household_keys or ()))

    def names(self, party: PartyId) -> bool:
        """Tell whether the charter, which we know, names ``party``."""
        return party in (self._household_keys or ())

    def judge(self, certificate: SessionCertificate, *, at: Instant) -> Rejected | None:
        """Return why ``certificate`` proves nobody's identity at that instant.

        Whether its owner is a member is another question: a guest has a good one too.
        """
        known = (self._household_keys or {}).get(certificate.party)
        if known not in {None, certificate.household_key}:
            return Rejected(RejectionReason.CERTIFICATE_OF_ANOTHER)
        if self.has_revoked(certificate):
            return Rejected(RejectionReason.CERTIFICATE_REVOKED)
        return check_certificate(
            certificate, community=self.community, at=at, verify=self.verify
        )


def meeting_place(community: CommunityId, *, salt: bytes = b"") -> str:
    """Return the tag under which members find each other: it tells strangers nothing.

    With a ``salt`` nobody can even tell that two tags are of the same community.
    """
    payload = salt + community_bytes(community)
    return tagged_digest(Domain.MEETING_PLACE, payload)[:MEETING_PLACE_BYTES].hex()
