"""Boxes: bytes that only one member can open, whoever carries them.

X25519 with a key used once, HKDF-SHA-256 (RFC 5869) and ChaCha20-Poly1305 (RFC 8439).
Since the key of a box is used once, its nonce may be zero.
"""

from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import (
    X25519PrivateKey,
    X25519PublicKey,
)
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ...engine.wire.domain import Domain, separated

BOX_KEY_BYTES: Final = 32
BOX_OVERHEAD: Final = BOX_KEY_BYTES + 16

_NONCE: Final = bytes(12)


class BoxKey:
    """The private half of a box key."""

    def __init__(self, secret: bytes) -> None:
        """Take 32 secret bytes."""
        self._key: Final = X25519PrivateKey.from_private_bytes(secret)
        self.public: Final = self._key.public_key().public_bytes_raw()

    def agree(self, public: bytes) -> bytes:
        """Return what both owners can compute; ValueError for a key that is none."""
        return self._key.exchange(X25519PublicKey.from_public_bytes(public))

    def open(self, box: bytes, *, context: bytes) -> bytes | None:
        """Return what is in a box; None if it is not for us, or was tampered with."""
        once, sealed = box[:BOX_KEY_BYTES], box[BOX_KEY_BYTES:]
        try:
            key = derive(
                self.agree(once), Domain.BOX, once + self.public + context, count=1
            )
            return ChaCha20Poly1305(key[0]).decrypt(_NONCE, sealed, None)
        except InvalidTag, ValueError:
            return None


def close_box(plain: bytes, *, to: bytes, once: bytes, context: bytes) -> bytes:
    """Return ``plain`` in a box for the owner of ``to``.

    ``once`` are 32 random bytes, never used before.  ValueError: ``to`` is no key.
    """
    mine = BoxKey(once)
    (key,) = derive(mine.agree(to), Domain.BOX, mine.public + to + context, count=1)
    return mine.public + ChaCha20Poly1305(key).encrypt(_NONCE, plain, None)


def derive(
    shared: bytes, domain: Domain, context: bytes, *, count: int
) -> tuple[bytes, ...]:
    """Return ``count`` keys of 32 bytes from a shared secret, for one context only."""
    stretched = HKDF(
        algorithm=SHA256(),
        length=32 * count,
        salt=None,
        info=separated(domain, context),
    ).derive(shared)
    return tuple(stretched[32 * n : 32 * (n + 1)] for n in range(count))
