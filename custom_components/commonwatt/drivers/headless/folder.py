"""Where the files of a headless member lie."""

from dataclasses import dataclass
import os
from pathlib import Path
import tempfile


class FolderError(Exception):
    """A file of the member is missing, damaged, or there when it should not be."""


@dataclass(frozen=True, slots=True)
class Folder:
    """One folder, one member."""

    path: Path

    @property
    def settings(self) -> Path:
        """What its owner writes."""
        return self.path / "node.toml"

    @property
    def identity(self) -> Path:
        """Its secrets: whoever has them is this member."""
        return self.path / "identity.json"

    @property
    def charter(self) -> Path:
        """The charter its community began with."""
        return self.path / "charter.json"

    @property
    def addresses(self) -> Path:
        """Where other members were found last."""
        return self.path / "addresses.json"

    @property
    def journal(self) -> Path:
        """What it said, heard and settled."""
        return self.path / "journal.db"

    @property
    def counter(self) -> Path:
        """Where a running member serves its owner."""
        return self.path / "owner.sock"

    @property
    def status(self) -> Path:
        """What it looks like now."""
        return self.path / "status.json"


def write_whole(path: Path, text: str, *, mode: int = 0o644) -> None:
    """Write a file so that others see the old one or the new one, never half of it."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(mode)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
