"""What every journal promises, and how it says that it cannot keep the promise."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Final, Protocol

from ...engine.ledger.journal import JournalEntry


class JournalFault(StrEnum):
    """Why a journal cannot be opened, read or written right now."""

    DISK_FULL = "disk_full"
    IN_USE = "in_use"
    """Somebody else has it open, or has written to it."""

    UNREACHABLE = "unreachable"
    """The file or its folder cannot be read or written."""

    FROM_THE_FUTURE = "from_the_future"
    """Written by a later version of CommonWatt; it stays as it is."""

    DAMAGED = "damaged"
    """Damaged while open; opening it again salvages what is left."""


class JournalError(Exception):
    """The world does not let us keep a journal."""

    def __init__(self, fault: JournalFault, detail: str) -> None:
        super().__init__(f"{fault}: {detail}")
        self.fault: Final = fault


class Journal(Protocol):
    """An append-only, hash-chained list of entries.  One writer; every call blocks."""

    @property
    def count(self) -> int:
        """Number of entries; the first has number 0."""
        ...

    @property
    def head(self) -> bytes:
        """Digest of the last entry and so of all; of none: ``GENESIS``."""
        ...

    def append(self, entries: Sequence[JournalEntry]) -> None:
        """Add all ``entries`` or none.  On return they are safe.

        Raises JournalError when they could not be written; the journal is then as it
        was and may be tried again.
        """
        ...

    def entries(self, *, first: int = 0) -> Iterator[JournalEntry]:
        """Yield the entries from number ``first`` on, a bounded number in memory."""
        ...

    def close(self) -> None:
        """Let go of everything; a second call does nothing."""
        ...
