"""Entries that can be told by their number, and journals full of them."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
import hashlib
from pathlib import Path
import shutil
import sqlite3
from typing import Final

from custom_components.commonwatt.drivers.journal import OpenedJournal, SQLiteJournal
from custom_components.commonwatt.engine.ledger.journal import EntryKind, JournalEntry
from custom_components.commonwatt.engine.model.period import Instant

NOW: Final = Instant(1_795_298_400_000)
NAME: Final = "journal.sqlite"


def entry(number: int) -> JournalEntry:
    """Return the entry of that number: always the same, unlike any other."""
    seed = hashlib.sha256(str(number).encode()).digest()
    length = int.from_bytes(seed[:2]) % 3_000
    kinds = [kind for kind in EntryKind if kind is not EntryKind.SALVAGED]
    return JournalEntry(
        kind=kinds[seed[2] % len(kinds)],
        at=Instant(NOW + number),
        body=(seed * 100)[:length],
    )


def entries(count: int, *, first: int = 0) -> list[JournalEntry]:
    """Return so many entries in a row."""
    return [entry(number) for number in range(first, first + count)]


@contextmanager
def opened(path: Path) -> Iterator[OpenedJournal]:
    """Open a journal and close it again."""
    result = SQLiteJournal.open(path, now=NOW)
    with closing(result.journal):
        yield result


def write(path: Path, count: int) -> None:
    """Make a journal of so many entries, five at a time."""
    with opened(path) as result:
        for first in range(0, count, 5):
            result.journal.append(entries(min(5, count - first), first=first))


def change(path: Path, *statements: str) -> None:
    """Do to a closed journal what nobody should."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def crash_image(path: Path, folder: Path) -> Path:
    """Copy what would be on disk, were the process killed now."""
    folder.mkdir()
    for suffix in ("", "-wal"):
        source = path.with_name(path.name + suffix)
        if source.exists():
            shutil.copy(source, folder / source.name)
    return folder / path.name
