"""What every journal promises, on disk and in memory."""

from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

import pytest

from custom_components.commonwatt.drivers.journal import (
    Journal,
    MemoryJournal,
    SQLiteJournal,
)
from custom_components.commonwatt.engine.ledger.journal import GENESIS, chain_digest
from tests.drivers.journal.journals import NAME, NOW, entries, entry


@pytest.fixture(params=["disk", "memory"])
def journal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Journal]:
    """An empty journal of either sort."""
    empty: Journal
    if request.param == "disk":
        empty = SQLiteJournal.open(tmp_path / NAME, now=NOW).journal
    else:
        empty = MemoryJournal()
    with closing(empty):
        yield empty


def test_a_new_journal_is_empty(journal: Journal) -> None:
    assert journal.count == 0
    assert journal.head == GENESIS
    assert list(journal.entries()) == []


def test_entries_come_back_in_order(journal: Journal) -> None:
    for first in range(0, 300, 7):
        journal.append(entries(7, first=first))

    assert journal.count == 301
    assert list(journal.entries()) == entries(301)
    assert list(journal.entries(first=297)) == entries(4, first=297)
    assert list(journal.entries(first=301)) == []


def test_the_head_seals_every_entry(journal: Journal) -> None:
    journal.append(entries(2))
    journal.append(entries(1, first=2))

    head = GENESIS
    for number in range(3):
        head = chain_digest(head, entry(number))
    assert journal.head == head


def test_nothing_added_changes_nothing(journal: Journal) -> None:
    journal.append(entries(1))
    head = journal.head

    journal.append([])

    assert (journal.count, journal.head) == (1, head)


def test_one_may_write_while_reading(journal: Journal) -> None:
    journal.append(entries(200))
    reading = journal.entries()
    assert list(islice(reading, 150)) == entries(150)

    journal.append(entries(1, first=200))

    assert [*reading][:50] == entries(50, first=150)
    assert journal.count == 201


def test_closing_twice_is_closing_once(journal: Journal) -> None:
    journal.close()
    journal.close()
