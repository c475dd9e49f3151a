"""The books on disk: what was settled stays; damage costs no more than the books."""

from contextlib import closing
from pathlib import Path
import sqlite3

import pytest

from custom_components.commonwatt.drivers.chain import ChainError, ChainFault
from custom_components.commonwatt.drivers.chain.book_file import BookFile
from custom_components.commonwatt.engine.ledger.chain.settled_period import (
    SettledPeriod,
)
from custom_components.commonwatt.engine.model.period import DeliveryPeriod
from custom_components.commonwatt.engine.wire.ethereum import Address

ANN, BEN = Address(b"a" * 20), Address(b"b" * 20)
DAY = 20_000


def settled(number: int, nano: int = 5, *, day: int = DAY) -> SettledPeriod:
    return SettledPeriod(
        period=DeliveryPeriod(day * 96 + number),
        digest=b"d" * 32,
        nets_nano={ANN: nano, BEN: -nano},
        exported_wh=7,
        issued=(),
    )


def test_what_was_written_is_there_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "books.sqlite"
    with closing(BookFile.open(path)) as file:
        assert file.whole_from is None
        file.write([settled(3), settled(4)], whole_from=DAY + 1)
        file.write([settled(4, 9), settled(0, day=DAY + 1)], whole_from=DAY + 5)

    with closing(BookFile.open(path)) as file:
        assert file.whole_from == DAY + 1
        assert file.periods(DAY) == (
            settled(3),
            settled(4, 9),
            settled(0, day=DAY + 1),
        )
        assert (file.count(DAY), file.count(DAY + 1), file.count(DAY + 2)) == (2, 1, 0)
        file.forget(DAY + 1)
        assert file.periods(DAY) == (settled(0, day=DAY + 1),)


@pytest.mark.parametrize("damage", [b"no books at all" * 99, None])
def test_what_cannot_be_read_is_put_aside(tmp_path: Path, damage: bytes | None) -> None:
    path = tmp_path / "books.sqlite"
    if damage is None:
        with closing(sqlite3.connect(path)) as other:
            other.execute("PRAGMA application_id = 1")
    else:
        path.write_bytes(damage)
    before = path.read_bytes()

    with closing(BookFile.open(path)) as file:
        assert file.periods(0) == ()

    assert path.with_suffix(".damaged").read_bytes() == before


def test_a_disk_that_fails_is_told(tmp_path: Path) -> None:
    with pytest.raises(ChainError) as raised:
        BookFile.open(tmp_path / "nowhere" / "books.sqlite")
    assert raised.value.fault is ChainFault.DISK

    file = BookFile.open(tmp_path / "books.sqlite")
    file.close()
    with pytest.raises(ChainError, match="closed"):
        file.periods(0)


def test_a_row_that_is_no_period_is_a_fault_of_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "books.sqlite"
    with closing(BookFile.open(path)) as file:
        file.write([settled(3)], whole_from=DAY)
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("UPDATE period SET body = ?", (b"\x00",))
        raw.commit()

    with closing(BookFile.open(path)) as file, pytest.raises(ChainError):
        file.periods(DAY)
