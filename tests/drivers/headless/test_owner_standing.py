"""The owner of a headless member lets reputations count, appeals and vouches."""

from pathlib import Path

import pytest

from custom_components.commonwatt.drivers.headless import FolderError
from custom_components.commonwatt.drivers.headless.json_fields import JSON
from tests.drivers.headless.test_owner import founded, running, want
from tools.rehearsal.ports import free_ports


async def test_reputations_are_made_to_count_and_an_outage_is_excused(
    tmp_path: Path,
) -> None:
    (port,) = free_ports(1)
    folder = founded(tmp_path / "member", port=port)

    async with running(folder):
        with pytest.raises(FolderError, match="does not fit"):
            await want(folder, "appeal", cause="outage", hours=2, days=2)
        rules = (await want(folder, "rules"))["rules"]
        assert isinstance(rules, dict)
        assert rules["credit_wh"] is None
        counting: dict[str, JSON] = {**rules, "credit_wh": 8_000}
        await want(folder, "propose", rules=counting, days=1)
        assert (await want(folder, "rules"))["rules"] == counting
        await want(folder, "appeal", cause="outage", hours=2, days=2)
        for errand, wish, why in (
            ("appeal", {"cause": "boredom"}, "boredom"),
            ("appeal", {"cause": "outage", "hours": 100}, "has passed"),
            ("appeal", {"cause": "outage", "hours": 0}, "quarter"),
            ("vouch", {"party": "ff"}, "does not fit"),
        ):
            with pytest.raises(FolderError, match=why):
                await want(folder, errand, **wish)
        motions = (await want(folder, "motions"))["motions"]

    assert isinstance(motions, list)
    changes = [one["change"] for one in motions if isinstance(one, dict)]
    assert {"credit_wh": 8_000} in changes
    excuse = next(one for one in changes if isinstance(one, dict) and "excuse" in one)
    assert excuse["cause"] == "outage"
