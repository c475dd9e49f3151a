"""Replacing a damaged journal by what is sound of it; the damaged one is kept.

The order of the steps matters, because the power may fail between any two of them:

1. write every sound entry to ``NAME.new``, then call that ``NAME.salvaged``
2. rename the damaged file to ``NAME.damaged-<n>``, then its write-ahead log alike
3. rename ``NAME.salvaged`` to ``NAME``

``resume`` finishes what was interrupted: while ``NAME`` is there, nothing has been
moved and all starts again; when it is gone, ``NAME.salvaged`` is complete.
"""

from contextlib import closing
from itertools import count
import os
from pathlib import Path
import sqlite3
from typing import Final

from ...engine.ledger.journal import GENESIS, EntryKind, JournalEntry
from ...engine.model.period import Instant
from ...engine.wire.canonical import decode, encode
from ...engine.wire.fields import array_of
from .damage import Damage, DamagedJournal, DamageKind
from .inspection import inspect
from .schema import connect_to_read, connect_to_write, create_file, write_entries

LOG_SUFFIX: Final = "-wal"
INDEX_SUFFIX: Final = "-shm"

_PENDING_MAX: Final = 128


def beside(path: Path, suffix: str) -> Path:
    """Return the file that is called as ``path`` is, and then ``suffix``."""
    return path.with_name(path.name + suffix)


def damaged_files(path: Path) -> tuple[Path, ...]:
    """Return every damaged file that lies beside the journal, oldest first."""
    found = path.parent.glob(f"{path.name}.damaged-*")
    return tuple(sorted(found, key=lambda file: (len(file.name), file.name)))


def has_log(path: Path) -> bool:
    """Tell whether there is a write-ahead log with anything in it."""
    log = beside(path, LOG_SUFFIX)
    return log.exists() and log.stat().st_size > 0


def create(path: Path) -> None:
    """Make an empty journal that is complete the moment it appears."""
    new = beside(path, ".new")
    create_file(new)
    _rename(new, path)


def salvage(path: Path, damage: Damage, *, now: Instant) -> DamagedJournal:
    """Keep the damaged journal aside and put what is sound of it in its place.

    The last entry of the new journal tells what was lost.
    """
    kept_as = _free_name(path)
    new = beside(path, ".new")
    create_file(new)
    with closing(connect_to_write(new)) as connection:
        connection.execute("PRAGMA synchronous = NORMAL")  # it counts once it is closed
        copy = _Copy(connection)
        if damage.kind is not DamageKind.FILE_MISSING:
            inspect(path, visit=copy.take)
        damage = Damage(kind=damage.kind, entry=copy.count)
        copy.take(copy.count, _note(damage, kept_as, now))
        copy.flush()
    _rename(new, beside(path, ".salvaged"))
    _put_in_place(path, kept_as)
    return DamagedJournal(damage=damage, kept_as=_what_was_kept(kept_as))


def resume(path: Path) -> None:
    """Finish a salvage that was interrupted, if there is one."""
    salvaged = beside(path, ".salvaged")
    if salvaged.exists() and path.exists():
        salvaged.unlink()
    elif salvaged.exists():
        _put_in_place(path, path.with_name(_noted_name(salvaged)))


class _Copy:
    """A journal being written from the sound entries of another."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.count = 0
        self._connection = connection
        self._head = GENESIS
        self._pending: list[JournalEntry] = []

    def take(self, number: int, entry: JournalEntry, _digest: bytes = b"") -> None:
        assert number == self.count, "entries come in order"
        self._pending.append(entry)
        self.count += 1
        if len(self._pending) == _PENDING_MAX:
            self.flush()

    def flush(self) -> None:
        self._head = write_entries(
            self._connection,
            self._pending,
            count=self.count - len(self._pending),
            head=self._head,
        )
        self._pending.clear()


def _note(damage: Damage, kept_as: Path, now: Instant) -> JournalEntry:
    body = encode((damage.kind, damage.entry, kept_as.name))
    return JournalEntry(kind=EntryKind.SALVAGED, at=now, body=body)


def _noted_name(salvaged: Path) -> str:
    with closing(connect_to_read(salvaged)) as connection:
        (body,) = connection.execute(
            "SELECT body FROM entry ORDER BY number DESC LIMIT 1"
        ).fetchone()
    _, _, name = array_of(decode(body), 3)
    assert isinstance(name, str), "we wrote the note ourselves"
    return name


def _free_name(path: Path) -> Path:
    names = (beside(path, f".damaged-{n}") for n in count(1))
    taken = damaged_files(path)
    return next(
        n for n in names if n not in taken and beside(n, LOG_SUFFIX) not in taken
    )


def _what_was_kept(kept_as: Path) -> Path:
    return kept_as if kept_as.exists() else beside(kept_as, LOG_SUFFIX)


def _put_in_place(path: Path, kept_as: Path) -> None:
    if path.exists():
        _rename(path, kept_as)
    if has_log(path):
        _rename(beside(path, LOG_SUFFIX), beside(kept_as, LOG_SUFFIX))
    for suffix in (LOG_SUFFIX, INDEX_SUFFIX):  # empty, or made anew by SQLite
        beside(path, suffix).unlink(missing_ok=True)
    _rename(beside(path, ".salvaged"), path)


def _rename(source: Path, target: Path) -> None:
    source.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
