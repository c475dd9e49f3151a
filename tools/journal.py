"""Look after a journal from the command line.

``script/journal verify PATH [--entries]`` checks every entry of the journal,
changes nothing, and may run while Home Assistant writes to it. Exit status: 0 sound,
1 damaged, 2 cannot be read.
"""

import argparse
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
import sys

import tools._engine  # noqa: F401  # the component without its glue

# isort: split
from custom_components.commonwatt.drivers.journal import (
    Inspection,
    JournalError,
    inspect,
)
from custom_components.commonwatt.engine.ledger.journal import EntryKind, JournalEntry
from custom_components.commonwatt.engine.model.period import (
    Instant,
    datetime_from_instant,
)

SOUND, DAMAGED, UNREADABLE = 0, 1, 2


class Reading:
    """What goes by while a journal is checked."""

    def __init__(self, *, entries_printed: bool) -> None:
        self._entries_printed = entries_printed
        self.kinds: Counter[EntryKind] = Counter()
        self.first: Instant | None = None
        self.last: Instant | None = None

    def take(self, number: int, entry: JournalEntry, digest: bytes) -> None:
        """Count an entry and print it, if that is wanted."""
        self.kinds[entry.kind] += 1
        self.first = entry.at if self.first is None else self.first
        self.last = entry.at
        if self._entries_printed:
            print(
                f"{number:>8}  {moment(entry.at)}  {entry.kind.name.lower():<9}  "
                f"{len(entry.body):>7} bytes  {digest.hex()[:16]}"
            )


def moment(at: Instant | None) -> str:
    """Return an instant as people read it."""
    if at is None:
        return "never"
    return datetime_from_instant(at).isoformat(timespec="milliseconds")


def verify(path: Path, *, entries_printed: bool) -> int:
    """Check the journal at ``path``, print what it holds, return the exit status."""
    reading = Reading(entries_printed=entries_printed)
    try:
        inspection = inspect(path, visit=reading.take)
    except JournalError as error:
        print(f"{path}: {error}", file=sys.stderr)
        return UNREADABLE
    print_summary(inspection, reading)
    if inspection.damage is None:
        print("OK")
        return SOUND
    kind, entry = inspection.damage.kind, inspection.damage.entry
    print(f"DAMAGED ({kind}): entry {entry} is the first that cannot be trusted")
    return DAMAGED


def print_summary(inspection: Inspection, reading: Reading) -> None:
    """Print how many entries there are, of what kinds, and the digest of the last."""
    kinds = ", ".join(
        f"{kind.name.lower()} {reading.kinds[kind]}" for kind in sorted(reading.kinds)
    )
    print(f"entries  {inspection.count}{f' ({kinds})' if kinds else ''}")
    print(f"first    {moment(reading.first)}")
    print(f"last     {moment(reading.last)}")
    print(f"head     {inspection.head.hex()}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(
        prog="script/journal", description="Look after a journal."
    )
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("verify", help="check every entry of a journal")
    command.add_argument("path", type=Path, metavar="PATH")
    command.add_argument("--entries", action="store_true", help="print every entry")
    chosen = parser.parse_args(arguments)
    return verify(chosen.path, entries_printed=chosen.entries)


if __name__ == "__main__":
    sys.exit(main())
