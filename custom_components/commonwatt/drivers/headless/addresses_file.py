"""Where members were found last: so that who was away finds them again.

Only a hint: links prove who is at the other end.  A file that is lost or damaged costs
nothing but the time until somebody dials us.
"""

from collections.abc import Iterable
import json
from pathlib import Path
from typing import Final

from .folder import write_whole
from .json_fields import JSON, a_list, a_text

ADDRESSES_MAX: Final = 16
"""Enough to find one that is there, who tells of the others."""


def read_addresses(path: Path) -> tuple[str, ...]:
    """Return the addresses, the latest first; none if there is no such file."""
    try:
        value: JSON = json.loads(path.read_text())
        return tuple(map(a_text, a_list(value)))[:ADDRESSES_MAX]
    except OSError, ValueError:
        return ()


def write_addresses(path: Path, latest: Iterable[str]) -> None:
    """Put the ``latest`` addresses before those in the file (blocking)."""
    before = read_addresses(path)
    known = [*dict.fromkeys((*latest, *before))][:ADDRESSES_MAX]
    if tuple(known) != before:
        write_whole(path, json.dumps(known, indent=2) + "\n")
