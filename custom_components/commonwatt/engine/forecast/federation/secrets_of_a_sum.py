"""Everything secret a member has in one sum, derived from one seed it was handed.

Pair seeds come from X25519 and HKDF-SHA256, masks from ChaCha20, sealed shares use
ChaCha20-Poly1305.  Every derivation names the sum and what it is for, so that the same
seed in another sum gives nothing the same.

Source: Bonawitz et al., "Practical secure aggregation", CCS 2017; unlike there, pair
seeds are never split into shares, so that no number of colluders can put one together.
"""

from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import (
    X25519PrivateKey,
    X25519PublicKey,
)
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.ciphers.algorithms import ChaCha20
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
import numpy as np

from ...model.federation import SumName
from ...model.party import PartyId
from ...wire.canonical import Value, encode
from ...wire.federation import name_value
from .fixed_point import Words
from .shamir import PRIME, SECRET_BYTES

SEED_BYTES: Final = 32
KEY_BYTES: Final = 32
DIGEST_BYTES: Final = 32
SEALED_BYTES: Final = 32 + 16
_COEFFICIENT_BYTES: Final = 48
"""So much more than the prime that the remainder is uniform to 2**-128."""


def digest(*parts: Value) -> bytes:
    """Return the SHA-256 of values in canonical bytes, apart from all other uses."""
    return sha256(b"commonwatt/federation/1\x00" + encode(parts)).digest()


class SumSecrets:
    """The secrets of ``me`` in the sum ``name``; ``seed`` is 32 uniform bytes."""

    __slots__ = ("_key", "_me", "_name", "_seed", "public_key", "self_seed")

    def __init__(self, seed: bytes, *, name: SumName, me: PartyId) -> None:
        assert len(seed) == SEED_BYTES, "a seed has 32 bytes"
        self._seed: Final = seed
        self._name: Final = name
        self._me: Final = me
        self._key: Final = X25519PrivateKey.from_private_bytes(
            self._own("key", KEY_BYTES)
        )
        self.public_key: Final = self._key.public_key().public_bytes_raw()
        self.self_seed: Final = self._own("self-mask", SECRET_BYTES)

    def coefficients(self, count: int) -> list[int]:
        """Return what hides the self-mask in its shares."""
        return [
            int.from_bytes(self._own(f"coefficient {index}", _COEFFICIENT_BYTES))
            % PRIME
            for index in range(count)
        ]

    def pair_seed(self, other: PartyId, public_key: bytes) -> bytes | None:
        """Return the seed shared with ``other``; None if its key is no key."""
        secret = self._shared(public_key)
        if secret is None:
            return None
        return self._derive(secret, "mask", sorted((self._me, other)))

    def seal(self, share: bytes, *, to: PartyId, public_key: bytes) -> bytes | None:
        """Encrypt a share so that only ``to`` can read it."""
        secret = self._shared(public_key)
        if secret is None:
            return None
        key = self._derive(secret, "share", [self._me, to])
        return ChaCha20Poly1305(key).encrypt(bytes(12), share, None)

    def unseal(self, sealed: bytes, *, by: PartyId, public_key: bytes) -> bytes | None:
        """Read a share; None if it was not sealed for me by ``by``."""
        secret = self._shared(public_key)
        if secret is None:
            return None
        key = self._derive(secret, "share", [by, self._me])
        try:
            return ChaCha20Poly1305(key).decrypt(bytes(12), sealed, None)
        except InvalidTag:
            return None

    def _shared(self, public_key: bytes) -> bytes | None:
        try:
            return self._key.exchange(X25519PublicKey.from_public_bytes(public_key))
        except ValueError:  # a point of low order: everybody would know the secret
            return None

    def _own(self, purpose: str, length: int) -> bytes:
        info = encode((purpose, name_value(self._name), self._me))
        return _hkdf(self._seed, info, length)

    def _derive(self, secret: bytes, purpose: str, parties: list[PartyId]) -> bytes:
        info = encode((purpose, name_value(self._name), tuple(parties)))
        return _hkdf(secret, info, SEED_BYTES)


def stream(seed: bytes, length: int) -> Words:
    """Return ``length`` pseudo-random words of a seed."""
    cipher = Cipher(ChaCha20(_hkdf(seed, b"stream", KEY_BYTES), bytes(16)), mode=None)
    data = cipher.encryptor().update(bytes(8 * length))
    return np.frombuffer(data, dtype="<u8").astype(np.uint64)


def _hkdf(secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt=b"commonwatt/federation/1", info=info).derive(
        secret
    )
