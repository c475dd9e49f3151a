"""What the demo says to whoever types something that cannot be."""

from pathlib import Path
import socket

import pytest

from tools.demo import in_words, main, parse, sweep
from tools.hass import FormError
from tools.reservation import ReservedError, give_up, reserved


@pytest.mark.parametrize(
    "arguments",
    [
        ["--speed", "0"],
        ["--speed", "901"],
        ["--periods", "0"],
        ["--port", "65536"],
        ["--port", "-1"],
        ["--seed", "-1"],
        ["--seed", "2147483648"],
    ],
)
def test_a_number_out_of_bounds_is_refused_at_once(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(arguments)
    assert ended.value.code == 2
    assert f"{arguments[0]} is between" in capsys.readouterr().err


def test_a_folder_that_is_none_is_refused_at_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        parse(["--traces", "nowhere"])
    assert "nowhere is not a folder" in capsys.readouterr().err


@pytest.mark.usefixtures("socket_enabled")
def test_a_port_that_is_taken_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["--port", str(port)]) == 2
    assert f"Port {port} is taken" in capsys.readouterr().err


@pytest.mark.usefixtures("socket_enabled")
def test_only_demos_that_have_ended_are_tidied_away(tmp_path: Path) -> None:
    ended, starting = tmp_path / "50001", tmp_path / "50002"
    other = tmp_path / "notes"
    for folder in (ended, starting, other):
        folder.mkdir()

    with reserved(starting):
        sweep(tmp_path)

    assert (ended.exists(), starting.exists(), other.exists()) == (False, True, True)
    sweep(tmp_path)
    assert list(tmp_path.iterdir()) == [other]


def test_a_folder_is_reserved_once(tmp_path: Path) -> None:
    folder = tmp_path / "50003"
    with reserved(folder), pytest.raises(ReservedError), reserved(folder):
        pass
    with reserved(folder):
        assert not folder.exists()


def test_a_mark_that_was_deleted_is_no_reservation(tmp_path: Path) -> None:
    folder = tmp_path / "50004"
    with reserved(folder):
        give_up(folder)
        with reserved(folder), pytest.raises(ReservedError), reserved(folder):
            pass


def test_what_the_form_refuses_is_told_in_its_words() -> None:
    refused = FormError({"traces": "traces_no_household"}, {"where": "series/hh_*.csv"})
    assert in_words(refused) == (
        "No household is recorded there: no file is called series/hh_*.csv."
    )
