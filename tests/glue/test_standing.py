"""Vouching and appealing: asked for as actions, said in words, voted on by people."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.commonwatt.engine.model.community import (
    Amend,
    Assess,
    Change,
    Pardon,
    VouchFor,
)
from custom_components.commonwatt.engine.model.period import DeliveryPeriod, Instant
from custom_components.commonwatt.engine.model.standing import (
    Belief,
    Cause,
    Excuse,
    Standing,
)
from custom_components.commonwatt.engine.node import Node
from tests.glue.statuses import NEIGHBOUR
from tests.glue.test_appliances import state_of
from tests.glue.test_scores import add_sharing_home, data_of, settle_one
from tests.glue.test_votes import MOTION, OLD, add_voter, call

FIRST = DeliveryPeriod(1_984_000)
EXCUSE = Excuse(party=None, first=FIRST, until=FIRST.next(8), cause=Cause.OUTAGE)


@pytest.fixture(autouse=True)
def _real_storage(hass: HomeAssistant, tmp_path: Path) -> None:
    """Give every test a configuration folder of its own, on a real disk."""
    hass.config.config_dir = str(tmp_path)


def the_only_vote(entry: MockConfigEntry) -> dict[str, str]:
    """Return the one vote there is, as the panel shows it."""
    rows = data_of(entry).shown["votes"]()
    assert isinstance(rows, list)
    (row,) = rows
    assert isinstance(row, dict)
    return {key: str(value) for key, value in row.items()}


async def test_reputations_are_made_to_count_and_not_to(hass: HomeAssistant) -> None:
    entry = await add_sharing_home(hass)
    await call(hass, "propose", reputation=True)
    on = await data_of(entry).ask(lambda node, _: node.community.charter)
    await call(hass, "propose", reputation=False)
    off = await data_of(entry).ask(lambda node, _: node.community.charter)

    assert on.standing == Standing()
    assert off.standing is None


async def test_an_appeal_is_heard(hass: HomeAssistant) -> None:
    entry = await add_sharing_home(hass)
    await call(hass, "propose", reputation=True)
    end = dt_util.utcnow() - timedelta(hours=1)
    start = end - timedelta(hours=2)
    answer = await call(
        hass, "appeal", start=start, end=end, cause="link", everybody=False
    )
    charter = await data_of(entry).ask(lambda node, _: node.community.charter)

    assert answer is not None
    assert len(str(answer["proposal"])) == 64
    assert charter.standing is not None
    (excuse,) = charter.standing.excuses
    assert excuse.party == data_of(entry).market.party
    assert excuse.cause is Cause.LINK
    assert excuse.until.number - excuse.first.number in {8, 9}


@pytest.mark.parametrize(
    ("began", "hours", "why"),
    [(100, 2, "three days"), (3, 0, "quarter of an hour"), (3, -1, "quarter")],
)
async def test_an_appeal_that_is_late_or_for_no_time_says_why(
    hass: HomeAssistant, began: int, hours: int, why: str
) -> None:
    await add_sharing_home(hass)
    await call(hass, "propose", reputation=True)
    start = dt_util.utcnow().replace(minute=0, second=0, microsecond=0)
    start -= timedelta(hours=began)
    end = start + timedelta(hours=hours)

    with pytest.raises(ServiceValidationError, match=why):
        await call(hass, "appeal", start=start, end=end)


async def test_where_reputations_do_not_count_nobody_vouches(
    hass: HomeAssistant,
) -> None:
    await add_sharing_home(hass)

    with pytest.raises(ServiceValidationError, match="do not allow"):
        await call(hass, "vouch", newcomer=NEIGHBOUR)


@pytest.mark.parametrize(
    ("change", "title", "words"),
    [
        (Pardon(excuse=EXCUSE), "Excuse everybody", "the grid was down"),
        (
            Pardon(excuse=replace(EXCUSE, party=NEIGHBOUR, cause=Cause.LINK)),
            f"Excuse {NEIGHBOUR[:8]}",
            "nobody could be reached",
        ),
        (
            replace(OLD, credit_wh=8_000),
            "What reputations change",
            "8.0 kWh in a quarter of an hour",
        ),
        (
            VouchFor(newcomer=NEIGHBOUR, day=20_000),
            f"Vouch for {NEIGHBOUR[:8]}",
            "For 90 days",
        ),
    ],
)
async def test_what_is_voted_on_is_said_in_words(
    hass: HomeAssistant, change: Change, title: str, words: str
) -> None:
    entry = await add_voter(hass, replace(MOTION, change=change))
    row = the_only_vote(entry)

    assert row["title"] == title
    assert words in row["description"]


async def test_no_longer_counting_is_said_in_words(hass: HomeAssistant) -> None:
    counting = replace(OLD, credit_wh=8_000)
    entry = await add_voter(hass, replace(MOTION, change=OLD, rules=counting))
    row = the_only_vote(entry)

    assert isinstance(MOTION.rules, Amend)
    assert "change nothing" in row["description"]


async def test_what_homes_assess_by_themselves_is_put_to_nobody(
    hass: HomeAssistant,
) -> None:
    change = Assess(before=bytes(32), day=20_825, beliefs=())
    entry = await add_voter(hass, replace(MOTION, change=change))

    assert data_of(entry).shown["votes"]() == []


async def test_what_was_agreed_is_told_with_what_it_changes(
    hass: HomeAssistant,
) -> None:
    entry = await add_sharing_home(hass)
    me = data_of(entry).market.party
    believed = Belief(party=me, good_micro=1_000_000, bad_micro=3_000_000)

    def believe(node: Node, _: Instant) -> None:
        charter = replace(
            node.community.charter, standing=Standing(day=20_000, beliefs=(believed,))
        )
        node._config.statutes._charters[:] = [(DeliveryPeriod(0), charter)]

    await data_of(entry).ask(believe)
    await settle_one(hass, entry)
    told = state_of(hass, "sensor.home_reliability").attributes

    assert told["agreed"] == 0.8
    assert told["prepaid"] is True
    assert told["contracts"] is True
    assert told["credit_kwh"] == 0.08
    assert told["deposit_percent"] == 100
