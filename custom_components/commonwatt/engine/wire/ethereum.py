"""A household key as an Ethereum account: its address, its signatures of digests.

A contract knows no public keys: it recovers the signer from the signature and one bit
more, the parity of a point of the curve.  That bit is found here from public values
alone, so that it does not matter how long finding it takes.
"""

from typing import Final, NewType

from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256K1,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from .keccak import keccak256
from .keys import SECP256K1_ORDER, SIGNATURE_BYTES, HouseholdKey

Address = NewType("Address", bytes)
"""Twenty bytes: an account or a contract of an EVM chain."""

ADDRESS_BYTES: Final = 20
RECOVERABLE_BYTES: Final = 65
_FIELD: Final = 2**256 - 2**32 - 977
_GENERATOR: Final = (
    0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798,
    0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8,
)
"""Source of field and generator: SEC 2 version 2.0, section 2.4.1."""

type _Point = tuple[int, int]


def address_of(household_key: bytes) -> Address:
    """Return the account of a compressed public ``household_key`` (33 bytes)."""
    x, y = _point(household_key)
    return Address(keccak256(x.to_bytes(32) + y.to_bytes(32))[-ADDRESS_BYTES:])


def checksummed(address: Address) -> str:
    """Return an address as people read it, with the check of EIP-55 in its letters."""
    plain = address.hex()
    check = keccak256(plain.encode()).hex()
    letters = (
        letter.upper() if int(digit, 16) >= 8 else letter  # noqa: PLR2004  # EIP-55
        for letter, digit in zip(plain, check, strict=False)
    )
    return "0x" + "".join(letters)


def address_from(text: str) -> Address:
    """Parse ``0x`` and forty hexadecimal digits; ValueError for anything else.

    Letters of both cases are only taken with the right check of EIP-55.
    """
    address = Address(bytes.fromhex(text.removeprefix("0x")))
    if len(address) != ADDRESS_BYTES or len(text) != 2 + 2 * ADDRESS_BYTES:
        raise ValueError("an address has twenty bytes")
    digits = text[2:]
    is_one_case = digits in (digits.lower(), digits.upper())
    if not is_one_case and text != checksummed(address):
        raise ValueError("the check of the address is wrong")
    return address


def sign_recoverable(key: HouseholdKey, digest: bytes) -> bytes:
    """Return r, s and v (27 or 28) of a 32-byte digest, as contracts take it."""
    signature = key.sign_digest(digest)
    return signature + bytes([27 + _parity(key.public, digest, signature)])


def compact(signature: bytes) -> tuple[bytes, bytes]:
    """Return r and vs of a recoverable signature (EIP-2098): two words."""
    assert len(signature) == RECOVERABLE_BYTES, "r, s and v"
    s = int.from_bytes(signature[32:64]) | (signature[64] - 27) << 255
    return signature[:32], s.to_bytes(32)


def recover_address(digest: bytes, signature: bytes) -> Address | None:
    """Return who signed ``digest``, or None if nobody can have; s must be low.

    Source: SEC 1 version 2.0, section 4.1.6.
    """
    if len(signature) != RECOVERABLE_BYTES or signature[64] not in (27, 28):
        return None
    r, s = _halves(signature)
    if not (0 < r < SECP256K1_ORDER and 0 < s <= SECP256K1_ORDER // 2):
        return None
    try:
        point = _point(bytes([signature[64] - 25]) + signature[:32])
    except ValueError:
        return None
    inverse = pow(r, -1, SECP256K1_ORDER)
    found = _sum_of_multiples(
        s * inverse % SECP256K1_ORDER,
        point,
        -int.from_bytes(digest) * inverse % SECP256K1_ORDER,
    )
    if found is None:
        return None
    x, y = found
    return Address(keccak256(x.to_bytes(32) + y.to_bytes(32))[-ADDRESS_BYTES:])


def _parity(public: bytes, digest: bytes, signature: bytes) -> int:
    """Return whether y of the signature's point is odd: R = (r Q + z G) / s."""
    r, s = _halves(signature)
    inverse = pow(s, -1, SECP256K1_ORDER)
    found = _sum_of_multiples(
        r * inverse % SECP256K1_ORDER,
        _point(public),
        int.from_bytes(digest) * inverse % SECP256K1_ORDER,
    )
    assert found is not None, "our own signature is genuine"
    assert found[0] % SECP256K1_ORDER == r, "our own signature is genuine"
    return found[1] & 1


def _halves(signature: bytes) -> tuple[int, int]:
    return (
        int.from_bytes(signature[: SIGNATURE_BYTES // 2]),
        int.from_bytes(signature[SIGNATURE_BYTES // 2 : SIGNATURE_BYTES]),
    )


def _point(compressed: bytes) -> _Point:
    key = EllipticCurvePublicKey.from_encoded_point(SECP256K1(), compressed)
    data = key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return int.from_bytes(data[1:33]), int.from_bytes(data[33:])


def _sum_of_multiples(a: int, point: _Point, b: int) -> _Point | None:
    """Return a P + b G, or None for the point at infinity."""
    both = _added(point, _GENERATOR)
    total: _Point | None = None
    for bit in reversed(range(SECP256K1_ORDER.bit_length())):
        total = _added(total, total)
        match a >> bit & 1, b >> bit & 1:
            case 1, 1:
                total = _added(total, both)
            case 1, 0:
                total = _added(total, point)
            case 0, 1:
                total = _added(total, _GENERATOR)
            case _:
                pass
    return total


def _added(left: _Point | None, right: _Point | None) -> _Point | None:
    """Return the sum of two points.  Source: SEC 1 version 2.0, section 2.2.1."""
    if left is None or right is None:
        return right if left is None else left
    (x1, y1), (x2, y2) = left, right
    if x1 == x2 and (y1 + y2) % _FIELD == 0:
        return None
    if left == right:
        slope = 3 * x1 * x1 * pow(2 * y1, -1, _FIELD)
    else:
        slope = (y2 - y1) * pow(x2 - x1, -1, _FIELD)
    x = (slope * slope - x1 - x2) % _FIELD
    return x, (slope * (x1 - x) - y1) % _FIELD
