"""Checking signatures: the plain way, and once only for bytes that come round again."""

import hashlib
from typing import Final, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256K1,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from .keys import (
    HOUSEHOLD_KEY_BYTES,
    SECP256K1_ORDER,
    SESSION_KEY_BYTES,
    SIGNATURE_BYTES,
)

MEMO_ENTRIES_MAX: Final = 16 * 1024


class Verifier(Protocol):
    """Tells whether a signature is genuine.  The length of the key names the scheme."""

    def __call__(self, *, public_key: bytes, signature: bytes, payload: bytes) -> bool:
        """Tell whether the owner of ``public_key`` signed ``payload``; never raise."""
        ...


def verify(*, public_key: bytes, signature: bytes, payload: bytes) -> bool:
    """Return whether the owner of ``public_key`` signed ``payload``.

    33 bytes are a household key (ECDSA, low s only), 32 a session key (Ed25519, whose
    ``S`` must be below the group order, RFC 8032, section 5.1.7).  Anything else is no.
    """
    if len(signature) != SIGNATURE_BYTES:
        return False
    try:
        if len(public_key) == SESSION_KEY_BYTES:
            Ed25519PublicKey.from_public_bytes(public_key).verify(signature, payload)
            return True
        if len(public_key) == HOUSEHOLD_KEY_BYTES:
            return _verify_household(public_key, signature, payload)
    except InvalidSignature, ValueError:
        return False
    return False


def _verify_household(public_key: bytes, signature: bytes, payload: bytes) -> bool:
    r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
    if s > SECP256K1_ORDER // 2:
        return False
    key = EllipticCurvePublicKey.from_encoded_point(SECP256K1(), public_key)
    key.verify(encode_dss_signature(r, s), payload, ECDSA(SHA256()))
    return True


class MemoVerifier:
    """A verifier that remembers its verdicts on the last so many signatures.

    In a simulated neighbourhood every member checks the same bytes; one check will do.
    Belongs to one thread.
    """

    def __init__(
        self, verifier: Verifier = verify, *, entries_max: int = MEMO_ENTRIES_MAX
    ) -> None:
        """Ask ``verifier`` about all but the last ``entries_max`` signatures."""
        assert entries_max > 0, "a memory holds something"
        self._verifier: Final = verifier
        self._entries_max: Final = entries_max
        self._verdicts: Final[dict[tuple[bytes, bytes, bytes], bool]] = {}

    def __call__(self, *, public_key: bytes, signature: bytes, payload: bytes) -> bool:
        """Tell whether the owner of ``public_key`` signed ``payload``; never raise."""
        if len(public_key) > HOUSEHOLD_KEY_BYTES or len(signature) != SIGNATURE_BYTES:
            return False
        key = (public_key, signature, hashlib.sha256(payload).digest())
        verdict = self._verdicts.pop(key, None)
        if verdict is None:
            verdict = self._verifier(
                public_key=public_key, signature=signature, payload=payload
            )
        self._remember(key, verdict=verdict)
        return verdict

    def know(self, *, public_key: bytes, signature: bytes, payload: bytes) -> None:
        """Remember a signature that was made here as genuine, as a check would find."""
        key = (public_key, signature, hashlib.sha256(payload).digest())
        self._remember(key, verdict=True)

    def _remember(self, key: tuple[bytes, bytes, bytes], *, verdict: bool) -> None:
        self._verdicts[key] = verdict
        if len(self._verdicts) > self._entries_max:
            del self._verdicts[next(iter(self._verdicts))]
