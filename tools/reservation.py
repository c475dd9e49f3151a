"""A folder that belongs to one process for as long as it lives.

The reservation is a lock on a file beside the folder: the system lets go of it whatever
way the process ends, and whoever tidies up can tell what is still in use.
"""

from collections.abc import Iterator
import contextlib
import fcntl
import os
from pathlib import Path
import shutil


class ReservedError(Exception):
    """Another process has the folder."""


@contextlib.contextmanager
def reserved(folder: Path) -> Iterator[None]:
    """Keep ``folder``, which need not exist yet; ReservedError if another has it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    descriptor = _locked(_lock_of(folder))
    while descriptor is None:
        descriptor = _locked(_lock_of(folder))
    try:
        yield
    finally:
        os.close(descriptor)


def give_up(folder: Path) -> None:
    """Delete a folder that one has reserved, and the mark of it."""
    shutil.rmtree(folder, ignore_errors=True)
    _lock_of(folder).unlink(missing_ok=True)


def _lock_of(folder: Path) -> Path:
    return folder.with_name(folder.name + ".lock")


def _locked(lock: Path) -> int | None:
    """Return a descriptor that holds the lock; None if it was deleted meanwhile."""
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if lock.stat().st_ino == os.fstat(descriptor).st_ino:
            return descriptor
    except BlockingIOError as err:
        os.close(descriptor)
        raise ReservedError(str(lock)) from err
    except FileNotFoundError:
        pass
    os.close(descriptor)
    return None
