"""Two members prove to each other who they are, and agree on keys for their link.

Hello, hello, proof, proof.  The hellos carry X25519 keys that are used once; a proof is
a beacon and a signature over both of them, by the session key the beacon names.  A
stranger costs one key agreement and sees nobody's identity.  After the Noise pattern
XX, with signatures in the place of static keys.  No sockets here.
Clauses: ``docs/reference/transports.md``, section 3.
"""

from collections.abc import Mapping
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from ....engine.model.party import PartyId
from ....engine.wire.canonical import decode, encode
from ....engine.wire.domain import Domain, separated
from ....engine.wire.fields import array_of, byte_string, community_bytes
from ....engine.wire.keys import SIGNATURE_BYTES
from ....engine.wire.rejection import Rejected, RejectionReason
from ..beacon import Beacon, read_beacon
from ..box import BOX_KEY_BYTES, BoxKey, derive
from ..credentials import Credentials
from ..refusals import Refusal
from ..roster import Roster

MAGIC: Final = b"CW\x02"
HELLO_BYTES: Final = len(MAGIC) + BOX_KEY_BYTES
PROOF_SIZE_MAX: Final = 4_096

_WHY: Final[Mapping[RejectionReason, Refusal]] = {
    RejectionReason.STRANGER: Refusal.STRANGER,
    RejectionReason.CERTIFICATE_REVOKED: Refusal.REVOKED,
}


class HandshakeError(Exception):
    """The other end is turned away; ``reason`` is for our own books, not for it."""

    def __init__(self, reason: Refusal, party: PartyId | None = None) -> None:
        super().__init__(reason.value)
        self.reason: Final = reason
        self.party: Final = party


class Cipher:
    """Keeps what is said on one link between its two ends, and in order."""

    def __init__(self, *, ours: bytes, theirs: bytes) -> None:
        """Take one key for each direction."""
        self._ours: Final = ChaCha20Poly1305(ours)
        self._theirs: Final = ChaCha20Poly1305(theirs)
        self._said = 0
        self._heard = 0

    def close(self, plain: bytes) -> bytes:
        """Return ``plain`` for the other end only."""
        self._said += 1
        return self._ours.encrypt(self._said.to_bytes(12), plain, None)

    def open(self, data: bytes) -> bytes | None:
        """Return what the other end said; None if it did not say this now."""
        self._heard += 1
        try:
            return self._theirs.decrypt(self._heard.to_bytes(12), data, None)
        except InvalidTag:
            return None


class Handshake:
    """One end of the handshake."""

    def __init__(
        self, roster: Roster, credentials: Credentials, *, is_dialler: bool
    ) -> None:
        """Be ready to say hello."""
        self._roster: Final = roster
        self._credentials: Final = credentials
        self._is_dialler: Final = is_dialler
        self._key: Final = BoxKey(credentials.random(BOX_KEY_BYTES))
        self._transcript = b""
        self._cipher: Cipher | None = None

    @property
    def hello(self) -> bytes:
        """What is said first."""
        return MAGIC + self._key.public

    @property
    def cipher(self) -> Cipher:
        """The keys of the link, once both have said hello."""
        assert self._cipher is not None, "hello comes first"
        return self._cipher

    def take_hello(self, data: bytes) -> None:
        """Hear the other end's hello.

        Raises:
            HandshakeError: it is none.
        """
        if len(data) != HELLO_BYTES or not data.startswith(MAGIC):
            raise HandshakeError(Refusal.MALFORMED)
        public = data[len(MAGIC) :]
        both = (self._key.public, public)
        dialler, answerer = both if self._is_dialler else both[::-1]
        self._transcript = community_bytes(self._roster.community) + dialler + answerer
        try:
            shared = self._key.agree(public)
        except ValueError as err:
            raise HandshakeError(Refusal.MALFORMED) from err
        keys = derive(shared, Domain.TRANSPORT, self._transcript, count=2)
        ours, theirs = keys if self._is_dialler else keys[::-1]
        self._cipher = Cipher(ours=ours, theirs=theirs)

    def proof(self, beacon: Beacon) -> bytes:
        """Prove who we are."""
        signature = self._credentials.session().key.sign(
            self._payload(is_dialler=self._is_dialler)
        )
        return self.cipher.close(encode((beacon.data, signature)))

    def take_proof(self, data: bytes, *, guests_welcome: bool) -> Beacon:
        """Return who the other end has proved to be.

        Raises:
            HandshakeError: it is a stranger, or the proof does not hold.
        """
        beacon, signature = self._read_proof(data, guests_welcome=guests_welcome)
        genuine = self._roster.verify(
            public_key=beacon.certificate.session_key,
            signature=signature,
            payload=self._payload(is_dialler=not self._is_dialler),
        )
        if not genuine:
            raise HandshakeError(Refusal.UNPROVED, beacon.party)
        return beacon

    def _read_proof(self, data: bytes, *, guests_welcome: bool) -> tuple[Beacon, bytes]:
        plain = None if len(data) > PROOF_SIZE_MAX else self.cipher.open(data)
        if plain is None:
            raise HandshakeError(Refusal.UNPROVED)
        try:
            first, second = array_of(decode(plain, items_max=3), 2)
            lit, signature = byte_string(first), byte_string(second, SIGNATURE_BYTES)
        except ValueError as err:
            raise HandshakeError(Refusal.MALFORMED) from err
        beacon = read_beacon(
            lit,
            self._roster,
            now=self._credentials.clock(),
            guests_welcome=guests_welcome,
        )
        if isinstance(beacon, Rejected):
            raise HandshakeError(_WHY.get(beacon.reason, Refusal.UNPROVED))
        return beacon, signature

    def _payload(self, *, is_dialler: bool) -> bytes:
        return separated(Domain.TRANSPORT, bytes([is_dialler]) + self._transcript)
