"""The secrets of a headless member, in a file that only its owner may read."""

from dataclasses import dataclass
import json
from pathlib import Path
import secrets
from typing import Final

from ...engine.wire.keys import HouseholdKey
from .folder import FolderError, write_whole

SECRET_BYTES: Final = 32
_NAMES: Final = ("household", "sessions", "salts")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Identity:
    """Each is random and has one use; none can be told from another."""

    household: bytes
    """The household's private key."""

    sessions: bytes
    """Session keys are derived from it."""

    salts: bytes
    """The salts of commitments are derived from it."""

    @property
    def key(self) -> HouseholdKey:
        """The household key."""
        return HouseholdKey(self.household)


def create_identity(path: Path, *, household: bytes | None = None) -> Identity:
    """Draw an identity and write it down; FolderError if there is one already.

    Whoever has a private key already brings it along as ``household``.
    """
    if path.exists():
        raise FolderError(f"{path} is there already: a member keeps its identity")
    drawn = {name: secrets.token_bytes(SECRET_BYTES) for name in _NAMES}
    if household is not None:
        drawn["household"] = household
    stored = {name: secret.hex() for name, secret in drawn.items()}
    write_whole(path, json.dumps(stored, indent=2) + "\n", mode=0o600)
    return Identity(**drawn)


def read_identity(path: Path) -> Identity:
    """Read an identity; FolderError if it is missing or damaged."""
    try:
        stored = json.loads(path.read_text())
        identity = Identity(**{name: bytes.fromhex(stored[name]) for name in _NAMES})
        HouseholdKey(identity.household)
    except FileNotFoundError as err:
        raise FolderError(f"{path} is missing: create the member first") from err
    except (ValueError, KeyError, TypeError) as err:
        raise FolderError(f"{path} is damaged: {err}") from err
    return identity
