"""A folder that belongs to one process for as long as it lives.

The reservation is a lock on a file beside the folder: the system lets go of it whatever
way the process ends, and whoever tidies up can tell what is still in use.
"""

from collections.abc import Iterator
import contextlib
import fcntl
import os
from pathlib import Path


class ReservedError(Exception):
    """Another process has the folder."""


@contextlib.contextmanager
def reserved(folder: Path) -> Iterator[None]:
    """Keep ``folder``, which need not exist yet; ReservedError if another has it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    lock = folder.with_name(folder.name + ".lock")
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as err:
            raise ReservedError(str(folder)) from err
        yield
    finally:
        os.close(descriptor)
