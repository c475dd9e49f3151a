"""A journal is copied while it goes on: every copy is the journal of some instant."""

from contextlib import closing
from pathlib import Path
import shutil

import pytest

from custom_components.commonwatt.drivers.journal import SQLiteJournal
from tests.drivers.journal.journals import NAME, NOW, entries, opened, write

LOG = "-wal"
BEFORE, MEANWHILE = 40, 400


def cut_copy(path: Path, folder: Path, *, log_bytes: int) -> Path:
    """Copy the main file, and no more than the beginning of its log."""
    folder.mkdir()
    copied = folder / NAME
    shutil.copyfile(path, copied)
    log = path.with_name(NAME + LOG).read_bytes()
    copied.with_name(NAME + LOG).write_bytes(log[:log_bytes])
    return copied


@pytest.mark.parametrize("share", [0.0, 0.03, 0.31, 0.5, 0.77, 0.999, 1.0])
def test_a_copy_cut_anywhere_is_a_whole_journal(tmp_path: Path, share: float) -> None:
    path = tmp_path / NAME
    write(path, BEFORE)
    with opened(path) as result:
        journal = result.journal
        journal.begin_backup()
        main_file = path.read_bytes()
        for first in range(BEFORE, BEFORE + MEANWHILE, 4):
            journal.append(entries(4, first=first))
        assert path.read_bytes() == main_file
        log_bytes = path.with_name(NAME + LOG).stat().st_size
        copied = cut_copy(path, tmp_path / "copy", log_bytes=int(share * log_bytes))
        journal.end_backup()

    with opened(copied) as restored:
        assert restored.damaged is None
        count = restored.journal.count
        assert BEFORE <= count <= BEFORE + MEANWHILE
        assert (count == BEFORE + MEANWHILE) == (share == 1.0)
        assert list(restored.journal.entries()) == entries(count)


def test_a_journal_closed_during_a_backup_leaves_its_log(tmp_path: Path) -> None:
    path = tmp_path / NAME
    write(path, BEFORE)
    journal = SQLiteJournal.open(path, now=NOW).journal
    with closing(journal):
        journal.begin_backup()
        main_file = path.read_bytes()
        journal.append(entries(8, first=BEFORE))
    journal.end_backup()

    assert path.read_bytes() == main_file
    with opened(path) as again:
        assert list(again.journal.entries()) == entries(BEFORE + 8)


def test_after_a_backup_the_log_is_folded_in(tmp_path: Path) -> None:
    path = tmp_path / NAME
    with opened(path) as result:
        result.journal.end_backup()
        result.journal.begin_backup()
        result.journal.append(entries(BEFORE))
        before = path.stat().st_size
        result.journal.end_backup()
        assert path.stat().st_size > before
    assert not path.with_name(NAME + LOG).exists()
