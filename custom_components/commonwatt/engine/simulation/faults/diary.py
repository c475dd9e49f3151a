"""The tale of a trial, for people, and a digest of every byte of it, for replays."""

import hashlib
from typing import Final

from ...model.period import Instant, datetime_from_instant


class Diary:
    """What happened, line by line."""

    def __init__(self) -> None:
        """Begin empty."""
        self.lines: Final[list[str]] = []
        self._digest: Final = hashlib.sha256()

    def write(self, now: Instant, text: str) -> None:
        """Tell what happened."""
        self.lines.append(f"{datetime_from_instant(now):%H:%M:%S} {text}")

    def stamp(self, now: Instant, data: bytes) -> None:
        """Bind the digest to bytes nobody wants to read."""
        self._digest.update(now.to_bytes(8) + len(data).to_bytes(4) + data)

    @property
    def digest(self) -> str:
        """What all that was stamped comes to."""
        return self._digest.hexdigest()
