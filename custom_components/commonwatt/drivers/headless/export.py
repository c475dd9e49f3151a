"""Carrying a headless member's identity to another machine, in a sealed file."""

import json
from pathlib import Path
import secrets

from ...engine.wire.vault import (
    NONCE_BYTES,
    SALT_BYTES,
    Identity as SealedIdentity,
    VaultError,
    open_identity,
    seal_identity,
)
from .folder import FolderError, write_whole
from .identity import read_identity


def export_identity(path: Path, passphrase: str) -> bytes:
    """Return the identity at ``path``, sealed; takes about a second.

    FolderError: it cannot be read.  ValueError: the passphrase is too short.
    """
    identity = read_identity(path)
    return seal_identity(
        SealedIdentity(
            household=identity.household,
            sessions=identity.sessions,
            salts=identity.salts,
        ),
        passphrase,
        salt=secrets.token_bytes(SALT_BYTES),
        nonce=secrets.token_bytes(NONCE_BYTES),
    )


def restore_identity(data: bytes, passphrase: str, path: Path) -> None:
    """Write the identity in a sealed file to ``path``.

    FolderError: the file does not open, or there is an identity already.
    """
    if path.exists():
        raise FolderError(f"{path} is there already: a member keeps its identity")
    try:
        found = open_identity(data, passphrase)
    except VaultError as err:
        raise FolderError(f"the file does not open: {err}") from err
    stored = {
        "household": found.household.hex(),
        "sessions": found.sessions.hex(),
        "salts": found.salts.hex(),
    }
    write_whole(path, json.dumps(stored, indent=2) + "\n", mode=0o600)
