"""A home's secrets in a file that can be carried away: sealed by a passphrase.

Owns the format; draws no randomness.  scrypt (RFC 7914) makes a passphrase dear to
guess, AES-256-GCM (NIST SP 800-38D) hides and protects what is inside.  Clauses:
section 9 of ``docs/reference/wire-format.md``.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, override
import unicodedata

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from .canonical import decode, encode
from .fields import array_of, byte_string, integer, text

MAGIC: Final = "commonwatt-identity"
VERSION: Final = 1
SALT_BYTES: Final = 16
NONCE_BYTES: Final = 12
KEY_BYTES: Final = 32
SECRET_BYTES: Final = 32
VAULT_BYTES_MAX: Final = 1024

WORK: Final = 1 << 16
"""scrypt's N: 64 MiB and about a second on a small computer."""

WORK_MAX: Final = 1 << 18
"""More would be an attack on the memory of whoever opens the file."""

BLOCK_SIZE: Final = 8
PASSPHRASE_LENGTH_MIN: Final = 8


class VaultFault(StrEnum):
    """Why a file does not open."""

    NOT_A_VAULT = "not_a_vault"
    FROM_THE_FUTURE = "from_the_future"
    TOO_DEAR = "too_dear"
    """It asks for more memory than any of ours does."""

    WRONG_PASSPHRASE = "wrong_passphrase"  # noqa: S105  # says why, opens nothing
    """Or somebody has changed the file."""


class VaultError(Exception):
    """A file that does not open."""

    def __init__(self, fault: VaultFault) -> None:
        super().__init__(fault.value)
        self.fault: Final = fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """All that makes a home the home it is: three secrets of 32 bytes."""

    household: bytes
    """The secp256k1 key."""

    sessions: bytes
    """What session keys are derived from."""

    salts: bytes
    """What the salts of commitments are derived from."""

    def __post_init__(self) -> None:
        """Refuse secrets of another length."""
        lengths = {len(self.household), len(self.sessions), len(self.salts)}
        if lengths != {SECRET_BYTES}:
            raise ValueError("a secret has 32 bytes")

    @override
    def __repr__(self) -> str:
        """Show nothing."""
        return "Identity(...)"


def seal_identity(
    identity: Identity,
    passphrase: str,
    *,
    salt: bytes,
    nonce: bytes,
    work: int = WORK,
) -> bytes:
    """Return the file; ``salt`` and ``nonce`` are 16 and 12 fresh random bytes.

    Takes about a second and 64 MiB.  ValueError for a passphrase below 8 letters.
    """
    assert (len(salt), len(nonce)) == (SALT_BYTES, NONCE_BYTES), "fresh random bytes"
    if len(passphrase) < PASSPHRASE_LENGTH_MIN:
        raise ValueError("a passphrase that short is guessed in no time")
    head = encode((MAGIC, VERSION, work, salt, nonce))
    inside = encode((identity.household, identity.sessions, identity.salts))
    sealed = AESGCM(_key(passphrase, salt, work)).encrypt(nonce, inside, head)
    return encode((head, sealed))


def open_identity(data: bytes, passphrase: str) -> Identity:
    """Return what is in the file; VaultError if it does not open."""
    try:
        head, sealed, work, salt, nonce = _parsed(data)
    except ValueError as err:
        raise VaultError(VaultFault.NOT_A_VAULT) from err
    if not 1 < work <= WORK_MAX or work & (work - 1):
        raise VaultError(VaultFault.TOO_DEAR)
    try:
        inside = AESGCM(_key(passphrase, salt, work)).decrypt(nonce, sealed, head)
    except InvalidTag as err:
        raise VaultError(VaultFault.WRONG_PASSPHRASE) from err
    household, sessions, salts = array_of(decode(inside), 3)
    return Identity(
        household=byte_string(household),
        sessions=byte_string(sessions),
        salts=byte_string(salts),
    )


def _parsed(data: bytes) -> tuple[bytes, bytes, int, bytes, bytes]:
    outer, sealed = array_of(decode(data, size_max=VAULT_BYTES_MAX), 2)
    head = byte_string(outer)
    fields = decode(head)
    if not isinstance(fields, tuple) or len(fields) < 2 or fields[0] != MAGIC:  # noqa: PLR2004  # magic and version come first
        raise ValueError("no vault")
    if fields[1] != VERSION:
        raise VaultError(VaultFault.FROM_THE_FUTURE)
    magic, _, work, salt, nonce = array_of(fields, 5)
    assert text(magic) == MAGIC, "as seen above"
    return (
        head,
        byte_string(sealed),
        integer(work, least=0, most=1 << 62),
        byte_string(salt, SALT_BYTES),
        byte_string(nonce, NONCE_BYTES),
    )


def _key(passphrase: str, salt: bytes, work: int) -> bytes:
    """Derive the key; letters that look alike are alike (NFKC)."""
    letters = unicodedata.normalize("NFKC", passphrase).encode()
    scrypt = Scrypt(salt=salt, length=KEY_BYTES, n=work, r=BLOCK_SIZE, p=1)
    return scrypt.derive(letters)
