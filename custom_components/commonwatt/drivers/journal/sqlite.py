"""The journal on disk: SQLite, write-ahead log, every commit synced, one writer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
import fcntl
import os
from pathlib import Path
import sqlite3
from threading import Lock
from typing import Final

from ...engine.ledger.journal import (
    LASTING,
    LASTING_AWHILE,
    LASTING_DAYS,
    EntryKind,
    JournalEntry,
)
from ...engine.model.period import DAY_MS, Instant
from .damage import Damage, DamagedJournal, DamageKind
from .inspection import Inspection, inspect
from .salvage import beside, create, damaged_files, has_log, resume, salvage
from .schema import (
    connect_to_write,
    hold_still,
    move_on,
    sqlite_errors_translated,
    write_entries,
)
from .store import JournalError, JournalFault

ENTRIES_TO_RESTORE: Final = 10_000
"""The end of the journal a node is restored from: about a week."""

PAGE: Final = 128
"""Entries read at once."""


class SQLiteJournal:
    """A journal whose entries survive the process, and the power, once appended.

    Calls block and may come from any thread, one after the other.
    """

    def __init__(
        self, connection: sqlite3.Connection, inspection: Inspection, *, lock_file: int
    ) -> None:
        """Take over what ``open`` has opened and checked."""
        self._connection: Final = connection
        self._lock_file: Final = lock_file
        self._one_at_a_time: Final = Lock()
        self._count = inspection.count
        self._head = inspection.head
        self._closed = False

    @classmethod
    def open(cls, path: Path, *, now: Instant) -> OpenedJournal:
        """Open the journal at ``path``, new if there is none, and check all of it.

        A damaged one is replaced by its sound entries and kept beside it: a value to be
        shown, not an exception.  Raises JournalError when the world is in the way.
        """
        with sqlite_errors_translated():
            path.parent.mkdir(parents=True, exist_ok=True)
            lock_file = _lock(beside(path, ".lock"))
            try:
                inspection, damaged = _make_sound(path, now)
                connection = connect_to_write(path)
            except BaseException:
                os.close(lock_file)
                raise
        return OpenedJournal(
            journal=cls(connection, inspection, lock_file=lock_file),
            damaged=damaged,
            aside=damaged_files(path),
        )

    @property
    def count(self) -> int:
        """Number of entries; the first has number 0."""
        return self._count

    @property
    def head(self) -> bytes:
        """Digest of the last entry and so of all; of none: ``GENESIS``."""
        return self._head

    def append(self, entries: Sequence[JournalEntry]) -> None:
        """Add all ``entries`` or none.  On return they are on disk.

        Raises JournalError when they could not be written; the journal is then as it
        was and may be tried again.
        """
        assert not self._closed, "a closed journal takes no entries"
        with self._one_at_a_time, sqlite_errors_translated():
            self._head = write_entries(
                self._connection, entries, count=self._count, head=self._head
            )
            self._count += len(entries)

    def entries(self, *, first: int = 0) -> Iterator[JournalEntry]:
        """Yield the entries from number ``first`` on, a bounded number in memory.

        Raises JournalError when the disk cannot be read.
        """
        while page := self._page(first):
            yield from page
            first += len(page)

    def restorable(self) -> Iterator[JournalEntry]:
        """Yield what a node is restored from: what lasts, then the latest entries.

        Lasting are changes of the charter and revocations of keys, however old.

        Raises JournalError when the disk cannot be read.
        """
        first = max(0, self.count - ENTRIES_TO_RESTORE)
        for kind in LASTING:
            yield from self._entries_of(kind, until=first)
        for kind in LASTING_AWHILE:
            yield from self._entries_of(kind, until=first, days=LASTING_DAYS)
        yield from self.entries(first=first)

    def _entries_of(
        self, kind: EntryKind, *, until: int, days: int | None = None
    ) -> Iterator[JournalEntry]:
        """Yield the entries of a kind; of so many days before the last of them."""
        assert not self._closed, "a closed journal cannot be read"
        with self._one_at_a_time, sqlite_errors_translated():
            rows = self._connection.execute(
                "SELECT at, body FROM entry WHERE kind = ?1 AND number < ?2 AND "
                "(?3 IS NULL OR at > (SELECT max(at) FROM entry WHERE kind = ?1) - ?3) "
                "ORDER BY number",
                (kind.value, until, None if days is None else days * DAY_MS),
            ).fetchall()
        for at, body in rows:
            yield JournalEntry(kind=kind, at=Instant(at), body=body)

    def begin_backup(self) -> None:
        """Let the files be copied while the journal goes on; ends with ``end_backup``.

        Until then the main file does not change and its log only grows: a copy of both,
        taken in any order and cut anywhere, is the journal of some instant since.
        Raises JournalError when the disk is in the way.
        """
        with self._one_at_a_time, sqlite_errors_translated():
            hold_still(self._connection)

    def end_backup(self) -> None:
        """Let the log be folded into the main file again; no harm without a backup."""
        if self._closed:
            return
        with self._one_at_a_time, sqlite_errors_translated():
            move_on(self._connection)

    def close(self) -> None:
        """Let go of the file; a second call does nothing."""
        if self._closed:
            return
        self._closed = True
        try:
            with self._one_at_a_time, sqlite_errors_translated():
                self._connection.close()
        finally:
            os.close(self._lock_file)

    def _page(self, first: int) -> list[JournalEntry]:
        assert not self._closed, "a closed journal cannot be read"
        with self._one_at_a_time, sqlite_errors_translated():
            rows = self._connection.execute(
                "SELECT kind, at, body FROM entry WHERE number >= ? "
                "ORDER BY number LIMIT ?",
                (first, PAGE),
            ).fetchall()
        return [
            JournalEntry(kind=EntryKind(kind), at=Instant(at), body=body)
            for kind, at, body in rows
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedJournal:
    """A journal ready for use, and what was found on the way."""

    journal: SQLiteJournal
    damaged: DamagedJournal | None
    """What was damaged and put aside this time."""

    aside: tuple[Path, ...]
    """Every damaged file beside the journal: shown until the owner removes them."""


def _lock(path: Path) -> int:
    """Make sure that we are the only writer until the returned file is closed."""
    lock_file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock_file)
        raise JournalError(JournalFault.IN_USE, f"{path} is locked") from None
    return lock_file


def _make_sound(path: Path, now: Instant) -> tuple[Inspection, DamagedJournal | None]:
    resume(path)
    if path.exists():
        inspection = inspect(path)
    elif has_log(path):
        inspection = Inspection(damage=Damage(kind=DamageKind.FILE_MISSING, entry=0))
    else:
        create(path)
        inspection = Inspection()
    if inspection.damage is None:
        return inspection, None
    damaged = salvage(path, inspection.damage, now=now)
    inspection = inspect(path)
    if inspection.damage is not None:
        raise JournalError(JournalFault.DAMAGED, "what was salvaged is damaged again")
    return inspection, damaged
