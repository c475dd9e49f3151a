"""Domain separation: bytes signed or hashed for one purpose mean nothing for another.

Every digest and every signature of CommonWatt covers ``commonwatt/<domain>``, a zero
byte and then the payload.  A domain carries its own version, so that a new message
format does not give every household a new name.
"""

from enum import StrEnum
import hashlib
from typing import Final

DIGEST_BYTES: Final = 32
"""Length of SHA-256, the only hash on the wire."""


class Domain(StrEnum):
    """What bytes are signed or hashed for."""

    PARTY = "party/1"
    CHARTER = "charter/1"
    STANDING = "standing/1"
    CERTIFICATE = "certificate/1"
    REVOCATION = "revocation/1"
    ENVELOPE = "envelope/1"
    SEALED = "sealed/1"
    ORDER = "order/1"
    CONTRACT = "contract/1"
    BOOK = "book/1"
    COMMITTEE = "committee/1"
    EXTRACT = "extract/1"
    MARK = "mark/1"
    ENACTMENT = "enactment/1"
    CLEARING = "clearing/1"
    SETTLEMENT = "settlement/1"
    MERKLE_LEAF = "merkle-leaf/1"
    MERKLE_NODE = "merkle-node/1"
    MERKLE_ROOT = "merkle-root/1"
    ORIGIN = "granular-certificate/1"
    SHARING = "sharing/1"
    JOURNAL = "journal/1"
    LEARNING_SEED = "learning-seed/1"
    CHAIN_SALT = "chain-salt/1"
    PSEUDONYM = "pseudonym/1"
    TRANSPORT = "transport/1"
    BEACON = "beacon/1"
    BOX = "box/1"
    PARCEL = "parcel/1"
    MEETING_PLACE = "meeting-place/1"


def separated(domain: Domain, payload: bytes) -> bytes:
    """Return what is signed or hashed when ``payload`` is meant for ``domain``."""
    return b"commonwatt/" + domain.value.encode() + b"\x00" + payload


def tagged_digest(domain: Domain, payload: bytes) -> bytes:
    """Return the SHA-256 of ``payload`` as it is meant for ``domain``: 32 bytes."""
    return hashlib.sha256(separated(domain, payload)).digest()
