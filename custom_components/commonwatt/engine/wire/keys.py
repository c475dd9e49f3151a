"""The two keys of a home, made from secrets that somebody else drew and keeps.

The household key (secp256k1, as an Ethereum account has) says who a party is and does
little else than certify session keys; a session key (Ed25519) signs messages.  Nothing
here is random: ECDSA takes its nonce from key and message (RFC 6979).
"""

from string import hexdigits
from typing import Final, Protocol, override

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256K1,
    derive_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import (
    Prehashed,
    decode_dss_signature,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ..model.party import PARTY_ID_BYTES, PartyId
from .domain import Domain, tagged_digest

SECRET_BYTES: Final = 32
HOUSEHOLD_KEY_BYTES: Final = 33
SESSION_KEY_BYTES: Final = 32
SIGNATURE_BYTES: Final = 64

SECP256K1_ORDER: Final = (
    0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
)
"""Number of points of the curve.  Source: SEC 2 version 2.0, section 2.4.1."""


def party_id(household_key: bytes) -> PartyId:
    """Return the name of the party that owns a compressed public ``household_key``."""
    assert len(household_key) == HOUSEHOLD_KEY_BYTES, "a compressed point has 33 bytes"
    return PartyId(tagged_digest(Domain.PARTY, household_key)[:PARTY_ID_BYTES].hex())


class HouseholdKey:
    """The secp256k1 key that is a home's identity."""

    __slots__ = ("_key", "party", "public")

    def __init__(self, secret: bytes) -> None:
        """Take 32 secret bytes; ValueError if they are no secp256k1 key."""
        number = int.from_bytes(secret)
        if len(secret) != SECRET_BYTES or not 0 < number < SECP256K1_ORDER:
            raise ValueError("these bytes are no secp256k1 key")
        self._key: Final = derive_private_key(number, SECP256K1())
        self.public: Final = self._key.public_key().public_bytes(
            Encoding.X962, PublicFormat.CompressedPoint
        )
        self.party: Final = party_id(self.public)

    def sign(self, payload: bytes) -> bytes:
        """Return the one signature of ``payload``: r and s, 32 bytes each, s low.

        ``s`` and ``order - s`` are equally valid; only the lower of the two is used
        (as in BIP 146 and EIP-2), or strangers could make a second signature of ours.
        """
        return self._sign(payload, SHA256())

    def sign_digest(self, digest: bytes) -> bytes:
        """Return the one signature of a digest that a contract computes as well."""
        return self._sign(digest, Prehashed(SHA256()))

    def _sign(self, payload: bytes, algorithm: SHA256 | Prehashed) -> bytes:
        encoded = self._key.sign(payload, ECDSA(algorithm, deterministic_signing=True))
        r, s = decode_dss_signature(encoded)
        return r.to_bytes(32) + min(s, SECP256K1_ORDER - s).to_bytes(32)

    @override
    def __repr__(self) -> str:
        return f"HouseholdKey(party={self.party!r})"


def household_secret(text: str) -> bytes:
    """Return the private key that wallets show as 64 hexadecimal digits.

    ValueError: it is none; the message does not repeat what may be a secret.
    """
    digits = text.strip().removeprefix("0x")
    if len(digits) != 2 * SECRET_BYTES or not set(digits) <= set(hexdigits):
        raise ValueError("a private key has 64 hexadecimal digits")
    secret = bytes.fromhex(digits)
    HouseholdKey(secret)
    return secret


class Signer(Protocol):
    """Whoever signs a home's messages."""

    @property
    def public(self) -> bytes:
        """By which the others check."""
        ...

    def sign(self, payload: bytes) -> bytes:
        """Return the signature of ``payload``: 64 bytes."""
        ...


class SessionKey:
    """The Ed25519 key that signs a home's messages for a month at most."""

    __slots__ = ("_key", "public")

    def __init__(self, secret: bytes) -> None:
        """Take 32 secret bytes; ValueError if there are more or fewer."""
        if len(secret) != SECRET_BYTES:
            raise ValueError("a session key has 32 secret bytes")
        self._key: Final = Ed25519PrivateKey.from_private_bytes(secret)
        self.public: Final = self._key.public_key().public_bytes_raw()

    def sign(self, payload: bytes) -> bytes:
        """Return the signature of ``payload``: 64 bytes."""
        return self._key.sign(payload)

    @override
    def __repr__(self) -> str:
        return f"SessionKey(public={self.public.hex()})"
