"""Reading a journal from its first entry to its last, believing nothing.

Changes no byte of what it reads, so it may look on while a journal is being written.
"""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
import sqlite3

from ...engine.ledger.journal import (
    BODY_BYTES_MAX,
    GENESIS,
    EntryKind,
    JournalEntry,
    link_digest,
)
from ...engine.model.period import Instant
from .damage import Damage, DamageKind
from .schema import (
    APPLICATION_ID,
    FORMAT,
    connect_to_read,
    fault_of,
    sqlite_errors_translated,
)
from .store import JournalError, JournalFault

_ENTRIES = "SELECT number, kind, at, body, digest FROM entry ORDER BY number"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What a journal holds as far as it is sound, and where that ends."""

    count: int = 0
    head: bytes = GENESIS
    damage: Damage | None = None


type Visitor = Callable[[int, JournalEntry, bytes], None]
"""Called with number, entry and digest, once the digest has been checked."""


def inspect(path: Path, *, visit: Visitor | None = None) -> Inspection:
    """Check every entry of the journal at ``path`` and say how far it is sound.

    Raises JournalError for a journal that cannot be read or is written by a later
    version; damage is a value.
    """
    reader = _Reader(visit)
    with sqlite_errors_translated(), closing(connect_to_read(path)) as connection:
        damage_kind = _read(reader, connection)
    damage = (
        None if damage_kind is None else Damage(kind=damage_kind, entry=reader.count)
    )
    return Inspection(count=reader.count, head=reader.head, damage=damage)


class _UnsoundError(Exception):
    """The journal cannot be trusted from here on."""

    def __init__(self, kind: DamageKind) -> None:
        super().__init__(kind)
        self.kind = kind


class _Reader:
    """How far the chain has been checked."""

    def __init__(self, visit: Visitor | None) -> None:
        self.count = 0
        self.head = GENESIS
        self._visit = visit

    def read(self, connection: sqlite3.Connection) -> None:
        _check_format(connection)
        connection.execute("BEGIN")  # one moment of a journal that may be in use
        for row in connection.execute(_ENTRIES):
            entry, digest = _parse_row(row, number=self.count, previous=self.head)
            if self._visit is not None:
                self._visit(self.count, entry, digest)
            self.count, self.head = self.count + 1, digest
        recorded: object = connection.execute(
            "SELECT count, digest FROM head"
        ).fetchone()
        if recorded != (self.count, self.head):
            raise _UnsoundError(DamageKind.TRUNCATED)


def _read(reader: _Reader, connection: sqlite3.Connection) -> DamageKind | None:
    try:
        reader.read(connection)
    except _UnsoundError as unsound:
        return unsound.kind
    except sqlite3.Error as error:
        if fault_of(error) is not JournalFault.DAMAGED:
            raise
        no_database = error.sqlite_errorcode == sqlite3.SQLITE_NOTADB
        return DamageKind.NOT_A_JOURNAL if no_database else DamageKind.UNREADABLE
    return None


def _check_format(connection: sqlite3.Connection) -> None:
    version = _pragma(connection, "user_version")
    if _pragma(connection, "application_id") != APPLICATION_ID or version < 1:
        raise _UnsoundError(DamageKind.NOT_A_JOURNAL)
    if version > FORMAT:
        raise JournalError(JournalFault.FROM_THE_FUTURE, f"journal format {version}")


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    (value,) = connection.execute(f"PRAGMA {name}").fetchone()
    assert isinstance(value, int)
    return value


def _parse_row(
    row: tuple[object, ...], *, number: int, previous: bytes
) -> tuple[JournalEntry, bytes]:
    match row:
        case (found, int(kind), int(at), bytes(body), bytes(digest)) if (
            found == number and len(body) <= BODY_BYTES_MAX
        ):
            pass
        case _:
            raise _UnsoundError(DamageKind.CHAIN_BROKEN)
    if link_digest(previous, kind=kind, at=at, body=body) != digest:
        raise _UnsoundError(DamageKind.CHAIN_BROKEN)
    if kind not in EntryKind:
        raise JournalError(JournalFault.FROM_THE_FUTURE, f"entries of kind {kind}")
    return JournalEntry(kind=EntryKind(kind), at=Instant(at), body=body), digest
