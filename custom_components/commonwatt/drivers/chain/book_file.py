"""The books of a community on disk: its settled periods, until the chain has them.

SQLite, every commit synced.  A file that cannot be read is put aside and begun anew:
the home then goes on from the next batch that stands.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
import sqlite3
from typing import Final, Self

from ...engine.ledger.batch import PERIODS_A_DAY
from ...engine.ledger.chain.settled_period import SettledPeriod
from .errors import ChainError, ChainFault

APPLICATION_ID: Final = 0x43574250
"""``CWBP``, read as a number."""

FORMAT: Final = 1

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS period (
    number INTEGER PRIMARY KEY,
    body BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS note (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
"""
_WHOLE_FROM: Final = "whole_from"


class BookFile:
    """Settled periods by their number, and since when they are all there."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Take over what ``open`` has opened."""
        self._connection: Final = connection

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the books, new if there are none or what is there cannot be read.

        Raises ChainError DISK.
        """
        with _disk():
            connection = _opened(path)
            if connection is None:
                path.replace(path.with_suffix(".damaged"))
                connection = _opened(path)
            if connection is None:
                raise ChainError(ChainFault.DISK, str(path))
            return cls(connection)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    @property
    def whole_from(self) -> int | None:
        """The first UTC day of which nothing was missed; None in new books."""
        query = "SELECT value FROM note WHERE name = ?"
        with _disk():
            row = self._connection.execute(query, (_WHOLE_FROM,)).fetchone()
        return None if row is None else int(row[0])

    def write(self, periods: Iterable[SettledPeriod], *, whole_from: int) -> None:
        """Keep periods, in the place of what was known of them.

        ``whole_from`` counts for new books only.  Raises ChainError DISK.
        """
        rows = [(one.period.number, one.body) for one in periods]
        with _disk(), self._connection:
            self._connection.executemany("REPLACE INTO period VALUES (?, ?)", rows)
            self._connection.execute(
                "INSERT OR IGNORE INTO note VALUES (?, ?)", (_WHOLE_FROM, whole_from)
            )

    def periods(self, first_day: int) -> tuple[SettledPeriod, ...]:
        """Return what is kept from the beginning of a UTC day on, ascending.

        Raises ChainError DISK.
        """
        query = "SELECT body FROM period WHERE number >= ? ORDER BY number"
        with _disk():
            rows = self._connection.execute(query, (first_day * PERIODS_A_DAY,))
            return tuple(SettledPeriod.read(body) for (body,) in rows)

    def count(self, day: int) -> int:
        """Return how many periods of a UTC day are kept.  Raises ChainError DISK."""
        query = "SELECT COUNT(*) FROM period WHERE number >= ? AND number < ?"
        bounds = (day * PERIODS_A_DAY, (day + 1) * PERIODS_A_DAY)
        with _disk():
            return int(self._connection.execute(query, bounds).fetchone()[0])

    def forget(self, first_day: int) -> None:
        """Forget what happened before a UTC day.  Raises ChainError DISK."""
        query = "DELETE FROM period WHERE number < ?"
        with _disk(), self._connection:
            self._connection.execute(query, (first_day * PERIODS_A_DAY,))


def _opened(path: Path) -> sqlite3.Connection | None:
    """Return a connection to our books; None if what is there cannot be read."""
    connection = sqlite3.connect(path, check_same_thread=False)
    try:
        if _is_ours(connection):
            return connection
    except sqlite3.DatabaseError as err:
        if isinstance(err, sqlite3.OperationalError):
            connection.close()
            raise
    connection.close()
    return None


def _is_ours(connection: sqlite3.Connection) -> bool:
    """Make new books, or look whether old ones are sound."""
    (found,) = connection.execute("PRAGMA application_id").fetchone()
    (form,) = connection.execute("PRAGMA user_version").fetchone()
    if (found, form) not in {(0, 0), (APPLICATION_ID, FORMAT)}:
        return False
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.executescript(_SCHEMA)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {FORMAT}")
    (answer,) = connection.execute("PRAGMA quick_check").fetchone()
    return bool(answer == "ok")


@contextmanager
def _disk() -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError, ValueError) as err:
        raise ChainError(ChainFault.DISK, str(err)) from err
