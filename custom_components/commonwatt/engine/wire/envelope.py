"""Envelopes: a message, its author and the author's signature, as bytes.

``unseal`` checks from cheap to dear: size, form, community, membership, then one
signature, and only then the body.  A stranger never causes a signature to be checked,
and nobody but a member a body to be parsed.  Clauses: section 3 of
``docs/reference/wire-format.md``.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from ..model.community import Invitation, SyncPage
from ..model.party import CommunityId, PartyId
from ..model.period import Instant
from .bodies import decode_body, encode_body, kind_of
from .bounds import BOUNDS, ENVELOPE_SIZE_MAX
from .canonical import INTEGER_MAX, CanonicalError, decode, encode
from .certificate import check_certificate
from .domain import Domain, separated, tagged_digest
from .fields import (
    array,
    array_of,
    byte_string,
    community_bytes,
    instant,
    integer,
    party_bytes,
    read_party,
)
from .keyring import KeyRing
from .keys import SIGNATURE_BYTES, Signer
from .messages import JoinRequest, Message, MessageKind, Presence
from .rejection import Rejected, RejectionReason
from .verifier import Verifier

VERSION: Final = 1
COMMUNITY_TAG_BYTES: Final = 4
"""So much of the community's name travels; all of it is signed."""

SMALL_BYTES_MAX: Final = 4 * 1024
OPENED_KEPT: Final = 1024
"""So many small envelopes are not parsed again when they come round once more."""

_OUTER_ITEMS_MAX: Final = 3
_HEAD_ITEMS_MAX: Final = 16
_HEAD_FIELDS: Final = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A message that its author has signed."""

    author: PartyId
    sequence: int
    sent_at: Instant
    message: Message
    data: bytes
    """The sealed bytes, to keep as evidence or to pass on."""

    @property
    def digest(self) -> bytes:
        """Name of these very bytes."""
        return tagged_digest(Domain.SEALED, self.data)


def seal(
    message: Message,
    *,
    community: CommunityId,
    author: PartyId,
    sequence: int,
    sent_at: Instant,
    key: Signer,
) -> bytes:
    """Sign ``message`` and return the bytes to send.

    The ``sequence`` must be new: two envelopes with one number contradict each other.
    Raises CanonicalError for a book that is too large to be sent.
    """
    name = community_bytes(community)
    signed_part = encode(
        (
            VERSION,
            name[:COMMUNITY_TAG_BYTES],
            party_bytes(author),
            kind_of(message),
            sequence,
            sent_at,
            encode_body(message, author=author),
        )
    )
    signature = key.sign(separated(Domain.ENVELOPE, name + signed_part))
    return encode((signed_part, signature))


def unseal(data: bytes, *, keys: KeyRing, verify: Verifier) -> Envelope | Rejected:
    """Return the envelope ``data`` is, or why it is refused.  Never raises.

    A Presence is checked against the certificate it brings, all else against the keys
    in force when it claims to have been sent.  Whether that was long ago, and whether
    the sequence was seen before, is for the caller to judge.
    """
    opened = _open(data)
    if isinstance(opened, Rejected):
        return opened
    refusal = _refuse_outsiders(opened, keys)
    if refusal is not None:
        return refusal
    candidates = _session_keys(opened, keys, verify)
    if isinstance(candidates, Rejected):
        return candidates
    payload = separated(
        Domain.ENVELOPE, community_bytes(keys.community) + opened.signed_part
    )
    if not any(
        verify(public_key=key, signature=opened.signature, payload=payload)
        for key in candidates
    ):
        return Rejected(RejectionReason.BAD_SIGNATURE)
    return opened.envelope(data)


def peek(data: bytes) -> Envelope | Rejected:
    """Read an envelope without asking whether it is genuine.  Never raises.

    For its author, and for whoever looks on from outside; a member unseals.
    """
    opened = _open(data)
    return opened if isinstance(opened, Rejected) else opened.envelope(data)


@dataclass(slots=True, kw_only=True, eq=False)
class _Opened:
    """An envelope of the right form that nobody has checked yet.

    Its body is read when somebody has, and then once.
    """

    signed_part: bytes
    signature: bytes
    tag: bytes
    author: PartyId
    kind: MessageKind
    sequence: int
    sent_at: Instant
    body: bytes
    _read: Envelope | Rejected | None = None

    def envelope(self, data: bytes) -> Envelope | Rejected:
        """Return what ``data``, which this is, says."""
        if self._read is None:
            self._read = _envelope(self, data)
        return self._read


def _open(data: bytes) -> _Opened | Rejected:
    if len(data) > ENVELOPE_SIZE_MAX:
        return Rejected(RejectionReason.TOO_LONG)
    return _open_small(data) if len(data) <= SMALL_BYTES_MAX else _open_any(data)


def _open_any(data: bytes) -> _Opened | Rejected:
    try:
        return _parse(data)
    except CanonicalError:
        return Rejected(RejectionReason.NOT_CANONICAL)
    except ValueError:
        return Rejected(RejectionReason.NOT_AN_ENVELOPE)


_open_small: Final = lru_cache(maxsize=OPENED_KEPT)(_open_any)
"""Members pass on what they hear: the same bytes come from several."""


def _parse(data: bytes) -> _Opened | Rejected:
    outer, signature = array_of(decode(data, items_max=_OUTER_ITEMS_MAX), 2)
    signed_part = byte_string(outer)
    head = array(decode(signed_part, items_max=_HEAD_ITEMS_MAX))
    if integer(array_of(head[:1], 1)[0], least=0, most=INTEGER_MAX) != VERSION:
        return Rejected(RejectionReason.UNKNOWN_VERSION)
    _, tag, author, kind, sequence, sent_at, body = array_of(head, _HEAD_FIELDS)
    number = integer(kind, least=0, most=INTEGER_MAX)
    if number not in MessageKind:
        return Rejected(RejectionReason.UNKNOWN_KIND)
    return _Opened(
        signed_part=signed_part,
        signature=byte_string(signature, SIGNATURE_BYTES),
        tag=byte_string(tag, COMMUNITY_TAG_BYTES),
        author=read_party(author),
        kind=MessageKind(number),
        sequence=integer(sequence, least=0, most=INTEGER_MAX),
        sent_at=instant(sent_at),
        body=byte_string(body),
    )


def _refuse_outsiders(opened: _Opened, keys: KeyRing) -> Rejected | None:
    if opened.tag != community_bytes(keys.community)[:COMMUNITY_TAG_BYTES]:
        return Rejected(RejectionReason.WRONG_COMMUNITY)
    is_guest = opened.kind is MessageKind.JOIN_REQUEST
    if keys.household_key(opened.author) is None and not is_guest:
        return Rejected(RejectionReason.STRANGER)
    if len(opened.body) > BOUNDS[opened.kind].size_max:
        return Rejected(RejectionReason.TOO_LONG)
    return None


def _guest_key(
    opened: _Opened, keys: KeyRing, verify: Verifier
) -> tuple[bytes] | Rejected:
    """Return the key of a stranger that a member has invited.

    A stranger without an invitation costs one signature check at most.
    """
    try:
        message = decode_body(opened.kind, opened.body, author=opened.author)
    except ValueError:
        return Rejected(RejectionReason.STRANGER)
    assert isinstance(message, JoinRequest)
    if read_invitation(message.invitation, keys=keys, verify=verify) is None:
        return Rejected(RejectionReason.STRANGER)
    rejected = check_certificate(
        message.certificate,
        community=keys.community,
        at=opened.sent_at,
        verify=verify,
    )
    return rejected or (message.certificate.session_key,)


def read_invitation(
    data: bytes, *, keys: KeyRing, verify: Verifier
) -> tuple[PartyId, Invitation] | None:
    """Return who invites, and to what; None if no member has signed it."""
    opened = _open(data)
    if isinstance(opened, Rejected) or opened.kind is not MessageKind.INVITATION:
        return None
    envelope = unseal(data, keys=keys, verify=verify)
    if isinstance(envelope, Rejected):
        return None
    assert isinstance(envelope.message, Invitation), "the kind says so"
    return envelope.author, envelope.message


def read_page(data: bytes, *, community: CommunityId) -> SyncPage | None:
    """Return the page in an envelope of whoever; what it says proves itself."""
    opened = _open(data)
    if isinstance(opened, Rejected) or opened.kind is not MessageKind.SYNC_PAGE:
        return None
    if opened.tag != community_bytes(community)[:COMMUNITY_TAG_BYTES]:
        return None
    try:
        message = decode_body(opened.kind, opened.body, author=opened.author)
    except ValueError:
        return None
    assert isinstance(message, SyncPage), "the kind says so"
    return message


def _session_keys(
    opened: _Opened, keys: KeyRing, verify: Verifier
) -> tuple[bytes, ...] | Rejected:
    if opened.kind is MessageKind.JOIN_REQUEST:
        return _guest_key(opened, keys, verify)
    if opened.kind is not MessageKind.PRESENCE:
        candidates = keys.session_keys(opened.author, opened.sent_at)
        return candidates or Rejected(RejectionReason.NO_SESSION_KEY)
    try:
        message = decode_body(opened.kind, opened.body, author=opened.author)
    except ValueError:
        return Rejected(RejectionReason.CERTIFICATE_MALFORMED)
    assert isinstance(message, Presence)
    rejected = keys.judge(message.certificate, at=opened.sent_at, verify=verify)
    return rejected or (message.certificate.session_key,)


def _envelope(opened: _Opened, data: bytes) -> Envelope | Rejected:
    try:
        message = decode_body(opened.kind, opened.body, author=opened.author)
    except ValueError:
        return Rejected(RejectionReason.MALFORMED)
    return Envelope(
        author=opened.author,
        sequence=opened.sequence,
        sent_at=opened.sent_at,
        message=message,
        data=data,
    )
