"""The door of the node: envelopes are opened here, and faults are counted.

Whoever comes in is a member, signed what is said, and has not used the sequence number
for something else before.
"""

from collections import Counter, OrderedDict
from collections.abc import Iterable, Mapping
from typing import Final

from ..ledger.journal import EntryKind
from ..model.community import Invitation, SessionRevocation
from ..model.party import Member, PartyId
from ..model.period import MINUTE_MS, Instant, after
from ..peer import Fault, Misdeed
from ..wire.certificate import SessionCertificate
from ..wire.envelope import Envelope, read_invitation, unseal
from ..wire.keyring import CERTIFICATES_MAX, KeyRing
from ..wire.messages import Presence
from ..wire.rejection import Rejected
from ..wire.verifier import Verifier
from .config import NodeConfig
from .events import PeerFault, SessionsRevoked
from .outbox import Outbox
from .records import revoked_body

SEQUENCES_KEPT: Final = 64
"""Latest sequence numbers of a member that are remembered with what they were for."""

EVIDENCE_MAX: Final = 8
"""Proofs of one fault of one member that are kept: the journal is not its to fill."""

AHEAD_MS_MAX: Final = 2 * MINUTE_MS
"""How far the clock of a member may be ahead of ours."""


class Door:
    """Opens envelopes; keeps keys, sequence numbers and the list of faults."""

    def __init__(self, config: NodeConfig, outbox: Outbox, verify: Verifier) -> None:
        """Let in the members of the charter and nobody else."""
        self._keys: Final = KeyRing(
            community=config.community, members=config.charter.members
        )
        self._outbox: Final = outbox
        self._verify: Final = verify
        self._presences: Final[dict[PartyId, dict[bytes, bytes]]] = {}
        self._revocations: Final[dict[PartyId, bytes]] = {}
        self._sequences: Final[dict[PartyId, OrderedDict[int, bytes]]] = {}
        self._recalled: Final[dict[PartyId, tuple[int, int | None]]] = {}
        """What we have told members about the life before the one that begins there."""

        self._faults: Final[Counter[tuple[PartyId | None, Fault]]] = Counter()

    @property
    def faults(self) -> Mapping[tuple[PartyId | None, Fault], int]:
        """How often who did what wrong."""
        return dict(self._faults)

    def open(self, data: bytes, now: Instant) -> Envelope | None:
        """Return the envelope ``data`` is; None if it is not let in."""
        envelope = self._unseal(data, now)
        if envelope is None:
            return None
        earlier = self._sequence_used_for(envelope)
        if earlier is not None and earlier != data:
            self.blame(
                Misdeed(
                    party=envelope.author,
                    fault=Fault.CONTRADICTION,
                    evidence=(earlier, data),
                ),
                now,
            )
        return envelope

    def admit(self, members: Iterable[Member]) -> None:
        """Let in these members from now on, and nobody else."""
        self._keys.replace(members)

    @property
    def verify(self) -> Verifier:
        """How signatures are checked."""
        return self._verify

    @property
    def presences(self) -> tuple[bytes, ...]:
        """The sealed Presences by which members are known, ascending by party."""
        parties = sorted(self._presences)
        return tuple(data for party in parties for data in self.presences_of(party))

    def presences_of(self, party: PartyId) -> tuple[bytes, ...]:
        """Return the sealed Presences by which a member is known, oldest key first.

        What it signed with an earlier key is read by the earlier one.
        """
        return tuple(self._presences.get(party, {}).values())

    def former_presences(self, envelope: Envelope) -> tuple[bytes, ...]:
        """Return the Presences of an author by keys that did not sign ``envelope``."""
        signed_with = self._keys.session_key(envelope.author, envelope.sent_at)
        known = self._presences.get(envelope.author, {})
        return tuple(data for key, data in known.items() if key != signed_with)

    def show_presences(self, party: PartyId, now: Instant) -> None:
        """Let everybody read what a member has signed, whichever key it was."""
        for data in self.presences_of(party):
            self._outbox.pass_on(data, now)

    def heard_from(self, party: PartyId, before: int) -> int | None:
        """Return the highest sequence below ``before`` that a member used in hearing.

        Once asked about a life of a member, we do not forget the answer.
        """
        used = (one for one in self._sequences.get(party, ()) if one < before)
        asked, answered = self._recalled.get(party, (before, None))
        known = [] if asked != before or answered is None else [answered]
        heard = max([*known, *used], default=None)
        self._recalled[party] = (before, heard)
        return heard

    def note_presence(self, envelope: Envelope) -> None:
        """Keep the Presence by which its author is known, one for each of its keys."""
        assert isinstance(envelope.message, Presence), "a Presence"
        known = self._presences.setdefault(envelope.author, {})
        known[envelope.message.certificate.session_key] = envelope.data
        if len(known) > CERTIFICATES_MAX:
            del known[next(iter(known))]

    def invited(self, invitation: bytes) -> tuple[PartyId, Invitation] | None:
        """Return who invites, and to what; None if no member has signed it."""
        return read_invitation(invitation, keys=self._keys, verify=self._verify)

    def trust(self, certificate: SessionCertificate, at: Instant) -> None:
        """Learn the certificate of this node's own session."""
        self._keys.learn(certificate, at=at, verify=_believe)

    def recall(self, data: bytes) -> Envelope | None:
        """Return an envelope from our own journal; None if its key is forgotten."""
        envelope = unseal(data, keys=self._keys, verify=_believe)
        if isinstance(envelope, Rejected):
            return None
        self._sequence_used_for(envelope)
        if isinstance(envelope.message, Presence):
            self.trust(envelope.message.certificate, envelope.sent_at)
            self.note_presence(envelope)
        return envelope

    def revoke(
        self, envelope: Envelope, revocation: SessionRevocation, now: Instant
    ) -> None:
        """Believe no earlier key of the author for what is signed since then."""
        party = envelope.author
        if self._keys.revoke(party, revocation, verify=self._verify):
            self._revocations[party] = envelope.data
            record = revoked_body((*self.presences_of(party), envelope.data))
            self._outbox.keep(EntryKind.REVOKED, record, now)
            self._outbox.report(SessionsRevoked(party=party, before=revocation.before))

    @property
    def revoked(self) -> Mapping[PartyId, Instant]:
        """Since when no session key counts that a member certified earlier."""
        return self._keys.revoked

    @property
    def revocations(self) -> tuple[bytes, ...]:
        """The sealed revocations of members, ascending by party."""
        return tuple(self._revocations[party] for party in sorted(self._revocations))

    def blame(self, misdeed: Misdeed | None, now: Instant) -> None:
        """Count what a member did wrong and keep the evidence; None is nothing."""
        if misdeed is None:
            return
        count = self._count(misdeed.party, misdeed.fault)
        for envelope in misdeed.evidence if count <= EVIDENCE_MAX else ():
            self._outbox.keep(EntryKind.RECEIVED, envelope, now)

    def turn_away(self, fault: Fault) -> None:
        """Count what somebody did who is nobody here."""
        self._count(None, fault)

    def _unseal(self, data: bytes, now: Instant) -> Envelope | None:
        opened = unseal(data, keys=self._keys, verify=self._verify)
        if isinstance(opened, Rejected):
            self._count(None, Fault.REJECTED)
            return None
        if opened.sent_at > after(now, AHEAD_MS_MAX):
            self._count(opened.author, Fault.OUT_OF_BOUNDS)
            return None
        if isinstance(opened.message, Presence):
            self._learn(opened, opened.message, now)
        return opened

    def _learn(self, envelope: Envelope, presence: Presence, now: Instant) -> None:
        before = self._keys.session_key(envelope.author, envelope.sent_at)
        self.note_presence(envelope)
        self._keys.learn(presence.certificate, at=envelope.sent_at, verify=self._verify)
        if self._keys.session_key(envelope.author, envelope.sent_at) != before:
            self._outbox.keep(EntryKind.RECEIVED, envelope.data, now)

    def _sequence_used_for(self, envelope: Envelope) -> bytes | None:
        used = self._sequences.setdefault(envelope.author, OrderedDict())
        earlier = used.setdefault(envelope.sequence, envelope.data)
        if len(used) > SEQUENCES_KEPT:
            used.popitem(last=False)
        return None if earlier is envelope.data else earlier

    def _count(self, party: PartyId | None, fault: Fault) -> int:
        """Count a fault and report the first of its kind, lest a flood be repeated."""
        self._faults[party, fault] += 1
        if self._faults[party, fault] == 1:
            self._outbox.report(PeerFault(party=party, fault=fault))
        return self._faults[party, fault]


def _believe(*, public_key: bytes, signature: bytes, payload: bytes) -> bool:  # noqa: ARG001  # what the journal holds was checked when it came in
    return True
