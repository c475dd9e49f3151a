"""A damaged journal is kept, told about, and replaced by what is sound of it."""

from pathlib import Path
import shutil

from hypothesis import HealthCheck, given, settings, strategies as st
import pytest

from custom_components.commonwatt.drivers.journal import (
    DamageKind,
    JournalError,
    JournalFault,
    OpenedJournal,
    SQLiteJournal,
    inspect,
    salvage as salvage_module,
    sqlite as sqlite_module,
)
from custom_components.commonwatt.drivers.journal.damage import Damage, DamagedJournal
from custom_components.commonwatt.drivers.journal.schema import FORMAT
from custom_components.commonwatt.engine.ledger.journal import (
    BODY_BYTES_MAX,
    GENESIS,
    EntryKind,
    chain_digest,
    link_digest,
)
from custom_components.commonwatt.engine.wire.canonical import decode
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

LENGTH = 300


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A journal of 300 entries, to be copied before it is hurt."""
    path = tmp_path_factory.mktemp("sound") / NAME
    write(path, LENGTH)
    return path


@pytest.fixture
def path(sound: Path, tmp_path: Path) -> Path:
    """A journal of 300 entries."""
    return Path(shutil.copy(sound, tmp_path / NAME))


def expect_salvage(path: Path, kind: DamageKind, salvaged: int) -> OpenedJournal:
    """Open a damaged journal and see that it is kept and its sound entries live on."""
    before = path.read_bytes()
    with opened(path) as result:
        damaged = result.damaged
        assert damaged is not None
        assert (damaged.damage.kind, damaged.salvaged) == (kind, salvaged)
        assert damaged.kept_as.read_bytes() == before
        assert damaged.kept_as in result.aside
        *sound_entries, note = result.journal.entries()
    assert sound_entries == entries(salvaged)
    assert note.kind is EntryKind.SALVAGED
    assert note.at == NOW
    assert decode(note.body) == (kind.value, salvaged, damaged.kept_as.name)
    return result


def chained(*, bodies: int) -> str:
    """Return the digest, in hexadecimal, of the first so many entries."""
    head = GENESIS
    for number in range(bodies):
        head = chain_digest(head, entry(number))
    return head.hex()


@pytest.mark.parametrize(
    ("statement", "sound_entries"),
    [
        ("UPDATE entry SET body = x'00' WHERE number = 17", 17),
        ("UPDATE entry SET at = at + 1 WHERE number = 0", 0),
        ("UPDATE entry SET kind = kind % 7 + 1 WHERE number = 299", 299),
        ("UPDATE entry SET kind = 12345 WHERE number = 8", 8),
        ("UPDATE entry SET digest = zeroblob(32) WHERE number = 5", 5),
        ("UPDATE entry SET number = 1000 WHERE number = 42", 42),
        ("UPDATE entry SET number = -1 WHERE number = 42", 0),
        ("DELETE FROM entry WHERE number = 200", 200),
        ("INSERT INTO entry VALUES (300, 2, 0, x'', zeroblob(32))", 300),
        ("INSERT INTO entry VALUES (300, 2, 0, zeroblob(2000000), x'')", 300),
    ],
)
def test_a_changed_missing_or_added_entry_breaks_the_chain(
    path: Path, statement: str, sound_entries: int
) -> None:
    change(path, statement)

    expect_salvage(path, DamageKind.CHAIN_BROKEN, sound_entries)


def test_a_body_too_long_breaks_the_chain_even_if_it_fits(path: Path) -> None:
    body = bytes(BODY_BYTES_MAX + 1)
    previous = bytes.fromhex(chained(bodies=LENGTH))
    digest = link_digest(previous, kind=2, at=0, body=body).hex()
    change(path, f"INSERT INTO entry VALUES (300, 2, 0, x'{body.hex()}', x'{digest}')")  # noqa: S608  # made of digits

    expect_salvage(path, DamageKind.CHAIN_BROKEN, LENGTH)


@pytest.mark.parametrize(
    ("statement", "sound_entries"),
    [
        ("DELETE FROM entry WHERE number >= 290", 290),
        ("DELETE FROM entry", 0),
        ("DELETE FROM head", 300),
        ("UPDATE head SET count = 301", 300),
        ("UPDATE head SET digest = zeroblob(32)", 300),
        ("DELETE FROM entry WHERE number = 299", 299),
    ],
)
def test_entries_missing_at_the_end_are_missed(
    path: Path, statement: str, sound_entries: int
) -> None:
    change(path, statement)

    expect_salvage(path, DamageKind.TRUNCATED, sound_entries)


@pytest.mark.parametrize("table", ["entry", "head"])
def test_a_missing_table_is_damage(path: Path, table: str) -> None:
    change(path, f"DROP TABLE {table}")

    expect_salvage(path, DamageKind.UNREADABLE, 0 if table == "entry" else LENGTH)


@pytest.mark.parametrize(
    "content",
    [b"", b"not a database", b"SQLite format 3\x00", bytes(100_000), b"\xff" * 5_000],
    ids=["empty", "text", "header", "zeros", "ones"],
)
def test_another_type_of_file_is_kept_aside(tmp_path: Path, content: bytes) -> None:
    (tmp_path / NAME).write_bytes(content)

    expect_salvage(tmp_path / NAME, DamageKind.NOT_A_JOURNAL, 0)


@pytest.mark.parametrize(
    "statement", ["PRAGMA application_id = 7", "PRAGMA user_version = 0"]
)
def test_another_database_is_kept_aside(path: Path, statement: str) -> None:
    change(path, statement)

    expect_salvage(path, DamageKind.NOT_A_JOURNAL, 0)


def test_a_log_without_its_journal_is_kept_aside(tmp_path: Path) -> None:
    with opened(tmp_path / NAME) as result:
        result.journal.append(entries(5))
        image = crash_image(tmp_path / NAME, tmp_path / "image")
    image.unlink()
    log = image.with_name(f"{NAME}-wal")
    before = log.read_bytes()

    with opened(image) as result:
        assert result.damaged is not None
        assert result.damaged.damage == Damage(kind=DamageKind.FILE_MISSING, entry=0)
        assert result.damaged.kept_as.read_bytes() == before
        assert result.aside == (result.damaged.kept_as,)
        assert [e.kind for e in result.journal.entries()] == [EntryKind.SALVAGED]


def test_an_empty_log_without_a_journal_is_nothing(tmp_path: Path) -> None:
    (tmp_path / f"{NAME}-wal").touch()

    with opened(tmp_path / NAME) as result:
        assert result.damaged is None
        assert result.aside == ()


def test_every_damaged_journal_is_kept_and_shown_until_it_is_removed(
    path: Path,
) -> None:
    for _ in range(11):
        change(path, "UPDATE entry SET body = x'ff' WHERE number = 3")
        expect_salvage(path, DamageKind.CHAIN_BROKEN, 3)
        with opened(path) as result:
            assert result.damaged is None
    with opened(path) as result:
        names = [file.name for file in result.aside]
    assert names == [f"{NAME}.damaged-{number}" for number in range(1, 12)]

    for file in result.aside:
        file.unlink()
    with opened(path) as result:
        assert result.aside == ()


def test_a_salvaged_journal_goes_on(path: Path) -> None:
    change(path, "DELETE FROM entry WHERE number = 100")
    expect_salvage(path, DamageKind.CHAIN_BROKEN, 100)

    with opened(path) as result:
        result.journal.append(entries(10, first=500))
    with opened(path) as result:
        assert result.damaged is None
        assert list(result.journal.entries(first=101)) == entries(10, first=500)


def test_whatever_page_is_lost_all_before_it_survives(
    sound: Path, tmp_path: Path
) -> None:
    content = sound.read_bytes()
    page = 4096
    for number, start in enumerate(range(0, len(content), page)):
        folder = tmp_path / str(number)
        folder.mkdir()
        lost = content[:start] + bytes(page) + content[start + page :]
        (folder / NAME).write_bytes(lost)

        with opened(folder / NAME) as result:
            assert result.damaged is not None, f"page {number} was never missed"
            salvaged = list(result.journal.entries())[:-1]
        assert salvaged == entries(result.damaged.salvaged)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_file_cut_short_is_salvaged_up_to_the_cut(path: Path, share: float) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])

    with opened(path) as result:
        assert result.damaged is not None
        assert list(result.journal.entries())[:-1] == entries(result.damaged.salvaged)


def version_of(content: bytearray) -> int:
    """Return ``user_version``, which the header of a database has at byte 60."""
    return int.from_bytes(content[60:64], signed=True)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 7)), min_size=1, max_size=4))
def test_flipped_bits_are_harmless_or_found(
    sound: Path, tmp_path: Path, flips: list[tuple[float, int]]
) -> None:
    content = bytearray(sound.read_bytes())
    for where, bit in flips:
        content[int(where * (len(content) - 1))] ^= 1 << bit
    hurt = tmp_path / "hurt.sqlite"
    hurt.write_bytes(content)
    try:
        inspection = inspect(hurt)
    except JournalError as err:
        if err.fault is JournalFault.FROM_THE_FUTURE and version_of(content) > FORMAT:
            return
        raise
    if inspection.damage is None:
        assert inspection == inspect(sound)
    else:
        assert inspection.head.hex() == chained(bodies=inspection.count)


class PowerCutError(BaseException):
    """Nothing after this happens."""


def cut_power_after(renames: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a salvage rename so many files and no more."""
    rename = salvage_module._rename
    left = renames

    def rename_or_die(source: Path, target: Path) -> None:
        nonlocal left
        if left == 0:
            raise PowerCutError
        left -= 1
        rename(source, target)

    monkeypatch.setattr(salvage_module, "_rename", rename_or_die)


@pytest.mark.parametrize("renames", range(4))
def test_a_salvage_interrupted_anywhere_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, renames: int
) -> None:
    with opened(tmp_path / NAME) as result:
        result.journal.append(entries(20))
        change(tmp_path / NAME, "DELETE FROM entry WHERE number = 7")
        image = crash_image(tmp_path / NAME, tmp_path / "image")
    before = [file.read_bytes() for file in sorted(image.parent.iterdir())]
    cut_power_after(renames, monkeypatch)
    with pytest.raises(PowerCutError):
        SQLiteJournal.open(image, now=NOW)
    monkeypatch.undo()

    with opened(image) as result:
        assert list(result.journal.entries())[:-1] == entries(7)
        assert [file.read_bytes() for file in result.aside] == before
    with opened(image) as result:
        assert result.damaged is None
        assert len(result.aside) == 2
        assert list(result.journal.entries())[:-1] == entries(7)
    left_over = {f"{NAME}{suffix}" for suffix in (".new", ".salvaged")}
    assert left_over.isdisjoint(file.name for file in image.parent.iterdir())


def test_a_disk_too_full_to_salvage_leaves_the_damaged_journal_in_place(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(*_args: object, **_options: object) -> bytes:
        raise OSError(28, "No space left on device")

    change(path, "DELETE FROM entry WHERE number = 100")
    before = path.read_bytes()
    monkeypatch.setattr(salvage_module, "write_entries", no_room)
    with pytest.raises(JournalError, match="No space left"):
        SQLiteJournal.open(path, now=NOW)
    monkeypatch.undo()

    assert path.read_bytes() == before
    expect_salvage(path, DamageKind.CHAIN_BROKEN, 100)


def test_a_disk_that_damages_what_was_salvaged_is_not_trusted(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def salvage_in_vain(path: Path, damage: Damage, **_: object) -> DamagedJournal:
        return DamagedJournal(damage=damage, kept_as=path)

    change(path, "DELETE FROM entry WHERE number = 100")
    monkeypatch.setattr(sqlite_module, "salvage", salvage_in_vain)

    with pytest.raises(JournalError, match="damaged again"):
        SQLiteJournal.open(path, now=NOW)
