"""Signatures by the textbook: slow, readable, and no line shared with a library.

Ed25519 after RFC 8032, section 5.1; ECDSA on secp256k1 after SEC 1, section 4.1.3, with
the nonce of RFC 6979, section 3.2.
"""

import hashlib
import hmac
from typing import NamedTuple


class Point(NamedTuple):
    """A point of a curve in affine coordinates."""

    x: int
    y: int


# ---------------------------------------------------------------- Ed25519

ED_PRIME = 2**255 - 19
ED_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, ED_PRIME) % ED_PRIME
_ED_BASE = Point(
    15112221349535400772501151409588531511454012693041857206046113283949847762202,
    4 * pow(5, -1, ED_PRIME) % ED_PRIME,
)


def _ed_add(a: Point, b: Point) -> Point:
    product = _D * a.x * b.x * a.y * b.y % ED_PRIME
    x = (a.x * b.y + a.y * b.x) * pow(1 + product, -1, ED_PRIME)
    y = (a.y * b.y + a.x * b.x) * pow(1 - product, -1, ED_PRIME)
    return Point(x % ED_PRIME, y % ED_PRIME)


def _ed_times(scalar: int, point: Point) -> Point:
    result = Point(0, 1)
    while scalar:
        if scalar & 1:
            result = _ed_add(result, point)
        point = _ed_add(point, point)
        scalar >>= 1
    return result


def _ed_bytes(point: Point) -> bytes:
    return (point.y | (point.x & 1) << 255).to_bytes(32, "little")


def _ed_number(*parts: bytes) -> int:
    return int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little")


def _ed_scalar(secret: bytes) -> int:
    clamped = bytearray(hashlib.sha512(secret).digest()[:32])
    clamped[0] &= 248
    clamped[31] = clamped[31] & 127 | 64
    return int.from_bytes(clamped, "little")


def ed25519_public(secret: bytes) -> bytes:
    """Return the public key of 32 secret bytes."""
    return _ed_bytes(_ed_times(_ed_scalar(secret), _ED_BASE))


def ed25519_sign(secret: bytes, payload: bytes) -> bytes:
    """Return the signature of ``payload``."""
    nonce = _ed_number(hashlib.sha512(secret).digest()[32:], payload) % ED_ORDER
    commitment = _ed_bytes(_ed_times(nonce, _ED_BASE))
    challenge = _ed_number(commitment, ed25519_public(secret), payload)
    response = (nonce + challenge * _ed_scalar(secret)) % ED_ORDER
    return commitment + response.to_bytes(32, "little")


# -------------------------------------------------------------- secp256k1

SECP_PRIME = 2**256 - 2**32 - 977
SECP_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
_SECP_BASE = Point(
    0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798,
    0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8,
)


def _secp_add(a: Point | None, b: Point | None) -> Point | None:
    if a is None or b is None:
        return a or b
    if a.x == b.x and (a.y + b.y) % SECP_PRIME == 0:
        return None
    if a == b:
        slope = 3 * a.x * a.x * pow(2 * a.y, -1, SECP_PRIME)
    else:
        slope = (b.y - a.y) * pow(b.x - a.x, -1, SECP_PRIME)
    x = (slope * slope - a.x - b.x) % SECP_PRIME
    return Point(x, (slope * (a.x - x) - a.y) % SECP_PRIME)


def _secp_times(scalar: int) -> Point:
    result, point = None, _SECP_BASE
    while scalar:
        if scalar & 1:
            result = _secp_add(result, point)
        doubled = _secp_add(point, point)
        assert doubled is not None
        point = doubled
        scalar >>= 1
    assert result is not None
    return result


def secp256k1_public(secret: bytes) -> bytes:
    """Return the compressed public key of 32 secret bytes."""
    point = _secp_times(int.from_bytes(secret))
    return bytes([2 + (point.y & 1)]) + point.x.to_bytes(32)


def _rfc6979_nonce(secret: bytes, hashed: bytes) -> int:
    seed = secret + (int.from_bytes(hashed) % SECP_ORDER).to_bytes(32)
    value, key = b"\x01" * 32, b"\x00" * 32
    for separator in (b"\x00", b"\x01"):
        key = hmac.digest(key, value + separator + seed, "sha256")
        value = hmac.digest(key, value, "sha256")
    value = hmac.digest(key, value, "sha256")
    nonce = int.from_bytes(value)
    assert 0 < nonce < SECP_ORDER, "once in 2**128 signatures"
    return nonce


def secp256k1_sign(secret: bytes, payload: bytes) -> bytes:
    """Return r and the lower s of the signature of ``payload``."""
    hashed = hashlib.sha256(payload).digest()
    nonce = _rfc6979_nonce(secret, hashed)
    r = _secp_times(nonce).x % SECP_ORDER
    s = (
        (int.from_bytes(hashed) + r * int.from_bytes(secret))
        * pow(nonce, -1, SECP_ORDER)
        % SECP_ORDER
    )
    return r.to_bytes(32) + min(s, SECP_ORDER - s).to_bytes(32)
