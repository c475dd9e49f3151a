"""What a member's journal says, read from the disk while the member writes it."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
import sqlite3

import tools._engine  # noqa: F401  # the component without its glue

# isort: split
from custom_components.commonwatt.engine.ledger.journal import EntryKind
from custom_components.commonwatt.engine.model.party import Charter
from custom_components.commonwatt.engine.peer import Statutes
from custom_components.commonwatt.engine.wire.canonical import decode
from custom_components.commonwatt.engine.wire.community import read_record
from custom_components.commonwatt.engine.wire.digests import community_id
from custom_components.commonwatt.engine.wire.fields import array_of
from custom_components.commonwatt.engine.wire.verifier import verify


def bodies(journal: Path, kind: EntryKind) -> list[bytes]:
    """Return the bodies of all entries of a kind, in order."""
    if not journal.exists():
        return []
    uri = f"{journal.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True, timeout=5)) as connection:
        rows = connection.execute(
            "SELECT body FROM entry WHERE kind = ? ORDER BY number", (kind.value,)
        ).fetchall()
    return [bytes(body) for (body,) in rows]


def finals(journal: Path) -> dict[int, set[bytes]]:
    """Return every result that was ever final for a period: one, if all is well."""
    found: dict[int, set[bytes]] = {}
    for body in bodies(journal, EntryKind.FINAL):
        period, digest, _ = array_of(decode(body, items_max=256 * 1024), 3)
        assert isinstance(period, int), "a period has a number"
        assert isinstance(digest, bytes), "and a result a digest"
        found.setdefault(period, set()).add(digest)
    return found


def latest_charter(founding: Charter, records: Sequence[bytes]) -> Charter:
    """Return the charter that follows from the first one."""
    statutes = Statutes(community_id(founding), founding)
    for body in records:
        charter = statutes.extend(read_record(decode(body)), verify=verify)
        assert charter is not None, "a journal holds only what was proved"
    return statutes.latest
