"""A member without Home Assistant: for a school, a co-operative, a building.

Everything it is lies in one folder: settings, identity, charter, journal, status.
"""

from .charter_file import (
    charter_of,
    member_of,
    read_charter,
    read_rules,
    write_charter,
)
from .counter import ask
from .folder import Folder, FolderError
from .identity import Identity, create_identity, read_identity
from .joining import join
from .json_fields import JSON
from .member import HeadlessMember
from .rules_file import rules_object
from .settings import Settings, SettingsError, read_settings
from .story import Told

__all__ = [
    "JSON",
    "Folder",
    "FolderError",
    "HeadlessMember",
    "Identity",
    "Settings",
    "SettingsError",
    "Told",
    "ask",
    "charter_of",
    "create_identity",
    "join",
    "member_of",
    "read_charter",
    "read_identity",
    "read_rules",
    "read_settings",
    "rules_object",
    "write_charter",
]
