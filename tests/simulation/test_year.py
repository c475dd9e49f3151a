"""A part of the proof of a year (script/verify.d/40-year), and that it can fail."""

import json

import pytest

from custom_components.commonwatt.engine.ledger.booking import FUND
from custom_components.commonwatt.engine.model.posting import (
    Account,
    AccountKind,
    Unit,
)
from tools import year
from tools._year_street import PARTIES, PERIODS_PER_DAY


def test_two_days_of_everything_add_up(capsys: pytest.CaptureFixture[str]) -> None:
    assert year.main(["--periods", str(2 * PERIODS_PER_DAY), "--seed", "3"]) == 0
    said = json.loads(capsys.readouterr().out)

    assert (said["wh_sum"], said["nano_sum"], said["faults"]) == (0, 0, 0)
    for name in ("late", "never", "corrected", "corrections", "void"):
        assert said[name] > 0
    for kind in ("contract", "gift", "position", "shared", "certified"):
        assert said[f"{kind}_wh"] > 0
    assert said["settlements"] == 2 * PERIODS_PER_DAY


@pytest.mark.parametrize(
    ("account", "unit"),
    [
        (FUND, Unit.NANO),
        (Account(kind=AccountKind.PARTY, party=PARTIES[0]), Unit.WH),
        (Account(kind=AccountKind.SUSPENSE, party=PARTIES[1]), Unit.NANO),
    ],
)
def test_one_unit_too_much_is_found(account: Account, unit: Unit) -> None:
    lived = year.live(seed=3, periods=8)
    assert lived.faults == []
    lived.posted[account, unit] = lived.posted.get((account, unit), 0) + 1

    lived.close()

    assert lived.faults
