"""``script/journal verify`` tells what a journal holds and where it is damaged."""

import os
from pathlib import Path
import subprocess

import pytest

from custom_components.commonwatt.drivers.journal import inspect
from tests.drivers.journal.journals import NAME, change, write
from tools.journal import main

ROOT = Path(__file__).resolve().parents[3]


def test_a_sound_journal_is_ok(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / NAME, 12)

    assert main(["verify", str(tmp_path / NAME)]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("entries  12 (")
    assert lines[1] == "first    2026-11-21T22:00:00.000+00:00"
    assert lines[2] == "last     2026-11-21T22:00:00.011+00:00"
    assert lines[3] == f"head     {inspect(tmp_path / NAME).head.hex()}"
    assert lines[4:] == ["OK"]


def test_an_empty_journal_is_ok(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / NAME, 0)

    assert main(["verify", str(tmp_path / NAME)]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == ["entries  0", "first    never", "last     never"]


def test_every_entry_can_be_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / NAME, 12)

    assert main(["verify", str(tmp_path / NAME), "--entries"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 12 + 5
    assert [int(line.split()[0]) for line in lines[:12]] == list(range(12))
    assert lines[11].split()[-1] == inspect(tmp_path / NAME).head.hex()[:16]


def test_the_first_damage_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / NAME, 12)
    change(tmp_path / NAME, "DELETE FROM entry WHERE number = 7")
    before = (tmp_path / NAME).read_bytes()

    assert main(["verify", str(tmp_path / NAME)]) == 1

    last = capsys.readouterr().out.splitlines()[-1]
    expected = "DAMAGED (chain_broken): entry 7 is the first that cannot be trusted"
    assert last == expected
    assert (tmp_path / NAME).read_bytes() == before


def test_a_journal_that_is_not_there_is_said_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", str(tmp_path / NAME)]) == 2

    output = capsys.readouterr()
    assert output.out == ""
    assert "unreachable" in output.err
    assert not (tmp_path / NAME).exists()


def test_the_command_needs_to_be_told_what_to_do(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as caught:
        main([])

    assert caught.value.code == 2
    assert "usage: script/journal" in capsys.readouterr().err


@pytest.mark.slow
def test_the_script_is_the_command(tmp_path: Path) -> None:
    write(tmp_path / NAME, 3)
    environment = {k: v for k, v in os.environ.items() if not k.startswith("COV")}

    result = subprocess.run(
        [ROOT / "script/journal", "verify", tmp_path / NAME],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 0, result.stderr
    assert result.stdout.endswith("OK\n")
