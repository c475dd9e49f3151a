"""A secret in shares: any ``threshold`` of them give it back, fewer say nothing.

Source: Shamir, "How to share a secret", CACM 22, 1979; over the prime 2**255 - 19.
"""

from collections.abc import Mapping, Sequence
from typing import Final

PRIME: Final = (1 << 255) - 19
SECRET_BYTES: Final = 31
SHARE_BYTES: Final = 32


def split(secret: bytes, coefficients: Sequence[int], *, count: int) -> list[bytes]:
    """Return ``count`` shares; the threshold is one more than ``coefficients``.

    The coefficients must be uniform below ``PRIME`` and used for one secret only.  The
    share at index ``i`` belongs to the point ``i + 1``.
    """
    assert len(secret) == SECRET_BYTES, "a secret is smaller than the prime"
    assert len(coefficients) < count, "all shares together give the secret back"
    polynomial = [int.from_bytes(secret), *coefficients]
    return [_value(polynomial, point).to_bytes(SHARE_BYTES) for point in _points(count)]


def combine(shares: Mapping[int, bytes]) -> bytes | None:
    """Return the secret of ``threshold`` shares by index; None if they have none."""
    points = {index + 1: int.from_bytes(share) for index, share in shares.items()}
    secret = sum(
        value * _lagrange_at_zero(point, list(points))
        for point, value in points.items()
    )
    secret %= PRIME
    if secret >> (8 * SECRET_BYTES):
        return None
    return secret.to_bytes(SECRET_BYTES)


def _points(count: int) -> range:
    return range(1, count + 1)


def _value(polynomial: Sequence[int], point: int) -> int:
    value = 0
    for coefficient in reversed(polynomial):
        value = (value * point + coefficient) % PRIME
    return value


def _lagrange_at_zero(point: int, points: Sequence[int]) -> int:
    numerator = denominator = 1
    for other in points:
        if other != point:
            numerator = numerator * other % PRIME
            denominator = denominator * (other - point) % PRIME
    return numerator * pow(denominator, -1, PRIME) % PRIME
