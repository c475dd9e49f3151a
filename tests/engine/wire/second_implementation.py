"""The wire format once more, from ``docs/reference/wire-format.md`` alone.

Shares no line with the engine: cbor2 encodes, the textbook signs.  Comments name the
clauses.  Where this and the engine differ, one of them, or the page, is wrong.
"""

from collections.abc import Sequence
import hashlib

import cbor2

from tests.engine.wire.textbook_curves import (
    ed25519_public,
    ed25519_sign,
    secp256k1_public,
    secp256k1_sign,
)

type Value = int | bytes | str | bool | Sequence[Value] | None


def encoded(value: Value) -> bytes:
    """2.2."""
    return cbor2.dumps(value, canonical=True)


def separated(domain: str, payload: bytes) -> bytes:
    """1.5."""
    return f"commonwatt/{domain}\0".encode() + payload


def digest(domain: str, payload: bytes) -> bytes:
    """1.5."""
    return hashlib.sha256(separated(domain, payload)).digest()


def digest_of_value(domain: str, value: Value) -> bytes:
    """6.1."""
    return digest(domain, encoded(value))


def party(household_secret: bytes) -> bytes:
    """5.2."""
    return digest("party/1", secp256k1_public(household_secret))[:20]


def certificate(
    household_secret: bytes,
    session_key: bytes,
    *,
    community: bytes,
    valid_from: int,
    valid_until: int,
) -> bytes:
    """5.4."""
    value = (community, session_key, valid_from, valid_until)
    return secp256k1_sign(household_secret, separated("certificate/1", encoded(value)))


def presence(
    household_secret: bytes,
    session_secret: bytes,
    *,
    community: bytes,
    valid_from: int,
    valid_until: int,
) -> Value:
    """Section 4, kind 1."""
    session_key = ed25519_public(session_secret)
    signature = certificate(
        household_secret,
        session_key,
        community=community,
        valid_from=valid_from,
        valid_until=valid_until,
    )
    return (
        secp256k1_public(household_secret),
        session_key,
        valid_from,
        valid_until,
        signature,
    )


def envelope(
    session_secret: bytes,
    *,
    community: bytes,
    head: Sequence[Value],
) -> bytes:
    """3.1 and 3.3, for a head of any shape."""
    signed_part = encoded(head)
    signature = ed25519_sign(
        session_secret, separated("envelope/1", community + signed_part)
    )
    return encoded((signed_part, signature))


def journal_digest(previous: bytes, *, kind: int, at: int, body: bytes) -> bytes:
    """7.1."""
    frame = kind.to_bytes(8, signed=True) + at.to_bytes(8, signed=True)
    return digest("journal/1", previous + frame + body)
