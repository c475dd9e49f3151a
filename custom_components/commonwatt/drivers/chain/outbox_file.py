"""The outbox on disk: what is to be done on the chain, and every transaction signed.

SQLite, every commit synced, one owner at a time.  Knows rows; what becomes of them is
decided in :mod:`.outbox`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
import fcntl
import os
from pathlib import Path
import sqlite3
from typing import Final

from ...engine.wire.ethereum import Address
from .errors import ChainError, ChainFault
from .fees import Fees
from .values import Call

APPLICATION_ID: Final = 0x43574F42
"""``CWOB``, read as a number."""

FORMAT: Final = 1

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS job (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    recipient BLOB,
    data BLOB NOT NULL,
    value_wei TEXT NOT NULL,
    state TEXT NOT NULL,
    detail TEXT NOT NULL,
    nonce INTEGER,
    block INTEGER,
    fee_wei TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS attempt (
    hash BLOB PRIMARY KEY,
    job INTEGER NOT NULL REFERENCES job (number),
    raw BLOB NOT NULL,
    fee_wei TEXT NOT NULL,
    tip_wei TEXT NOT NULL,
    gas_max INTEGER NOT NULL,
    block INTEGER NOT NULL,
    is_void INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS note (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;
"""


class JobState(StrEnum):
    """How far something that is to be done has come."""

    QUEUED = "queued"
    SENT = "sent"
    """Signed, on disk, and handed to the chain; in no block as far as we know."""

    MINED = "mined"
    """In a block that a reorganisation could still take back."""

    FINAL = "final"
    REFUSED = "refused"
    """A contract does not want it.  Nothing was done; the detail says why."""

    REVERTED = "reverted"
    """A contract refused it in a block, for good: the gas is spent."""


OPEN: Final = frozenset({JobState.QUEUED, JobState.SENT, JobState.MINED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Something to be done on the chain once, by the name of what it is for."""

    number: int
    name: str
    call: Call
    state: JobState
    detail: str
    nonce: int | None
    """Kept from the first signature on, so that one transaction at most counts."""

    block: int | None
    """Where it was found, mined."""

    fee_wei: int
    """Paid for its gas; zero until it is final."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A signed transaction of a job; all of one job have the same nonce."""

    hash: bytes
    raw: bytes
    fees: Fees
    gas_max: int
    block: int
    """Newest block when it was signed."""

    is_void: bool
    """It does nothing but use the nonce up: the job has become pointless."""


class OutboxFile:
    """Jobs, attempts and notes of one account on one chain."""

    def __init__(self, connection: sqlite3.Connection, *, lock_file: int) -> None:
        """Take over what ``open`` has opened."""
        self._connection: Final = connection
        self._lock_file: Final = lock_file
        self._is_closed = False

    @classmethod
    def open(cls, folder: Path, *, chain_id: int, account: Address) -> OutboxFile:
        """Open the outbox of an account in ``folder``, new if there is none.

        ChainError: IN_USE, or DISK for a file that cannot be read or is not ours.
        """
        path = folder / f"chain-{chain_id}-{account.hex()}.sqlite"
        with _errors_translated():
            folder.mkdir(parents=True, exist_ok=True)
            lock_file = _lock(path.with_suffix(".lock"))
            try:
                return cls(_connected(path), lock_file=lock_file)
            except BaseException:
                os.close(lock_file)
                raise

    def close(self) -> None:
        """Let go of the file; a second call does nothing."""
        if not self._is_closed:
            self._is_closed = True
            self._connection.close()
            os.close(self._lock_file)

    # -- jobs --------------------------------------------------------------------------

    def jobs(self, *, open_only: bool = False) -> tuple[Job, ...]:
        """Return the jobs in the order in which they were queued."""
        states = sorted(OPEN if open_only else JobState)
        places = ",".join("?" * len(states))
        query = f"SELECT * FROM job WHERE state IN ({places}) ORDER BY number"  # noqa: S608  # question marks only
        with _errors_translated():
            return tuple(map(_job, self._connection.execute(query, states)))

    def job(self, name: str) -> Job | None:
        """Return a job by its name."""
        with _errors_translated():
            found = self._connection.execute(
                "SELECT * FROM job WHERE name = ?", (name,)
            ).fetchone()
        return None if found is None else _job(found)

    def add(self, name: str, call: Call) -> Job:
        """Queue a new job, or anew one that came to nothing."""
        with self._commit() as connection:
            # What came to nothing stays in the history, and so does what it cost.
            connection.execute(
                "UPDATE job SET name = name || '#' || number "
                "WHERE name = ? AND state IN (?, ?)",
                (name, JobState.REFUSED, JobState.REVERTED),
            )
            connection.execute(
                "INSERT INTO job (name, recipient, data, value_wei, state, detail, "
                "fee_wei) VALUES (?, ?, ?, ?, ?, '', '0') ON CONFLICT DO NOTHING",
                (name, call.recipient, call.data, str(call.value_wei), JobState.QUEUED),
            )
        job = self.job(name)
        assert job is not None, "it was just written"
        return job

    def change(self, job: Job) -> None:
        """Write down how far a job has come."""
        with self._commit() as connection:
            self._update(connection, job)

    def sign(self, job: Job, attempt: Attempt) -> Job:
        """Write down a signed transaction before it is sent."""
        sent = replace(job, state=JobState.SENT, block=None)
        with self._commit() as connection:
            self._update(connection, sent)
            connection.execute(
                "INSERT OR REPLACE INTO attempt VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    attempt.hash,
                    job.number,
                    attempt.raw,
                    str(attempt.fees.fee_wei),
                    str(attempt.fees.tip_wei),
                    attempt.gas_max,
                    attempt.block,
                    attempt.is_void,
                ),
            )
        return sent

    def forget_attempts(self, job: Job) -> None:
        """Queue a job anew whose nonce something else has used for good."""
        fresh = replace(job, state=JobState.QUEUED, nonce=None, block=None)
        with self._commit() as connection:
            connection.execute("DELETE FROM attempt WHERE job = ?", (job.number,))
            self._update(connection, fresh)

    def attempts(self, job: Job) -> tuple[Attempt, ...]:
        """Return the signed transactions of a job, the first one first."""
        with _errors_translated():
            rows = self._connection.execute(
                "SELECT hash, raw, fee_wei, tip_wei, gas_max, block, is_void "
                "FROM attempt WHERE job = ? ORDER BY rowid",
                (job.number,),
            ).fetchall()
        return tuple(map(_attempt, rows))

    # -- notes -------------------------------------------------------------------------

    def note(self, name: str) -> bytes | None:
        """Return what was noted under a name."""
        with _errors_translated():
            found = self._connection.execute(
                "SELECT value FROM note WHERE name = ?", (name,)
            ).fetchone()
        return None if found is None else bytes(found[0])

    def write_note(self, name: str, value: bytes) -> None:
        """Note something under a name, in the place of what was there."""
        with self._commit() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO note VALUES (?, ?)", (name, value)
            )

    @contextmanager
    def _commit(self) -> Iterator[sqlite3.Connection]:
        assert not self._is_closed, "a closed outbox takes nothing"
        with _errors_translated(), self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            yield self._connection

    @staticmethod
    def _update(connection: sqlite3.Connection, job: Job) -> None:
        connection.execute(
            "UPDATE job SET state = ?, detail = ?, nonce = ?, block = ?, fee_wei = ? "
            "WHERE number = ?",
            (
                job.state,
                job.detail,
                job.nonce,
                job.block,
                str(job.fee_wei),
                job.number,
            ),
        )


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        _prepare(connection, path.name)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, name: str) -> None:
    (ours,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if (ours, version) not in {(0, 0), (APPLICATION_ID, FORMAT)}:
        raise ChainError(ChainFault.DISK, f"{name} is not ours")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.executescript(_SCHEMA)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {FORMAT}")


def _lock(path: Path) -> int:
    """Make sure that we are the only owner until the returned file is closed."""
    lock_file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock_file)
        raise ChainError(ChainFault.IN_USE, path.name) from None
    return lock_file


@contextmanager
def _errors_translated() -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise ChainError(ChainFault.DISK, str(error)) from error


type _Row = tuple[
    int, str, bytes | None, bytes, str, str, str, int | None, int | None, str
]


def _job(row: _Row) -> Job:
    number, name, recipient, data, value, state, detail, nonce, block, fee = row
    return Job(
        number=number,
        name=name,
        call=Call(
            recipient=None if recipient is None else Address(recipient),
            data=data,
            value_wei=int(value),
        ),
        state=JobState(state),
        detail=detail,
        nonce=nonce,
        block=block,
        fee_wei=int(fee),
    )


def _attempt(row: tuple[bytes, bytes, str, str, int, int, int]) -> Attempt:
    digest, raw, fee, tip, gas_max, block, is_void = row
    return Attempt(
        hash=digest,
        raw=raw,
        fees=Fees(fee_wei=int(fee), tip_wei=int(tip)),
        gas_max=gas_max,
        block=block,
        is_void=bool(is_void),
    )
