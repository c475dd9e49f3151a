"""``script/node``: founding and entering a community from the command line."""

import json
from pathlib import Path

import pytest

from custom_components.commonwatt.engine.wire.keys import HouseholdKey
from tools.node import main

KEY = "1f" * 32
"""The private key of nobody."""


def test_founders_agree_on_a_community(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def say(*arguments: str) -> str:
        assert main(arguments) == 0
        return capsys.readouterr().out.strip()

    coop, school = str(tmp_path / "coop"), str(tmp_path / "school")
    say("init", coop)
    key = say("init", school)
    community = say("found", coop, "--with", key, "--billing-basis", "sharing")

    assert say("enter", school, f"{coop}/charter.json") == community
    assert community in say("check", school)
    assert "2 members" in say("check", school)
    Path(school, "status.json").write_text(json.dumps({"members": 2}))
    assert json.loads(say("status", school)) == {"members": 2}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["init", "A"], "keeps its identity"),
        (["found", "A"], "is there already"),
        (["found", "B", "--with", "zz"], "no charter"),
        (["found", "B", "--with", "02"], "33 bytes"),
        (["enter", "B", "A/charter.json"], "does not name this member"),
        (["enter", "B", "nowhere.json"], "is missing"),
        (["status", "A"], "has never run"),
        (["check", "nowhere"], "cannot be read"),
        (["run", "nowhere"], "cannot be read"),
        (["found", "B", "--rules", "A/node.toml"], "holds no rules"),
        (["join", "A", "commonwatt:join?i=AA"], "no invitation"),
        (["invite", "A"], "no member runs there"),
        (["rules", "A"], "no member runs there"),
        (["motions", "A"], "no member runs there"),
        (["propose", "A", "A/charter.json"], "no member runs there"),
        (["vote", "A", "00", "yes"], "no member runs there"),
        (["remove", "A", "00"], "no member runs there"),
        (["leave", "A"], "no member runs there"),
    ],
)
def test_what_cannot_be_done_is_told_and_changes_nothing(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    for before in (["init", "A"], ["found", "A"], ["init", "B"]):
        assert main(before) == 0
    files = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    assert main(arguments) == 1

    assert said in capsys.readouterr().err
    now = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert now == files


def test_a_member_may_be_an_account_its_owner_has(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("tools.node.getpass", lambda _: f" 0x{KEY.upper()}\n")
    assert main(["init", "A", "--own-key"]) == 0
    public = HouseholdKey(bytes.fromhex(KEY)).public
    assert capsys.readouterr().out.strip() == public.hex()

    for wrong in ("0" * 64, KEY[1:], f"{KEY[1:]}g", "f" * 64, ""):
        monkeypatch.setattr("tools.node.getpass", lambda _, said=wrong: said)
        assert main(["init", "B", "--own-key"]) == 1
        said = capsys.readouterr().err
        assert KEY[1:20] not in said
        assert not (tmp_path / "B").exists()
