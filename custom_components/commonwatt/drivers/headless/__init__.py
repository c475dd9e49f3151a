"""A member without Home Assistant: for a school, a co-operative, a building.

Everything it is lies in one folder: settings, identity, charter, journal, status.
"""

from .charter_file import member_of, read_charter, write_charter
from .folder import Folder, FolderError
from .identity import Identity, create_identity, read_identity
from .member import HeadlessMember
from .settings import Settings, SettingsError, read_settings
from .story import Told

__all__ = [
    "Folder",
    "FolderError",
    "HeadlessMember",
    "Identity",
    "Settings",
    "SettingsError",
    "Told",
    "create_identity",
    "member_of",
    "read_charter",
    "read_identity",
    "read_settings",
    "write_charter",
]
