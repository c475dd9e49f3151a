"""The SQLite file of a journal: its tables, how to open it and what its errors mean.

One table holds the entries.  A second holds their number and the digest of the last,
so that entries missing at the end are noticed as well.  ``application_id`` says that a
file is ours, ``user_version`` in which format.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
import sqlite3
from typing import Final

from ...engine.ledger.journal import GENESIS, JournalEntry, chain_digest
from .store import JournalError, JournalFault

APPLICATION_ID: Final = 0x43574A4C
"""``CWJL``, read as a number."""

FORMAT: Final = 1

LOCK_WAIT_S: Final = 1.0
"""How long to wait for a lock that nobody should hold."""

LOG_PAGES_MAX: Final = 1_000
"""SQLite's own default: pages in the log after which it is folded in."""

_SCHEMA: Final = """
CREATE TABLE entry (
    number INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    at INTEGER NOT NULL,
    body BLOB NOT NULL,
    digest BLOB NOT NULL
) STRICT;
CREATE TABLE head (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    count INTEGER NOT NULL,
    digest BLOB NOT NULL
) STRICT;
"""

type Row = tuple[int, int, int, bytes, bytes]
"""Number, kind, instant, body and digest of an entry."""

_FAULTS: Final = {
    sqlite3.SQLITE_FULL: JournalFault.DISK_FULL,
    sqlite3.SQLITE_BUSY: JournalFault.IN_USE,
    sqlite3.SQLITE_LOCKED: JournalFault.IN_USE,
    sqlite3.SQLITE_CONSTRAINT: JournalFault.IN_USE,
    sqlite3.SQLITE_CORRUPT: JournalFault.DAMAGED,
    sqlite3.SQLITE_NOTADB: JournalFault.DAMAGED,
    sqlite3.SQLITE_TOOBIG: JournalFault.DAMAGED,
    sqlite3.SQLITE_ERROR: JournalFault.DAMAGED,
}


def fault_of(error: sqlite3.Error) -> JournalFault:
    """Return what an error of SQLite means for the journal.

    SQLITE_ERROR is damage because our statements are right: a table is missing.
    """
    primary_code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_MISUSE) & 0xFF
    return _FAULTS.get(primary_code, JournalFault.UNREACHABLE)


@contextmanager
def sqlite_errors_translated() -> Iterator[None]:
    """Turn errors of SQLite and of the file system into JournalError."""
    try:
        yield
    except sqlite3.Error as error:
        raise JournalError(fault_of(error), str(error)) from error
    except OSError as error:
        raise JournalError(JournalFault.UNREACHABLE, str(error)) from error


def connect_to_read(path: Path) -> sqlite3.Connection:
    """Open a journal without ever changing a byte of it."""
    connection = _connect(path, mode="ro")
    connection.text_factory = bytes  # text in here is damage, not something to decode
    return connection


def connect_to_write(path: Path) -> sqlite3.Connection:
    """Open an existing journal so that a commit is on disk when it returns."""
    connection = _connect(path, mode="rw")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def hold_still(connection: sqlite3.Connection) -> None:
    """Fold the log into the main file once more, and then no more, not even at the end.

    What is committed from now on is in the log alone (https://sqlite.org/wal.html).
    """
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.execute("PRAGMA wal_autocheckpoint = 0")
    connection.setconfig(sqlite3.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, True)  # noqa: FBT003  # its only form


def move_on(connection: sqlite3.Connection) -> None:
    """Fold the log into the main file whenever it is long, as usual."""
    connection.setconfig(sqlite3.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, False)  # noqa: FBT003  # its only form
    connection.execute(f"PRAGMA wal_autocheckpoint = {LOG_PAGES_MAX}")
    connection.execute("PRAGMA wal_checkpoint(PASSIVE)")


def _connect(path: Path, *, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=LOCK_WAIT_S,
        isolation_level=None,
        check_same_thread=False,  # the executor has many threads, the journal a lock
    )


def create_file(path: Path) -> None:
    """Make an empty journal; whatever lay at ``path`` is gone."""
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {FORMAT}")
        connection.executescript(_SCHEMA)
        connection.execute("INSERT INTO head VALUES (1, 0, ?)", (GENESIS,))
        connection.execute("PRAGMA journal_mode = WAL")
    finally:
        connection.close()


def write_entries(
    connection: sqlite3.Connection,
    entries: Sequence[JournalEntry],
    *,
    count: int,
    head: bytes,
) -> bytes:
    """Add ``entries`` from number ``count`` on, all or none; return the new head."""
    rows: list[Row] = []
    for number, entry in enumerate(entries, count):
        head = chain_digest(head, entry)
        rows.append((number, entry.kind, entry.at, entry.body, head))
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.executemany("INSERT INTO entry VALUES (?, ?, ?, ?, ?)", rows)
        connection.execute(
            "UPDATE head SET count = ?, digest = ?", (count + len(rows), head)
        )
        connection.execute("COMMIT")
    except sqlite3.Error:
        if connection.in_transaction:  # some errors have rolled it back already
            connection.execute("ROLLBACK")
        raise
    return head
