"""A process that writes to a journal until it is killed.

Prints the number of entries after every append has returned: these are acknowledged.
"""

import os
from pathlib import Path
import random
import sys

import tools._engine  # noqa: F401  # the component without its glue

# isort: split
from custom_components.commonwatt.drivers.journal import SQLiteJournal
from tests.drivers.journal.journals import NOW, entries


def acknowledge(count: int) -> None:
    """Say so without any buffer in between."""
    os.write(sys.stdout.fileno(), b"%d\n" % count)


def main(path: Path, seed: int) -> None:
    """Append a few entries at a time, for ever."""
    sizes = random.Random(seed)
    result = SQLiteJournal.open(path, now=NOW)
    assert result.damaged is None, result.damaged
    journal = result.journal
    acknowledge(journal.count)
    while True:
        journal.append(entries(sizes.randint(1, 8), first=journal.count))
        acknowledge(journal.count)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
