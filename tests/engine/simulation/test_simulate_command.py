"""``script/simulate``: what it prints, and what it says when it cannot."""

import json
from pathlib import Path

import pytest

from custom_components.commonwatt.engine.model.party import PartyId
from custom_components.commonwatt.engine.model.period import DeliveryPeriod
from custom_components.commonwatt.engine.simulation.invariants import (
    Inspector,
    Violation,
    Wrong,
)
from tools.simulate import main

PARTY, PERIOD = PartyId("ab" * 20), DeliveryPeriod(2_000_000)


def test_the_last_line_is_json_and_the_rest_goes_to_the_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["--seed", "5", "--seeds", "2", "--homes", "2", "--days", "1"]) == 0
    printed = capsys.readouterr()
    line = json.loads(printed.out)

    assert printed.out.count("\n") == 1
    assert line["seeds"] == 2
    assert line["violations"] == line["periods_void"] == 0
    assert line["periods_final"] == 2 * 94
    assert line["money_sum_nano"] == line["energy_sum_wh"] == 0
    assert line["energy_traded_wh"] > 0
    assert "seed 5" in printed.err
    assert "seed 6" in printed.err


def test_the_same_seed_prints_the_same_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = []
    for _ in range(2):
        main(["--homes", "2"])
        line = json.loads(capsys.readouterr().out)
        del line["cpu_s_per_period"]
        lines.append(line)

    assert lines[0] == lines[1]


def test_recordings_that_cannot_be_played_are_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["--traces", str(tmp_path)]) == 2
    assert "no_household" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["--homes", "0"],
        ["--homes", "201"],
        ["--days", "0"],
        ["--seeds", "0"],
        ["--privacy", "committee"],
        ["--fault-model", "crash"],
    ],
)
def test_an_impossible_neighbourhood_is_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit):
        main(arguments)


def test_a_violation_is_told_and_fails_the_run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def always_find(self: Inspector, party: object, effects: object) -> None:
        del party, effects
        if not self.violations:
            violation = Violation(wrong=Wrong.MONEY_LOST, party=PARTY, period=PERIOD)
            self.violations.append(violation)

    monkeypatch.setattr(Inspector, "inspect", always_find)
    assert main(["--homes", "1"]) == 1
    printed = capsys.readouterr()

    assert json.loads(printed.out)["violations"] == 1
    assert "VIOLATION money_lost" in printed.err
