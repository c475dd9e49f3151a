"""Beacons: a member's signed word on how it can be reached.

A beacon carries the session certificate, the key of its boxes and, if the member can be
dialled, its addresses.  The latest one counts.  Clauses:
``docs/reference/transports.md``, section 2.
"""

from dataclasses import dataclass
from typing import Final

from ...engine.model.party import PARTY_ID_BYTES, PartyId
from ...engine.model.period import MINUTE_MS, Instant, after
from ...engine.wire.bodies import decode_body, encode_body
from ...engine.wire.canonical import CanonicalError, Value, decode, encode
from ...engine.wire.certificate import SessionCertificate
from ...engine.wire.domain import Domain, separated
from ...engine.wire.fields import (
    array,
    array_of,
    byte_string,
    community_bytes,
    instant,
    party_bytes,
    text,
)
from ...engine.wire.keys import SIGNATURE_BYTES
from ...engine.wire.messages import MessageKind, Presence
from ...engine.wire.rejection import Rejected, RejectionReason
from .box import BOX_KEY_BYTES
from .credentials import Credentials
from .roster import Roster

BEACON_SIZE_MAX: Final = 2_048
ADDRESSES_MAX: Final = 4
ADDRESS_LENGTH_MAX: Final = 256
AHEAD_MS_MAX: Final = 5 * MINUTE_MS
"""How far the clock of a member may be ahead of ours."""

_ITEMS_MAX: Final = 16
_FIELDS: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Beacon:
    """How a party can be reached, in its own words."""

    certificate: SessionCertificate
    box_key: bytes
    """X25519: boxes closed with it can be opened by this party only."""

    made_at: Instant
    addresses: tuple[str, ...]
    """Where it can be dialled; none behind most routers."""

    data: bytes
    """The signed bytes, to pass on."""

    @property
    def party(self) -> PartyId:
        """Whose beacon this is."""
        return self.certificate.party

    def replaces(self, earlier: Beacon) -> bool:
        """Tell whether this is the later one: of a newer key, or made later.

        Who has stolen a key can date a beacon as it likes, but not the certificate.
        """
        mine = (self.certificate.valid_from, self.made_at)
        return mine > (earlier.certificate.valid_from, earlier.made_at)


def light(
    credentials: Credentials,
    roster: Roster,
    *,
    box_key: bytes,
    addresses: tuple[str, ...],
) -> Beacon:
    """Make and sign our own beacon."""
    made_at = credentials.clock()
    session = credentials.session()
    told = tuple(
        address for address in addresses if len(address) <= ADDRESS_LENGTH_MAX
    )[:ADDRESSES_MAX]
    presence = Presence(certificate=session.certificate)
    signed_part = encode(
        (
            party_bytes(credentials.party),
            encode_body(presence, author=credentials.party),
            box_key,
            made_at,
            told,
        )
    )
    signature = session.key.sign(_payload(signed_part, roster))
    return Beacon(
        certificate=session.certificate,
        box_key=box_key,
        made_at=made_at,
        addresses=told,
        data=encode((signed_part, signature)),
    )


def read_beacon(
    data: bytes, roster: Roster, *, now: Instant, guests_welcome: bool = False
) -> Beacon | Rejected:
    """Return the beacon ``data`` is, or why it is refused.  Never raises.

    Form first, then membership, then two signatures.
    """
    try:
        beacon, signed_part, signature = _parse(data)
    except CanonicalError:
        return Rejected(RejectionReason.NOT_CANONICAL)
    except ValueError:
        return Rejected(RejectionReason.MALFORMED)
    if beacon.party not in roster and not guests_welcome:
        return Rejected(RejectionReason.STRANGER)
    if beacon.made_at > after(now, AHEAD_MS_MAX):
        return Rejected(RejectionReason.CERTIFICATE_NOT_IN_FORCE)
    rejected = roster.judge(beacon.certificate, at=now)
    if rejected is None and not roster.verify(
        public_key=beacon.certificate.session_key,
        signature=signature,
        payload=_payload(signed_part, roster),
    ):
        rejected = Rejected(RejectionReason.BAD_SIGNATURE)
    return rejected or beacon


def _parse(data: bytes) -> tuple[Beacon, bytes, bytes]:
    if len(data) > BEACON_SIZE_MAX:
        raise ValueError("too long")
    outer, signature = array_of(decode(data, items_max=3), 2)
    signed_part = byte_string(outer)
    fields = array_of(decode(signed_part, items_max=_ITEMS_MAX), _FIELDS)
    author, body, box_key, made_at, addresses = fields
    party = PartyId(byte_string(author, PARTY_ID_BYTES).hex())
    presence = decode_body(MessageKind.PRESENCE, byte_string(body), author=party)
    if not isinstance(presence, Presence):
        raise ValueError("no presence")  # noqa: TRY004  # a peer's fault
    beacon = Beacon(
        certificate=presence.certificate,
        box_key=byte_string(box_key, BOX_KEY_BYTES),
        made_at=instant(made_at),
        addresses=_addresses(addresses),
        data=data,
    )
    return beacon, signed_part, byte_string(signature, SIGNATURE_BYTES)


def _addresses(value: Value) -> tuple[str, ...]:
    addresses = tuple(text(address) for address in array(value))
    if len(addresses) > ADDRESSES_MAX:
        raise ValueError("too many addresses")
    if any(len(address) > ADDRESS_LENGTH_MAX for address in addresses):
        raise ValueError("an address too long")
    return addresses


def _payload(signed_part: bytes, roster: Roster) -> bytes:
    return separated(Domain.BEACON, community_bytes(roster.community) + signed_part)
