"""The journal on disk: durable, alone, and clear about what is in its way."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
import sqlite3
import stat
import tracemalloc

import pytest

from custom_components.commonwatt.drivers.journal import (
    JournalError,
    JournalFault,
    SQLiteJournal,
    inspect,
    sqlite,
)
from custom_components.commonwatt.drivers.journal.schema import fault_of
from custom_components.commonwatt.engine.ledger.journal import (
    GENESIS,
    EntryKind,
    JournalEntry,
    link_digest,
)
from custom_components.commonwatt.engine.model.period import Instant
from tests.drivers.journal.journals import (
    NAME,
    NOW,
    change,
    crash_image,
    entries,
    entry,
    opened,
    write,
)


def fault_of_opening(path: Path) -> JournalFault:
    with pytest.raises(JournalError) as caught:
        SQLiteJournal.open(path, now=NOW)
    return caught.value.fault


def fault_of_appending(journal: SQLiteJournal, count: int = 1) -> JournalFault:
    """Append in vain and see that nothing has changed."""
    before = (journal.count, journal.head)
    with pytest.raises(JournalError) as caught:
        journal.append(entries(count, first=journal.count))
    assert (journal.count, journal.head) == before
    return caught.value.fault


def test_what_was_appended_is_there_after_opening_again(tmp_path: Path) -> None:
    write(tmp_path / NAME, 12)

    with opened(tmp_path / NAME) as result:
        assert result.damaged is None
        assert result.aside == ()
        assert list(result.journal.entries()) == entries(12)
        result.journal.append(entries(3, first=12))
    with opened(tmp_path / NAME) as result:
        assert list(result.journal.entries()) == entries(15)


def test_the_folder_is_made_if_need_be(tmp_path: Path) -> None:
    path = tmp_path / "a b?#%20" / "é" / NAME
    write(path, 3)

    assert inspect(path).count == 3


def test_each_commit_is_synced_to_a_write_ahead_log(tmp_path: Path) -> None:
    with opened(tmp_path / NAME) as result:
        connection = result.journal._connection

        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL


def test_an_append_is_on_disk_when_it_returns(tmp_path: Path) -> None:
    with opened(tmp_path / NAME) as result:
        for number in range(30):
            result.journal.append([entry(number)])
            image = crash_image(tmp_path / NAME, tmp_path / str(number))
            assert inspect(image).count == number + 1


def test_an_append_torn_by_a_crash_is_gone_as_a_whole(tmp_path: Path) -> None:
    with opened(tmp_path / NAME) as result:
        result.journal.append(entries(5))
        whole = crash_image(tmp_path / NAME, tmp_path / "whole")
        sound_bytes = whole.with_name(f"{NAME}-wal").stat().st_size
        result.journal.append(entries(5, first=5))
        torn = crash_image(tmp_path / NAME, tmp_path / "torn")
    log = torn.with_name(f"{NAME}-wal")
    full_log = log.read_bytes()
    assert len(full_log) > sound_bytes

    for length in range(sound_bytes, len(full_log), 997):
        log.write_bytes(full_log[:length])
        inspection = inspect(torn)
        assert (inspection.count, inspection.damage) == (5, None)


def test_a_new_journal_is_whole_or_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", crash)
    with pytest.raises(KeyboardInterrupt):
        SQLiteJournal.open(tmp_path / NAME, now=NOW)
    monkeypatch.undo()
    assert not (tmp_path / NAME).exists()

    with opened(tmp_path / NAME) as result:
        assert result.damaged is None
        assert result.journal.count == 0


def test_a_second_writer_is_refused_until_the_first_has_closed(tmp_path: Path) -> None:
    with opened(tmp_path / NAME) as result:
        assert fault_of_opening(tmp_path / NAME) is JournalFault.IN_USE
        result.journal.append(entries(1))
    with opened(tmp_path / NAME) as result:
        assert result.journal.count == 1


def test_entries_by_somebody_else_are_never_overwritten(tmp_path: Path) -> None:
    with opened(tmp_path / NAME) as result:
        change(tmp_path / NAME, "INSERT INTO entry VALUES (0, 2, 0, x'', x'')")

        assert fault_of_appending(result.journal) is JournalFault.IN_USE


def test_a_lock_held_by_somebody_else_is_waited_for_and_named(tmp_path: Path) -> None:
    with opened(tmp_path / NAME) as result:
        result.journal._connection.execute("PRAGMA busy_timeout = 10")
        with closing(sqlite3.connect(tmp_path / NAME)) as other:
            other.execute("BEGIN IMMEDIATE")
            assert fault_of_appending(result.journal) is JournalFault.IN_USE
        result.journal.append(entries(1))


def test_a_journal_that_somebody_keeps_to_himself_is_in_use(tmp_path: Path) -> None:
    write(tmp_path / NAME, 3)
    with closing(sqlite3.connect(tmp_path / NAME)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN IMMEDIATE")

        assert fault_of_opening(tmp_path / NAME) is JournalFault.IN_USE
    assert inspect(tmp_path / NAME).count == 3


def test_threads_may_write_one_after_the_other(tmp_path: Path) -> None:
    with opened(tmp_path / NAME) as result, ThreadPoolExecutor(4) as executor:
        for written in [
            executor.submit(result.journal.append, [entry(number)])
            for number in range(100)
        ]:
            written.result()
        found = list(result.journal.entries())

    assert sorted(found, key=lambda e: e.at) == entries(100)
    assert inspect(tmp_path / NAME).count == 100


def test_a_full_disk_loses_nothing_and_may_be_tried_again(tmp_path: Path) -> None:
    with opened(tmp_path / NAME) as result:
        journal = result.journal
        journal.append(entries(20))
        (pages,) = journal._connection.execute("PRAGMA page_count").fetchone()
        journal._connection.execute(f"PRAGMA max_page_count = {pages}")

        assert fault_of_appending(journal, 50) is JournalFault.DISK_FULL
        assert list(journal.entries()) == entries(20)

        journal._connection.execute("PRAGMA max_page_count = 100000")
        journal.append(entries(50, first=20))
    assert inspect(tmp_path / NAME).count == 70


def test_a_transaction_that_sqlite_undid_itself_is_not_undone_twice(
    tmp_path: Path,
) -> None:
    with opened(tmp_path / NAME) as result:
        change(
            tmp_path / NAME,
            "CREATE TRIGGER no BEFORE INSERT ON entry "
            "BEGIN SELECT RAISE(ROLLBACK, 'no'); END",
        )
        assert fault_of_appending(result.journal) is JournalFault.IN_USE

        change(tmp_path / NAME, "DROP TRIGGER no")
        result.journal.append(entries(1))


@pytest.mark.parametrize("suffix", ["", ".lock", ".new"])
def test_a_folder_in_the_way_is_named(tmp_path: Path, suffix: str) -> None:
    (tmp_path / f"{NAME}{suffix}").mkdir()

    assert fault_of_opening(tmp_path / NAME) is JournalFault.UNREACHABLE


def test_a_file_in_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    assert fault_of_opening(tmp_path / "file" / NAME) is JournalFault.UNREACHABLE


def test_a_journal_in_the_way_of_nobody_can_be_opened_after_a_failure(
    tmp_path: Path,
) -> None:
    (tmp_path / f"{NAME}.new").mkdir()
    assert fault_of_opening(tmp_path / NAME) is JournalFault.UNREACHABLE
    (tmp_path / f"{NAME}.new").rmdir()

    write(tmp_path / NAME, 1)

    assert inspect(tmp_path / NAME).count == 1


def test_a_journal_of_a_later_format_is_left_alone(tmp_path: Path) -> None:
    write(tmp_path / NAME, 3)
    change(tmp_path / NAME, "PRAGMA user_version = 2")
    before = (tmp_path / NAME).read_bytes()

    assert fault_of_opening(tmp_path / NAME) is JournalFault.FROM_THE_FUTURE
    assert (tmp_path / NAME).read_bytes() == before


def test_a_journal_with_entries_of_a_later_kind_is_left_alone(tmp_path: Path) -> None:
    write(tmp_path / NAME, 0)
    digest = link_digest(GENESIS, kind=999, at=0, body=b"").hex()
    change(
        tmp_path / NAME,
        f"INSERT INTO entry VALUES (0, 999, 0, x'', x'{digest}')",  # noqa: S608  # made of digits
        f"UPDATE head SET count = 1, digest = x'{digest}'",  # noqa: S608
    )
    before = (tmp_path / NAME).read_bytes()

    assert fault_of_opening(tmp_path / NAME) is JournalFault.FROM_THE_FUTURE
    assert (tmp_path / NAME).read_bytes() == before


def test_damage_under_an_open_journal_is_named(tmp_path: Path) -> None:
    write(tmp_path / NAME, 200)
    with opened(tmp_path / NAME) as result:
        content = bytearray((tmp_path / NAME).read_bytes())
        content[8192:] = bytes(len(content) - 8192)
        (tmp_path / NAME).write_bytes(content)

        with pytest.raises(JournalError) as caught:
            list(result.journal.entries())
    assert caught.value.fault is JournalFault.DAMAGED


def test_an_error_without_a_code_is_not_taken_for_damage() -> None:
    assert fault_of(sqlite3.ProgrammingError()) is JournalFault.UNREACHABLE


def test_a_closed_journal_is_closed(tmp_path: Path) -> None:
    with opened(tmp_path / NAME) as result:
        pass

    with pytest.raises(AssertionError, match="takes no entries"):
        result.journal.append(entries(1))
    with pytest.raises(AssertionError, match="cannot be read"):
        list(result.journal.entries())


def test_looking_at_a_journal_changes_no_byte_of_it(tmp_path: Path) -> None:
    write(tmp_path / NAME, 20)
    before = (tmp_path / NAME).read_bytes()
    (tmp_path / NAME).chmod(stat.S_IRUSR)

    seen: list[JournalEntry] = []
    inspection = inspect(tmp_path / NAME, visit=lambda _n, e, _d: seen.append(e))

    assert seen == entries(20)
    assert inspection.count == 20
    assert (tmp_path / NAME).read_bytes() == before


def test_a_journal_in_use_can_be_looked_at(tmp_path: Path) -> None:
    with opened(tmp_path / NAME) as result:
        result.journal.append(entries(8))
        inspection = inspect(tmp_path / NAME)

        assert inspection.damage is None
        assert (inspection.count, inspection.head) == (8, result.journal.head)


def test_a_long_journal_does_not_fill_the_memory(tmp_path: Path) -> None:
    body = bytes(10_000)
    long = [
        JournalEntry(kind=EntryKind.SENT, at=Instant(number), body=body)
        for number in range(2_000)
    ]
    with opened(tmp_path / NAME) as result:
        result.journal.append(long)
    tracemalloc.start()
    with opened(tmp_path / NAME) as result:
        assert sum(1 for _ in result.journal.entries()) == 2_000
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 5_000_000


def test_what_lasts_is_restored_however_old_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "ENTRIES_TO_RESTORE", 3)
    kinds = [EntryKind.REVOKED, EntryKind.SENT, EntryKind.CHARTER]
    lasting = [
        JournalEntry(kind=kind, at=NOW, body=bytes([number]))
        for number, kind in enumerate(kinds)
    ]
    with opened(tmp_path / NAME) as result:
        result.journal.append(lasting)
        assert list(result.journal.restorable()) == lasting
        result.journal.append(entries(4, first=3))

        latest = entries(4, first=3)[-3:]
        assert list(result.journal.restorable()) == [lasting[2], lasting[0], *latest]
